//! One source of a catalog: a folder, a file, a glob, a URL, a Git repository, an organisation on a host or its people, a
//! running Backstage, the demo.

mod owner;

use std::fmt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use super::{HostKind, Instance, Location, People, Provider};

/// Where descriptors are looked for. `Display` writes it as its user would name it on the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The company that is built into the program.
    Demo,
    /// All YAML files below a folder.
    Folder(PathBuf),
    /// One file.
    File(PathBuf),
    /// The files that a glob matches.
    Glob(PathBuf),
    /// One file behind a URL; a Git host's page of a file is read as that file.
    Url(String),
    /// A Git repository.
    Git(GitSource),
    /// The repositories of one owner on a host.
    Provider(Box<Provider>),
    /// The people and teams of organisations on a host.
    People(Box<People>),
    /// A running Backstage.
    Backstage(Instance),
    /// A configured source of a kind that cannot be read yet; it fails with the reason, the others are read.
    Unsupported {
        /// What the configuration says.
        text: String,
        /// Why it cannot be read.
        reason: String,
    },
}

/// A Git repository, or a path in one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GitSource {
    /// What `git clone` takes: `https://…`, `ssh://…`, `file://…`.
    pub remote: String,
    /// The branch or tag; the default branch where there is none.
    pub reference: Option<String>,
    /// A folder, file or glob in it, without a slash in front; the whole repository where there is none.
    pub path: Option<String>,
}

/// Why a text names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("source {text:?}: {reason}")]
pub struct SourceError {
    /// The source as written, without a password in it.
    pub text: String,
    /// What is wrong and what to write.
    pub reason: String,
}

impl Source {
    /// Reads what stands behind `--source`; paths are relative to `base` and must exist.
    pub fn parse(text: &str, base: &Path) -> Result<Self, SourceError> {
        let error = |reason: &str| SourceError {
            text: text.to_owned(),
            reason: reason.to_owned(),
        };
        let text = text.trim();
        if text.is_empty() {
            return Err(error(
                "is empty; name a folder, a file, a URL or github:ORG",
            ));
        }
        if text == "demo" {
            return Ok(Self::Demo);
        }
        if let Some(remote) = text.strip_prefix("git+") {
            return git(remote).map(Self::Git).map_err(|reason| SourceError {
                text: "git+…".to_owned(),
                reason,
            });
        }
        if text.starts_with("https://") || text.starts_with("http://") {
            let url = web_address(text).map_err(|reason| SourceError {
                text: "https://…".to_owned(),
                reason,
            })?;
            return Ok(Self::Url(url.into()));
        }
        if let Some(provider) = owner::parse(text) {
            return provider
                .map(|provider| Self::Provider(Box::new(provider)))
                .map_err(error);
        }
        if let Some(people) = People::named(text) {
            return people
                .map(|people| Self::People(Box::new(people)))
                .map_err(|reason| error(&reason));
        }
        if let Some(address) = text.strip_prefix("backstage:") {
            return Instance::at(address)
                .map(Self::Backstage)
                .map_err(|reason| SourceError {
                    text: "backstage:…".to_owned(),
                    reason: format!(
                        "{reason}; write backstage:https://… or a name under stagedoor.backstage"
                    ),
                });
        }
        if let Some((scheme, _)) = text
            .split_once("://")
            .filter(|(scheme, _)| *scheme != "file")
        {
            return Err(error(&format!(
                "{scheme}:// is not known; write https://…, git+https://… or git+ssh://…"
            )));
        }
        let source = Self::path(text, base);
        match &source {
            Self::File(path) if !path.exists() => Err(error("there is no such file or folder")),
            _ => Ok(source),
        }
    }

    /// The source that one of `catalog.locations` names. A path is looked for below each of `bases`; where none has it,
    /// it stands below the first and fails when it is read.
    pub fn of_location(location: &Location, bases: &[&Path]) -> Self {
        let target = location.target.as_str();
        let unsupported = |reason: String| Self::Unsupported {
            text: format!("{}:{target}", location.location_type),
            reason,
        };
        match location.location_type.as_str() {
            "file" => bases
                .iter()
                .map(|base| Self::path(target, base))
                .find(Self::exists)
                .unwrap_or_else(|| Self::path(target, bases.first().unwrap_or(&Path::new("/")))),
            "url" => match web_address(target) {
                Ok(url) => Self::Url(String::from(url)),
                Err(reason) => unsupported(reason),
            },
            other => unsupported(format!(
                "locations of type {other} cannot be read; use file, url or a provider"
            )),
        }
    }

