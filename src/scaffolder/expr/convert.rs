//! JavaScript's conversions, comparisons and `+`.

use std::cmp::Ordering;
use std::rc::Rc;

use super::fault::{Fault, MAX_DEPTH, Meter};
use super::number;
use super::value::Value;

/// What a template prints for `value`: nothing for `undefined` and `null`.
pub(super) fn print(value: &Value, meter: &Meter) -> Result<Rc<str>, Fault> {
    match value {
        Value::Undefined | Value::Null => Ok("".into()),
        other => to_text(other, meter),
    }
}

/// `String(value)`.
pub(super) fn to_text(value: &Value, meter: &Meter) -> Result<Rc<str>, Fault> {
    if let Some(text) = value.as_text() {
        return Ok(text.clone());
    }
    let mut out = String::new();
    write_text(value, &mut out, meter, 0)?;
    Ok(out.into())
}

/// Appends `String(value)`, spending as it grows.
pub(super) fn write_text(
    value: &Value,
    out: &mut String,
    meter: &Meter,
    depth: u32,
) -> Result<(), Fault> {
    meter.steps(1)?;
    if depth > MAX_DEPTH {
        return Err(Fault::new("the value is nested too deeply"));
    }
    match value {
        Value::Undefined => out.push_str("undefined"),
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(value) => out.push_str(&number::print(*value)),
        Value::Text(text) | Value::Safe(text) => {
            meter.bytes(text.len())?;
            out.push_str(text);
        }
        Value::Array(array) => {
            for (index, item) in array.borrow().iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                if !item.is_nothing() {
                    write_text(item, out, meter, depth + 1)?;
                }
            }
        }
        Value::Object(_) => out.push_str("[object Object]"),
        Value::Regex(regex) => {
            out.push('/');
            out.push_str(&regex.pattern);
            out.push('/');
            out.push_str(&regex.flags);
        }
        Value::Function(_) => return Err(Fault::new("Callable values cannot be rendered")),
    }
    Ok(())
}

/// `Number(value)`.
pub(super) fn to_number(value: &Value, meter: &Meter) -> Result<f64, Fault> {
    Ok(match value {
        Value::Undefined => f64::NAN,
        Value::Null => 0.0,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Number(number) => *number,
        other => {
            meter.reads(other)?;
            number::read(&to_text(other, meter)?)
        }
    })
}

/// A whole number: NaN is 0, fractions are cut off.
pub(super) fn to_integer(value: &Value, meter: &Meter) -> Result<f64, Fault> {
    let number = to_number(value, meter)?;
    Ok(if number.is_nan() { 0.0 } else { number.trunc() })
}

/// A value that is no list, object or safe text: those become text.
fn primitive(value: &Value, meter: &Meter) -> Result<Value, Fault> {
    Ok(match value {
        Value::Undefined | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {
            value.clone()
        }
        other => Value::Text(to_text(other, meter)?),
    })
}

/// `a + b`.
pub(super) fn add(left: &Value, right: &Value, meter: &Meter) -> Result<Value, Fault> {
    let (left, right) = (primitive(left, meter)?, primitive(right, meter)?);
    if matches!(left, Value::Text(_)) || matches!(right, Value::Text(_)) {
        return concat(&left, &right, meter);
    }
    Ok(Value::Number(
        to_number(&left, meter)? + to_number(&right, meter)?,
    ))
}

/// `a ~ b`.
pub(super) fn concat(left: &Value, right: &Value, meter: &Meter) -> Result<Value, Fault> {
    let mut out = String::new();
    write_text(left, &mut out, meter, 0)?;
    write_text(right, &mut out, meter, 0)?;
    Ok(out.into())
}

/// `a === b`.
#[expect(clippy::float_cmp, reason = "JavaScript compares exactly")]
pub(super) fn strict_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Safe(a), Value::Safe(b)) => Rc::ptr_eq(a, b),
        (Value::Array(a), Value::Array(b)) => Rc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
        (Value::Regex(a), Value::Regex(b)) => Rc::ptr_eq(a, b),
        (Value::Function(a), Value::Function(b)) => Rc::ptr_eq(a, b),
        _ => false,
    }
}

/// `a == b`.
pub(super) fn loose_equal(left: &Value, right: &Value, meter: &Meter) -> Result<bool, Fault> {
    if strict_equal(left, right) {
        return Ok(true);
    }
    let is_primitive = |value: &Value| {
        matches!(
            value,
            Value::Undefined | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_)
        )
    };
    if !is_primitive(left) && !is_primitive(right) {
        return Ok(false);
    }
    if left.is_nothing() || right.is_nothing() {
        return Ok(left.is_nothing() && right.is_nothing());
    }
    let (left, right) = (primitive(left, meter)?, primitive(right, meter)?);
    Ok(match (&left, &right) {
        (Value::Text(a), Value::Text(b)) => a == b,
        #[expect(clippy::float_cmp, reason = "JavaScript compares exactly")]
        _ => to_number(&left, meter)? == to_number(&right, meter)?,
    })
}

/// How `<` and its like order two values; `None` where they cannot be ordered.
pub(super) fn order(left: &Value, right: &Value, meter: &Meter) -> Result<Option<Ordering>, Fault> {
    let (left, right) = (primitive(left, meter)?, primitive(right, meter)?);
    Ok(match (&left, &right) {
        (Value::Text(a), Value::Text(b)) => Some(text_order(a, b)),
        _ => to_number(&left, meter)?.partial_cmp(&to_number(&right, meter)?),
    })
}

/// JavaScript orders texts by UTF-16 units.
pub(super) fn text_order(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}
