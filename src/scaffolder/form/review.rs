//! The review: every answer on a line of its own.

use serde_json::Value as Json;

use crate::scaffolder::answers::Answers;
use crate::scaffolder::template::Template;

use super::field::label;
use super::{Field, FieldKind, ReviewRow};

/// What is shown instead of a secret.
const MASK: &str = "******";

/// All answers, page by page.
pub(super) fn rows(template: &Template, answers: &Answers) -> Vec<ReviewRow> {
    let data = Json::Object(answers.parameters.clone());
    let mut rows = Vec::new();
    for page in super::pages(template, answers) {
        let Some(fields) = template.pages.get(page).map(|p| super::fields(p, answers)) else {
            continue;
        };
        let mut groups: Vec<&Field> = Vec::new();
        for field in &fields {
            groups.retain(|group| field.path.starts_with(&format!("{}/", group.path)));
            let whole = groups
                .iter()
                .any(|group| group.review.whole || group.review.hidden);
            let length = match &field.kind {
                FieldKind::Items(items) => Some(items.length),
                _ => None,
            };
            let heading = field.kind == FieldKind::Group;
            if heading {
                groups.push(field);
            }
            let exploded = heading && !field.review.whole;
            if whole || exploded || field.review.hidden || length.is_some_and(|length| length > 0) {
                continue;
            }
            let own = field.review.name.as_deref().unwrap_or(&field.title);
            let own = length.is_none().then_some(own);
            let names = groups.iter().filter(|group| group.path != field.path);
            let names = names.map(|group| group.title.as_str());
            let label = names.chain(own).collect::<Vec<_>>().join(" > ");
            let variant = matches!(field.kind, FieldKind::Variant { .. });
            let value = if variant {
                super::get(field, answers)
            } else {
                data.pointer(&field.path).cloned()
            };
            let value = value.as_ref();
            rows.push(ReviewRow {
                path: field.path.clone(),
                page,
                label,
                value: shown(field, value),
                changed: !variant && length.is_none() && value != field.default.as_ref(),
                default: field
                    .default
                    .as_ref()
                    .map(|default| shown(field, Some(default))),
            });
        }
    }
    rows
}

fn shown(field: &Field, value: Option<&Json>) -> String {
    let Some(value) = value else {
        return String::new();
    };
    if matches!(field.kind, FieldKind::Text { secret: true, .. }) {
        return MASK.to_owned();
    }
    if let Some(mask) = &field.review.mask {
        return mask.clone();
    }
    match (&field.kind, value) {
        (FieldKind::MultiChoice(choices), Json::Array(items)) => items
            .iter()
            .map(|item| FieldKind::Choice(choices.clone()).show(item))
            .collect::<Vec<_>>()
            .join(", "),
        (FieldKind::Choice(_) | FieldKind::Variant { .. }, value) => field.kind.show(value),
        (_, value) => label(value),
    }
}
