//! Where a file stands, and what a text in it points to.

use std::fmt;
use std::path::{Path, PathBuf};

use url::Url;

use super::HostError;
use super::auth::host_of;
use super::scm::ScmUrl;
use crate::config::source::normalize;

/// Where a file stands. `Display` gives Backstage's form, `file:/abs/path` or `url:https://…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// An absolute path.
    Path(PathBuf),
    /// A URL.
    Url(String),
}

impl Address {
    /// What a person can open: the path or URL alone.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Url(url) => url.clone(),
        }
    }

    /// The host of a URL, with a port where it has one.
    pub fn host(&self) -> Option<String> {
        match self {
            Self::Path(_) => None,
            Self::Url(url) => host_of(&Url::parse(url).ok()?),
        }
    }

    /// The address from Backstage's form.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("file:") {
            return Some(Self::Path(PathBuf::from(path)));
        }
        text.strip_prefix("url:")
            .map(|url| Self::Url(url.to_owned()))
    }

    /// What `target`, written in the file at this address, points to.
    ///
    /// A relative target stands beside the file; one that begins with `/` counts from `root` for a path, from the root
    /// of the repository for a URL of a Git host. Whether it may be read is checked by who reads it, except that a URL
    /// in a repository does not leave that repository by `..`.
    pub fn resolve(&self, target: &str, root: Option<&Path>) -> Result<Self, HostError> {
        if target.starts_with("https://") || target.starts_with("http://") {
            return Ok(Self::Url(target.to_owned()));
        }
        match self {
            Self::Path(base) => Ok(Self::Path(resolve_path(base, target, root))),
            Self::Url(base) => resolve_url(base, target).map(Self::Url),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "file:{}", path.display()),
            Self::Url(url) => write!(f, "url:{url}"),
        }
    }
}

fn resolve_path(base: &Path, target: &str, root: Option<&Path>) -> PathBuf {
    let absolute = Path::new(target);
    if absolute == base {
        return base.to_owned();
    }
    match (target.strip_prefix('/'), root) {
        // A path that is written out in full stays what it is.
        (Some(_), Some(root)) if absolute.starts_with(root) => normalize(absolute),
        (Some(rest), Some(root)) => normalize(&root.join(rest)),
        _ => normalize(&base.parent().unwrap_or(base).join(target)),
    }
}

fn resolve_url(base: &str, target: &str) -> Result<String, HostError> {
    if base == target {
        return Ok(base.to_owned());
    }
    if let Some(scm) = ScmUrl::parse(base) {
        let path = match target.strip_prefix('/') {
            Some(rest) => Some(rest.to_owned()),
            None => join(&scm.path, target),
        };
        let inside = path.and_then(|path| join("", &path));
        return inside
            .map(|path| scm.with_path(&path).to_string())
            .ok_or_else(|| HostError::Refused {
                place: target.to_owned(),
                root: scm.repository_url(),
            });
    }
    let failed = |reason: String| HostError::Failed {
        place: target.to_owned(),
        reason,
    };
    let base = Url::parse(base).map_err(|error| failed(error.to_string()))?;
    let url = base
        .join(target)
        .map_err(|error| failed(error.to_string()))?;
    Ok(url.into())
}

/// `target` beside the file `base`, both with `/` and relative to one root; `None` where it leaves that root.
pub(super) fn join(base: &str, target: &str) -> Option<String> {
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn path(base: &str, target: &str, root: Option<&str>) -> String {
        Address::Path(base.into())
            .resolve(target, root.map(Path::new))
            .unwrap()
            .name()
    }

    #[test]
    fn paths_stand_beside_the_file_or_count_from_the_root() {
        assert_eq!(
            path("/r/a/x.yaml", "./b/y.yaml", Some("/r")),
            "/r/a/b/y.yaml"
        );
        assert_eq!(path("/r/a/x.yaml", "../y.yaml", Some("/r")), "/r/y.yaml");
        assert_eq!(path("/r/a/x.yaml", "/y.yaml", Some("/r")), "/r/y.yaml");
        assert_eq!(path("/r/a/x.yaml", "/r/y.yaml", Some("/r")), "/r/y.yaml");
        assert_eq!(path("/r/a/x.yaml", "/etc/passwd", None), "/etc/passwd");
        assert_eq!(
            path("/r/a/x.yaml", "https://h.dev/y", None),
            "https://h.dev/y"
        );
    }

    #[test]
    fn urls_in_a_repository_stay_in_it() {
        let base = Address::Url("https://github.com/o/r/blob/main/a/x.yaml".to_owned());
        let to = |target: &str| base.resolve(target, None).map(|address| address.name());
        let inside = |path: &str| Ok(format!("https://github.com/o/r/blob/main/{path}"));
        assert_eq!(to("./y.yaml"), inside("a/y.yaml"));
        assert_eq!(to("/y.yaml"), inside("y.yaml"));
        assert_eq!(to("../b/*.yaml"), inside("b/*.yaml"));
        assert!(matches!(to("../../y.yaml"), Err(HostError::Refused { .. })));
    }

    #[test]
    fn other_urls_are_joined() {
        let base = Address::Url("https://h.dev/a/x.yaml?v=1".to_owned());
        assert_eq!(
            base.resolve("../y.yaml", None).unwrap().name(),
            "https://h.dev/y.yaml"
        );
    }
}
