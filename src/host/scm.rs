//! URLs of files in a repository on a Git host, as their web pages have them.

mod azure;

use std::fmt;

use url::Url;
use url::form_urlencoded::{byte_serialize, parse};

use crate::catalog::integration::at_bitbucket_server;

/// A file or folder in a repository, at a branch, tag or commit. `Display` gives its web page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScmUrl {
    /// `https` or `http`.
    pub scheme: String,
    /// The host, with a port where it has one.
    pub host: String,
    /// The repository's path: `org/repo`, for GitLab any number of groups in front.
    pub repository: String,
    /// What stands between the repository and the reference: `/blob/`, `/-/tree/`… At a Bitbucket server it is `/browse/`, and
    /// the reference stands behind the path, `HEAD` nowhere. On Azure DevOps both stand in the query.
    pub infix: &'static str,
    /// The branch, tag or commit.
    pub reference: String,
    /// The path in the repository, without a slash in front. Not percent-encoded.
    pub path: String,
}

/// What a Bitbucket server puts between repository and path.
const BROWSE: &str = "/browse/";

/// What hosts put between repository and reference: GitLab, Gitea, GitHub, Bitbucket; the more specific first. Folders and raw files
/// are addressed like files.
const INFIXES: [&str; 17] = [
    "/+/refs/heads/",
    "/+/refs/tags/",
    "/+/",
    "/-/blob/",
    "/-/tree/",
    "/-/raw/",
    "/src/branch/",
    "/src/commit/",
    "/src/tag/",
    "/raw/branch/",
    "/raw/commit/",
    "/raw/tag/",
    "/blob/",
    "/tree/",
    "/edit/",
    "/raw/",
    "/src/",
];

impl ScmUrl {
    /// Reads the address of a file's web page. A reference ends at the first slash: one that holds a slash must be
    /// written with `%2F`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(url) = azure::parse(text) {
            return Some(url);
        }
        let (scheme, rest) = text.split_once("://")?;
        let rest = rest.split('#').next().unwrap_or(rest);
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.split_once('/')?;
        if !matches!(scheme, "https" | "http" | "file") {
            return None;
        }
        if let Some((repository, _, path)) = at_bitbucket_server(path) {
            let at = parse(query.as_bytes()).find(|(key, _)| key == "at");
            return Some(Self {
                scheme: scheme.to_owned(),
                host: host.to_ascii_lowercase(),
                repository: repository.to_owned(),
                infix: BROWSE,
                reference: at.map_or_else(|| "HEAD".to_owned(), |(_, at)| at.into_owned()),
                path: decode(path),
            });
        }
        let (repository, infix, tail) = INFIXES.iter().find_map(|&infix| {
            let (repository, tail) = path.split_once(infix)?;
            // At other hosts that is the name of a folder like any other.
            let fits = match infix {
                "/src/" => repository.split('/').count() == 2,
                "/+/" => is_head_or_commit(tail.split('/').next().unwrap_or(tail)),
                _ => true,
            };
            fits.then_some((repository, infix, tail))
        })?;
        let (reference, path) = tail.split_once('/').unwrap_or((tail, ""));
        if reference.is_empty() {
            return None;
        }
        Some(Self {
            scheme: scheme.to_owned(),
            host: host.to_ascii_lowercase(),
            repository: repository.to_owned(),
            infix,
            reference: decode(reference),
            path: decode(path),
        })
    }

    /// The root of what `git clone REMOTE` gives, at `reference`.
    pub fn of_remote(remote: &str, reference: &str) -> Option<Self> {
        let web = web_url(remote);
        if let Some(root) = azure::parse(&web) {
            let reference = reference.to_owned();
            return Some(Self { reference, ..root });
        }
        if let Some((above, name)) = web.split_once("/scm/") {
            let (owner, name) = name.split_once('/')?;
            let owner = match owner.strip_prefix('~') {
                Some(user) => format!("users/{user}"),
                None => format!("projects/{owner}"),
            };
            let root = Self::parse(&format!("{above}/{owner}/repos/{name}{BROWSE}"))?;
            return Some(Self {
                reference: reference.to_owned(),
                ..root
            });
        }
        let infix = if web.contains("gitlab") {
            "/-/blob/"
        } else if web.starts_with("https://bitbucket.org/") {
            "/src/"
        } else {
            "/blob/"
        };
        Self::below(&web, infix, reference)
    }

    /// The root of the repository whose web page is `web`, at `reference`; `infix` is what its host puts between them.
    pub(super) fn below(web: &str, infix: &str, reference: &str) -> Option<Self> {
        Self::parse(&format!("{web}{infix}{}/", encode(reference, true)))
    }

    /// The same repository and reference at another path.
    #[must_use]
    pub fn with_path(&self, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            ..self.clone()
        }
    }

    /// The address of the repository.
    pub fn repository_url(&self) -> String {
        format!("{}://{}/{}", self.scheme, self.host, self.repository)
    }

    /// The address from which the repository can be cloned.
    pub fn clone_url(&self) -> String {
        let url = self.repository_url();
        if self.infix == azure::INFIX {
            return url;
        }
        let server = || {
            let (owner, name) = url.rsplit_once("/repos/")?;
            let (above, owner) = owner.rsplit_once('/')?;
            let (above, kind) = above.rsplit_once('/')?;
            let tilde = if kind == "users" { "~" } else { "" };
            Some(format!("{above}/scm/{tilde}{owner}/{name}.git"))
        };
        let server = server().filter(|_| self.infix == BROWSE);
        server.unwrap_or_else(|| format!("{url}.git"))
    }
}

