//! What a run ends with: `output` rendered, its links and texts.

use serde_json::Value as Json;

use super::{OutputLink, OutputText};
use crate::scaffolder::form::truthy;

/// Takes away links and texts whose `if` is false, and the `if`s of the others.
pub(super) fn settle(mut output: Json) -> Json {
    for key in ["links", "text"] {
        let Some(Json::Array(items)) = output.get_mut(key) else {
            continue;
        };
        items.retain_mut(|item| {
            let Json::Object(object) = item else {
                return true;
            };
            object
                .shift_remove("if")
                .is_none_or(|condition| truthy(&condition))
        });
    }
    output
}

fn items<'a>(output: &'a Json, key: &str) -> &'a [Json] {
    let items = output.get(key).and_then(Json::as_array);
    items.map_or(&[], Vec::as_slice)
}

fn text(item: &Json, key: &str) -> Option<String> {
    item.get(key)
        .and_then(Json::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// The links that lead somewhere.
pub(super) fn links(output: &Json) -> Vec<OutputLink> {
    items(output, "links")
        .iter()
        .filter_map(|item| {
            let (url, entity_ref) = (text(item, "url"), text(item, "entityRef"));
            let target = url.clone().or_else(|| entity_ref.clone())?;
            Some(OutputLink {
                title: text(item, "title").unwrap_or(target),
                url,
                entity_ref,
            })
        })
        .collect()
}

/// The texts that say something.
pub(super) fn texts(output: &Json) -> Vec<OutputText> {
    items(output, "text")
        .iter()
        .filter_map(|item| {
            Some(OutputText {
                title: text(item, "title").unwrap_or_default(),
                content: text(item, "content")?,
            })
        })
        .collect()
}
