//! Who a token makes us at a host, what it may do there, and what of that is missing: one or two requests, made only when
//! somebody asks (`login`, `doctor`).

use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use url::Url;

use super::credential::Credential;
use super::{is_here, remedy_of};
use crate::catalog::text::one_line;
use crate::config::{Config, HostKind};
use crate::host::HostError;
use crate::host::http::{Http, text};
use crate::host::rest::addresses;

/// What a Gerrit puts in front of its answers.
const GERRIT: &[u8] = b")]}'";
/// The largest answer that is read, in bytes.
const MOST: u64 = 1 << 20;

/// What a host says of a token, or of nobody's questions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// The name one signs in with there; `None` for a token that stands for no person.
    pub login: Option<String>,
    /// What the token may do, where the host tells it.
    pub scopes: Option<Vec<String>>,
    /// When the token ends, as the host writes it.
    pub expires: Option<String>,
    /// How many requests are left of how many, in the span that the host counts.
    pub requests_left: Option<(u64, u64)>,
    /// What is missing or odd, in words.
    pub hints: Vec<String>,
    /// Where the token can be authorised for single sign-on.
    pub single_sign_on: Option<String>,
}

/// What is asked of a host of `kind`, with a token or without; `azure` is where an Azure DevOps tells who we are. `None` where
/// there is nothing to ask.
fn path(kind: HostKind, signed: bool, azure: Option<&str>) -> Option<&str> {
    Some(match (kind, signed) {
        (
            HostKind::Github | HostKind::Gitlab | HostKind::Gitea | HostKind::BitbucketCloud,
            true,
        ) => "user",
        (HostKind::Github, false) => "rate_limit",
        (HostKind::Gitlab, false) => "projects?per_page=1&simple=true",
        (HostKind::Gitea, false) => "version",
        (HostKind::Gerrit, true) => "a/accounts/self",
        (HostKind::Gerrit, false) => "config/server/version",
        (HostKind::BitbucketCloud, false) => "repositories?pagelen=1&fields=next",
        // It tells everybody what it is, and in a header who asks.
        (HostKind::BitbucketServer, _) => "application-properties",
        (HostKind::Azure, true) => azure?,
        _ => return None,
    })
}

/// Where an Azure DevOps tells who we are: below an organisation, of which the configuration must name one.
fn azure_path(host: &str, config: &Config) -> Option<String> {
    let mut providers = config.providers.iter();
    let is_there = |it: &&crate::config::Provider| it.kind == HostKind::Azure && it.host == host;
    let owner = &providers.find(is_there)?.owner;
    let organisation = owner.rsplit_once('/').map_or(owner.as_str(), |(it, _)| it);
    let above = if host.ends_with(".visualstudio.com") {
        String::new()
    } else {
        format!("{organisation}/")
    };
    Some(format!(
        "{above}_apis/connectionData?api-version=6.0-preview"
    ))
}

