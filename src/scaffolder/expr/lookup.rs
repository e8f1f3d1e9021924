//! Members, slices and `in`.

use std::rc::Rc;

use super::convert::{strict_equal, to_text};
use super::fault::{Fault, Meter};
use super::value::{Function, Value};
use super::{Options, methods, number, utf16};

/// `target.key`; undefined where there is no such thing.
pub(super) fn member(
    target: &Value,
    key: &str,
    options: Options,
    meter: &Meter,
) -> Result<Value, Fault> {
    // Where a unit of a text stands is counted from its beginning.
    if matches!(target, Value::Text(_) | Value::Safe(_)) {
        meter.reads(target)?;
    }
    Ok(find(target, key, options))
}

fn find(target: &Value, key: &str, options: Options) -> Value {
    if let Some(value) = own(target, key) {
        return value;
    }
    if let Value::Function(function) = target
        && let Function::Cycle(cycle) = &**function
    {
        return match key {
            "next" => Value::Function(Rc::new(Function::CycleNext(cycle.clone()))),
            "reset" => Value::Function(Rc::new(Function::CycleReset(cycle.clone()))),
            "current" => cycle.current.borrow().clone(),
            _ => Value::Undefined,
        };
    }
    if methods::exists(target, key, options) {
        return Value::Function(Rc::new(Function::Method {
            receiver: target.clone(),
            name: key.into(),
        }));
    }
    Value::Undefined
}

/// What `target` itself holds at `key`.
pub(super) fn own(target: &Value, key: &str) -> Option<Value> {
    match target {
        Value::Object(object) => object.get(key).cloned(),
        Value::Array(array) => {
            let array = array.borrow();
            match key {
                "length" => Some(Value::length(array.len())),
                key => array.get(index(key)?).cloned(),
            }
        }
        Value::Text(text) | Value::Safe(text) => match key {
            "length" => Some(Value::length(utf16::length(text))),
            "val" if matches!(target, Value::Safe(_)) => Some(Value::Text(text.clone())),
            key => utf16::unit(text, index(key)?).map(Value::from),
        },
        _ => None,
    }
}

/// A key as an index, if it is written as one.
fn index(key: &str) -> Option<usize> {
    let written_plainly = key == "0" || !key.starts_with(['0', '+']);
    written_plainly.then(|| key.parse().ok()).flatten()
}

/// `target[start:end:step]`, always a list.
pub(super) fn slice(
    target: &Value,
    start: Option<f64>,
    end: Option<f64>,
    step: f64,
    meter: &Meter,
) -> Result<Value, Fault> {
    if !step.is_finite() || step == 0.0 {
        return Err(Fault::new(
            "Slice step must have finite non-zero numeric coercion",
        ));
    }
    let length = match own(target, "length") {
        Some(Value::Number(length)) => length,
        // Without a length there is no end to come to.
        _ if end.is_none() => f64::NAN,
        _ => 0.0,
    };
    if start.is_some_and(f64::is_nan) || end.is_some_and(f64::is_nan) || length.is_nan() {
        return Err(Fault::new(
            "a slice needs numbers, and something with a length",
        ));
    }
    let from_end = |at: f64| if at < 0.0 { at + length } else { at };
    let up = step > 0.0;
    let start = start.map_or(if up { 0.0 } else { length - 1.0 }, from_end);
    let end = end.map_or(if up { length } else { -1.0 }, from_end);
    let mut out = Vec::new();
    let mut at = start;
    while at >= 0.0 && at <= length && if up { at < end } else { at > end } {
        meter.steps(1)?;
        out.push(own(target, &number::print(at)).unwrap_or(Value::Undefined));
        at += step;
    }
    Ok(Value::array(out))
}

/// `needle in container`.
pub(super) fn contains(container: &Value, needle: &Value, meter: &Meter) -> Result<bool, Fault> {
    meter.reads(container)?;
    match container {
        Value::Text(text) => Ok(text.contains(&*to_text(needle, meter)?)),
        Value::Array(array) => Ok(array.borrow().iter().any(|v| strict_equal(v, needle))),
        Value::Object(object) => Ok(object.get(&to_text(needle, meter)?).is_some()),
        Value::Safe(_) => Ok(matches!(&*to_text(needle, meter)?, "length" | "val")),
        _ => Err(Fault::new(
            "Membership requires an array, record, or string",
        )),
    }
}
