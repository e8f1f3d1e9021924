//! Which repository is asked about: its name at its host, and how that is read from an address.

use url::Url;

use crate::config::{Config, HostKind};
use crate::host::gerrit;
use crate::host::rest::addresses;
use crate::host::scm::{ScmUrl, web_url};

/// A repository at a host that the configuration, a source or the world knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepositoryAt {
    /// What kind of host it is.
    pub kind: HostKind,
    /// The host, with a port where it has one.
    pub host: String,
    /// The repository's path there: `owner/name`; with more parts at a GitLab, `ORG/PROJECT/NAME` on Azure DevOps, and any
    /// number of them at a Gerrit.
    pub name: String,
}

impl RepositoryAt {
    /// The repository `name` at `host`; `None` where no repository can be called that.
    pub fn new(kind: HostKind, host: &str, name: &str) -> Option<Self> {
        let name = name.trim_matches('/');
        let name = name.strip_suffix(".git").unwrap_or(name);
        let (parts, also) = match kind {
            HostKind::Gitlab => (2..=22, ""),
            HostKind::Gerrit => (1..=22, ""),
            // What its names of projects and repositories may hold besides.
            HostKind::Azure => (3..=22, " &()!@^`"),
            _ => (2..=2, ""),
        };
        let is_part = |part: &str| {
            !matches!(part, "" | "." | "..")
                && part
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-_.~+".contains(c) || also.contains(c))
        };
        let fits = parts.contains(&name.split('/').count());
        (fits && name.len() <= 1_000 && name.split('/').all(is_part)).then(|| Self {
            kind,
            host: host.to_ascii_lowercase(),
            name: name.to_owned(),
        })
    }

    /// The repository at the address `url` of a `host` of `kind`: a page of it, or what `git clone` takes.
    pub fn of_url(kind: HostKind, host: &str, url: &Url, config: &Config) -> Option<Self> {
        let url = Url::parse(&web_url(url.as_str())).ok()?;
        // One that lives below a path of its host.
        let web = Url::parse(&addresses(kind, host, config).web).ok();
        let below = web.as_ref().map(Url::path).unwrap_or_default();
        let path = url.path();
        let path = path
            .strip_prefix(below.trim_end_matches('/'))
            .unwrap_or(path)
            .trim_matches('/');
        let steps: Vec<&str> = path.split('/').collect();
        let name = match kind {
            HostKind::Gitlab => {
                let ends = ["/-/", "/blob/", "/tree/", "/raw/"];
                let end = ends.iter().filter_map(|end| path.find(end)).min();
                path.get(..end.unwrap_or(path.len()))?.to_owned()
            }
            HostKind::BitbucketServer => match steps.as_slice() {
                ["projects", key, "repos", slug, ..] | ["scm", key, slug] => {
                    format!("{key}/{slug}")
                }
                ["users", user, "repos", slug, ..] => format!("~{user}/{slug}"),
                _ => return None,
            },
            HostKind::Azure => {
                let (owner, name) = ScmUrl::parse(url.as_str())?.azure_names()?;
                format!("{owner}/{name}")
            }
            HostKind::Gerrit => gerrit::project(&url, host, config)?,
            _ => steps.into_iter().take(2).collect::<Vec<_>>().join("/"),
        };
        Self::new(kind, host, &name)
    }
}

