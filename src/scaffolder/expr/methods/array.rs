//! The methods of lists.

use std::cell::RefCell;

use super::super::convert::{strict_equal, text_order, to_text, write_text};
use super::super::fault::Fault;
use super::super::number;
use super::super::value::{Array, Value};
use super::{Call, Result};

pub(super) fn call(array: &Array, name: &str, call: &Call<'_>) -> Result {
    let length = array.borrow().len();
    call.meter.steps(length)?;
    if let Some(value) = change(array, name, call)? {
        return Ok(value);
    }
    let items: Vec<Value> = array.borrow().clone();
    let find = || {
        items
            .iter()
            .position(|item| strict_equal(item, call.get(0)))
    };
    Ok(match name {
        "at" => {
            let at = call.integer(0, 0.0)?;
            let at = if at < 0.0 {
                at + number::from_usize(length)
            } else {
                at
            };
            let found = (at >= 0.0).then(|| items.get(number::to_usize(at)));
            found.flatten().cloned().unwrap_or(Value::Undefined)
        }
        "concat" => {
            let mut out = items;
            for arg in call.args {
                match arg {
                    Value::Array(more) => out.extend(more.borrow().iter().cloned()),
                    other => out.push(other.clone()),
                }
            }
            call.meter.steps(out.len())?;
            Value::array(out)
        }
        "flat" => {
            let mut out = Vec::new();
            flatten(&items, call.integer(0, 1.0)?, &mut out, call)?;
            Value::array(out)
        }
        "includes" => Value::Bool(find().is_some()),
        "indexOf" | "index" | "find" => {
            let from = call.position(1, length, 0)?;
            let rest = items.get(from..).unwrap_or_default();
            let found = rest
                .iter()
                .position(|item| strict_equal(item, call.get(0)))
                .map(|at| from + at);
            found.map_or(Value::Number(-1.0), Value::length)
        }
        "lastIndexOf" => last_index(&items, call)?,
        "count" => Value::length(
            items
                .iter()
                .filter(|item| strict_equal(item, call.get(0)))
                .count(),
        ),
        "join" => {
            let separator = match call.given(0) {
                Some(_) => call.text(0)?,
                None => ",".into(),
            };
            let mut out = String::new();
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    call.meter.bytes(separator.len())?;
                    out.push_str(&separator);
                }
                if !item.is_nothing() {
                    write_text(item, &mut out, call.meter, 0)?;
                }
            }
            out.into()
        }
        "slice" => {
            let start = call.position(0, length, 0)?;
            let end = call.position(1, length, length)?;
            Value::array(
                items
                    .get(start..end.max(start))
                    .unwrap_or_default()
                    .to_vec(),
            )
        }
        _ => return older(items, name, call),
    })
}

/// `lastIndexOf`, from the second argument backwards.
fn last_index(items: &[Value], call: &Call<'_>) -> Result {
    let length = items.len();
    let from = match call.given(1) {
        None => f64::INFINITY,
        Some(_) => match call.integer(1, 0.0)? {
            from if from < 0.0 => from + number::from_usize(length),
            from => from,
        },
    };
    let upto = if from < 0.0 {
        0
    } else {
        number::to_usize(from).saturating_add(1).min(length)
    };
    let searched = items.get(..upto).unwrap_or_default();
    let found = searched
        .iter()
        .rposition(|item| strict_equal(item, call.get(0)));
    Ok(found.map_or(Value::Number(-1.0), Value::length))
}

/// The methods that only the older engine has.
fn older(items: Vec<Value>, name: &str, call: &Call<'_>) -> Result {
    let length = items.len();
    Ok(match name {
        "toSorted" => {
            let copy = RefCell::new(items);
            change(&copy, "sort", call)?.unwrap_or(Value::Undefined)
        }
        "toReversed" => Value::array(items.into_iter().rev().collect()),
        "with" => {
            let at = call.integer(0, 0.0)?;
            let at = if at < 0.0 {
                at + number::from_usize(length)
            } else {
                at
            };
            let mut items = items;
            let slot = (at >= 0.0).then(|| items.get_mut(number::to_usize(at)));
            let Some(slot) = slot.flatten() else {
                return Err(Fault::new("with() needs the index of an item"));
            };
            *slot = call.get(1).clone();
            Value::array(items)
        }
        _ => return Err(Fault(format!("there is no method {name:?}"))),
    })
}