/// Asks `host` who `token` makes us; without a token, only whether it answers.
pub async fn look(
    host: &str,
    kind: HostKind,
    credential: Option<&Credential>,
    config: &Config,
    http: &Http,
) -> Result<Account, HostError> {
    let ask = Ask {
        kind,
        base: addresses(kind, host, config).api,
        credential,
        http,
    };
    let azure = azure_path(host, config);
    let Some(path) = path(kind, credential.is_some(), azure.as_deref()) else {
        let hint = format!("a {} is not asked who a token is for", kind.name());
        return Ok(Account {
            hints: vec![hint],
            ..Account::default()
        });
    };
    let (status, headers, body) = ask.get(path).await?;
    let mut account = Account {
        requests_left: requests_left(&headers),
        expires: text(&headers, "github-authentication-token-expiration").map(one_line),
        scopes: text(&headers, "x-oauth-scopes").map(words),
        single_sign_on: text(&headers, "x-github-sso").and_then(|sso| sso_url(sso, host)),
        ..Account::default()
    };
    let refused = |reason: String| HostError::NotSignedIn {
        host: host.to_owned(),
        reason,
        remedy: remedy_of(kind, host),
    };
    match (status, credential) {
        (203, _) if kind == HostKind::Azure => {
            let reason =
                "it does not know the token, or no longer: it answers with its page for signing in";
            return Err(refused(reason.to_owned()));
        }
        (200..300, None) => return Ok(account),
        (401 | 403, None) => return Err(refused("it answers nobody without a token".to_owned())),
        (200..300, Some(_)) => {}
        (401, _) => {
            return Err(refused(
                "it does not know the token, or no longer".to_owned(),
            ));
        }
        // A token of an app or of a workflow is let in, and is nobody.
        (403, _) if account.single_sign_on.is_none() && says_integration(&body) => {
            account
                .hints
                .push("the token stands for an app, not for a person".to_owned());
            return Ok(account);
        }
        (403, _) if account.single_sign_on.is_some() => {
            account
                .hints
                .push("the organisation wants the token authorised for single sign-on".to_owned());
            return Ok(account);
        }
        (403, _) if kind == HostKind::BitbucketCloud => {
            account.hints.push("the token stands for a workspace or a repository, or may not read whose it is (read:user:bitbucket)".to_owned());
            return Ok(account);
        }
        // A token may be let read repositories, and not who it stands for.
        (403, _) if kind == HostKind::Gitea => {
            account.hints.extend(missing(kind, None));
            return Ok(account);
        }
        (403, _) => {
            return Err(refused(
                "it does not let the token ask who it is for".to_owned(),
            ));
        }
        (429 | 500.., _) => {
            let reason = match status {
                429 => "too many requests".to_owned(),
                status => format!("it answers {status}"),
            };
            return Err(HostError::Overloaded {
                place: host.to_owned(),
                reason,
            });
        }
        (status, _) => {
            return Err(HostError::Failed {
                place: format!("{}/{path}", ask.base),
                reason: format!("it answers {status}; is it a {}?", kind.name()),
            });
        }
    }
    account.login = login_in(kind, &headers, &body);
    if account.login.is_none() {
        return Err(HostError::Failed {
            place: format!("{}/{path}", ask.base),
            reason: format!("its answer is not what a {} gives", kind.name()),
        });
    }
    if kind == HostKind::Gitlab {
        ask.gitlab_scopes(&mut account).await;
    }
    account
        .hints
        .extend(missing(kind, account.scopes.as_deref()));
    Ok(account)
}

/// The name of the account in an answer.
fn login_in(kind: HostKind, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let places: &[&str] = match kind {
        HostKind::BitbucketServer => return text(headers, "x-ausername").map(one_line),
        HostKind::BitbucketCloud => &["/username", "/nickname", "/display_name"],
        HostKind::Gitlab | HostKind::Gerrit => &["/username"],
        HostKind::Azure => &[
            "/authenticatedUser/properties/Account/$value",
            "/authenticatedUser/providerDisplayName",
        ],
        _ => &["/login"],
    };
    let body = body.strip_prefix(GERRIT).unwrap_or(body);
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut names = places.iter().filter_map(|at| value.pointer(at)?.as_str());
    names.next().map(one_line)
}

/// How one host is asked.
struct Ask<'a> {
    kind: HostKind,
    base: String,
    credential: Option<&'a Credential>,
    http: &'a Http,
}

impl Ask<'_> {
    async fn get(&self, path: &str) -> Result<(u16, HeaderMap, Vec<u8>), HostError> {
        let place = format!("{}/{path}", self.base);
        let request = self.sign(self.http.client()?, &place);
        let answer = self.http.exchange(&place, MOST, request).await?;
        Ok((answer.status.as_u16(), answer.headers, answer.body))
    }

    fn sign(&self, client: &Client, place: &str) -> RequestBuilder {
        let request = client.get(place).header("Accept", "application/json");
        match self.credential {
            Some(credential) => credential.sign(self.kind, request),
            None => request,
        }
    }

    /// What a GitLab says of the token itself; only those that people make tell.
    async fn gitlab_scopes(&self, account: &mut Account) {
        let Ok((200, _, body)) = self.get("personal_access_tokens/self").await else {
            return;
        };
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        let scopes = value.get("scopes").and_then(Value::as_array);
        account.scopes = scopes.map(|scopes| {
            let scopes = scopes.iter().filter_map(Value::as_str);
            scopes.map(one_line).collect()
        });
        let expires = value.get("expires_at").and_then(Value::as_str);
        account.expires = expires.map(one_line);
    }
}