/// `github.com/acme/shop`.
impl std::fmt::Display for RepositoryAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.host, self.name)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::config::Env;
    use HostKind::{Azure, BitbucketCloud, BitbucketServer, Gerrit, Gitea, Gitlab};

    #[test]
    fn only_names_of_repositories_are_taken() {
        let name = |kind, text| RepositoryAt::new(kind, "H.dev", text).map(|at| at.to_string());
        for text in ["acme/shop", "acme/shop.git", "/acme/shop/"] {
            assert_eq!(
                name(HostKind::Github, text).as_deref(),
                Some("h.dev/acme/shop")
            );
        }
        assert_eq!(
            name(HostKind::Gitlab, "a/b/c").as_deref(),
            Some("h.dev/a/b/c")
        );
        for text in [
            "acme", "a/b/c", "../user", "a/..", "a/b?x=1", "a/b#c", "a/%2e", "", "a//b", "a b/c",
        ] {
            assert_eq!(name(HostKind::Github, text), None, "{text}");
        }
        assert!(name(HostKind::Azure, "acme/The Shop/svc").is_some());
        assert_eq!(name(HostKind::Azure, "acme/The Shop"), None);
        assert!(name(HostKind::Gerrit, "tools").is_some());
    }

    #[test]
    fn every_host_has_addresses_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        let text = "integrations: { bitbucketServer: [{ host: bb.dev, apiBaseUrl: 'https://bb.dev/git/rest/api/1.0' }], gerrit: [{ host: ger.dev, baseUrl: 'https://ger.dev/r' }, { host: src.dev, gitilesBaseUrl: 'https://browse.src.dev/g' }], gitea: [{ host: tea.dev, baseUrl: 'https://tea.dev/git' }] }";
        std::fs::write(&file, text).unwrap();
        let config = Config::load(&[file], &Env::fixed(dir.path(), &[])).unwrap();
        let named = |kind, host, url: &str| {
            let url = Url::parse(url).unwrap();
            RepositoryAt::of_url(kind, host, &url, &config).map(|at| at.name)
        };
        for (kind, host, url, expected) in [
            (
                Gitlab,
                "g.dev",
                "https://g.dev/a/b/c/-/blob/main/x",
                Some("a/b/c"),
            ),
            (
                Gitea,
                "tea.dev",
                "https://tea.dev/git/a/b/src/branch/main/x",
                Some("a/b"),
            ),
            (
                BitbucketCloud,
                "bitbucket.org",
                "https://bitbucket.org/a/b/src/main/x",
                Some("a/b"),
            ),
            (
                BitbucketServer,
                "bb.dev",
                "https://bb.dev/git/projects/K/repos/s/browse/x?at=main",
                Some("K/s"),
            ),
            (
                BitbucketServer,
                "bb.dev",
                "https://bb.dev/git/users/jane/repos/s/browse",
                Some("~jane/s"),
            ),
            (
                BitbucketServer,
                "bb.dev",
                "https://bb.dev/git/scm/k/s.git",
                Some("k/s"),
            ),
            (
                BitbucketServer,
                "bb.dev",
                "https://bb.dev/git/plugins/servlet/x",
                None,
            ),
            (
                Azure,
                "dev.azure.com",
                "https://dev.azure.com/o/The%20Shop/_git/svc?path=/x",
                Some("o/The Shop/svc"),
            ),
            (
                Azure,
                "acme.visualstudio.com",
                "https://acme.visualstudio.com/p/_git/svc",
                Some("-/p/svc"),
            ),
            (
                Azure,
                "dev.azure.com",
                "https://dev.azure.com/o/p/_wiki",
                None,
            ),
            (
                Gerrit,
                "ger.dev",
                "https://ger.dev/r/plugins/gitiles/a/b/+/refs/heads/main/x",
                Some("a/b"),
            ),
            (
                Gerrit,
                "ger.dev",
                "https://ger.dev/r/admin/repos/a%2Fb,branches",
                Some("a/b"),
            ),
            (Gerrit, "ger.dev", "https://ger.dev/r/a/a/b", Some("a/b")),
            (
                Gerrit,
                "ger.dev",
                "https://ger.dev/r/c/a/b/+/7",
                Some("a/b"),
            ),
            (
                Gerrit,
                "src.dev",
                "https://browse.src.dev/g/tools/+/HEAD/x",
                Some("tools"),
            ),
        ] {
            assert_eq!(named(kind, host, url).as_deref(), expected, "{url}");
        }
    }
}
