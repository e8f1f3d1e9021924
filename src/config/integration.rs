//! `integrations.*`: the hosts of repositories that are known, with their addresses and tokens.

use serde::{Deserialize, Serialize};

use super::section::Section;
use super::substitute::Unset;
use super::{ConfigError, Secret};

/// A kind of host of repositories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HostKind {
    /// GitHub: the cloud or an Enterprise Server.
    Github,
    /// GitLab.
    Gitlab,
    /// Gitea and Forgejo.
    Gitea,
    /// Bitbucket Cloud.
    BitbucketCloud,
    /// Bitbucket Data Center, formerly Server.
    BitbucketServer,
    /// Azure DevOps: Services or Server.
    Azure,
    /// Gerrit.
    Gerrit,
    /// Any other that speaks Git and nothing else.
    Git,
}

impl HostKind {
    /// Every kind that has an API, and integrations.
    pub const ALL: [Self; 7] = [
        Self::Github,
        Self::Gitlab,
        Self::Gitea,
        Self::BitbucketCloud,
        Self::BitbucketServer,
        Self::Azure,
        Self::Gerrit,
    ];

    /// Its key below `integrations:`, and the word for it on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Gitea => "gitea",
            Self::BitbucketCloud => "bitbucketCloud",
            Self::BitbucketServer => "bitbucketServer",
            Self::Azure => "azure",
            Self::Gerrit => "gerrit",
            Self::Git => "git",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Gitlab => "GitLab",
            Self::Gitea => "Gitea",
            Self::BitbucketCloud => "Bitbucket Cloud",
            Self::BitbucketServer => "Bitbucket Data Center",
            Self::Azure => "Azure DevOps",
            Self::Gerrit => "Gerrit",
            Self::Git => "Git",
        }
    }

    /// Whether it has an API, which may know who we are.
    pub fn has_api(self) -> bool {
        self != Self::Git
    }

    /// The host that everybody means who names none.
    pub fn cloud(self) -> Option<&'static str> {
        match self {
            Self::Github => Some("github.com"),
            Self::Gitlab => Some("gitlab.com"),
            Self::BitbucketCloud => Some("bitbucket.org"),
            Self::Azure => Some("dev.azure.com"),
            Self::Gitea | Self::BitbucketServer | Self::Gerrit | Self::Git => None,
        }
    }
}

/// One entry of `integrations.<kind>`.
#[derive(Debug, Clone)]
pub struct Integration {
    /// Which kind of host it is.
    pub kind: HostKind,
    /// The host's name, with a port where it has one.
    pub host: String,
    /// The address of its API (`apiBaseUrl`), without a slash at the end.
    pub api_base_url: Option<String>,
    /// The address of its web pages (`baseUrl`), without a slash at the end.
    pub base_url: Option<String>,
    /// The address of Gitiles (`gitilesBaseUrl`), where a Gerrit shows its files, without a slash at the end.
    pub gitiles: Option<String>,
    /// The user name that goes with the token (`username`), where one does.
    pub user: Option<String>,
    /// The token, where the configuration gives one: `token`, for some kinds `appPassword`, `password` or the first of
    /// `credentials`.
    pub token: Option<Secret>,
    /// The variable that the token was to come from, where that is not set.
    pub unset: Option<String>,
}

/// Where the integrations of all kinds have their token; the first that is there counts.
const TOKEN_KEYS: [&str; 4] = [
    "token",
    "appPassword",
    "password",
    "credentials[0].personalAccessToken",
];

/// The text below `key` of `entry`, which may lead into the first item of a list.
fn text_below(entry: &Section<'_>, key: &str) -> Result<Option<String>, ConfigError> {
    let Some((list, key)) = key.split_once("[0].") else {
        return entry.optional(key);
    };
    match entry.get(list) {
        Some(list) => match list.items()?.first() {
            Some(first) => first.optional(key),
            None => Ok(None),
        },
        None => Ok(None),
    }
}

/// Reads `integrations.*`; a host that is not named is the cloud's.
pub(super) fn read(root: &Section<'_>, unset: &[Unset]) -> Result<Vec<Integration>, ConfigError> {
    let mut all = Vec::new();
    for kind in HostKind::ALL {
        let Some(section) = root.at(&["integrations", kind.key()]) else {
            continue;
        };
        for entry in section.items()? {
            all.push(one(kind, &entry, unset)?);
        }
    }
    Ok(all)
}

fn one(kind: HostKind, entry: &Section<'_>, unset: &[Unset]) -> Result<Integration, ConfigError> {
    let mut token = None;
    for key in TOKEN_KEYS {
        if token.is_none() {
            token = text_below(entry, key)?;
        }
    }
    let is_token = |key: &str| {
        let below = key.strip_prefix(entry.key());
        below.is_some_and(|key| TOKEN_KEYS.iter().any(|known| key == format!(".{known}")))
    };
    let unset = unset.iter().rfind(|unset| is_token(&unset.key));
    let address = |key: &str| -> Result<Option<String>, ConfigError> {
        let url = entry.optional(key)?;
        Ok(url.map(|url| url.trim_end_matches('/').to_owned()))
    };
    let host = match (entry.optional("host")?, kind.cloud()) {
        (Some(host), _) => host,
        (None, Some(cloud)) => cloud.to_owned(),
        (None, None) => return Err(entry.error("host is missing")),
    };
    Ok(Integration {
        kind,
        host: host.to_ascii_lowercase(),
        api_base_url: address("apiBaseUrl")?,
        base_url: address("baseUrl")?,
        gitiles: address("gitilesBaseUrl")?,
        user: entry.optional("username")?,
        token: token.map(Secret::new),
        unset: unset.map(|unset| unset.variable.clone()),
    })
}
