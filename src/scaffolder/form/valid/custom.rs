//! `errorMessage`: the author's own words in place of ours, as ajv-errors 3 puts them.

use serde_json::Value as Json;

use super::Wrong;

/// Puts `messages` of the schema at `path` in place of what was found wrong from number `first` on.
pub(super) fn apply(messages: &Json, path: &str, first: usize, found: &mut Vec<Wrong>) {
    let mut later = found.split_off(first.min(found.len()));
    match messages {
        Json::String(message) => say(&mut later, message, path, |wrong| below(wrong, path)),
        Json::Object(words) => {
            let here = |wrong: &Wrong| wrong.owner.as_deref().unwrap_or(&wrong.path) == path;
            for (keyword, message) in words {
                match (keyword.as_str(), message) {
                    ("properties" | "items", Json::Object(_) | Json::Array(_)) => {
                        for (name, message) in named(message) {
                            let inner = super::join(path, &name);
                            say(&mut later, &message, &inner, |wrong| {
                                wrong.owner.is_none() && below(wrong, &inner)
                            });
                        }
                    }
                    ("_", _) => {}
                    (keyword, Json::String(message)) => {
                        say(&mut later, message, path, |wrong| {
                            here(wrong) && wrong.keyword == keyword
                        });
                    }
                    (keyword, Json::Object(by_name)) => {
                        for (name, message) in by_name {
                            let inner = super::join(path, name);
                            let message = message.as_str().unwrap_or_default();
                            say(&mut later, message, &inner, |wrong| {
                                here(wrong) && wrong.keyword == keyword && wrong.path == inner
                            });
                        }
                    }
                    _ => {}
                }
            }
            if let Some(Json::String(message)) = words.get("_") {
                say(&mut later, message, path, |wrong| below(wrong, path));
            }
        }
        _ => {}
    }
    found.append(&mut later);
}

fn named(messages: &Json) -> Vec<(String, String)> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    match messages {
        Json::Object(all) => all
            .iter()
            .map(|(name, message)| (name.clone(), text(message)))
            .collect(),
        Json::Array(all) => all
            .iter()
            .enumerate()
            .map(|(at, message)| (at.to_string(), text(message)))
            .collect(),
        _ => Vec::new(),
    }
}

fn below(wrong: &Wrong, path: &str) -> bool {
    wrong
        .path
        .strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Puts one wrong that says `message` in place of those that `which` names. What is missing is said where it should be.
fn say(found: &mut Vec<Wrong>, message: &str, path: &str, which: impl Fn(&Wrong) -> bool) {
    let meant = |wrong: &Wrong| wrong.keyword != "errorMessage" && which(wrong);
    let mut places: Vec<String> = Vec::new();
    for wrong in found.iter().filter(|wrong| meant(wrong)) {
        let place = if wrong.keyword == "required" {
            wrong.path.as_str()
        } else {
            path
        };
        if !places.iter().any(|other| other.as_str() == place) {
            places.push(place.to_owned());
        }
    }
    found.retain(|wrong| !meant(wrong));
    found.extend(places.into_iter().map(|path| Wrong {
        path,
        keyword: "errorMessage",
        message: message.to_owned(),
        owner: None,
    }));
}
