//! `catalog.providers.*`: where to look for descriptors on the hosts of repositories.
//!
//! All kinds of host share one [`Provider`]; what a kind calls things differently is told apart here, while the
//! configuration is read.

pub(super) mod azure;
mod bitbucket;
pub(crate) mod gerrit;
mod gitea;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::section::Section;
use super::{ConfigError, HostKind};

/// Where Backstage looks for a descriptor unless it is told otherwise.
const CATALOG_PATH: &str = "/catalog-info.yaml";

/// One owner's repositories on a host, and which of them hold descriptors where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// The kind of the host.
    pub kind: HostKind,
    /// The host, with a port where it has one.
    pub host: String,
    /// Whose repositories are asked: an organisation, user, group, workspace or project; empty for all of the host.
    pub owner: String,
    /// What the configuration calls it, where another source asks the same owner otherwise.
    pub id: Option<String>,
    /// The descriptor's path in each repository; it may hold wildcards.
    pub catalog_path: String,
    /// The branch to read instead of the default one.
    pub branch: Option<String>,
    /// The repositories, sorted, where they are listed, as `git clone` takes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<String>,
    /// Which repositories are read.
    pub filters: Filters,
    /// How many repositories are asked for at once, where the configuration says.
    pub page_size: Option<usize>,
    /// How often everything is looked at, where the configuration says.
    pub frequency: Option<Duration>,
}

/// Which repositories of an owner are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filters {
    /// A regular expression over the repository's name, anchored at both ends as Backstage does it.
    pub repository: Option<String>,
    /// A regular expression that must match somewhere in the repository's whole path.
    pub path: Option<String>,
    /// A regular expression that must match somewhere in the key of the project around the repository.
    #[serde(default)]
    pub project: Option<String>,
    /// Regular expressions of which one must match a group around the repository; empty for any.
    pub groups: Vec<String>,
    /// Repositories that are left out, by their whole paths.
    pub exclude: Vec<String>,
    /// Topics that a repository must have all of.
    pub topics_all: Vec<String>,
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

impl Default for Filters {
    fn default() -> Self {
        Self {
            repository: None,
            path: None,
            project: None,
            groups: Vec::new(),
            exclude: Vec::new(),
            topics_all: Vec::new(),
            topics_include: Vec::new(),
            topics_exclude: Vec::new(),
            visibility: Vec::new(),
            allow_forks: true,
            allow_archived: false,
        }
    }
}

impl Provider {
    /// All repositories of `owner` on `host`, with Backstage's defaults.
    pub fn new(kind: HostKind, host: &str, owner: &str) -> Self {
        Self {
            kind,
            host: host.to_ascii_lowercase(),
            owner: owner.to_owned(),
            id: None,
            catalog_path: CATALOG_PATH.to_owned(),
            branch: None,
            repositories: Vec::new(),
            filters: Filters {
                // Of the other kinds Backstage reads what is archived as well.
                allow_archived: !matches!(
                    kind,
                    HostKind::Github | HostKind::Gitlab | HostKind::Azure
                ),
                ..Filters::default()
            },
            page_size: None,
            frequency: None,
        }
    }

    /// The descriptor's path without a slash in front.
    pub fn path(&self) -> &str {
        self.catalog_path.trim_start_matches('/')
    }

    /// The paths at which a descriptor may stand, the first that is there counts: its usual name has two spellings.
    pub fn spellings(&self) -> Vec<&str> {
        match self.path() {
            path @ "catalog-info.yaml" => vec![path, "catalog-info.yml"],
            path => vec![path],
        }
    }
}

/// As `--source` names it.
impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.kind.key())?;
        if self.kind == HostKind::Gerrit {
            write!(f, "{}?{}", self.host, self.owner)?;
            return match &self.id {
                Some(id) => write!(f, " ({id})"),
                None => Ok(()),
            };
        }
        if self.kind.cloud() != Some(self.host.as_str()) {
            let slash = if self.owner.is_empty() { "" } else { "/" };
            write!(f, "{}{slash}", self.host)?;
        }
        f.write_str(&self.owner)?;
        match &self.id {
            Some(id) => write!(f, " ({id})"),
            None => Ok(()),
        }
    }
}

/// The providers of all kinds below `catalog.providers`.
pub(super) fn read(root: &Section<'_>) -> Result<Vec<Provider>, ConfigError> {
    let mut all = Vec::new();
    let providers = root.at(&["catalog", "providers"]);
    let of = |key: &str| providers.as_ref().and_then(|section| section.get(key));
    for (id, entry) in entries(of("github").as_ref(), "organization")? {
        all.push(github(id, &entry)?);
    }
    for (id, entry) in entries(of("gitlab").as_ref(), "group")? {
        all.push(gitlab(id, &entry)?);
    }
    for (id, entry) in entries(of("azureDevOps").as_ref(), "organization")? {
        all.push(azure::read(id, &entry)?);
    }
    for (id, entry) in entries(of("bitbucketCloud").as_ref(), "workspace")? {
        all.push(bitbucket::cloud(id, &entry)?);
    }
    for (id, entry) in entries(of("bitbucketServer").as_ref(), "host")? {
        all.push(bitbucket::server(id, &entry)?);
    }
    for (id, entry) in entries(of("gitea").as_ref(), "organization")? {
        all.push(gitea::read(id, &entry)?);
    }
    for (id, entry) in entries(of("gerrit").as_ref(), "host")? {
        all.push(gerrit::read(id, &entry)?);
    }
    Ok(all)
}

