//! `catalog.providers.githubOrg`, the people's part of `catalog.providers.gitlab`, and `stagedoor.giteaOrg`: whose people
//! and groups are users and groups of the catalog.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::provider::{is_regex, regex};
use super::section::Section;
use super::{ConfigError, HostKind};

/// The organisations of a host whose people and teams are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// The kind of the host.
    pub kind: HostKind,
    /// The host, with a port where it has one.
    pub host: String,
    /// Organisations; of a GitLab one group, or none for all that it holds.
    pub owners: Vec<String>,
    /// What the configuration calls it, where another source asks the same organisations otherwise.
    pub id: Option<String>,
    /// Whether each team is in a namespace named like its organisation.
    pub namespaced: bool,
    /// Which of them are users and groups.
    pub filters: PeopleFilters,
    /// Whether the address that the organisation verified goes before the one a person shows.
    pub verified_emails: bool,
    /// How many people or teams are asked for at once, where the configuration says.
    pub page_size: Option<usize>,
    /// How often everything is looked at, where the configuration says.
    pub frequency: Option<Duration>,
}

/// Which people and groups of a GitLab are read, and who counts as a member of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PeopleFilters {
    /// Regular expressions of which one must match a group's path; empty for any.
    pub groups: Vec<String>,
    /// A regular expression that must match a person's address, or the name of one whose address is not shown.
    pub users: Option<String>,
    /// Whose membership counts besides those who were added to a group itself, in GitLab's words (`INHERITED`).
    pub relations: Vec<String>,
    /// Whether only members of the group itself are read.
    pub restricted: bool,
    /// Whether people without a seat are read, too.
    pub without_seat: bool,
}

impl People {
    /// The kinds of host whose people can be read.
    pub const KINDS: [HostKind; 3] = [HostKind::Github, HostKind::Gitlab, HostKind::Gitea];

    /// All people and teams of `owners` at `host`, with Backstage's defaults.
    pub fn new(kind: HostKind, host: &str, owners: Vec<String>) -> Self {
        Self {
            kind,
            host: host.to_ascii_lowercase(),
            namespaced: owners.len() > 1,
            owners,
            id: None,
            filters: PeopleFilters::default(),
            verified_emails: false,
            page_size: None,
            frequency: None,
        }
    }

    /// The people that `--source` names, `github-org:ORG`, or why it names none; `None` where it means something else.
    pub(super) fn named(text: &str) -> Option<Result<Self, String>> {
        Self::KINDS.into_iter().find_map(|kind| {
            let (key, name) = (kind.key(), kind.name());
            let rest = text.strip_prefix(key)?.strip_prefix("-org:")?;
            let wrong = || {
                let org = match kind.cloud() {
                    Some(_) => format!("{key}-org:ORG or {key}-org:HOST/ORG"),
                    None => format!("{key}-org:HOST/ORG"),
                };
                format!("write {org} for the people and teams of a {name}")
            };
            Some(Self::parse(kind, rest).ok_or_else(wrong))
        })
    }

    /// What stands behind the kind there: `ORG`, `HOST/ORG`, several organisations with commas between them, and of a
    /// GitLab a group that may lie in others, or the host alone.
    fn parse(kind: HostKind, text: &str) -> Option<Self> {
        let text = text.trim_matches('/');
        let is_host = |part: &str| part.contains(['.', ':']) || part == "localhost";
        let (host, names) = match text.split_once('/') {
            Some((first, rest)) if is_host(first) => (first, rest),
            None if is_host(text) && kind == HostKind::Gitlab => (text, ""),
            _ => (kind.cloud()?, text),
        };
        let owners: Vec<String> = names
            .split(',')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        let fits = |name: &String| {
            let is_letter = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            let mut parts = name.split('/');
            parts.all(|part| !part.is_empty() && part.chars().all(is_letter))
                && (kind == HostKind::Gitlab || !name.contains('/'))
                // No organisation of a GitHub has a dot in its name: it is a host.
                && (kind != HostKind::Github || !name.contains('.'))
        };
        let count = match kind {
            HostKind::Gitlab => usize::from(Some(host) == kind.cloud())..=1,
            _ => 1..=usize::MAX,
        };
        (count.contains(&owners.len()) && owners.iter().all(fits))
            .then(|| Self::new(kind, host, owners))
    }

    /// The group of a GitLab; `None` for all that it holds.
    pub fn group(&self) -> Option<&str> {
        self.owners.first().map(String::as_str)
    }
}

