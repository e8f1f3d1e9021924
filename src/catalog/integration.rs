//! The Git hosts that Backstage knows, and how it writes the URLs of their files (`@backstage/integration`).

mod azure;

use url::Url;

/// A kind of host whose URLs have a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostKind {
    /// Azure DevOps: Services or Server.
    Azure,
    /// Bitbucket Cloud.
    Bitbucket,
    /// Bitbucket Data Center, formerly Server.
    BitbucketServer,
    /// Gerrit, whose files Gitiles shows.
    Gerrit,
    /// GitHub: the cloud or an Enterprise Server.
    Github,
    /// GitLab.
    Gitlab,
    /// Gitea and Forgejo.
    Gitea,
}

/// The hosts that Backstage knows without configuration.
const BUILT_IN: [(HostKind, &str); 4] = [
    (HostKind::Azure, "dev.azure.com"),
    (HostKind::Bitbucket, "bitbucket.org"),
    (HostKind::Github, "github.com"),
    (HostKind::Gitlab, "gitlab.com"),
];

/// What parts the path of a repository from the path of a file in it, behind which one step names the branch.
const INFIXES: [&str; 11] = [
    "/+/refs/heads/",
    "/+/refs/tags/",
    "/-/blob/",
    "/-/tree/",
    "/-/raw/",
    "/src/branch/",
    "/raw/branch/",
    "/blob/",
    "/tree/",
    "/edit/",
    "/src/",
];

/// The known hosts: those of the configuration, and those that are built in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integrations(Vec<(HostKind, String)>);

impl Default for Integrations {
    fn default() -> Self {
        Self::new([])
    }
}

impl Integrations {
    /// The built-in hosts and `configured`, each with its port where it has one.
    pub fn new(configured: impl IntoIterator<Item = (HostKind, String)>) -> Self {
        let mut hosts: Vec<(HostKind, String)> = configured
            .into_iter()
            .map(|(kind, host)| (kind, host.to_ascii_lowercase()))
            .collect();
        hosts.extend(BUILT_IN.map(|(kind, host)| (kind, host.to_owned())));
        // Of two kinds that claim one host, Backstage asks them in this order.
        hosts.sort_by_key(|(kind, _)| *kind);
        Self(hosts)
    }

    /// What kind of host `url` stands on, if it is a known one.
    pub fn kind(&self, url: &str) -> Option<HostKind> {
        let url = Url::parse(url).ok()?;
        let name = url.host_str()?;
        let host = match url.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        let known = self.0.iter().find(|(_, known)| *known == host)?;
        Some(known.0)
    }

    /// The URL of `target`, written in the file behind `base`; `None` where these make no URL.
    ///
    /// An absolute URL stays what it is, and what is relative keeps the query of `base`. A slash in front means the root
    /// of the repository; on a host whose URLs say nothing of repositories Backstage appends the target to `base`. On a
    /// GitHub the result is always the address of a tree.
    pub fn resolve(&self, base: &str, target: &str) -> Option<String> {
        if self.kind(base) == Some(HostKind::Azure)
            && let Some(resolved) = azure::resolve(base, target)
        {
            return Some(resolved);
        }
        let resolved = join(base, target)?;
        Some(match self.kind(base) {
            Some(HostKind::Github) => with_github_type(&resolved, "tree"),
            _ => resolved,
        })
    }

    /// The page on which the file behind `url` is edited, on a known host.
    pub fn edit_url(&self, url: &str) -> Option<String> {
        Some(match self.kind(url)? {
            HostKind::Azure => url.to_owned(),
            HostKind::Github => with_github_type(url, "edit"),
            HostKind::Gitlab => ["/-/blob/", "/-/tree/"]
                .iter()
                .find(|infix| url.contains(**infix))
                .map_or_else(
                    || url.to_owned(),
                    |infix| url.replacen(infix, "/-/edit/", 1),
                ),
            HostKind::Gerrit => gerrit_edit(url)?,
            HostKind::Gitea => gitea_edit(url).unwrap_or_else(|| url.to_owned()),
            HostKind::Bitbucket => bitbucket_edit(url)?,
            // The page of the file has a button for that.
            HostKind::BitbucketServer => url.split('?').next().unwrap_or(url).to_owned(),
        })
    }

    /// The folder of the file behind `url`, on a known host.
    pub fn folder(&self, url: &str) -> Option<String> {
        self.kind(url)?;
        self.resolve(url, "./")
    }
}

/// `target` seen from `base` (`defaultScmResolveUrl`).
fn join(base: &str, target: &str) -> Option<String> {
    if Url::parse(target).is_ok() {
        return Some(target.to_owned());
    }
    let parsed = Url::parse(base).ok()?;
    let mut url = if target.starts_with('/') {
        let path = parsed.path();
        let root = match file_of(path) {
            Some(file) => path.strip_suffix(file).unwrap_or(path),
            None => path,
        };
        let mut url = parsed.clone();
        url.set_path(&format!("{}{target}", root.trim_end_matches('/')));
        url.set_fragment(None);
        url
    } else {
        parsed.join(target).ok()?
    };
    url.set_query(parsed.query());
    Some(url.into())
}