/// One provider, or several by their names: Backstage takes both forms, and tells them apart by the key `owner`.
///
/// An entry without that key asks in a way that is not known (a GitHub app) and is left out.
fn entries<'a>(
    section: Option<&Section<'a>>,
    owner: &str,
) -> Result<Vec<(Option<&'a str>, Section<'a>)>, ConfigError> {
    let Some(section) = section else {
        return Ok(Vec::new());
    };
    if section.get(owner).is_some() {
        return Ok(vec![(None, section.clone())]);
    }
    let all = section.entries()?.into_iter();
    Ok(all
        .filter(|(_, entry)| entry.get(owner).is_some())
        .map(|(id, entry)| (Some(id), entry))
        .collect())
}

/// `catalog.providers.github` (`GithubEntityProviderConfig`). `validateLocationsExist` needs no reading: a file that is
/// not there is never a source here.
fn github(id: Option<&str>, entry: &Section<'_>) -> Result<Provider, ConfigError> {
    let mut provider = begin(HostKind::Github, id, entry, "organization")?;
    let Some(filters) = entry.get("filters") else {
        return Ok(provider);
    };
    provider.branch = filters.optional("branch")?;
    if provider.branch.as_ref().is_some_and(|it| it.contains('/')) {
        return Err(filters.error("branch may not hold a slash"));
    }
    provider.filters = Filters {
        repository: regex(&filters, "repository")?,
        visibility: filters.texts("visibility")?,
        allow_forks: filters.flag("allowForks", true)?,
        allow_archived: filters.flag("allowArchived", false)?,
        ..topics(&filters)?
    };
    Ok(provider)
}

/// `catalog.providers.gitlab` (`readGitlabConfigs`). Entries without a group, which mean all of a GitLab, are left out.
/// `fallbackBranch` is for projects without a default branch, which hold nothing; how Backstage asks (`useSearch`,
/// `membership`) and what concerns people is not read.
fn gitlab(id: Option<&str>, entry: &Section<'_>) -> Result<Provider, ConfigError> {
    let mut provider = begin(HostKind::Gitlab, id, entry, "group")?;
    if let Some(path) = entry.optional("entityFilename")? {
        provider.catalog_path = path;
    }
    provider.owner = String::from(provider.owner.trim_matches('/'));
    provider.branch = entry.optional("branch")?;
    let groups = entry.texts("groupPattern")?;
    for pattern in &groups {
        is_regex(pattern).map_err(|reason| entry.error(format!("groupPattern {reason}")))?;
    }
    // One text holds them all, with commas between them.
    let topics = entry.texts("topics")?.join(",");
    let topics = topics.split(',').map(str::trim);
    provider.filters = Filters {
        path: regex(entry, "projectPattern")?,
        groups,
        exclude: entry.texts("excludeRepos")?,
        topics_all: topics
            .filter(|topic| !topic.is_empty())
            .map(str::to_owned)
            .collect(),
        allow_forks: !entry.flag("skipForkedRepos", false)?,
        allow_archived: entry.flag("includeArchivedRepos", false)?,
        ..Filters::default()
    };
    Ok(provider)
}

/// What all kinds of provider have in common; `owner` is the key that says whose repositories are asked.
fn begin(
    kind: HostKind,
    id: Option<&str>,
    entry: &Section<'_>,
    owner: &str,
) -> Result<Provider, ConfigError> {
    let host = entry.optional("host")?;
    let host = match host.as_deref().or(kind.cloud()) {
        Some(host) => host.to_owned(),
        None => return Err(entry.error("host is missing")),
    };
    let mut provider = Provider::new(kind, &host, &entry.required(owner)?);
    provider.id = id.map(str::to_owned);
    if let Some(path) = entry.optional("catalogPath")? {
        provider.catalog_path = path;
    }
    if let Some(every) = entry.get("schedule").and_then(|it| it.get("frequency")) {
        // Backstage takes cron expressions as well, which say nothing that could be used here.
        provider.frequency = every.duration().ok().filter(|every| !every.is_zero());
    }
    if let Some(size) = entry.get("pageSizes").and_then(|it| it.get("repositories")) {
        let number = size
            .text()?
            .parse()
            .ok()
            .filter(|size| (1..=100).contains(size));
        provider.page_size = Some(number.ok_or_else(|| size.error("must be 1 to 100"))?);
    }
    Ok(provider)
}

/// `topic.include` and `topic.exclude`.
fn topics(filters: &Section<'_>) -> Result<Filters, ConfigError> {
    let texts = |key: &str| {
        filters
            .get("topic")
            .map_or_else(|| Ok(Vec::new()), |topic| topic.texts(key))
    };
    Ok(Filters {
        topics_include: texts("include")?,
        topics_exclude: texts("exclude")?,
        ..Filters::default()
    })
}

/// The regular expression below `key`, which must be one.
pub(super) fn regex(section: &Section<'_>, key: &str) -> Result<Option<String>, ConfigError> {
    let pattern = section.optional(key)?;
    if let Some(pattern) = &pattern {
        is_regex(pattern).map_err(|reason| section.error(format!("{key} {reason}")))?;
    }
    Ok(pattern)
}

/// `pattern` bound to both ends unless it says so itself (`compileRegExp` of Backstage's GitHub provider): `a|b` is
/// `^a|b$`.
pub fn anchored(pattern: &str) -> String {
    let start = if pattern.starts_with('^') { "" } else { "^" };
    let end = if pattern.ends_with('$') { "" } else { "$" };
    format!("{start}{pattern}{end}")
}

/// The reason why `pattern` is no regular expression, where it is none.
pub(super) fn is_regex(pattern: &str) -> Result<(), String> {
    regress::Regex::new(pattern)
        .map(drop)
        .map_err(|error| format!("is no regular expression: {error}"))
}
