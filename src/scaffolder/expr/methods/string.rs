//! The methods of texts.

use std::rc::Rc;

use super::super::convert::text_order;
use super::super::fault::Fault;
use super::super::regex::replace_text;
use super::super::value::Value;
use super::super::{Engine, number, utf16};
use super::{Call, Result};

pub(super) fn call(text: &Rc<str>, name: &str, call: &Call<'_>) -> Result {
    let length = utf16::length(text);
    Ok(match name {
        "toLowerCase" => text.to_lowercase().into(),
        "toUpperCase" => text.to_uppercase().into(),
        "trim" => text.trim().into(),
        "trimStart" => text.trim_start().into(),
        "trimEnd" => text.trim_end().into(),
        "toString" => Value::Text(text.clone()),
        "concat" => {
            let mut out = text.to_string();
            for index in 0..call.args.len() {
                let part = call.text(index)?;
                call.meter.bytes(part.len())?;
                out.push_str(&part);
            }
            out.into()
        }
        "charAt" => unit(text, call.integer(0, 0.0)?).unwrap_or_default().into(),
        "charCodeAt" => {
            let at = call.integer(0, 0.0)?;
            let code = text.encode_utf16().nth(number::to_usize(at));
            Value::Number(code.filter(|_| at >= 0.0).map_or(f64::NAN, f64::from))
        }
        "slice" => {
            let start = call.position(0, length, 0)?;
            let end = call.position(1, length, length)?;
            utf16::slice(text, start, end.max(start)).into()
        }
        "substring" => {
            let at = |index, default| {
                let at = call.integer(index, default)?;
                Ok::<_, Fault>(number::to_usize(at).min(length))
            };
            let (a, b) = (at(0, 0.0)?, at(1, number::from_usize(length))?);
            utf16::slice(text, a.min(b), a.max(b)).into()
        }
        "includes" => Value::Bool(find(text, call)?.is_some()),
        "indexOf" => position(find(text, call)?),
        "lastIndexOf" => {
            let needle = call.text(0)?;
            let limit = match call.integer(1, f64::INFINITY)? {
                limit if limit >= 0.0 => number::to_usize(limit),
                _ => 0,
            };
            let end = utf16::to_byte(text, limit.min(length)).saturating_add(needle.len());
            let searched = text.get(..end.min(text.len())).unwrap_or(text);
            position(
                searched
                    .rfind(&*needle)
                    .map(|at| utf16::from_byte(text, at)),
            )
        }
        "startsWith" => {
            let from = utf16::to_byte(text, call.position(1, length, 0)?);
            let rest = text.get(from..).unwrap_or_default();
            Value::Bool(rest.starts_with(&*call.text(0)?))
        }
        "endsWith" => {
            let end = utf16::to_byte(text, call.position(1, length, length)?);
            let part = text.get(..end).unwrap_or_default();
            Value::Bool(part.ends_with(&*call.text(0)?))
        }
        "replace" | "replaceAll" => replace(text, name == "replaceAll", call)?,
        "split" => split(text, call)?,
        _ => return older(text, name, call),
    })
}

