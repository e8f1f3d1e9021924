//! The typed sections of the configuration, read from the merged value.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::host;
use super::secret::redact;
use super::section::Section;
use super::substitute::Unset;
use super::{Config, ConfigError, DEFAULT_REFRESH, Secret, instance, provider};

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
}

impl HostKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Github, Self::Gitlab, Self::Gitea];

    /// Its key below `integrations:` and `catalog.providers:`, and in front of a `--source`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Gitea => "gitea",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Gitlab => "GitLab",
            Self::Gitea => "Gitea",
        }
    }

    /// The host that everybody means who names none.
    pub fn cloud(self) -> Option<&'static str> {
        match self {
            Self::Github => Some("github.com"),
            Self::Gitlab => Some("gitlab.com"),
            Self::Gitea => None,
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
    /// The address of its API, without a slash at the end.
    pub api_base_url: Option<String>,
    /// The token, where the configuration gives one.
    pub token: Option<Secret>,
    /// The variable that the token was to come from, where that is not set.
    pub unset: Option<String>,
}

/// One rule of `catalog.rules` or of a location: the kinds it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleConfig {
    /// The kinds, with `spec.type` where the rule asks for one.
    pub allow: Vec<(String, Option<String>)>,
    /// The locations it holds for; empty for all. Each with its type, and an exact target or a pattern.
    pub locations: Vec<RuleLocation>,
}

/// A location that a rule names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLocation {
    /// `file` or `url`; `None` for both.
    pub location_type: Option<String>,
    /// The exact target.
    pub exact: Option<String>,
    /// A glob over targets.
    pub pattern: Option<String>,
}

/// One of `catalog.locations`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// `file` or `url`.
    pub location_type: String,
    /// The path, glob or URL.
    pub target: String,
    /// The rules that hold for this location besides `catalog.rules`.
    pub rules: Vec<RuleConfig>,
}

/// Reads the sections of `merged`, which came from `files` and lacks what is `unset`.
pub(super) fn read(
    files: Vec<PathBuf>,
    merged: &Value,
    unset: &[Unset],
) -> Result<Config, ConfigError> {
    let redacted = redact(merged);
    let names: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let names = names.join(", ");
    let root = Section::root(merged, &names);
    let ours = root.get("stagedoor");
    let ours = |key: &str| ours.as_ref().and_then(|ours| ours.get(key));
    let text = |section: Option<Section<'_>>| section.map(|section| section.text()).transpose();
    let organization = text(root.at(&["organization", "name"]))?;
    let integrations = integrations(&root, unset)?;
    let hosts = each(ours("hosts"), host::read)?;
    let rules = root
        .at(&["catalog", "rules"])
        .map(|rules| rule_list(&rules))
        .transpose()?;
    let locations = each(root.at(&["catalog", "locations"]), location)?;
    let providers = provider::read(&root)?;
    let me = text(ours("me"))?;
    let theme = text(ours("theme"))?.unwrap_or_else(|| "auto".to_owned());
    let refresh = ours("refresh").map_or(Ok(DEFAULT_REFRESH), |section| section.duration())?;
    let ai_model = root
        .get("stagedoor")
        .map_or(Ok(false), |ours| ours.flag("aiModel", false))?;
    let backstage = instance::read(ours("backstage").as_ref())?;
    Ok(Config {
        files,
        organization,
        integrations,
        hosts,
        rules,
        locations,
        providers,
        me,
        theme,
        refresh,
        ai_model,
        backstage,
        redacted,
    })
}

/// The items of a list that may be absent, each read by `read`.
fn each<T>(
    section: Option<Section<'_>>,
    read: impl Fn(&Section<'_>) -> Result<T, ConfigError>,
) -> Result<Vec<T>, ConfigError> {
    match section {
        Some(section) => section.items()?.iter().map(read).collect(),
        None => Ok(Vec::new()),
    }
}

fn integrations(root: &Section<'_>, unset: &[Unset]) -> Result<Vec<Integration>, ConfigError> {
    let mut all = Vec::new();
    for kind in HostKind::ALL {
        all.extend(each(root.at(&["integrations", kind.key()]), |entry| {
            let key = format!("{}.token", entry.key());
            let unset = unset.iter().rfind(|unset| unset.key == key);
            Ok(Integration {
                kind,
                host: entry.required("host")?.to_ascii_lowercase(),
                api_base_url: entry
                    .optional("apiBaseUrl")?
                    .map(|url| url.trim_end_matches('/').to_owned()),
                token: entry.optional("token")?.map(Secret::new),
                unset: unset.map(|unset| unset.variable.clone()),
            })
        })?);
    }
    Ok(all)
}

fn location(entry: &Section<'_>) -> Result<Location, ConfigError> {
    Ok(Location {
        location_type: entry.required("type")?,
        target: entry.required("target")?,
        rules: entry
            .get("rules")
            .map_or_else(|| Ok(Vec::new()), |rules| rule_list(&rules))?,
    })
}

fn rule_list(section: &Section<'_>) -> Result<Vec<RuleConfig>, ConfigError> {
    section
        .items()?
        .iter()
        .map(|rule| {
            Ok(RuleConfig {
                allow: each(rule.get("allow"), |allowed| {
                    if allowed.is_object() {
                        Ok((allowed.required("kind")?, allowed.optional("spec.type")?))
                    } else {
                        Ok((allowed.text()?, None))
                    }
                })?,
                locations: each(rule.get("locations"), |location| {
                    Ok(RuleLocation {
                        location_type: location.optional("type")?,
                        exact: location.optional("exact")?,
                        pattern: location.optional("pattern")?,
                    })
                })?,
            })
        })
        .collect()
}