/// As `--source` names it.
impl fmt::Display for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-org:", self.kind.key())?;
        let is_cloud = self.kind.cloud() == Some(self.host.as_str());
        match (is_cloud, self.owners.is_empty()) {
            (true, _) => {}
            (false, true) => f.write_str(&self.host)?,
            (false, false) => write!(f, "{}/", self.host)?,
        }
        f.write_str(&self.owners.join(","))?;
        match &self.id {
            Some(id) => write!(f, " ({id})"),
            None => Ok(()),
        }
    }
}

/// All that the configuration says of people.
pub(super) fn read(root: &Section<'_>) -> Result<Vec<People>, ConfigError> {
    let mut all = Vec::new();
    let github = one_or_more(root.at(&["catalog", "providers", "githubOrg"]))?;
    for entry in &github {
        let mut people = github_org(entry)?;
        // Backstage: one organisation alone needs no namespace of its own.
        people.namespaced = github.len() > 1 || people.owners.len() != 1;
        all.push(people);
    }
    if let Some(gitlab) = root.at(&["catalog", "providers", "gitlab"]) {
        for (id, entry) in gitlab.entries()? {
            if entry.is_object() && entry.flag("orgEnabled", false)? {
                all.push(gitlab_org(id, &entry)?);
            }
        }
    }
    for entry in one_or_more(root.at(&["stagedoor", "giteaOrg"]))? {
        let mut people = People::new(
            HostKind::Gitea,
            &entry.required("host")?,
            entry.texts("orgs")?,
        );
        people.id = entry.optional("id")?;
        schedule(&mut people, &entry);
        all.push(people);
    }
    Ok(all)
}

