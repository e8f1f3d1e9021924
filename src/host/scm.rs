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
    /// What stands between the repository and the reference.
    pub form: Form,
    /// The branch, tag or commit.
    pub reference: String,
    /// The path in the repository, without a slash in front. Not percent-encoded.
    pub path: String,
}

/// How a kind of host writes the address of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `/blob/REF/PATH`: GitHub.
    Blob,
    /// `/-/blob/REF/PATH`: GitLab.
    DashBlob,
    /// `/src/branch/REF/PATH`: Gitea.
    SrcBranch,
}

impl Form {
    const fn infix(self) -> &'static str {
        match self {
            Self::Blob => "/blob/",
            Self::DashBlob => "/-/blob/",
            Self::SrcBranch => "/src/branch/",
        }
    }
}

/// Every spelling of every form; the more specific first. Folders and raw files are addressed like files.
const INFIXES: [(&str, Form); 9] = [
    ("/-/blob/", Form::DashBlob),
    ("/-/tree/", Form::DashBlob),
    ("/-/raw/", Form::DashBlob),
    ("/src/branch/", Form::SrcBranch),
    ("/raw/branch/", Form::SrcBranch),
    ("/blob/", Form::Blob),
    ("/tree/", Form::Blob),
    ("/edit/", Form::Blob),
    ("/raw/", Form::Blob),
];

impl ScmUrl {
    /// Reads the address of a file's web page. A reference ends at the first slash: one that holds a slash must be
    /// written with `%2F`.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let rest = rest.split(['?', '#']).next().unwrap_or(rest);
        let (host, path) = rest.split_once('/')?;
        let (repository, form, tail) = INFIXES.iter().find_map(|&(infix, form)| {
            let (repository, tail) = path.split_once(infix)?;
            repository.contains('/').then_some((repository, form, tail))
        })?;
        let (reference, path) = tail.split_once('/').unwrap_or((tail, ""));
        if reference.is_empty() || !matches!(scheme, "https" | "http") {
            return None;
        }
        Some(Self {
            scheme: scheme.to_owned(),
            host: host.to_ascii_lowercase(),
            repository: repository.to_owned(),
            form,
            reference: decode(reference),
            path: decode(path),
        })
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
            self.form.infix(),
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
            encoded.push_str(&format!("%{byte:02X}"));
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
        for text in ["https://h.dev/blob/main/x", "https://h.dev/a/b.yaml", "x"] {
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
