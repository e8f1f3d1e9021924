//! What is shown to a host with each request of its API, and in which form its kind wants it.

use reqwest::RequestBuilder;

use super::chain::{self, Login};
use crate::config::{Config, Env, HostKind, Secret};

/// A token, with the user name that goes with it where one does. It is for one host only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The user name.
    pub user: Option<String>,
    /// The token or password.
    pub token: Secret,
}

impl Credential {
    /// The one for `host`, where there is any.
    pub async fn of(host: &str, kind: HostKind, config: &Config, env: &Env) -> Option<Self> {
        let login = chain::renewed(host, Some(kind), config, env).await?;
        Some(Self::from(login))
    }

    /// `request` with the token. Always in the header that is left behind where a redirect leads to another host; hosts
    /// have headers of their own, too, but those would follow.
    pub fn sign(&self, kind: HostKind, request: RequestBuilder) -> RequestBuilder {
        let Self { user, token } = self;
        let token = token.expose();
        match (kind, user) {
            // The names that `git` and netrc know for these are no part of a token.
            (HostKind::Github | HostKind::Gitlab, _) => request.bearer_auth(token),
            // A token of Entra, which `az` makes, is a JSON Web Token; any other is a password that needs no name.
            (HostKind::Azure, _) if token.starts_with("eyJ") => request.bearer_auth(token),
            (HostKind::Azure, user) => {
                request.basic_auth(user.as_deref().unwrap_or_default(), Some(token))
            }
            (_, Some(user)) => request.basic_auth(user, Some(token)),
            (_, None) => request.bearer_auth(token),
        }
    }
}

impl From<Login> for Credential {
    fn from(login: Login) -> Self {
        Self {
            user: login.user,
            token: login.token,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn each_kind_gets_the_token_in_its_own_form() {
        let sent = |kind, user: Option<&str>, token: &str| {
            let credential = Credential {
                user: user.map(str::to_owned),
                token: Secret::new(token),
            };
            // One request needs no more than a client without encryption.
            let request =
                reqwest::Request::new(reqwest::Method::GET, "http://h.dev".parse().unwrap());
            let request = RequestBuilder::from_parts(client(), request);
            let request = credential.sign(kind, request).build().unwrap();
            request.headers()["authorization"]
                .to_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(sent(HostKind::Gitlab, Some("oauth2"), "t"), "Bearer t");
        assert_eq!(sent(HostKind::Gitea, None, "t"), "Bearer t");
        assert_eq!(sent(HostKind::Gerrit, Some("me"), "t"), "Basic bWU6dA==");
        assert_eq!(sent(HostKind::Azure, None, "t"), "Basic OnQ=");
        assert_eq!(
            sent(HostKind::Azure, Some("x"), "eyJ0.a.b"),
            "Bearer eyJ0.a.b"
        );
    }

    fn client() -> reqwest::Client {
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::new()
    }
}