/// The methods that change the list; `None` if `name` is none of them.
fn change(
    array: &RefCell<Vec<Value>>,
    name: &str,
    call: &Call<'_>,
) -> std::result::Result<Option<Value>, Fault> {
    let length = array.borrow().len();
    call.meter
        .bytes(call.args.len().saturating_mul(size_of::<Value>()))?;
    let shared = |array: &RefCell<Vec<Value>>| Value::array(array.borrow().clone());
    Ok(Some(match name {
        "push" | "append" => {
            array.borrow_mut().extend(call.args.iter().cloned());
            Value::length(array.borrow().len())
        }
        "pop" => {
            let at = match call.given(0) {
                Some(_) if call.options.cookiecutter => call.position(0, length, 0)?,
                _ => length.saturating_sub(1),
            };
            if at < length {
                array.borrow_mut().remove(at)
            } else {
                Value::Undefined
            }
        }
        "shift" if length > 0 => array.borrow_mut().remove(0),
        "shift" => Value::Undefined,
        "unshift" => {
            array.borrow_mut().splice(0..0, call.args.iter().cloned());
            Value::length(array.borrow().len())
        }
        "splice" => {
            let start = call.position(0, length, 0)?;
            let count = match call.given(1) {
                Some(_) => number::to_usize(call.integer(1, 0.0)?),
                None if call.args.is_empty() => 0,
                None => length,
            };
            let end = start.saturating_add(count).min(length);
            let added = call.args.get(2..).unwrap_or_default().to_vec();
            let removed = array.borrow_mut().splice(start..end, added).collect();
            Value::array(removed)
        }
        "insert" => {
            let at = call.position(0, length, 0)?;
            array.borrow_mut().insert(at, call.get(1).clone());
            Value::array(Vec::new())
        }
        "remove" => {
            let mut items = array.borrow_mut();
            match items.iter().position(|v| strict_equal(v, call.get(0))) {
                Some(at) => Value::array(vec![items.remove(at)]),
                None => Value::array(Vec::new()),
            }
        }
        "reverse" => {
            array.borrow_mut().reverse();
            shared(array)
        }
        "sort" => {
            let mut keyed = Vec::new();
            for item in array.borrow().iter() {
                keyed.push((to_text(item, call.meter)?, item.clone()));
            }
            keyed.sort_by(|(a, _), (b, _)| text_order(a, b));
            *array.borrow_mut() = keyed.into_iter().map(|(_, item)| item).collect();
            shared(array)
        }
        "fill" => {
            let start = call.position(1, length, 0)?;
            let end = call.position(2, length, length)?;
            for slot in array.borrow_mut().iter_mut().take(end).skip(start) {
                *slot = call.get(0).clone();
            }
            shared(array)
        }
        "copyWithin" => {
            let target = call.position(0, length, 0)?;
            let start = call.position(1, length, 0)?;
            let end = call.position(2, length, length)?;
            let source = array.borrow().clone();
            let copied = source.iter().take(end).skip(start);
            for (slot, item) in array.borrow_mut().iter_mut().skip(target).zip(copied) {
                *slot = item.clone();
            }
            shared(array)
        }
        _ => return Ok(None),
    }))
}

fn flatten(
    items: &[Value],
    depth: f64,
    out: &mut Vec<Value>,
    call: &Call<'_>,
) -> std::result::Result<(), Fault> {
    for item in items {
        call.meter.steps(1)?;
        match item {
            Value::Array(inner) if depth >= 1.0 => {
                let inner = inner.borrow().clone();
                flatten(&inner, (depth - 1.0).min(100.0), out, call)?;
            }
            other => out.push(other.clone()),
        }
    }
    Ok(())
}