/// The methods that only the older engine has.
fn older(text: &Rc<str>, name: &str, call: &Call<'_>) -> Result {
    let length = utf16::length(text);
    Ok(match name {
        "toLocaleLowerCase" => text.to_lowercase().into(),
        "toLocaleUpperCase" => text.to_uppercase().into(),
        "trimLeft" => text.trim_start().into(),
        "trimRight" => text.trim_end().into(),
        // Only texts that no normal form changes: others would need the tables of Unicode.
        "normalize" if text.is_ascii() => Value::Text(text.clone()),
        "isWellFormed" => Value::Bool(true),
        "codePointAt" => {
            let at = number::to_usize(call.integer(0, 0.0)?);
            let code = text
                .get(utf16::to_byte(text, at)..)
                .and_then(|rest| rest.chars().next());
            code.map_or(Value::Undefined, |c| Value::Number(f64::from(u32::from(c))))
        }
        "substr" => {
            let start = call.position(0, length, 0)?;
            let count = number::to_usize(call.integer(1, f64::INFINITY)?);
            utf16::slice(text, start, start.saturating_add(count)).into()
        }
        "search" => {
            let found = if let Value::Regex(regex) = call.get(0) {
                regex.search(text, call.meter)?
            } else {
                let regex = super::super::value::Regex {
                    pattern: call.text(0)?,
                    flags: "".into(),
                };
                regex.search(text, call.meter)?
            };
            position(found.map(|at| utf16::from_byte(text, at)))
        }
        "at" => {
            let at = call.integer(0, 0.0)?;
            let at = if at < 0.0 {
                at + number::from_usize(length)
            } else {
                at
            };
            unit(text, at).map_or(Value::Undefined, Value::from)
        }
        "repeat" => {
            let count = call.integer(0, 0.0)?;
            if count < 0.0 || count.is_infinite() {
                return Err(Fault(format!("Invalid count value: {count}")));
            }
            let count = number::to_usize(count);
            call.meter.bytes(count.saturating_mul(text.len()))?;
            text.repeat(count).into()
        }
        "padStart" | "padEnd" => {
            let room = number::to_usize(call.integer(0, 0.0)?).saturating_sub(length);
            call.meter.bytes(room)?;
            let fill = match call.given(1) {
                Some(_) => call.text(1)?,
                None => " ".into(),
            };
            let pad: String = fill.chars().cycle().take(room).collect();
            if name == "padStart" {
                format!("{pad}{text}").into()
            } else {
                format!("{text}{pad}").into()
            }
        }
        "localeCompare" => {
            let other = call.text(0)?;
            let order = text
                .to_lowercase()
                .cmp(&other.to_lowercase())
                .then_with(|| text_order(&other, text));
            Value::Number(f64::from(order as i8))
        }
        "match" => {
            let found = if let Value::Regex(regex) = call.get(0) {
                regex.matches(text, call.meter)?
            } else {
                let regex = super::super::value::Regex {
                    pattern: call.text(0)?,
                    flags: "".into(),
                };
                regex.matches(text, call.meter)?
            };
            found.map_or(Value::Null, |groups| {
                let group = |text: Option<String>| text.map_or(Value::Undefined, Value::from);
                Value::array(groups.into_iter().map(group).collect())
            })
        }
        "hasOwnProperty" => {
            let key = call.text(0)?;
            Value::Bool(&*key == "length" || key.parse::<usize>().is_ok_and(|at| at < length))
        }
        _ => return Err(Fault(format!("there is no method {name:?}"))),
    })
}

fn unit(text: &str, at: f64) -> Option<String> {
    (at >= 0.0)
        .then(|| utf16::unit(text, number::to_usize(at)))
        .flatten()
}

fn position(found: Option<usize>) -> Value {
    found.map_or(Value::Number(-1.0), Value::length)
}

/// Where the first argument is found at or behind the second.
fn find(text: &str, call: &Call<'_>) -> std::result::Result<Option<usize>, Fault> {
    if matches!(call.get(0), Value::Regex(_)) && call.options.engine == Engine::Legacy {
        return Err(Fault::new("The argument must not be a regular expression"));
    }
    let needle = call.text(0)?;
    let from = utf16::to_byte(text, number::to_usize(call.integer(1, 0.0)?));
    let found = text.get(from..).and_then(|rest| rest.find(&*needle));
    Ok(found.map(|at| utf16::from_byte(text, from + at)))
}

fn replace(text: &Rc<str>, all: bool, call: &Call<'_>) -> Result {
    let replacement = call.text(1)?;
    if let Value::Regex(regex) = call.get(0) {
        if all && !regex.flags.contains('g') {
            return Err(Fault::new(
                "replaceAll must be called with a global regular expression",
            ));
        }
        return Ok(regex.replace(text, &replacement, call.meter)?.into());
    }
    let needle = call.text(0)?;
    let count = if all { usize::MAX } else { 1 };
    Ok(replace_text(text, &needle, &replacement, count, call.meter)?.into())
}

fn split(text: &Rc<str>, call: &Call<'_>) -> Result {
    let limit = match call.given(1) {
        // `ToUint32`: -1 is as much as there is.
        Some(_) => number::to_usize(call.integer(1, 0.0)?.rem_euclid(4_294_967_296.0)),
        None => usize::MAX,
    };
    let parts: Vec<String> = match call.given(0) {
        None => vec![text.to_string()],
        Some(Value::Regex(regex)) => regex.split(text, call.meter)?,
        Some(_) => {
            let separator = call.text(0)?;
            if separator.is_empty() {
                utf16::units(text)
            } else {
                text.split(&*separator).map(str::to_owned).collect()
            }
        }
    };
    call.meter.steps(parts.len())?;
    Ok(Value::array(
        parts.into_iter().take(limit).map(Value::from).collect(),
    ))
}