/// The items of a list, or the one thing that stands in its place.
fn one_or_more(section: Option<Section<'_>>) -> Result<Vec<Section<'_>>, ConfigError> {
    match section {
        None => Ok(Vec::new()),
        Some(section) if section.is_object() => Ok(vec![section]),
        Some(section) => section.items(),
    }
}

/// One of `catalog.providers.githubOrg` (`readDefinitionsFromConfig`). Without `orgs` Backstage asks all that its GitHub
/// App is installed in, which nobody else can; that is told when it is read.
fn github_org(entry: &Section<'_>) -> Result<People, ConfigError> {
    let url = entry.required("githubUrl")?;
    let url = Url::parse(&url).ok();
    let host = url.as_ref().and_then(|url| {
        let host = url.host_str()?;
        Some(
            url.port()
                .map_or(host.to_owned(), |port| format!("{host}:{port}")),
        )
    });
    let host =
        host.ok_or_else(|| entry.error("githubUrl must be a URL such as https://github.com"))?;
    let mut people = People::new(HostKind::Github, &host, entry.texts("orgs")?);
    people.id = entry.optional("id")?;
    people.verified_emails = entry
        .get("defaultUserTransformer")
        .map_or(Ok(false), |it| it.flag("useVerifiedEmails", false))?;
    for key in ["teams", "teamMembers", "organizationMembers"] {
        let Some(size) = entry.at(&["pageSizes", key]) else {
            continue;
        };
        let number: Option<usize> = size.text()?.parse().ok();
        let number = number.filter(|number| (1..=100).contains(number));
        let number = number.ok_or_else(|| size.error("must be 1 to 100"))?;
        people.page_size = Some(people.page_size.map_or(number, |least| least.min(number)));
    }
    schedule(&mut people, entry);
    Ok(people)
}

/// The people of one of `catalog.providers.gitlab` (`readGitlabConfigs`, `GitlabOrgDiscoveryEntityProvider`).
fn gitlab_org(id: &str, entry: &Section<'_>) -> Result<People, ConfigError> {
    let group = entry.optional("group")?;
    let group = group.map(|group| group.trim_matches('/').to_owned());
    let mut people = People::new(
        HostKind::Gitlab,
        &entry.required("host")?,
        group.into_iter().collect(),
    );
    let is_cloud = HostKind::Gitlab.cloud() == Some(people.host.as_str());
    if is_cloud && people.owners.is_empty() {
        return Err(entry.error("group is missing: all of gitlab.com cannot be read"));
    }
    people.id = Some(id.to_owned());
    let groups = entry.texts("groupPattern")?;
    for pattern in &groups {
        is_regex(pattern).map_err(|reason| entry.error(format!("groupPattern {reason}")))?;
    }
    let mut relations = entry.texts("relations")?;
    // Since Backstage has relations it reads allowInherited without going by it; whoever sets it means this.
    if relations.is_empty() && entry.flag("allowInherited", false)? {
        relations.push("INHERITED".to_owned());
    }
    people.filters = PeopleFilters {
        groups,
        users: regex(entry, "userPattern")?,
        relations,
        restricted: entry.flag("restrictUsersToGroup", false)?,
        without_seat: entry.flag("includeUsersWithoutSeat", false)?,
    };
    schedule(&mut people, entry);
    Ok(people)
}

/// How often everything is looked at; cron expressions, which Backstage takes as well, say nothing that could be used.
fn schedule(people: &mut People, entry: &Section<'_>) {
    let frequency = entry.at(&["schedule", "frequency"]);
    let frequency = frequency.and_then(|every| every.duration().ok());
    people.frequency = frequency.filter(|every| !every.is_zero());
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::config::{Config, Env};

    fn read(text: &str) -> Result<Vec<People>, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        std::fs::write(&file, text).unwrap();
        let config = Config::load(&[file], &Env::fixed(dir.path(), &[]))?;
        Ok(config.people)
    }

    fn names(people: &[People]) -> Vec<String> {
        people.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_organisation_alone_needs_no_namespace() {
        let one = "catalog: { providers: { githubOrg: { id: a, githubUrl: 'https://GitHub.com', orgs: [acme], schedule: { frequency: { hours: 1 } }, pageSizes: { teams: 20, teamMembers: 50 }, defaultUserTransformer: { useVerifiedEmails: true } } } }";
        let one = read(one).unwrap();
        assert_eq!(names(&one), ["github-org:acme (a)"]);
        let only = &one[0];
        assert!(!only.namespaced && only.verified_emails);
        assert_eq!(only.page_size, Some(20));
        assert_eq!(only.frequency, Some(Duration::from_hours(1)));
        let several = "catalog: { providers: { githubOrg: [{ id: a, githubUrl: 'https://github.com', orgs: [acme] }, { id: b, githubUrl: 'https://ghe.dev:8443', orgs: [x, y] }, { id: c, githubUrl: 'https://github.com' }] } }";
        let several = read(several).unwrap();
        let expected = [
            "github-org:acme (a)",
            "github-org:ghe.dev:8443/x,y (b)",
            "github-org: (c)",
        ];
        assert_eq!(names(&several), expected);
        assert!(several.iter().all(|people| people.namespaced));
    }

    #[test]
    fn people_of_a_gitlab_are_read_where_that_is_enabled() {
        let with = |more: &str| {
            read(&format!(
                "catalog: {{ providers: {{ gitlab: {{ own: {{ host: Git.acme.dev, {more} }}, off: {{ host: git.acme.dev, group: x }} }} }} }}"
            ))
        };
        let all = with("orgEnabled: true, allowInherited: true, userPattern: '@acme'").unwrap();
        assert_eq!(names(&all), ["gitlab-org:git.acme.dev (own)"]);
        assert_eq!(all[0].filters.relations, ["INHERITED"]);
        let group = with("orgEnabled: true, group: /a/b/, relations: DESCENDANTS, groupPattern: [x], restrictUsersToGroup: true").unwrap();
        assert_eq!(names(&group), ["gitlab-org:git.acme.dev/a/b (own)"]);
        assert!(group[0].filters.restricted && group[0].filters.groups == ["x"]);
        let error = with("orgEnabled: true, userPattern: '('").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("userPattern is no regular expression"),
            "{error}"
        );
        let cloud = read(
            "catalog: { providers: { gitlab: { a: { host: gitlab.com, orgEnabled: true } } } }",
        );
        assert!(cloud.unwrap_err().to_string().contains("group is missing"));
    }

    #[test]
    fn organisations_are_named_on_the_command_line() {
        let cases = [
            (HostKind::Github, "acme", Some("github-org:acme")),
            (
                HostKind::Github,
                "ghe.dev/acme,beta",
                Some("github-org:ghe.dev/acme,beta"),
            ),
            (HostKind::Github, "ghe.dev", None),
            (HostKind::Github, "acme/web", None),
            (HostKind::Github, "", None),
            (HostKind::Gitlab, "acme/shop", Some("gitlab-org:acme/shop")),
            (
                HostKind::Gitlab,
                "git.acme.dev",
                Some("gitlab-org:git.acme.dev"),
            ),
            (
                HostKind::Gitlab,
                "git.acme.dev/a/b",
                Some("gitlab-org:git.acme.dev/a/b"),
            ),
            (HostKind::Gitlab, "a,b", None),
            (HostKind::Gitea, "acme", None),
            (
                HostKind::Gitea,
                "git.acme.dev/acme",
                Some("gitea-org:git.acme.dev/acme"),
            ),
        ];
        for (kind, text, expected) in cases {
            let named = People::parse(kind, text).map(|people| people.to_string());
            assert_eq!(named.as_deref(), expected, "{text}");
        }
    }
}
