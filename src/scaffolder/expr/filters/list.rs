//! Filters over lists.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::checks;
use super::super::convert::{add, order, to_integer, to_number, to_text, write_text};
use super::super::fault::{Fault, Meter};
use super::super::lookup;
use super::super::number;
use super::super::utf16;
use super::super::value::Value;
use super::{Input, Result};

type Items = std::result::Result<Vec<Value>, Fault>;

/// What a list or text holds; `None` for other values. The older engine's safe texts are objects that have a length and
/// nothing at any place.
fn sequence(input: &Input<'_>) -> Option<Vec<Value>> {
    match input.value {
        Value::Safe(text) if input.older() => Some(vec![Value::Undefined; utf16::length(text)]),
        Value::Array(array) => Some(array.borrow().clone()),
        Value::Text(text) | Value::Safe(text) => {
            Some(utf16::units(text).into_iter().map(Value::from).collect())
        }
        _ => None,
    }
}

/// Like [`sequence`]; nothing is an error, other values are empty.
fn items(input: &Input<'_>, filter: &str) -> Items {
    if input.value.is_nothing() {
        return Err(Fault(format!("{filter} requires a sequence")));
    }
    Ok(sequence(input).unwrap_or_default())
}

fn array(input: &Input<'_>, filter: &str) -> Items {
    match input.value {
        Value::Array(array) => Ok(array.borrow().clone()),
        _ => Err(Fault(format!("{filter} requires an array"))),
    }
}

/// A count given as the first argument.
fn count(input: &Input<'_>, what: &str) -> std::result::Result<usize, Fault> {
    let count = to_integer(input.arg(0), input.meter)?;
    if count < 1.0 || !count.is_finite() {
        return Err(Fault(format!("{what} must be a positive integer")));
    }
    Ok(number::to_usize(count))
}

pub(super) fn batch(input: &Input<'_>) -> Result {
    let items = items(input, "batch")?;
    let width = if input.older() {
        // A row ends where its number of items is divided by the width.
        let width = to_number(input.arg(0), input.meter)?;
        let whole = (1..=items.len()).find(|n| number::from_usize(*n) % width == 0.0);
        whole.unwrap_or(items.len().max(1))
    } else {
        count(input, "Batch size")?
    };
    let fill = input.arg(1);
    let mut rows: Vec<Vec<Value>> = items.chunks(width).map(<[Value]>::to_vec).collect();
    if fill.truthy()
        && let Some(last) = rows.last_mut()
    {
        input
            .meter
            .bytes(width.saturating_mul(size_of::<Value>()))?;
        last.resize(width, fill.clone());
    }
    Ok(Value::array(rows.into_iter().map(Value::array).collect()))
}

pub(super) fn edge(input: &Input<'_>, last: bool) -> Result {
    let name = if last { "last" } else { "first" };
    let items = items(input, name)?;
    let found = if last { items.last() } else { items.first() };
    Ok(found.cloned().unwrap_or(Value::Undefined))
}

/// The middle one: a template gives the same result every time it is run.
pub(super) fn random(input: &Input<'_>) -> Result {
    let items = items(input, "random")?;
    Ok(items
        .get(items.len() / 2)
        .cloned()
        .unwrap_or(Value::Undefined))
}

/// The value at the dotted path `attribute`; the value itself for an empty path.
fn attribute(value: &Value, path: &[&str]) -> Result {
    let mut current = value.clone();
    for name in path {
        if current.is_nothing() {
            return Err(Fault::new(
                "Cannot read a template attribute from a nullish value",
            ));
        }
        match lookup::own(&current, name) {
            Some(value) => current = value,
            None => return Ok(Value::Undefined),
        }
    }
    Ok(current)
}

pub(super) fn groupby(input: &Input<'_>) -> Result {
    let path = input.text_arg(0, "")?;
    let path: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
    let mut groups: Vec<(Rc<str>, Vec<Value>)> = Vec::new();
    for item in items(input, "groupby")? {
        input.meter.steps(1 + groups.len())?;
        let key = to_text(&attribute(&item, &path)?, input.meter)?;
        match groups.iter_mut().find(|(own, _)| *own == key) {
            Some((_, items)) => items.push(item),
            None => groups.push((key, vec![item])),
        }
    }
    Ok(Value::object(
        groups
            .into_iter()
            .map(|(key, items)| (key, Value::array(items))),
    ))
}

/// The items, or what they hold at the attribute that the argument at `index` names.
fn projected(input: &Input<'_>, index: usize, filter: &str) -> Items {
    if !input.arg(index).truthy() {
        return array(input, filter);
    }
    let name = to_text(input.arg(index), input.meter)?;
    let items = match input.value {
        // It has a length, and no value at any place that could have an attribute.
        Value::Safe(text) => vec![Value::Undefined; utf16::length(text)],
        _ => sequence(input).unwrap_or_default(),
    };
    items.iter().map(|item| attribute(item, &[&name])).collect()
}

pub(super) fn join(input: &Input<'_>) -> Result {
    let separator = input.text_arg(0, "")?;
    let mut out = String::new();
    for (index, item) in projected(input, 1, "join")?.iter().enumerate() {
        if index > 0 {
            input.meter.bytes(separator.len())?;
            out.push_str(&separator);
        }
        if !item.is_nothing() {
            write_text(item, &mut out, input.meter, 0)?;
        }
    }
    Ok(out.into())
}