/// The path in its repository of the file whose URL has this path.
fn file_of(path: &str) -> Option<&str> {
    if let Some((_, _, file)) = at_bitbucket_server(path) {
        return Some(file);
    }
    let tail = INFIXES
        .iter()
        .find_map(|infix| path.split_once(infix).map(|(_, tail)| tail))?;
    tail.split_once('/').map(|(_, file)| file)
}

/// The address of the repository that holds the file behind `url`, where the URL tells.
pub fn repository(url: &str) -> Option<&str> {
    if let Some((repository, ..)) = at_bitbucket_server(url) {
        return Some(repository);
    }
    if let Some(repository) = azure::repository(url) {
        return Some(repository);
    }
    let infix = INFIXES.iter().filter_map(|infix| url.find(infix)).min()?;
    url.get(..infix)
        .filter(|repository| repository.contains("://"))
}

/// The repository, one of `browse`, `raw` and `src`, and the file that the address or path of a file's page has at a Bitbucket
/// server: `/projects/KEY/repos/NAME/browse/PATH`.
pub fn at_bitbucket_server(path: &str) -> Option<(&str, &str, &str)> {
    const REPOSITORIES: &str = "/repos/";
    let (owner, rest) = path.split_once(REPOSITORIES)?;
    let (name, rest) = rest.split_once('/')?;
    let (word, file) = rest.split_once('/').unwrap_or((rest, ""));
    let is_owner = owner
        .rsplit('/')
        .nth(1)
        .is_some_and(|kind| matches!(kind, "projects" | "users"));
    let end = owner.len() + REPOSITORIES.len() + name.len();
    let repository = path.get(..end)?;
    (is_owner && matches!(word, "browse" | "raw" | "src")).then_some((repository, word, file))
}

/// `url` with the step behind the repository, `blob`, `tree` or `edit`, replaced by `word` (`replaceGithubUrlType`).
pub fn with_github_type(url: &str, word: &str) -> String {
    let replaced = || {
        let (scheme, rest) = url.split_once("//")?;
        let mut steps = rest.splitn(5, '/');
        let (host, owner, repository) = (steps.next()?, steps.next()?, steps.next()?);
        let (old, tail) = (steps.next()?, steps.next()?);
        matches!(old, "blob" | "tree" | "edit")
            .then(|| format!("{scheme}//{host}/{owner}/{repository}/{word}/{tail}"))
    };
    replaced().unwrap_or_else(|| url.to_owned())
}

/// `https://HOST/OWNER/REPO/_edit/BRANCH/PATH`.
fn gitea_edit(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let mut steps = rest.splitn(7, '/');
    let (host, owner, repository) = (steps.next()?, steps.next()?, steps.next()?);
    // `src` and `branch`.
    steps.next()?;
    steps.next()?;
    let (branch, path) = (steps.next()?, steps.next()?);
    Some(format!(
        "{scheme}://{host}/{owner}/{repository}/_edit/{branch}/{path}"
    ))
}

/// `https://HOST/admin/repos/edit/repo/PROJECT/branch/refs/heads/BRANCH/file/PATH`, for a Gitiles that is a plugin of its
/// Gerrit.
fn gerrit_edit(url: &str) -> Option<String> {
    let parsed = Url::parse(url).ok()?;
    let (project, rest) = parsed.path().split_once("/+/refs/heads/")?;
    let project = project.strip_prefix("/plugins/gitiles").unwrap_or(project);
    let (branch, path) = rest.split_once('/')?;
    let root = parsed.origin().ascii_serialization();
    Some(format!(
        "{root}/admin/repos/edit/repo{project}/branch/refs/heads/{branch}/file/{path}"
    ))
}

