//! Plain scalars → values, by the core schema of YAML 1.2 as npm `yaml` implements it (`schema/core`).

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::property::Tag;
use crate::catalog::text;

/// The largest integer that every smaller one can be told from in a double.
const MAX_SAFE: f64 = 9_007_199_254_740_992.0;

/// What a scalar means. Its text is cleaned, unless it is borrowed from a text that `is_clean`.
pub(super) fn value(
    text: Cow<'_, str>,
    plain: bool,
    tag: Option<Tag<'_>>,
    is_clean: bool,
) -> Value {
    let resolved = match tag {
        Some(Tag::Core(tag)) => resolve_as(tag, &text),
        None if plain => resolve(&text),
        Some(Tag::Other) | None => None,
    };
    resolved.unwrap_or_else(|| Value::String(cleaned(text, is_clean)))
}

/// `text` as a value or a key may hold it; as it is if it is borrowed from a text that `is_clean`.
pub(super) fn cleaned(text: Cow<'_, str>, is_clean: bool) -> String {
    match text {
        Cow::Borrowed(text) if is_clean => text.to_owned(),
        text if is_clean_ascii(&text) => text.into_owned(),
        text => text::clean(&text).into_owned(),
    }
}

/// Whether there is nothing but printable ASCII, tabs and ends of lines, so that nothing has to be cleaned.
pub(super) fn is_clean_ascii(text: &str) -> bool {
    const LANES: usize = 64;
    let is_clean = |bytes: &[u8]| {
        let clean = |b: u8| matches!(b, b' '..=b'~' | b'\n' | b'\t');
        // All of them are looked at, which is faster than to stop at the first.
        bytes.iter().fold(true, |all, b| clean(*b) & all)
    };
    text.as_bytes().chunks(LANES).all(is_clean)
}

/// Whether plain text means null.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// What an untagged plain scalar means; `None` if it is just text.
fn resolve(text: &str) -> Option<Value> {
    match text.as_bytes().first() {
        None | Some(b'~' | b'n' | b'N') => is_null(text).then_some(Value::Null),
        Some(b't' | b'T') => matches!(text, "true" | "True" | "TRUE").then_some(Value::Bool(true)),
        Some(b'f' | b'F') => {
            matches!(text, "false" | "False" | "FALSE").then_some(Value::Bool(false))
        }
        Some(b'0'..=b'9' | b'-' | b'+' | b'.') => number(text),
        Some(_) => None,
    }
}

/// What a scalar with one of YAML's own tags means; `None` if the tag does not fit, which leaves text.
fn resolve_as(tag: &str, text: &str) -> Option<Value> {
    let value = resolve(text)?;
    let fits = match tag {
        "null" => value.is_null() && !text.starts_with(['.', '+', '-']),
        "bool" => value.is_boolean(),
        "int" => {
            value.is_number()
                && !text.contains('.')
                && (text.starts_with("0x") || !text.contains(['e', 'E']))
        }
        "float" => text.contains(['.', 'e', 'E']) && !text.starts_with("0x"),
        _ => false,
    };
    fits.then_some(value)
}

fn number(text: &str) -> Option<Value> {
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        // Infinity and NaN are numbers to npm `yaml`, and null once the entity is JSON.
        return Some(Value::Null);
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return text
            .parse::<i64>()
            .ok()
            .filter(|n| n.unsigned_abs() <= 1 << 53)
            .map(Value::from)
            .or_else(|| text.parse().ok().map(double));
    }
    is_float(unsigned)
        .then(|| text.parse().ok().map(double))
        .flatten()
}

/// `.5`, `1.`, `1.5`, with an exponent or without, or `1e5`.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, part)) => {
            digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty())
        }
        None => exponent.is_some() && !mantissa.is_empty() && digits(mantissa),
    };
    mantissa_fits
        && exponent.is_none_or(|exponent| {
            let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent)
        })
}

fn radix(digits: &str, radix: u32) -> Option<Value> {
    if digits.is_empty() {
        return None;
    }
    let mut value = 0.0;
    for c in digits.chars() {
        value = value * f64::from(radix) + f64::from(c.to_digit(radix)?);
    }
    Some(double(value))
}

/// A double as JSON has it: whole numbers without a point, no number for the infinities.
fn double(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() <= MAX_SAFE {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and within ±2^53, as just checked"
        )]
        let whole = value as i64;
        return Value::from(whole);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}
