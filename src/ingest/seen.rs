//! How Backstage sees what a Location's target names (`toAbsoluteUrl`, then the reader of the type).
//!
//! A path is relative to the file only if it begins with a dot; else it is one of the folder in which Backstage runs. A
//! URL is written as its host's integration writes it. We read what the author may have meant besides, but say so.

use std::path::{Component, Path, PathBuf};

use super::{Location, LocationType, SourceFile};
use crate::catalog::Integrations;
use crate::catalog::integration::with_github_type;

/// What Backstage makes of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// It looks there.
    At(Location),
    /// It looks where we do: the file itself stands behind no URL.
    AsFound,
    /// It cannot look for it, for this reason.
    Nowhere(String),
}

/// Where Backstage looks for `target` of the type `own`, which stands in the file at `base`. `cwd` is the folder in which
/// it runs.
pub(super) fn seen(
    base: &Location,
    own: LocationType,
    target: &str,
    hosts: &Integrations,
    cwd: &Path,
) -> Seen {
    match (own, base.location_type) {
        (LocationType::File, _) => {
            let folder = Path::new(&base.target).parent().unwrap_or(Path::new("/"));
            let path = if target.starts_with('.') {
                folder.join(target)
            } else {
                cwd.join(target)
            };
            Seen::At(Location::file(normal(&path).to_string_lossy()))
        }
        (LocationType::Url, LocationType::Url) => hosts
            .resolve(&base.target, target)
            .map_or(Seen::AsFound, |url| Seen::At(Location::url(url))),
        (LocationType::Url, LocationType::File) if target.contains("://") => {
            Seen::At(Location::url(target))
        }
        (LocationType::Url, LocationType::File) => Seen::Nowhere(format!(
            "Backstage reads {target} as a URL, which it is not; leave out the type, or write the whole URL"
        )),
    }
}

/// The location under which Backstage knows `found`, a file that was found for a target, where it looks at `at`. `None`
/// where it looks elsewhere.
pub(super) fn known_as(found: &Location, at: &Location) -> Option<Location> {
    let path = at.target.split('?').next().unwrap_or(&at.target);
    let is_glob = path.contains(['*', '[', '{'])
        || (at.location_type == LocationType::File && is_file_glob(&at.target));
    match at.location_type {
        LocationType::File if is_glob => {
            let fixed = at
                .target
                .split(['*', '?', '[', '{', '@', '+', '!'])
                .next()?;
            let folder = fixed.rsplit_once('/').map_or("", |(folder, _)| folder);
            found.target.starts_with(folder).then(|| found.clone())
        }
        LocationType::File => (found.target == at.target).then(|| found.clone()),
        LocationType::Url if is_glob => {
            let word = ["tree", "blob", "edit"]
                .into_iter()
                .find(|word| with_github_type(&at.target, word) == at.target);
            Some(Location::url(match word {
                Some(word) => with_github_type(&found.target, word),
                None => found.target.clone(),
            }))
        }
        LocationType::Url => (plain(&found.target) == plain(&at.target)).then(|| at.clone()),
    }
}

fn is_file_glob(target: &str) -> bool {
    target.contains('?')
        || ["@(", "+(", "!("]
            .iter()
            .any(|group| target.contains(group))
}

/// Whether Backstage would find the same text at `target` of the placeholder in the file at `base`.
pub(super) fn is_same(
    file: &SourceFile,
    base: &Location,
    target: &str,
    hosts: &Integrations,
) -> bool {
    hosts
        .resolve(&base.target, target)
        .is_none_or(|url| plain(&url) == plain(&file.location.target))
}

/// A URL without what does not change which file it means.
fn plain(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let url = url::Url::parse(url).map_or_else(|_| url.to_owned(), String::from);
    let url = with_github_type(&url, "tree");
    ["/-/blob/", "/-/raw/"]
        .iter()
        .fold(url, |url, infix| url.replacen(infix, "/-/tree/", 1))
}

/// `path` without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(base: &Location, own: LocationType, target: &str) -> Option<String> {
        match seen(
            base,
            own,
            target,
            &Integrations::default(),
            Path::new("/run"),
        ) {
            Seen::At(location) => Some(location.to_string()),
            Seen::AsFound | Seen::Nowhere(_) => None,
        }
    }

    #[test]
    fn paths_are_relative_only_with_a_dot_in_front() {
        let base = Location::file("/r/a/all.yaml");
        let cases = [
            ("./x.yaml", "file:/r/a/x.yaml"),
            ("../x/*.yaml", "file:/r/x/*.yaml"),
            (".x.yaml", "file:/r/a/.x.yaml"),
            ("x.yaml", "file:/run/x.yaml"),
            ("/x.yaml", "file:/x.yaml"),
        ];
        for (target, expected) in cases {
            let seen = at(&base, LocationType::File, target);
            assert_eq!(seen.as_deref(), Some(expected), "{target}");
        }
        assert_eq!(at(&base, LocationType::Url, "./x.yaml"), None);
        assert_eq!(
            at(&base, LocationType::Url, "https://h.dev/x.yaml").as_deref(),
            Some("url:https://h.dev/x.yaml")
        );
    }

    #[test]
    fn a_file_bears_the_name_by_which_it_was_asked_for() {
        let blob = Location::url("https://github.com/o/r/blob/main/x/a.yaml");
        let tree = Location::url("https://github.com/o/r/tree/main/x/a.yaml");
        assert_eq!(known_as(&blob, &tree), Some(tree.clone()));
        let glob = Location::url("https://github.com/o/r/tree/main/x/*.yaml");
        assert_eq!(known_as(&blob, &glob), Some(tree));
        let other = Location::url("https://github.com/o/r/tree/main/y/a.yaml");
        assert_eq!(known_as(&blob, &other), None);
        let query = Location::url("https://h.dev/a.yaml?v=1");
        let plain = Location::url("https://h.dev/a.yaml");
        assert_eq!(known_as(&plain, &query), Some(query));
        let file = Location::file("/r/x.yaml");
        assert_eq!(
            known_as(&file, &Location::file("/r/*.yaml")),
            Some(file.clone())
        );
        assert_eq!(known_as(&file, &Location::file("/x.yaml")), None);
    }
}
