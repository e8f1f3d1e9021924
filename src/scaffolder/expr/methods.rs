//! JavaScript's methods (and for cookiecutter templates Python's): which value has which, and calling them.

mod array;
mod string;

use super::convert::{to_integer, to_number, to_text};
use super::fault::{Fault, Meter};
use super::value::Value;
use super::{Engine, Options, number};

type Result = std::result::Result<Value, Fault>;

/// Methods of texts.
const STRING: [&str; 17] = [
    "charAt",
    "charCodeAt",
    "concat",
    "endsWith",
    "includes",
    "indexOf",
    "lastIndexOf",
    "replace",
    "slice",
    "split",
    "startsWith",
    "substring",
    "toLowerCase",
    "toUpperCase",
    "trim",
    "trimEnd",
    "trimStart",
];
/// Methods of texts that only the older engine has.
const STRING_LEGACY: [&str; 19] = [
    "at",
    "codePointAt",
    "hasOwnProperty",
    "isWellFormed",
    "localeCompare",
    "match",
    "normalize",
    "padEnd",
    "padStart",
    "repeat",
    "replaceAll",
    "search",
    "substr",
    "toLocaleLowerCase",
    "toLocaleUpperCase",
    "toString",
    "trimLeft",
    "trimRight",
    "valueOf",
];
/// Methods of lists that only the older engine has.
const ARRAY_LEGACY: [&str; 6] = [
    "hasOwnProperty",
    "toReversed",
    "toSorted",
    "toString",
    "valueOf",
    "with",
];
/// What every value has in the older engine.
const ANY_LEGACY: [&str; 3] = ["hasOwnProperty", "toString", "valueOf"];
const ARRAY: [&str; 17] = [
    "at",
    "concat",
    "copyWithin",
    "fill",
    "flat",
    "includes",
    "indexOf",
    "join",
    "lastIndexOf",
    "pop",
    "push",
    "reverse",
    "shift",
    "slice",
    "sort",
    "splice",
    "unshift",
];
/// Python's methods of lists, in cookiecutter templates.
const ARRAY_PYTHON: [&str; 6] = ["append", "count", "find", "index", "insert", "remove"];
/// Python's methods of dictionaries, in cookiecutter templates.
const OBJECT_PYTHON: [&str; 5] = ["get", "has_key", "items", "keys", "values"];
const NUMBER: [&str; 4] = ["toExponential", "toFixed", "toPrecision", "toString"];

/// Whether `receiver` has the method `name`.
pub(super) fn exists(receiver: &Value, name: &str, options: Options) -> bool {
    let legacy = options.engine == Engine::Legacy;
    match receiver {
        Value::Text(_) | Value::Safe(_) => {
            STRING.contains(&name) || legacy && STRING_LEGACY.contains(&name)
        }
        Value::Number(_) => NUMBER.contains(&name) || legacy && ANY_LEGACY.contains(&name),
        Value::Bool(_) => legacy && ANY_LEGACY.contains(&name),
        Value::Array(_) => {
            ARRAY.contains(&name)
                || options.cookiecutter && ARRAY_PYTHON.contains(&name)
                || legacy && ARRAY_LEGACY.contains(&name)
        }
        Value::Object(_) => {
            options.cookiecutter && OBJECT_PYTHON.contains(&name)
                || legacy && ANY_LEGACY.contains(&name)
        }
        Value::Regex(_) => name == "test",
        _ => false,
    }
}

/// Calls the method `name` of `receiver`.
pub(super) fn call(
    receiver: &Value,
    name: &str,
    args: &[Value],
    options: Options,
    meter: &Meter,
) -> Result {
    if options.engine == Engine::Current {
        let (least, most) = arity(receiver, name, options);
        if args.len() < least || args.len() > most {
            return Err(Fault(format!(
                "Template intrinsic {name} requires {least} to {most} positional arguments"
            )));
        }
    }
    let args = Call {
        args,
        meter,
        options,
    };
    match (name, receiver) {
        ("valueOf", Value::Safe(text)) => return Ok(Value::Text(text.clone())),
        ("valueOf", _) => return Ok(receiver.clone()),
        ("toString", Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            return to_text(receiver, meter).map(Value::Text);
        }
        ("hasOwnProperty", Value::Array(_) | Value::Number(_) | Value::Bool(_)) => {
            let key = args.text(0)?;
            return Ok(Value::Bool(super::lookup::own(receiver, &key).is_some()));
        }
        _ => {}
    }
    match receiver {
        Value::Text(text) | Value::Safe(text) => string::call(text, name, &args),
        Value::Number(number) => number_method(*number, name, &args),
        Value::Array(array) => array::call(array, name, &args),
        Value::Object(object) => object_method(object, name, &args),
        Value::Regex(regex) => regex.test(&args.text(0)?, args.meter).map(Value::Bool),
        _ => Err(Fault(format!("there is no method {name:?}"))),
    }
}

