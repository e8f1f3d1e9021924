//! Filters for HTML and addresses.

use std::fmt::Write as _;

use super::super::convert::{print, to_number, to_text};
use super::super::fault::{Fault, Meter};
use super::super::lookup;
use super::super::utf16;
use super::super::value::Value;
use super::{Input, Result};

pub(super) fn escape(input: &Input<'_>, force: bool) -> Result {
    if matches!(input.value, Value::Safe(_)) && !force {
        return Ok(input.value.clone());
    }
    let text = print(input.value, input.meter)?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' => out.push_str("&#92;"),
            c => out.push(c),
        }
    }
    input.meter.bytes(out.len())?;
    Ok(Value::Safe(out.into()))
}

pub(super) fn safe(input: &Input<'_>) -> Result {
    Ok(Value::Safe(print(input.value, input.meter)?))
}

pub(super) fn nl2br(input: &Input<'_>) -> Result {
    let text = match input.value {
        Value::Undefined | Value::Null => String::new(),
        value => value
            .as_text()
            .ok_or_else(|| Fault::new("Filter input must be a string"))?
            .replace("\r\n", "\n"),
    };
    input.meter.bytes(text.len())?;
    Ok(input.like_input(text.replace('\n', "<br />\n")))
}

pub(super) fn striptags(input: &Input<'_>) -> Result {
    let text = input.text()?;
    let mut stripped = strip(&text);
    // Taking a tag out can leave another one.
    for _ in 0..8 {
        let next = strip(&stripped);
        if next == stripped {
            break;
        }
        stripped = next;
    }
    let stripped = stripped.trim();
    let out = if input.arg(0).truthy() {
        let lines: Vec<String> = stripped
            .replace("\r\n", "\n")
            .split('\n')
            .map(|line| {
                let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
                words.join(" ")
            })
            .collect();
        let mut text = lines.join("\n");
        while text.contains("\n\n\n") {
            text = text.replace("\n\n\n", "\n\n");
        }
        text
    } else {
        stripped.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    Ok(input.like_input(out))
}

/// Takes out what looks like a tag or a comment.
fn strip(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    // What no longer comes is not looked for again.
    let (mut comment_ends, mut tag_ends) = (true, true);
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let name = after.strip_prefix('/').unwrap_or(after);
        let end = if let Some(comment) = after.strip_prefix("!--") {
            let end = comment_ends.then(|| comment.find("-->")).flatten();
            comment_ends = end.is_some();
            end.map(|end| 3 + end + 3)
        } else if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let end = tag_ends.then(|| after.find('>')).flatten();
            tag_ends = end.is_some();
            end.map(|end| end + 1)
        } else {
            None
        };
        if let Some(behind) = end.and_then(|end| after.get(end..)) {
            rest = behind;
        } else {
            out.push('<');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// `encodeURIComponent`.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a text cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

pub(super) fn urlencode(input: &Input<'_>) -> Result {
    let pair = |key: &Value, value: &Value, meter: &Meter| {
        let (key, value) = (to_text(key, meter)?, to_text(value, meter)?);
        Ok::<_, Fault>(format!("{}={}", encode(&key), encode(&value)))
    };
    if let Some(text) = input.value.as_text() {
        // The older engine's safe texts are objects.
        return Ok(match input.value {
            Value::Safe(_) if input.older() => {
                let length = utf16::length(text);
                format!("val={}&length={length}", encode(text)).into()
            }
            _ => encode(text).into(),
        });
    }
    let mut out = Vec::new();
    match input.value {
        Value::Object(object) => {
            for (key, value) in object.iter() {
                out.push(pair(&Value::Text(key.clone()), value, input.meter)?);
            }
        }
        Value::Array(array) => {
            for item in array.borrow().iter() {
                if item.is_nothing() {
                    return Err(Fault::new("urlencode sequence entries cannot be nullish"));
                }
                let part = |key| lookup::own(item, key).unwrap_or(Value::Undefined);
                out.push(pair(&part("0"), &part("1"), input.meter)?);
            }
        }
        _ => {}
    }
    Ok(out.join("&").into())
}

/// Turns addresses into links.
pub(super) fn urlize(input: &Input<'_>) -> Result {
    let Some(text) = input.value.as_text() else {
        return Err(Fault::new("Filter input must be a string"));
    };
    let length = match input.arg(0) {
        Value::Undefined => usize::MAX,
        length => match to_number(length, input.meter)? {
            number if number.is_nan() && matches!(length, Value::Number(_)) => usize::MAX,
            number => super::super::number::to_usize(number),
        },
    };
    let nofollow = if matches!(input.arg(1), Value::Bool(true)) {
        " rel=\"nofollow\""
    } else {
        ""
    };
    let mut out = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let blank = word.get(bare.len()..).unwrap_or_default();
        let inner = ["&lt;", "(", "<"]
            .iter()
            .find_map(|mark| bare.strip_prefix(mark))
            .unwrap_or(bare);
        let inner = ["&gt;", ".", ",", ")"]
            .iter()
            .find_map(|mark| inner.strip_suffix(mark))
            .unwrap_or(inner);
        let short = utf16::slice(inner, 0, length);
        let domain = [".org", ".net", ".com"].iter().any(|end| {
            inner.find(end).is_some_and(|at| {
                let behind = inner.get(at + end.len()..).unwrap_or_default();
                behind.is_empty() || behind.starts_with([':', '/'])
            })
        });
        let (scheme, shown, extra) =
            if inner.starts_with("http://") || inner.starts_with("https://") {
                ("", short.as_str(), nofollow)
            } else if inner.starts_with("www.") {
                ("http://", short.as_str(), nofollow)
            } else if is_email(inner) {
                ("mailto:", inner, "")
            } else if domain {
                ("http://", short.as_str(), nofollow)
            } else {
                out.push_str(word);
                continue;
            };
        let _ = write!(out, "<a href=\"{scheme}{inner}\"{extra}>{shown}</a>");
        out.push_str(blank);
    }
    input.meter.bytes(out.len())?;
    Ok(out.into())
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && host.split('.').all(|part| {
                !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            })
    })
}
