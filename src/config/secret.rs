//! Values that must never be shown.

use std::fmt;

use serde_json::Value;

/// What stands in place of a secret.
const HIDDEN: &str = "<secret>";

/// A token or password. Neither `Debug` nor `Display` shows it; [`Secret::expose`] is the one way to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a value into custody, without the white space around it.
    pub fn new(value: impl AsRef<str>) -> Self {
        Self(value.as_ref().trim().to_owned())
    }

    /// The value itself, for the one request or process that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// `value` with everything hidden that stands under a key that names a secret.
///
/// The words are those that Backstage's config schemas mark as secret: tokens, passwords, keys, credentials.
pub(super) fn redact(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| {
                    let shown = if is_secret_key(key) && !value.is_object() {
                        Value::from(HIDDEN)
                    } else {
                        redact(value)
                    };
                    (key.clone(), shown)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(redact).collect()),
        Value::String(text) => Value::String(without_user_info(text)),
        other => other.clone(),
    }
}

fn is_secret_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    // `key` is what a parameter of Stack Overflow is called.
    key == "key"
        || [
            "token",
            "secret",
            "password",
            "privatekey",
            "apikey",
            "accesskey",
            "credential",
            "authorization",
        ]
        .iter()
        .any(|word| key.contains(word))
}

/// `text` without the user and password of a URL.
fn without_user_info(text: &str) -> String {
    match url::Url::parse(text) {
        Ok(mut url) if url.password().is_some() => {
            let hidden = url.set_password(None).is_ok() && url.set_username("").is_ok();
            if hidden {
                url.to_string()
            } else {
                HIDDEN.to_owned()
            }
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::new(" ghp_abc\n");
        assert_eq!(format!("{secret} {secret:?}"), "<secret> <secret>");
        assert_eq!(secret.expose(), "ghp_abc");
    }

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let shown = redact(&json!({
            "integrations": { "github": [{ "host": "github.com", "token": "ghp_abc", "apps": [{ "privateKey": "pem" }] }] },
            "proxy": "https://me:pw@proxy.acme.dev/",
        }))
        .to_string();
        for gone in ["ghp_abc", "pem", "pw@"] {
            assert!(!shown.contains(gone), "{shown}");
        }
        assert!(shown.contains("github.com") && shown.contains("proxy.acme.dev"));
    }
}