/// How many arguments nunjitsu takes.
fn arity(receiver: &Value, name: &str, options: Options) -> (usize, usize) {
    match receiver {
        Value::Text(_) | Value::Safe(_) => match name {
            "replace" => (2, 2),
            "split" | "slice" | "substring" => (0, 2),
            "includes" | "startsWith" | "endsWith" | "indexOf" | "lastIndexOf" => (1, 2),
            "charAt" | "charCodeAt" => (0, 1),
            "concat" => (0, usize::MAX),
            _ => (0, 0),
        },
        Value::Number(_) => (0, 1),
        Value::Array(_) => match name {
            "at" | "count" | "index" | "find" | "remove" | "append" => (1, 1),
            "insert" => (2, 2),
            "includes" | "indexOf" | "lastIndexOf" => (1, 2),
            "copyWithin" | "fill" => (1, 3),
            "flat" | "join" => (0, 1),
            "slice" => (0, 2),
            "pop" => (0, usize::from(options.cookiecutter)),
            "shift" | "sort" | "reverse" => (0, 0),
            _ => (0, usize::MAX),
        },
        Value::Object(_) => match name {
            "get" => (1, 2),
            "has_key" => (1, 1),
            _ => (0, 0),
        },
        _ => (1, 1),
    }
}

/// The arguments of a call.
struct Call<'a> {
    args: &'a [Value],
    meter: &'a Meter,
    options: Options,
}

impl Call<'_> {
    fn get(&self, index: usize) -> &Value {
        self.args.get(index).unwrap_or(&Value::Undefined)
    }

    fn given(&self, index: usize) -> Option<&Value> {
        self.args
            .get(index)
            .filter(|value| !matches!(value, Value::Undefined))
    }

    fn text(&self, index: usize) -> std::result::Result<std::rc::Rc<str>, Fault> {
        to_text(self.get(index), self.meter)
    }

    /// The argument as a whole number, `default` where it is missing.
    fn integer(&self, index: usize, default: f64) -> std::result::Result<f64, Fault> {
        self.given(index)
            .map_or(Ok(default), |value| to_integer(value, self.meter))
    }

    /// The argument as a position in something of `length`, counted from its end if negative.
    fn position(
        &self,
        index: usize,
        length: usize,
        default: usize,
    ) -> std::result::Result<usize, Fault> {
        let Some(value) = self.given(index) else {
            return Ok(default.min(length));
        };
        let at = to_integer(value, self.meter)?;
        let from = if at < 0.0 {
            at + number::from_usize(length)
        } else {
            at
        };
        Ok(number::to_usize(from).min(length))
    }
}

fn number_method(value: f64, name: &str, call: &Call<'_>) -> Result {
    let digits = match call.given(0) {
        Some(digits) => Some(to_number(digits, call.meter)?.trunc()),
        None => None,
    };
    let (least, most) = match name {
        "toString" => (2.0, 36.0),
        "toPrecision" => (1.0, 100.0),
        _ => (0.0, 100.0),
    };
    let plain = !value.is_finite() && matches!(name, "toPrecision" | "toExponential");
    if digits.is_some_and(|digits| !(least..=most).contains(&digits)) && !plain {
        return Err(Fault(format!(
            "{name}() argument must be between {least} and {most}"
        )));
    }
    let whole = digits.filter(|_| !plain).map(number::to_usize);
    Ok(match (name, whole) {
        ("toFixed", digits) => number::to_fixed(value, digits.unwrap_or(0)),
        ("toExponential", digits) => number::to_exponential(value, digits),
        ("toPrecision", Some(digits)) => number::to_precision(value, digits),
        ("toString", Some(radix)) => number::to_radix(value, u32::try_from(radix).unwrap_or(10)),
        _ => number::print(value),
    }
    .into())
}

fn object_method(object: &super::value::Object, name: &str, call: &Call<'_>) -> Result {
    let key = call.text(0)?;
    Ok(match name {
        "get" => object
            .get(&key)
            .cloned()
            .unwrap_or_else(|| call.get(1).clone()),
        "keys" => Value::array(
            object
                .iter()
                .map(|(key, _)| Value::Text(key.clone()))
                .collect(),
        ),
        "values" => Value::array(object.iter().map(|(_, value)| value.clone()).collect()),
        "items" => Value::array(
            object
                .iter()
                .map(|(key, value)| Value::array(vec![Value::Text(key.clone()), value.clone()]))
                .collect(),
        ),
        _ => Value::Bool(object.get(&key).is_some()),
    })
}