pub(super) fn list(input: &Input<'_>) -> Result {
    if let Value::Object(object) = input.value {
        let pair = |(key, value): &(Rc<str>, Value)| {
            Value::object([
                ("key".into(), Value::Text(key.clone())),
                ("value".into(), value.clone()),
            ])
        };
        return Ok(Value::array(object.iter().map(pair).collect()));
    }
    match input.value {
        Value::Array(_) => Ok(input.value.clone()),
        Value::Safe(text) if input.older() => {
            let pair = |key: &str, value: Value| {
                Value::object([("key".into(), key.into()), ("value".into(), value)])
            };
            let length = Value::length(utf16::length(text));
            let pairs = vec![
                pair("val", Value::Text(text.clone())),
                pair("length", length),
            ];
            Ok(Value::array(pairs))
        }
        _ => sequence(input)
            .map(Value::array)
            .ok_or_else(|| Fault::new("list requires an iterable value")),
    }
}

pub(super) fn reverse(input: &Input<'_>) -> Value {
    match input.value {
        Value::Text(text) | Value::Safe(text)
            if !(input.older() && matches!(input.value, Value::Safe(_))) =>
        {
            let mut units = utf16::units(text);
            units.reverse();
            input.like_input(units.concat())
        }
        _ => {
            let mut items = sequence(input).unwrap_or_default();
            items.reverse();
            Value::array(items)
        }
    }
}

pub(super) fn select(input: &Input<'_>, wanted: bool) -> Result {
    let test = match input.arg(0) {
        Value::Undefined => "truthy".into(),
        name => to_text(name, input.meter)?,
    };
    if !checks::exists(&test) {
        return Err(Fault(format!("Unknown template test {test}")));
    }
    if input.older() && matches!(input.value, Value::Safe(_)) {
        // There is nothing at any of its places, and so nothing that could be kept.
        return Ok(Value::array(Vec::new()));
    }
    let args = input.args.get(1..).unwrap_or_default();
    keep(
        items(input, if wanted { "select" } else { "reject" })?,
        wanted,
        |item| checks::check(&test, item, args, input.options.engine, input.meter),
    )
}

pub(super) fn select_attribute(input: &Input<'_>, wanted: bool) -> Result {
    let filter = if wanted { "selectattr" } else { "rejectattr" };
    let name = to_text(input.arg(0), input.meter)?;
    keep(array(input, filter)?, wanted, |item| {
        Ok(attribute(item, &[&name])?.truthy())
    })
}

fn keep(
    items: Vec<Value>,
    wanted: bool,
    test: impl Fn(&Value) -> std::result::Result<bool, Fault>,
) -> Result {
    let mut out = Vec::new();
    for item in items {
        if test(&item)? == wanted {
            out.push(item);
        }
    }
    Ok(Value::array(out))
}

/// Cuts a list or a text into that many columns.
pub(super) fn slice(input: &Input<'_>) -> Result {
    if input.older() && !input.arg(0).truthy() && !input.value.is_nothing() {
        return Ok(Value::array(Vec::new()));
    }
    let columns = count(input, "Slice count")?;
    input.meter.steps(columns)?;
    let text = input.value.as_text();
    let items = sequence(input).ok_or_else(|| Fault::new("slice requires a sequence"))?;
    let (base, extra) = (items.len() / columns, items.len() % columns);
    let fill = input.arg(1);
    let mut at = 0;
    let mut out = Vec::new();
    for column in 0..columns {
        let end = at + base + usize::from(column < extra);
        let filled = fill.truthy() && column >= extra;
        out.push(match text {
            Some(_) if filled => {
                return Err(Fault::new("slice cannot append a fill value to a string"));
            }
            Some(text) => utf16::slice(text, at, end).into(),
            None => {
                let mut part = items.get(at..end).unwrap_or_default().to_vec();
                part.extend(filled.then(|| fill.clone()));
                Value::array(part)
            }
        });
        at = end;
    }
    Ok(Value::array(out))
}

pub(super) fn sort(input: &Input<'_>) -> Result {
    let (reverse, sensitive) = (input.arg(0).truthy(), input.arg(1).truthy());
    let path = input.text_arg(2, "")?;
    let path: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
    let (mut keyed, mut undefined) = (Vec::new(), Vec::new());
    for item in sequence(input).unwrap_or_default() {
        // They stand last in JavaScript, however the others are compared.
        if matches!(item, Value::Undefined) {
            undefined.push(item);
            continue;
        }
        let key = match attribute(&item, &path)? {
            Value::Text(text) if !sensitive => text.to_lowercase().into(),
            key => key,
        };
        keyed.push((key, item));
    }
    // Sorting goes through a list many times.
    input.meter.steps(keyed.len())?;
    let sorted = sort_by(keyed, reverse, input.meter)?;
    let sorted = sorted.into_iter().map(|(_, item)| item);
    Ok(Value::array(sorted.chain(undefined).collect()))
}

fn sort_by(
    mut keyed: Vec<(Value, Value)>,
    reverse: bool,
    meter: &Meter,
) -> std::result::Result<Vec<(Value, Value)>, Fault> {
    let mut fault = None;
    keyed.sort_by(|(a, _), (b, _)| match order(a, b, meter) {
        Ok(Some(found)) if reverse => found.reverse(),
        Ok(found) => found.unwrap_or(Ordering::Equal),
        Err(error) => {
            fault = Some(error);
            Ordering::Equal
        }
    });
    fault.map_or(Ok(keyed), Err)
}

pub(super) fn sum(input: &Input<'_>) -> Result {
    let mut total = Value::Number(0.0);
    for item in projected(input, 0, "sum")? {
        total = add(&total, &item, input.meter)?;
    }
    let start = match input.arg(1) {
        Value::Undefined => &Value::Number(0.0),
        start => start,
    };
    add(start, &total, input.meter)
}
