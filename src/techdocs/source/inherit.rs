//! `INHERIT`: a configuration over another one, as `mkdocs.utils.yaml.yaml_load` and `mergedeep` merge them.

use serde_yaml::{Mapping, Value};

use super::{Tree, beside};
use crate::catalog::{Place, Problem, Rule};
use crate::techdocs::config;

/// How many files may inherit from each other.
const MAX_CHAIN: usize = 16;

/// `value`, that of the file at `file`, merged over what it inherits. What is wrong with that goes to `problems`; the error
/// is that of `tree`.
pub(super) fn merged(
    tree: &dyn Tree,
    file: &str,
    value: Value,
    problems: &mut Vec<Problem>,
) -> Result<Value, String> {
    let mut chain = vec![file.to_owned()];
    let mut values = vec![value];
    while let Some(Value::Mapping(last)) = values.last_mut()
        && let Some(parent) = last.remove("INHERIT")
    {
        let at = chain.last().map_or(file, String::as_str);
        let mut complain = |message: String| {
            let place = Place {
                file: tree.name(at),
                line: 0,
                column: 0,
            };
            problems.push(Problem::new(Rule::Docs, place, message));
        };
        let Some(target) = config::text_of(Some(&parent)) else {
            complain("INHERIT names no file.".to_owned());
            break;
        };
        let Some(path) = beside(at, &target) else {
            complain(format!("INHERIT '{target}' lies outside the repository."));
            break;
        };
        if chain.contains(&path) || chain.len() > MAX_CHAIN {
            complain(format!(
                "INHERIT '{target}' leads back to a file that inherits from it."
            ));
            break;
        }
        let text = tree.texts(&[&path])?.pop().flatten();
        let Some(text) = text else {
            complain(format!(
                "INHERIT names '{target}', but there is no such file; without it MkDocs builds nothing."
            ));
            break;
        };
        match config::value(&tree.name(&path), &text) {
            Ok(value) => values.push(value),
            Err(problem) => {
                problems.push(problem);
                break;
            }
        }
        chain.push(path);
    }
    let mut values = values.into_iter().rev();
    let mut whole = values.next().unwrap_or_default();
    for value in values {
        merge(&mut whole, value);
    }
    Ok(whole)
}

/// Puts `over` over `under`: mappings are merged, anything else takes the place of what was there.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Mapping(under), Value::Mapping(over)) => merge_mappings(under, over),
        // A file without content changes nothing.
        (_, Value::Null) => {}
        (under, over) => *under = over,
    }
}

fn merge_mappings(under: &mut Mapping, over: Mapping) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Mapping(inner)), Value::Mapping(value)) => merge_mappings(inner, value),
            (_, value) => drop(under.insert(key, value)),
        }
    }
}
