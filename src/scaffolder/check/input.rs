//! The input of a step against what its action takes.

use serde_json::{Map, Value as Json};

use super::{Findings, Spot, below, in_words, shown};
use crate::catalog::Rule;
use crate::scaffolder::known::{Field, Known, Shape};

/// Checks the input of `step`, which stands at `pointer` and names the action `known`.
pub(super) fn check(known: &Known, step: &Json, pointer: &str, found: &mut Findings) {
    let empty = Map::new();
    let (input, at) = match step.get("input") {
        Some(Json::Object(input)) => (input, Spot::Key(format!("{pointer}/input"))),
        None | Some(Json::Null) => (&empty, Spot::Node(format!("{pointer}/action"))),
        Some(_) => return,
    };
    if super::is_placeholder(&Json::Object(input.clone())) {
        return;
    }
    let here = Here {
        owner: known.id,
        pointer: &format!("{pointer}/input"),
        at,
    };
    let needed = |way: &&Vec<Field>| {
        way.iter()
            .all(|field| !field.required || input.contains_key(field.name))
    };
    match (known.inputs.iter().find(needed), &known.inputs[..]) {
        (_, [way]) => here.fields(way, input, found),
        (Some(way), _) => here.chosen(known, way, input, found),
        (None, ways) => here.none(ways, found),
    }
}

/// A mapping in an input.
struct Here<'a> {
    /// What takes the mapping, for messages.
    owner: &'a str,
    /// Where it stands.
    pointer: &'a str,
    /// Where something that it lacks is missed.
    at: Spot,
}

impl Here<'_> {
    /// The keys of a mapping that has just one form.
    fn fields(&self, fields: &[Field], input: &Map<String, Json>, found: &mut Findings) {
        let missing = fields
            .iter()
            .filter(|field| field.required && !input.contains_key(field.name));
        for field in missing {
            let message = format!("{} needs '{}'.", self.owner, field.name);
            found.add(Rule::TemplateActionInput, self.at.clone(), message);
        }
        for (key, value) in input {
            let pointer = below(self.pointer, key);
            if let Some(field) = fields.iter().find(|field| field.name == key) {
                fits(self.owner, key, &field.shape, value, &pointer, found);
            } else {
                let message = format!("{} takes no {}.", self.owner, shown(&key.as_str().into()));
                let finding = found.add(Rule::TemplateActionInput, Spot::Key(pointer), message);
                let free = fields
                    .iter()
                    .filter(|field| !input.contains_key(field.name));
                finding.over(key).meaning(key, free.map(|field| field.name));
            }
        }
    }

    /// The keys of an input that can be given in several ways, of which it has chosen `way`.
    fn chosen(
        &self,
        known: &Known,
        way: &[Field],
        input: &Map<String, Json>,
        found: &mut Findings,
    ) {
        let is_of_another = |key: &&String| {
            known.field(key).is_some() && !way.iter().any(|field| field.name == key.as_str())
        };
        let Some(other) = input.keys().find(is_of_another) else {
            return self.fields(way, input, found);
        };
        let own: Vec<&str> = way
            .iter()
            .filter(|field| field.required)
            .map(|field| field.name)
            .collect();
        let message = format!(
            "{} takes no '{other}' together with '{}'.",
            self.owner,
            own.join("', '")
        );
        let spot = Spot::Key(below(self.pointer, other));
        found
            .add(Rule::TemplateActionInput, spot, message)
            .over(other);
    }

    /// An input that is complete in none of the ways to give it.
    fn none(&self, ways: &[Vec<Field>], found: &mut Findings) {
        let needs: Vec<String> = ways
            .iter()
            .filter_map(|way| way.iter().find(|field| field.required))
            .map(|field| format!("'{}'", field.name))
            .collect();
        let message = format!("{} needs {}.", self.owner, needs.join(" or "));
        found.add(Rule::TemplateActionInput, self.at.clone(), message);
    }
}

/// Whether `value` is what `shape` asks for, and all that is in it.
fn fits(owner: &str, key: &str, shape: &Shape, value: &Json, pointer: &str, found: &mut Findings) {
    if !shape.fits(value) {
        let is_text = matches!(value, Json::String(_));
        let is = if is_text {
            shown(value)
        } else {
            in_words(value).to_owned()
        };
        let message = format!(
            "'{key}' of {owner} must be {}, but is {is}.",
            shape.in_words()
        );
        let spot = Spot::Node(pointer.to_owned());
        let finding = found.add(Rule::TemplateActionInput, spot, message);
        if let (Json::String(text), Shape::OneOf(shapes)) = (value, shape) {
            let literals = shapes.iter().filter_map(|shape| match shape {
                Shape::Literal(text) => Some(*text),
                _ => None,
            });
            finding.meaning(text, literals);
        }
        return;
    }
    match (shape, value) {
        (Shape::Object(fields), Json::Object(map)) if !super::is_placeholder(value) => {
            let here = Here {
                owner: &format!("'{key}' of {owner}"),
                pointer,
                at: Spot::Key(pointer.to_owned()),
            };
            here.fields(fields, map, found);
        }
        (Shape::List(item), Json::Array(items)) => {
            for (number, value) in items.iter().enumerate() {
                fits(
                    owner,
                    key,
                    item,
                    value,
                    &format!("{pointer}/{number}"),
                    found,
                );
            }
        }
        _ => {}
    }
}