    /// Whether it can be read without a network.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Demo | Self::Folder(_) | Self::File(_) | Self::Glob(_) => true,
            Self::Git(git) => git.remote.starts_with("file://"),
            Self::Url(_)
            | Self::Provider(_)
            | Self::People(_)
            | Self::Backstage(_)
            | Self::Unsupported { .. } => false,
        }
    }

    /// The host that it names, and of which kind that is.
    pub fn known_host(&self) -> Option<(&str, HostKind)> {
        match self {
            Self::Provider(provider) => Some((&provider.host, provider.kind)),
            Self::People(people) => Some((&people.host, people.kind)),
            _ => None,
        }
    }

    fn path(text: &str, base: &Path) -> Self {
        let text = text
            .strip_prefix("file://")
            .or_else(|| text.strip_prefix("file:"))
            .unwrap_or(text);
        let path = normalize(&base.join(text));
        if path.is_dir() {
            Self::Folder(path)
        } else if is_glob(text) && !path.exists() {
            Self::Glob(path)
        } else {
            Self::File(path)
        }
    }

    /// Whether there is something to read; for a glob, whether the folder before its first wildcard exists.
    fn exists(&self) -> bool {
        match self {
            Self::Folder(path) | Self::File(path) => path.exists(),
            Self::Glob(path) => glob_root(path).is_dir(),
            _ => true,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Demo => f.write_str("demo"),
            Self::Folder(path) | Self::File(path) | Self::Glob(path) => {
                write!(f, "{}", path.display())
            }
            Self::Url(url) => f.write_str(url),
            Self::Git(git) => write!(f, "{git}"),
            Self::Provider(provider) => write!(f, "{provider}"),
            Self::People(people) => write!(f, "{people}"),
            Self::Backstage(instance) => write!(f, "{instance}"),
            Self::Unsupported { text, .. } => f.write_str(text),
        }
    }
}

impl fmt::Display for GitSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "git+{}", self.remote)?;
        if let Some(reference) = &self.reference {
            write!(f, "@{reference}")?;
        }
        if let Some(path) = &self.path {
            write!(f, "#{path}")?;
        }
        Ok(())
    }
}

/// Whether `text` holds a wildcard.
pub fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
        || ["@(", "+(", "!("].iter().any(|group| text.contains(group))
}

/// The folder before the first wildcard of `glob`.
pub fn glob_root(glob: &Path) -> PathBuf {
    glob.components()
        .take_while(|part| !is_glob(&part.as_os_str().to_string_lossy()))
        .collect()
}

/// `path` without `.` and `..`, by its text alone: links are not followed.
pub fn normalize(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}

/// Whether `host` is this machine, the one place that may be spoken to without encryption.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A web address that may be asked: `https`, or `http` on this machine, and no password in it.
pub fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err("names no host".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "holds a user or password; put the token under integrations: in the configuration"
                .to_owned(),
        );
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err("use https://; plain http:// is only for this machine".to_owned()),
        scheme => Err(format!("{scheme}:// is not known; use https://")),
    }
}