impl fmt::Display for ScmUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.infix == azure::INFIX {
            return azure::write(self, f);
        }
        if self.infix == BROWSE {
            let path = encode(&self.path, false);
            write!(f, "{}{BROWSE}{path}", self.repository_url())?;
            return match self.reference.as_str() {
                "HEAD" => Ok(()),
                at => {
                    let at: String = byte_serialize(at.as_bytes()).collect();
                    write!(f, "?at={at}")
                }
            };
        }
        write!(
            f,
            "{}{}{}/{}",
            self.repository_url(),
            self.infix,
            encode(&self.reference, true),
            encode(&self.path, false)
        )
    }
}

/// Whether an address of Gitiles that says so names no branch.
fn is_head_or_commit(name: &str) -> bool {
    name == "HEAD" || (name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The web address of the repository behind what `git clone` takes, for hosts that follow GitHub's way:
/// `git@github.com:o/r.git`, `ssh://git@github.com/o/r.git` and `https://github.com/o/r.git` are all
/// `https://github.com/o/r`.
pub fn web_url(remote: &str) -> String {
    let remote = remote.trim_end_matches('/');
    let remote = remote.strip_suffix(".git").unwrap_or(remote);
    if let Ok(url) = Url::parse(remote) {
        return match (url.scheme(), url.host_str()) {
            ("ssh" | "git", Some(host)) => format!("https://{host}{}", url.path()),
            _ => remote.to_owned(),
        };
    }
    match remote.split_once(':') {
        Some((host, path)) if !host.contains('/') => {
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            format!("https://{host}/{}", path.trim_start_matches('/'))
        }
        _ => remote.to_owned(),
    }
}

/// `text` with the bytes encoded that would end or divide a path in a URL, slashes too if `slash`.
pub(super) fn encode(text: &str, slash: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let plain = byte.is_ascii_graphic() && !br#"%?#"<>\^`|"#.contains(&byte);
        if plain && !(slash && byte == b'/') {
            encoded.push(char::from(byte));
        } else {
            let digits = [byte >> 4, byte & 0xf];
            encoded.push('%');
            encoded.extend(
                digits
                    .iter()
                    .filter_map(|&digit| char::from_digit(digit.into(), 16))
                    .map(|c| c.to_ascii_uppercase()),
            );
        }
    }
    encoded
}

/// `text` with `%XX` decoded; left as it is where that gives no UTF-8.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let code = match (byte, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = code {
            bytes.push(high << 4 | low);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn web_pages_of_files_are_read_and_written() {
        let cases = [
            (
                "https://github.com/o/r/blob/main/a/b.yaml",
                "o/r",
                "main",
                "a/b.yaml",
            ),
            ("https://github.com/o/r/tree/main", "o/r", "main", ""),
            (
                "https://gitlab.dev/g/s/r/-/blob/v1/b.yaml",
                "g/s/r",
                "v1",
                "b.yaml",
            ),
            (
                "https://gitea.dev/o/r/src/branch/dev/x%20y.yaml",
                "o/r",
                "dev",
                "x y.yaml",
            ),
            (
                "https://gitea.dev/o/r/src/tag/v1/b.yaml",
                "o/r",
                "v1",
                "b.yaml",
            ),
            (
                "https://r.dev/plugins/gitiles/a/b/+/refs/heads/main/blob/x.yaml",
                "plugins/gitiles/a/b",
                "main",
                "blob/x.yaml",
            ),
            ("https://r.dev/a/b/+/HEAD/x.yaml", "a/b", "HEAD", "x.yaml"),
            (
                "https://github.com/o/r/blob/main/a/+/b.yaml",
                "o/r",
                "main",
                "a/+/b.yaml",
            ),
            (
                "https://github.com/o/r/blob/feat%2Fx/a.yaml?raw=1",
                "o/r",
                "feat/x",
                "a.yaml",
            ),
            (
                "https://bitbucket.org/o/r/src/feat%2Fx/a/src/b.yaml",
                "o/r",
                "feat/x",
                "a/src/b.yaml",
            ),
            (
                "https://bb.dev/git/projects/K/repos/r/browse/src/x%20y.yaml?at=refs%2Fheads%2Ff%26x",
                "git/projects/K/repos/r",
                "refs/heads/f&x",
                "src/x y.yaml",
            ),
            (
                "https://bb.dev/users/jane/repos/r/raw/b.yaml",
                "users/jane/repos/r",
                "HEAD",
                "b.yaml",
            ),
        ];
        for (text, repository, reference, path) in cases {
            let url = ScmUrl::parse(text).unwrap();
            assert_eq!(url.repository, repository, "{text}");
            assert_eq!(url.reference, reference, "{text}");
            assert_eq!(url.path, path, "{text}");
            let again = ScmUrl::parse(&url.to_string()).unwrap();
            assert_eq!(again, url, "{text}");
        }
        for text in [
            "https://h.dev/blob/main/x",
            "https://h.dev/a/b.yaml",
            "https://h.dev/a/src/main/b.yaml",
            "https://h.dev/projects/a/repos/b/compare/c",
            "ftp://h.dev/a/blob/b/c",
            "x",
        ] {
            assert_eq!(ScmUrl::parse(text), None, "{text}");
        }
    }

    #[test]
    fn remotes_have_web_addresses() {
        for remote in [
            "git@github.com:o/r.git",
            "ssh://git@github.com/o/r.git",
            "https://github.com/o/r.git",
            "https://github.com/o/r/",
        ] {
            assert_eq!(web_url(remote), "https://github.com/o/r", "{remote}");
        }
        assert_eq!(web_url("file:///tmp/r.git"), "file:///tmp/r");
    }

    #[test]
    fn what_bitbucket_clones_has_the_addresses_of_its_pages() {
        let cases = [
            (
                "https://bitbucket.org/o/r.git",
                "https://bitbucket.org/o/r/src/main/a.yaml",
            ),
            (
                "https://bb.dev/git/scm/K/r.git",
                "https://bb.dev/git/projects/K/repos/r/browse/a.yaml?at=main",
            ),
            (
                "https://bb.dev/scm/~jane/r.git",
                "https://bb.dev/users/jane/repos/r/browse/a.yaml?at=main",
            ),
        ];
        for (remote, expected) in cases {
            let file = ScmUrl::of_remote(remote, "main")
                .unwrap()
                .with_path("a.yaml");
            assert_eq!(file.to_string(), expected);
            assert_eq!(file.clone_url(), remote);
        }
    }
}