fn bitbucket_edit(url: &str) -> Option<String> {
    let mut parsed = Url::parse(url).ok()?;
    let branch = parsed.path().split('/').nth(4)?.to_owned();
    parsed
        .query_pairs_mut()
        .append_pair("mode", "edit")
        .append_pair("at", &branch);
    Some(parsed.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Integrations {
        Integrations::new([
            (HostKind::Gitea, "gitea.dev".to_owned()),
            (HostKind::Gerrit, "r.dev".to_owned()),
            (HostKind::Gitlab, "GL.dev:8443".to_owned()),
            (HostKind::Github, "ghe.dev".to_owned()),
            (HostKind::BitbucketServer, "bb.dev".to_owned()),
        ])
    }

    /// What `ScmIntegrations.resolveUrl` of `@backstage/integration` answers.
    #[test]
    fn targets_are_resolved_as_backstage_does() {
        let github = "https://github.com/o/r/blob/main/x/y.yaml";
        let gitlab = "https://gl.dev:8443/g/s/r/-/blob/main/x/y.yaml";
        let plain = "http://127.0.0.1:8080/a/b/c.yaml?x=1";
        let cases = [
            (
                github,
                "./z.yaml",
                "https://github.com/o/r/tree/main/x/z.yaml",
            ),
            (
                github,
                "z.yaml?k=2",
                "https://github.com/o/r/tree/main/x/z.yaml",
            ),
            (
                github,
                "/z/*.yaml",
                "https://github.com/o/r/tree/main/z/*.yaml",
            ),
            (github, "../../../../../z.yaml", "https://github.com/z.yaml"),
            (
                github,
                "https://github.com/o/q/blob/main/q.yaml",
                "https://github.com/o/q/tree/main/q.yaml",
            ),
            (
                github,
                "https://gl.dev:8443/g/r/-/blob/main/q.yaml",
                "https://gl.dev:8443/g/r/-/blob/main/q.yaml",
            ),
            (
                github,
                "./sp ace.yaml",
                "https://github.com/o/r/tree/main/x/sp%20ace.yaml",
            ),
            (
                "https://ghe.dev/o/r/blob/main/y.yaml?q=1",
                "./",
                "https://ghe.dev/o/r/tree/main/?q=1",
            ),
            (
                gitlab,
                "../z.yaml",
                "https://gl.dev:8443/g/s/r/-/blob/main/z.yaml",
            ),
            (
                gitlab,
                "/z/*.yaml",
                "https://gl.dev:8443/g/s/r/-/blob/main/z/*.yaml",
            ),
            (
                "https://gitea.dev/o/r/src/branch/main/x/y.yaml",
                "a/../b.yaml",
                "https://gitea.dev/o/r/src/branch/main/x/b.yaml",
            ),
            (
                "https://r.dev/plugins/gitiles/a/b/+/refs/heads/main/x/y.yaml",
                "/z.yaml",
                "https://r.dev/plugins/gitiles/a/b/+/refs/heads/main/z.yaml",
            ),
            (plain, "../z.yaml?k=2", "http://127.0.0.1:8080/a/z.yaml?x=1"),
            (
                plain,
                "/z.yaml",
                "http://127.0.0.1:8080/a/b/c.yaml/z.yaml?x=1",
            ),
            (
                "https://bitbucket.org/o/r/src/master/x/y.yaml",
                "/z.yaml",
                "https://bitbucket.org/o/r/src/master/z.yaml",
            ),
            (
                "https://bb.dev/projects/K/repos/R/browse/a/b.yaml?at=refs%2Fheads%2Fmain",
                "/z.yaml",
                "https://bb.dev/projects/K/repos/R/browse/z.yaml?at=refs%2Fheads%2Fmain",
            ),
            (
                "https://bb.dev/ctx/users/jane/repos/R/browse/a/b.yaml",
                "./z/*.yaml",
                "https://bb.dev/ctx/users/jane/repos/R/browse/a/z/*.yaml",
            ),
        ];
        for (base, target, expected) in cases {
            let resolved = hosts().resolve(base, target);
            assert_eq!(resolved.as_deref(), Some(expected), "{base} {target}");
        }
        assert_eq!(hosts().resolve("/a/b.yaml", "./c.yaml"), None);
    }

    #[test]
    fn pages_for_editing_are_those_of_the_host() {
        let cases = [
            (
                "https://github.com/o/r/blob/main/x/y.yaml",
                Some("https://github.com/o/r/edit/main/x/y.yaml"),
            ),
            (
                "https://gitlab.com/g/s/r/-/blob/main/y.yaml",
                Some("https://gitlab.com/g/s/r/-/edit/main/y.yaml"),
            ),
            (
                "https://gitlab.com/g/r/blob/main/y.yaml",
                Some("https://gitlab.com/g/r/blob/main/y.yaml"),
            ),
            (
                "https://gitea.dev/o/r/src/branch/main/x/y.yaml",
                Some("https://gitea.dev/o/r/_edit/main/x/y.yaml"),
            ),
            (
                "https://bitbucket.org/o/r/src/master/y.yaml",
                Some("https://bitbucket.org/o/r/src/master/y.yaml?mode=edit&at=master"),
            ),
            (
                "https://bb.dev/projects/K/repos/R/browse/a/b.yaml?at=main",
                Some("https://bb.dev/projects/K/repos/R/browse/a/b.yaml"),
            ),
            (
                "https://r.dev/plugins/gitiles/a/b/+/refs/heads/main/x/y.yaml",
                Some(
                    "https://r.dev/admin/repos/edit/repo/a/b/branch/refs/heads/main/file/x/y.yaml",
                ),
            ),
            ("https://r.dev/a/b/+/HEAD/y.yaml", None),
            ("https://h.dev/x.yaml", None),
        ];
        for (url, expected) in cases {
            assert_eq!(hosts().edit_url(url).as_deref(), expected, "{url}");
        }
    }
}
