//! References one by one: to nothing, to the wrong kind, to the entity itself.

use std::collections::HashSet;

use super::suggestion::Suggestions;
use crate::catalog::{EntityRef, Kind, Problem, RelationType, Rule};
use crate::ingest::document::{Stated, place, sentence};
use crate::ingest::merge::Candidate;
use crate::ingest::relation::Field;
use crate::ingest::templated;

/// Looks at every reference.
pub(super) fn check(candidates: &[Candidate], problems: &mut Vec<Problem>) {
    let known: HashSet<&EntityRef> = candidates
        .iter()
        .map(|c| &c.document.entity.entity_ref)
        .collect();
    let mut suggestions = Suggestions::among(&known);
    for candidate in candidates {
        for stated in &candidate.document.stated {
            let source = &candidate.document.entity.entity_ref;
            let target = &stated.relation.target;
            let finding = if target == source {
                let message = format!("spec.{} refers to the entity itself", stated.field.name);
                (Rule::SelfReference, message, None)
            } else if !stated.field.may_refer_to(target.kind()) {
                let (rule, message) = wrong_kind(stated);
                (
                    rule,
                    message,
                    suggestions.of_right_kind(target, stated.field),
                )
            } else if !known.contains(target) && !templated::text(target.name()) {
                let message = format!(
                    "spec.{} refers to {target}, which is not in the catalog",
                    stated.field.name
                );
                let meant = suggestions.get(target, stated.field);
                (Rule::DanglingReference, message, meant)
            } else {
                continue;
            };
            let (rule, message, meant) = finding;
            let problem = Problem::new(
                rule,
                place(&candidate.file, stated.mark),
                sentence(&message),
            )
            .over(stated.length)
            .suggesting(meant.map(|meant| written(&meant, stated.field, source)))
            .about(source.clone());
            problems.push(match rule {
                Rule::DanglingReference => problem.unless(target.clone()),
                _ => problem,
            });
        }
    }
}

fn wrong_kind(stated: &Stated) -> (Rule, String) {
    let (field, target) = (stated.field, &stated.relation.target);
    if stated.relation.relation_type == RelationType::OwnedBy {
        let message = format!("spec.{} is {target}, which can own nothing", field.name);
        return (Rule::OwnerKind, message);
    }
    let wanted: Vec<String> = field
        .kinds
        .iter()
        .map(|kind| Kind::parse(kind).to_string())
        .collect();
    let wanted = match wanted.split_last() {
        Some((last, [])) => format!("of kind {last}"),
        Some((last, rest)) => format!("of kind {} or {last}", rest.join(", ")),
        None => String::new(),
    };
    let message = format!(
        "spec.{} refers to {target}, but means entities {wanted}",
        field.name
    );
    (Rule::WrongKindReference, message)
}

/// `meant` as an entity would write it in `field`: without what the field and the entity's own namespace say already.
fn written(meant: &EntityRef, field: &Field, source: &EntityRef) -> String {
    let kind = Some(meant.kind()).filter(|kind| field.kind != Some(kind));
    let namespace = Some(meant.namespace()).filter(|namespace| *namespace != source.namespace());
    let mut text = String::new();
    for (part, separator) in [(kind, ':'), (namespace, '/')] {
        if let Some(part) = part {
            text.push_str(part);
            text.push(separator);
        }
    }
    text.push_str(meant.name());
    text
}
