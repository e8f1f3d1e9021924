//! Filters over text.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::convert::{order, to_number, to_text};
use super::super::fault::Fault;
use super::super::lookup;
use super::super::number;
use super::super::utf16;
use super::super::value::Value;
use super::{Input, Result};

/// The longest run of blanks that a filter makes.
const MAX_BLANKS: f64 = 16_777_216.0;

fn blanks(count: f64, input: &Input<'_>) -> std::result::Result<String, Fault> {
    if count.is_nan() {
        return Ok(String::new());
    }
    if count > MAX_BLANKS {
        return Err(Fault::new("Filter spacing exceeds the supported bound"));
    }
    let count = number::to_usize(count.ceil());
    input.meter.bytes(count)?;
    Ok(" ".repeat(count))
}

/// The first character in upper case, the rest in lower.
fn capital(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut chars = lower.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => lower,
    }
}

pub(super) fn capitalize(input: &Input<'_>) -> Result {
    Ok(input.like_input(capital(&input.text()?)))
}

pub(super) fn center(input: &Input<'_>) -> Result {
    let empty = Value::from("");
    let value = match input.value {
        Value::Undefined | Value::Null | Value::Bool(false) => &empty,
        value => value,
    };
    let length = lookup::own(value, "length").unwrap_or(Value::Undefined);
    let wanted = match input.arg(0) {
        wanted if wanted.truthy() => wanted.clone(),
        _ => Value::Number(80.0),
    };
    if order(&length, &wanted, input.meter)?.is_some_and(Ordering::is_ge) {
        return Ok(value.clone());
    }
    let room = to_number(&wanted, input.meter)? - to_number(&length, input.meter)?;
    let left = blanks(room / 2.0 - room % 2.0, input)?;
    let right = blanks(room / 2.0, input)?;
    let text = to_text(value, input.meter)?;
    Ok(input.like_input(format!("{left}{text}{right}")))
}

pub(super) fn indent(input: &Input<'_>) -> Result {
    let text = input.text()?;
    if text.is_empty() {
        return Ok("".into());
    }
    let margin = blanks(input.number(0, 4.0)?, input)?;
    let lines = text.matches('\n').count() + 1;
    input.meter.bytes(lines.saturating_mul(margin.len()))?;
    let indented = text.replace('\n', &format!("\n{margin}"));
    Ok(input.like_input(if input.arg(1).truthy() {
        format!("{margin}{indented}")
    } else {
        indented
    }))
}

pub(super) fn lower(input: &Input<'_>) -> Result {
    Ok(input.text()?.to_lowercase().into())
}

pub(super) fn upper(input: &Input<'_>) -> Result {
    Ok(input.text()?.to_uppercase().into())
}

pub(super) fn replace(input: &Input<'_>) -> Result {
    let (search, replacement, limit) = (input.arg(0), input.arg(1), input.arg(2));
    if let Value::Regex(regex) = search {
        let Some(text) = input.value.as_text() else {
            return Err(Fault::new(
                "Regular-expression replacement requires a string",
            ));
        };
        let replacement = to_text(replacement, input.meter)?;
        return Ok(regex.replace(text, &replacement, input.meter)?.into());
    }
    let text: Rc<str> = match (search, input.value) {
        (Value::Text(_) | Value::Number(_), Value::Number(_)) => to_text(input.value, input.meter)?,
        (Value::Text(_) | Value::Number(_), Value::Text(text) | Value::Safe(text)) => text.clone(),
        _ => return Ok(input.value.clone()),
    };
    let needle = to_text(search, input.meter)?;
    let limit = match limit {
        Value::Undefined => usize::MAX,
        limit => match to_number(limit, input.meter)? {
            -1.0 => usize::MAX,
            limit => number::to_usize(limit),
        },
    };
    let replacement = to_text(replacement, input.meter)?;
    let found = if needle.is_empty() {
        utf16::length(&text) + 1
    } else {
        text.matches(&*needle).count().min(limit)
    };
    input.meter.bytes(found.saturating_mul(replacement.len()))?;
    let out = if needle.is_empty() {
        let units = utf16::units(&text).join(&replacement);
        format!("{replacement}{units}{replacement}")
    } else {
        text.replacen(&*needle, &replacement, limit)
    };
    Ok(input.like_input(out))
}

pub(super) fn title(input: &Input<'_>) -> Result {
    let text = input.text()?;
    let words: Vec<String> = text.split(' ').map(capital).collect();
    Ok(input.like_input(words.join(" ")))
}

pub(super) fn trim(input: &Input<'_>) -> Result {
    match input.value.as_text() {
        Some(text) => Ok(input.like_input(text.trim().to_owned())),
        None => Err(Fault::new("Filter input must be a string")),
    }
}

pub(super) fn truncate(input: &Input<'_>) -> Result {
    let wanted = match input.arg(0) {
        value if value.truthy() => value.clone(),
        _ => Value::Number(255.0),
    };
    if let Value::Array(array) = input.value {
        // Whatever is no longer than that stays what it is.
        let length = Value::length(array.borrow().len());
        if order(&length, &wanted, input.meter)?.is_some_and(Ordering::is_le) {
            return Ok(input.value.clone());
        }
    }
    let text = input.text()?;
    let length = Value::length(utf16::length(&text));
    if order(&length, &wanted, input.meter)?.is_some_and(Ordering::is_le) {
        return Ok(input.like_input(text.to_string()));
    }
    let wanted = to_number(&wanted, input.meter)?;
    let mut cut = utf16::slice(&text, 0, number::to_usize(wanted));
    if !input.arg(1).truthy() {
        // A blank right behind the cut ends a whole word; without a length any blank does.
        let upto = match wanted {
            wanted if wanted.is_nan() => usize::MAX,
            wanted => number::to_usize(wanted).saturating_add(1),
        };
        let upto = utf16::slice(&text, 0, upto);
        let space = upto.rfind(' ');
        if wanted.is_nan() && space.is_some() {
            cut = upto;
        }
        if let Some(space) = space {
            cut.truncate(space);
        }
    }
    let end = match input.arg(2) {
        value if value.is_nothing() => "...".into(),
        value => to_text(value, input.meter)?,
    };
    Ok(input.like_input(cut + &end))
}

pub(super) fn wordcount(input: &Input<'_>) -> Result {
    if !input.value.truthy() {
        return Ok(Value::Null);
    }
    let text = input.text()?;
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .count();
    Ok(if words == 0 {
        Value::Null
    } else {
        Value::length(words)
    })
}