/// The words of a list with commas.
fn words(list: &str) -> Vec<String> {
    let words = list.split(',').map(str::trim);
    words
        .filter(|word| !word.is_empty())
        .map(one_line)
        .collect()
}

fn says_integration(body: &[u8]) -> bool {
    String::from_utf8_lossy(body).contains("by integration")
}

fn requests_left(headers: &HeaderMap) -> Option<(u64, u64)> {
    let number = |names: [&'static str; 2]| {
        let mut values = names.into_iter().filter_map(|name| text(headers, name));
        values.next()?.trim().parse().ok()
    };
    let left = number(["x-ratelimit-remaining", "ratelimit-remaining"])?;
    let limit = number(["x-ratelimit-limit", "ratelimit-limit"])?;
    Some((left, limit))
}

/// The page in `X-GitHub-SSO: required; url=…`, where it is one of `host` itself.
fn sso_url(header: &str, host: &str) -> Option<String> {
    let mut parts = header.split(';').map(str::trim);
    let url = Url::parse(parts.find_map(|part| part.strip_prefix("url="))?).ok()?;
    let site = host.strip_prefix("api.").unwrap_or(host);
    let is_its_own = super::host_of(&url).as_deref() == Some(site);
    (is_its_own && (url.scheme() == "https" || is_here(host))).then(|| url.to_string())
}

/// What the portal will not get with these scopes.
fn missing(kind: HostKind, scopes: Option<&[String]>) -> Vec<String> {
    let Some(scopes) = scopes else {
        return match kind {
            HostKind::Github => vec![
                "what it may do is not told; a fine-grained one needs Contents, Metadata and Members to read".to_owned(),
            ],
            HostKind::Gitea => vec![
                "what it may do is not told; it needs the scopes read:organization and read:repository, and read:user to tell who you are".to_owned(),
            ],
            _ => Vec::new(),
        };
    };
    let has = |names: &[&str]| scopes.iter().any(|scope| names.contains(&scope.as_str()));
    let needs: &[(&[&str], &str)] = match kind {
        HostKind::Github => &[
            (
                &["repo"],
                "without the scope repo private repositories are not seen",
            ),
            (
                &["read:org", "write:org", "admin:org"],
                "without the scope read:org teams and members are not seen",
            ),
        ],
        HostKind::BitbucketCloud => &[(
            &[
                "repository",
                "repository:write",
                "repository:admin",
                "read:repository:bitbucket",
            ],
            "without the scope read:repository:bitbucket no repository is seen",
        )],
        HostKind::Gitlab => &[
            (
                &["api", "read_api"],
                "without the scope read_api nothing can be listed",
            ),
            (
                &["api", "read_repository", "write_repository"],
                "without the scope read_repository private projects cannot be cloned",
            ),
        ],
        _ => &[],
    };
    let missing = needs.iter().filter(|(names, _)| !has(names));
    missing.map(|(_, hint)| (*hint).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_token_lacks_is_told() {
        let scopes = |list: &str| missing(HostKind::Github, Some(&words(list)));
        assert_eq!(scopes("repo, admin:org, gist"), Vec::<String>::new());
        assert_eq!(scopes("public_repo").len(), 2);
        assert_eq!(scopes("").len(), 2);
        assert_eq!(missing(HostKind::Github, None).len(), 1);
        assert_eq!(missing(HostKind::Gitea, None).len(), 1);
    }

    #[test]
    fn only_a_page_of_the_host_itself_is_offered() {
        let header = "required; url=https://github.com/orgs/acme/sso?authorization_request=A1";
        let page = "https://github.com/orgs/acme/sso?authorization_request=A1";
        assert_eq!(sso_url(header, "api.github.com").as_deref(), Some(page));
        assert_eq!(sso_url(header, "github.com").as_deref(), Some(page));
        assert_eq!(
            sso_url("required; url=https://evil.dev/", "github.com"),
            None
        );
        assert_eq!(
            sso_url("required; url=http://github.com/", "github.com"),
            None
        );
        assert_eq!(
            sso_url("partial-results; organizations=1", "github.com"),
            None
        );
    }
}
