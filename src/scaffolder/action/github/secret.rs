//! Secrets of repositories and environments: GitHub takes them sealed with a key of its own, so that nobody on the way reads them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crypto_box::PublicKey;
use crypto_box::aead::OsRng;
use serde_json::{Value as Json, json};

use crate::scaffolder::action::api::part;
use crate::scaffolder::action::{ActionError, Task};

use super::{Place, Result};

/// Sets `secrets` at `path`, which leads to those of a repository or an environment.
pub(super) fn set<'a>(
    task: &Task<'_>,
    place: &Place<'_>,
    path: &str,
    secrets: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<()> {
    let mut key = None;
    for (name, value) in secrets {
        let key = if let Some(key) = &key {
            key
        } else {
            let what = "The key for secrets cannot be read";
            let path = format!("{path}/public-key");
            key.insert(place.api.done(task, what, "GET", &path, Json::Null)?)
        };
        let text = |name: &str| key.get(name).and_then(Json::as_str).unwrap_or_default();
        let sealed = seal(text("key"), value).ok_or_else(|| {
            ActionError::Failed("the host's key for secrets is none that is known".to_owned())
        })?;
        let body = json!({ "encrypted_value": sealed, "key_id": text("key_id") });
        let what = format!("The secret {name} is not set");
        let path = format!("{path}/{}", part(name));
        place.api.done(task, &what, "PUT", &path, body)?;
    }
    Ok(())
}

/// The texts of a mapping from names to texts.
pub(super) fn texts(values: Option<&Json>) -> impl Iterator<Item = (&str, &str)> {
    let values = values.and_then(Json::as_object).into_iter().flatten();
    values.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
}

/// `value`, sealed as libsodium's `crypto_box_seal` does; `None` if `key` is no key.
fn seal(key: &str, value: &str) -> Option<String> {
    let key = BASE64.decode(key).ok()?;
    let key = PublicKey::from_slice(&key).ok()?;
    let sealed = key.seal(&mut OsRng, value.as_bytes()).ok()?;
    Some(BASE64.encode(sealed))
}

#[cfg(test)]
mod tests {
    use crypto_box::SecretKey;

    use super::*;

    #[test]
    fn only_the_host_opens_what_is_sealed() {
        let own = SecretKey::generate(&mut OsRng);
        let key = BASE64.encode(own.public_key().as_bytes());
        let sealed = seal(&key, "swordfish").and_then(|text| BASE64.decode(text).ok());
        let opened = sealed.and_then(|sealed| own.unseal(&sealed).ok());
        assert_eq!(opened.as_deref(), Some(&b"swordfish"[..]));
        assert_eq!(seal("no key", "x"), None);
    }
}
