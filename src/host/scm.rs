//! URLs of files in a repository on a Git host, as their web pages have them.

use std::fmt;

use url::Url;

/// A file or folder in a repository, at a branch, tag or commit. `Display` gives its web page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScmUrl {
    /// `https` or `http`.
    pub scheme: String,
    /// The host, with a port where it has one.
    pub host: String,
    /// The repository's path: `org/repo`, for GitLab any number of groups in front.
    pub repository: String,
    /// What stands between the repository and the reference: `/blob/`, `/-/tree/`…
    pub infix: &'static str,
    /// The branch, tag or commit.
    pub reference: String,
    /// The path in the repository, without a slash in front. Not percent-encoded.
    pub path: String,
}

/// What hosts put between repository and reference: GitLab, Gitea, GitHub; the more specific first. Folders and raw files
/// are addressed like files.
const INFIXES: [&str; 9] = [
    "/-/blob/",
    "/-/tree/",
    "/-/raw/",
    "/src/branch/",
    "/raw/branch/",
    "/blob/",
    "/tree/",
    "/edit/",
    "/raw/",
];

impl ScmUrl {
    /// Reads the address of a file's web page. A reference ends at the first slash: one that holds a slash must be
    /// written with `%2F`.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let rest = rest.split(['?', '#']).next().unwrap_or(rest);
        let (host, path) = rest.split_once('/')?;
        let (repository, infix, tail) = INFIXES.iter().find_map(|&infix| {
            let (repository, tail) = path.split_once(infix)?;
            Some((repository, infix, tail))
        })?;
        let (reference, path) = tail.split_once('/').unwrap_or((tail, ""));
        if reference.is_empty() || !matches!(scheme, "https" | "http" | "file") {
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
        let infix = if web.contains("gitlab") {
            "/-/blob/"
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
        format!("{}.git", self.repository_url())
    }
}

impl fmt::Display for ScmUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
                "https://github.com/o/r/blob/feat%2Fx/a.yaml?raw=1",
                "o/r",
                "feat/x",
                "a.yaml",
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
}
