//! The typed sections of the configuration, read from the merged value.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::secret::redact;
use super::section::Section;
use super::{Config, ConfigError, DEFAULT_REFRESH, Secret};

/// A kind of host that Backstage integrates with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntegrationKind {
    /// GitHub: the cloud or an Enterprise Server.
    Github,
    /// GitLab.
    Gitlab,
    /// Gitea and Forgejo.
    Gitea,
}

/// One entry of `integrations.<kind>`.
#[derive(Debug, Clone)]
pub struct Integration {
    /// Which kind of host it is.
    pub kind: IntegrationKind,
    /// The host's name, with a port where it has one.
    pub host: String,
    /// The address of its API, without a slash at the end.
    pub api_base_url: Option<String>,
    /// The token, where the configuration gives one.
    pub token: Option<Secret>,
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

/// One of `catalog.providers.github`: where to look for descriptors on a GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GithubProvider {
    /// The host.
    pub host: String,
    /// The organisation or user whose repositories are asked.
    pub organization: String,
    /// The descriptor's path in each repository.
    pub catalog_path: String,
    /// A regular expression that a repository's whole name must match.
    pub repository: Option<String>,
    /// The branch to read instead of the default one.
    pub branch: Option<String>,
    /// Topics of which a repository must have one; empty for any.
    pub topics_include: Vec<String>,
    /// Topics of which a repository must have none.
    pub topics_exclude: Vec<String>,
    /// Visibilities of which a repository must have one; empty for any.
    pub visibility: Vec<String>,
    /// Whether forks are read.
    pub allow_forks: bool,
    /// Whether archived repositories are read.
    pub allow_archived: bool,
}

impl GithubProvider {
    /// All repositories of `organization` on `host`, with Backstage's defaults.
    pub fn new(host: &str, organization: &str) -> Self {
        Self {
            host: host.to_ascii_lowercase(),
            organization: organization.to_owned(),
            catalog_path: "/catalog-info.yaml".to_owned(),
            repository: None,
            branch: None,
            topics_include: Vec::new(),
            topics_exclude: Vec::new(),
            visibility: Vec::new(),
            allow_forks: true,
            allow_archived: false,
        }
    }
}

/// One of `stagedoor.backstage`: a running Backstage to read from.
#[derive(Debug, Clone)]
pub struct Backstage {
    /// What to call it.
    pub name: String,
    /// Its address.
    pub base_url: String,
    /// The token, where one is needed.
    pub token: Option<Secret>,
}

/// Reads the sections of `merged`, which came from `files`.
pub(super) fn read(files: Vec<PathBuf>, merged: &Value) -> Result<Config, ConfigError> {
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
    let integrations = integrations(&root)?;
    let rules = root
        .at(&["catalog", "rules"])
        .map(|rules| rule_list(&rules))
        .transpose()?;
    let locations = each(root.at(&["catalog", "locations"]), location)?;
    let github = root
        .at(&["catalog", "providers", "github"])
        .map_or_else(|| Ok(Vec::new()), |section| github_providers(&section))?;
    let me = text(ours("me"))?;
    let theme = text(ours("theme"))?.unwrap_or_else(|| "auto".to_owned());
    let refresh = ours("refresh").map_or(Ok(DEFAULT_REFRESH), |section| section.duration())?;
    let ai_model = root
        .get("stagedoor")
        .map_or(Ok(false), |ours| ours.flag("aiModel", false))?;
    let backstage = each(ours("backstage"), backstage)?;
    Ok(Config {
        files,
        organization,
        integrations,
        rules,
        locations,
        github,
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

fn integrations(root: &Section<'_>) -> Result<Vec<Integration>, ConfigError> {
    let mut all = Vec::new();
    for (kind, key) in [
        (IntegrationKind::Github, "github"),
        (IntegrationKind::Gitlab, "gitlab"),
        (IntegrationKind::Gitea, "gitea"),
    ] {
        all.extend(each(root.at(&["integrations", key]), |entry| {
            Ok(Integration {
                kind,
                host: entry.required("host")?.to_ascii_lowercase(),
                api_base_url: entry
                    .optional("apiBaseUrl")?
                    .map(|url| url.trim_end_matches('/').to_owned()),
                token: entry.optional("token")?.map(Secret::new),
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

/// One provider, or several by their names: Backstage takes both forms.
fn github_providers(section: &Section<'_>) -> Result<Vec<GithubProvider>, ConfigError> {
    if section.get("organization").is_some() {
        return Ok(vec![github_provider(section)?]);
    }
    section
        .entries()?
        .iter()
        // A provider without an organisation asks as a GitHub app, which is not supported.
        .filter(|(_, entry)| entry.get("organization").is_some())
        .map(|(_, entry)| github_provider(entry))
        .collect()
}

fn github_provider(entry: &Section<'_>) -> Result<GithubProvider, ConfigError> {
    let mut provider = GithubProvider::new("github.com", &entry.required("organization")?);
    if let Some(host) = entry.optional("host")? {
        provider.host = host.to_ascii_lowercase();
    }
    if let Some(path) = entry.optional("catalogPath")? {
        provider.catalog_path = path;
    }
    let Some(filters) = entry.get("filters") else {
        return Ok(provider);
    };
    provider.repository = filters.optional("repository")?;
    provider.branch = filters.optional("branch")?;
    provider.visibility = filters.texts("visibility")?;
    provider.allow_forks = filters.flag("allowForks", true)?;
    provider.allow_archived = filters.flag("allowArchived", false)?;
    if let Some(topic) = filters.get("topic") {
        provider.topics_include = topic.texts("include")?;
        provider.topics_exclude = topic.texts("exclude")?;
    }
    if let Some(pattern) = &provider.repository {
        regress::Regex::new(pattern).map_err(|error| {
            filters.error(format!("repository is no regular expression: {error}"))
        })?;
    }
    Ok(provider)
}

fn backstage(entry: &Section<'_>) -> Result<Backstage, ConfigError> {
    let base_url = entry.required("baseUrl")?;
    Ok(Backstage {
        name: entry.optional("name")?.unwrap_or_else(|| base_url.clone()),
        base_url: base_url.trim_end_matches('/').to_owned(),
        token: entry.optional("token")?.map(Secret::new),
    })
}
