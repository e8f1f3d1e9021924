//! Filters over numbers and any value.

use std::cmp::Ordering;

use crate::scaffolder::js;

use super::super::convert::{order, print, strict_equal, to_integer, to_number, to_text};
use super::super::fault::Fault;
use super::super::number;
use super::super::utf16;
use super::super::value::Value;
use super::{Input, Result};

pub(super) fn abs(input: &Input<'_>) -> Result {
    Ok(Value::Number(to_number(input.value, input.meter)?.abs()))
}

pub(super) fn default(input: &Input<'_>) -> Value {
    let replace = if input.arg(1).truthy() {
        !input.value.truthy()
    } else {
        matches!(input.value, Value::Undefined)
    };
    if replace { input.arg(0) } else { input.value }.clone()
}

/// `JSON.stringify(value, null, indent)`; undefined stays undefined.
pub(super) fn dump(input: &Input<'_>) -> Result {
    let Some(json) = input.value.to_json(input.meter, input.options.engine)? else {
        return Ok(Value::Undefined);
    };
    let indent = match input.arg(0) {
        Value::Number(width) if *width > 0.0 => " ".repeat(number::to_usize(width.min(10.0))),
        Value::Text(text) => utf16::slice(text, 0, 10),
        _ => String::new(),
    };
    let text = js::stringify(&json, &indent);
    input.meter.bytes(text.len())?;
    Ok(text.into())
}

pub(super) fn float(input: &Input<'_>) -> Result {
    let parsed = number::parse_float(&to_text(input.value, input.meter)?);
    Ok(if parsed.is_nan() {
        input.arg(0).clone()
    } else {
        Value::Number(parsed)
    })
}

pub(super) fn int(input: &Input<'_>) -> Result {
    let base = match input.arg(1) {
        Value::Undefined => 10.0,
        base => to_integer(base, input.meter)?,
    };
    let parsed = number::parse_int(&to_text(input.value, input.meter)?, base);
    Ok(if parsed.is_nan() {
        input.arg(0).clone()
    } else {
        Value::Number(parsed)
    })
}

pub(super) fn length(input: &Input<'_>) -> Value {
    match input.value {
        Value::Array(array) => Value::length(array.borrow().len()),
        Value::Object(object) => Value::length(object.len()),
        Value::Text(text) | Value::Safe(text) => Value::length(utf16::length(text)),
        Value::Undefined | Value::Null | Value::Bool(false) => Value::Number(0.0),
        _ => Value::Undefined,
    }
}

pub(super) fn round(input: &Input<'_>) -> Result {
    let factor = 10f64.powf(input.number(0, 0.0)?);
    let scaled = to_number(input.value, input.meter)? * factor;
    let rounded = match input.arg(1).as_text().map(|text| &**text) {
        Some("ceil") => scaled.ceil(),
        Some("floor") => scaled.floor(),
        _ => number::round(scaled),
    };
    Ok(Value::Number(rounded / factor))
}

pub(super) fn string(input: &Input<'_>) -> Result {
    match input.value {
        Value::Undefined | Value::Null => Err(Fault::new("string requires a value")),
        Value::Safe(_) => Ok(input.value.clone()),
        value => Ok(Value::Text(print(value, input.meter)?)),
    }
}

/// An object as a list of pairs, sorted by key or value.
pub(super) fn dictsort(input: &Input<'_>) -> Result {
    let Value::Object(object) = input.value else {
        return Err(Fault::new("dictsort requires a record"));
    };
    let sensitive = input.arg(0).truthy();
    let by_value = match input.arg(1) {
        Value::Undefined => false,
        value => match value.as_text().map(|text| &**text) {
            Some("key") => false,
            Some("value") => true,
            _ => {
                return Err(Fault::new("dictsort can only sort by key or value"));
            }
        },
    };
    let mut pairs: Vec<(Value, Value, Value)> = object
        .iter()
        .map(|(key, value)| {
            let key = Value::Text(key.clone());
            let by = if by_value { value } else { &key };
            let by = match by {
                Value::Text(text) if !sensitive => text.to_uppercase().into(),
                other => other.clone(),
            };
            (by, key, value.clone())
        })
        .collect();
    let mut fault = None;
    pairs.sort_by(|(a, ..), (b, ..)| match order(a, b, input.meter) {
        Ok(Some(Ordering::Greater)) => Ordering::Greater,
        Ok(_) if strict_equal(a, b) => Ordering::Equal,
        Ok(Some(found)) => found,
        Ok(None) => Ordering::Less,
        Err(error) => {
            fault = Some(error);
            Ordering::Equal
        }
    });
    fault.map_or(Ok(()), Err)?;
    Ok(Value::array(
        pairs
            .into_iter()
            .map(|(_, key, value)| Value::array(vec![key, value]))
            .collect(),
    ))
}
