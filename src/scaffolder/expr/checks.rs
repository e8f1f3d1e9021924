//! The tests behind `is`.

use std::cmp::Ordering;

use super::Engine;
use super::convert::{order, strict_equal, to_number};
use super::fault::{Fault, Meter};
use super::value::Value;

/// How many arguments a test takes; `None` for an unknown test.
fn arity(test: &str) -> Option<usize> {
    Some(match test {
        "callable" | "defined" | "escaped" | "even" | "falsy" | "iterable" | "lower"
        | "mapping" | "null" | "number" | "odd" | "string" | "truthy" | "undefined" | "upper" => 0,
        "divisibleby" | "eq" | "equalto" | "ge" | "greaterthan" | "gt" | "le" | "lessthan"
        | "lt" | "ne" | "sameas" => 1,
        _ => return None,
    })
}

/// `input is test(args)`.
pub(super) fn check(
    test: &str,
    input: &Value,
    args: &[Value],
    engine: Engine,
    meter: &Meter,
) -> Result<bool, Fault> {
    let wanted = arity(test).ok_or_else(|| Fault(format!("Unknown template test {test:?}")))?;
    // In the older engine what is missing is undefined, and what is too much does not matter.
    if wanted != args.len() && engine == Engine::Current {
        let plural = if wanted == 1 { "" } else { "s" };
        return Err(Fault(format!(
            "Template test {test} requires {wanted} positional argument{plural}"
        )));
    }
    if matches!(input, Value::Function(_)) && test != "callable" && engine == Engine::Current {
        return Err(Fault::new("Callable values cannot be tested"));
    }
    let other = args.first().unwrap_or(&Value::Undefined);
    let ordered = |wanted: &[Ordering]| {
        order(input, other, meter).map(|found| found.is_some_and(|o| wanted.contains(&o)))
    };
    let remainder = |by: f64| to_number(input, meter).map(|number| number % by);
    let cased = |change: fn(&str) -> String| match input {
        Value::Text(own) => Ok(change(own) == **own),
        Value::Safe(_) => Ok(false),
        _ => Err(Fault(format!(
            "Test {test:?} failed for {} input: Filter input must be a string",
            input.kind()
        ))),
    };
    Ok(match test {
        "callable" => matches!(input, Value::Function(_)),
        "defined" => !matches!(input, Value::Undefined),
        "undefined" => matches!(input, Value::Undefined),
        "escaped" => matches!(input, Value::Safe(_)),
        "null" => matches!(input, Value::Null),
        "number" => matches!(input, Value::Number(_)),
        "string" => matches!(input, Value::Text(_)),
        "mapping" => matches!(input, Value::Object(_) | Value::Safe(_) | Value::Regex(_)),
        "iterable" if input.is_nothing() => {
            return Err(Fault::new("iterable test requires a value"));
        }
        "iterable" => matches!(input, Value::Text(_) | Value::Safe(_) | Value::Array(_)),
        "truthy" => input.truthy(),
        "falsy" => !input.truthy(),
        "even" => remainder(2.0)? == 0.0,
        #[expect(clippy::float_cmp, reason = "the remainder of a whole number is exact")]
        "odd" => remainder(2.0)? == 1.0,
        "divisibleby" => remainder(to_number(other, meter)?)? == 0.0,
        "lower" => cased(str::to_lowercase)?,
        "upper" => cased(str::to_uppercase)?,
        "ne" => !strict_equal(input, other),
        "ge" => ordered(&[Ordering::Greater, Ordering::Equal])?,
        "gt" | "greaterthan" => ordered(&[Ordering::Greater])?,
        "le" => ordered(&[Ordering::Less, Ordering::Equal])?,
        "lt" | "lessthan" => ordered(&[Ordering::Less])?,
        _ => strict_equal(input, other),
    })
}

/// Whether there is such a test.
pub(super) fn exists(test: &str) -> bool {
    arity(test).is_some()
}