/// `REMOTE[@REF][#PATH]`.
pub(super) fn git(text: &str) -> Result<GitSource, String> {
    let (text, path) = match text.split_once('#') {
        Some((text, path)) => (text, Some(path.trim_matches('/'))),
        None => (text, None),
    };
    let (scheme, rest) = text
        .split_once("://")
        .ok_or("write git+https://…, git+ssh://… or git+file://…")?;
    // The user in front of an SSH host has an @, too: the reference stands behind the first slash.
    let (authority, remote_path) = rest.split_once('/').ok_or("names no repository")?;
    let (remote_path, reference) = match remote_path.rsplit_once('@') {
        Some((path, reference)) => (path, Some(reference)),
        None => (remote_path, None),
    };
    let remote = format!("{scheme}://{authority}/{remote_path}");
    match scheme {
        "https" | "http" => drop(web_address(&remote)?),
        "ssh" | "file" => {
            let url = Url::parse(&remote).map_err(|error| format!("is no URL: {error}"))?;
            if url.password().is_some() {
                return Err("holds a password; let ssh find your key instead".to_owned());
            }
            // A host or user that begins with a dash would be an option to ssh.
            if authority.starts_with('-') || url.host_str().is_some_and(|h| h.starts_with('-')) {
                return Err("names no host".to_owned());
            }
        }
        _ => {
            return Err(format!(
                "git+{scheme}:// is not known; use git+https:// or git+ssh://"
            ));
        }
    }
    if reference.is_some_and(|reference| reference.is_empty() || reference.starts_with('-')) {
        return Err("names no branch or tag behind the @".to_owned());
    }
    if path.is_some_and(|path| path.split('/').any(|part| part == "..")) {
        return Err("leaves the repository behind the #".to_owned());
    }
    Ok(GitSource {
        remote,
        reference: reference.map(str::to_owned),
        path: path.filter(|path| !path.is_empty()).map(str::to_owned),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Source, SourceError> {
        Source::parse(text, Path::new("/nowhere"))
    }

    #[test]
    fn git_sources_have_a_reference_and_a_path() {
        let cases = [
            (
                "git+https://h.dev/a/b.git",
                "https://h.dev/a/b.git",
                None,
                None,
            ),
            (
                "git+ssh://git@h.dev/a/b@v1#docs/",
                "ssh://git@h.dev/a/b",
                Some("v1"),
                Some("docs"),
            ),
            (
                "git+file:///tmp/b.git#x/*.yaml",
                "file:///tmp/b.git",
                None,
                Some("x/*.yaml"),
            ),
            (
                "git+http://127.0.0.1:80/b@feat/x",
                "http://127.0.0.1:80/b",
                Some("feat/x"),
                None,
            ),
        ];
        for (text, remote, reference, path) in cases {
            let expected = GitSource {
                remote: remote.to_owned(),
                reference: reference.map(str::to_owned),
                path: path.map(str::to_owned),
            };
            assert_eq!(parse(text), Ok(Source::Git(expected)), "{text}");
        }
    }

    #[test]
    fn what_names_no_source_is_refused_with_a_remedy() {
        let cases = [
            ("", "empty"),
            ("http://acme.dev/x.yaml", "use https"),
            ("https://me:pw@acme.dev/x.yaml", "integrations"),
            ("ftp://acme.dev/x", "not known"),
            ("gitea:acme", "gitea:HOST/ORG"),
            ("gitlab:", "gitlab:GROUP"),
            ("github:", "github:ORG"),
            ("backstage:hq", "stagedoor.backstage"),
            ("backstage:http://acme.dev", "use https"),
            ("git+svn://x/y", "not known"),
            ("git+https://me:pw@acme.dev/x", "integrations"),
            ("git+https://acme.dev/x@--upload-pack=y", "branch"),
            ("git+ssh://-oProxyCommand=x/y", "host"),
            ("git+https://acme.dev/x#../y", "leaves"),
            ("no/such/folder", "no such file"),
        ];
        for (text, expected) in cases {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
            assert!(!error.contains("pw@"), "{error}");
        }
    }

    #[test]
    fn paths_are_folders_files_or_globs() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        std::fs::create_dir(root.join("a[1]")).unwrap();
        std::fs::write(root.join("x.yaml"), "").unwrap();
        let cases = [
            ("./a[1]", Source::Folder(root.join("a[1]"))),
            ("a[1]/../x.yaml", Source::File(root.join("x.yaml"))),
            ("file:x.yaml", Source::File(root.join("x.yaml"))),
            ("**/*.yaml", Source::Glob(root.join("**/*.yaml"))),
        ];
        for (text, expected) in cases {
            assert_eq!(Source::parse(text, root), Ok(expected), "{text}");
        }
        assert_eq!(glob_root(&root.join("x/*/y")), root.join("x"));
    }

    #[test]
    fn a_configured_path_is_looked_for_below_each_base() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("x.yaml"), "").unwrap();
        let location = |location_type: &str, target: &str| Location {
            location_type: location_type.to_owned(),
            target: target.to_owned(),
            rules: Vec::new(),
        };
        let bases = [Path::new("/nowhere"), dir.path()];
        assert_eq!(
            Source::of_location(&location("file", "x.yaml"), &bases),
            Source::File(dir.path().join("x.yaml"))
        );
        assert_eq!(
            Source::of_location(&location("file", "y.yaml"), &bases),
            Source::File(PathBuf::from("/nowhere/y.yaml"))
        );
        let other = Source::of_location(&location("s3-discovery", "bucket"), &bases);
        assert!(matches!(other, Source::Unsupported { .. }));
    }
}
