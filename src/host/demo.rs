//! The demo company, built into the program: what is shown where nothing else is named.
//!
//! Its files have addresses of the form `demo:///services/x/catalog-info.yaml`.

use std::time::SystemTime;

use include_dir::{Dir, include_dir};
use serde_json::Value;

use super::glob::Glob;
use super::scm::decode;
use super::{Address, File, Found, Host, HostError};
use crate::catalog::facts::Facts;
use crate::config::source::is_glob;

/// The files of the demo company.
pub static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/assets/demo");

/// The file that holds what is made up of repositories, by the names of their entities.
const FACTS: &str = "facts.json";

/// What the addresses of the demo's files begin with.
pub const SCHEME: &str = "demo:///";

/// The address of the file at `path`, which counts from the demo's root.
pub fn address(path: &str) -> Address {
    Address::Url(format!("{SCHEME}{path}"))
}

/// The path of a demo file from the demo's root; `None` for the address of anything else.
pub fn path(address: &Address) -> Option<String> {
    match address {
        Address::Url(url) => url.strip_prefix(SCHEME).map(decode),
        Address::Path(_) => None,
    }
}

/// Calls `each` with the path and content of every file of the demo, in a stable order.
pub fn each_file(mut each: impl FnMut(&str, &[u8])) {
    for file in all(&FILES) {
        each(&file.path().to_string_lossy(), file.contents());
    }
}

/// What is made up of the repository of the entity `name`. Its times are told as hours before `now`, so that the demo does
/// not age.
pub fn facts(name: &str, now: SystemTime) -> Option<Facts> {
    let text = FILES.get_file(FACTS)?.contents();
    let mut all: Value = serde_json::from_slice(text).ok()?;
    let mut facts = all.get_mut(name)?.take();
    let now = now.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    since(&mut facts, now);
    serde_json::from_value(facts).ok()
}

/// Makes of hours before `now` seconds since 1970.
fn since(value: &mut Value, now: u64) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| since(item, now)),
        Value::Object(fields) => {
            for (key, field) in fields {
                match field.as_u64().filter(|_| key == "at" || key == "updated") {
                    Some(hours) => *field = now.saturating_sub(hours * 3_600).into(),
                    None => since(field, now),
                }
            }
        }
        _ => {}
    }
}

/// The demo as a host.
#[derive(Debug, Clone, Copy)]
pub struct Demo;

impl Host for Demo {
    /// The descriptor that leads to all others.
    async fn discover(&self) -> Result<Vec<Found>, HostError> {
        Ok(vec![Found {
            address: address("catalog-info.yaml"),
            named: true,
            wanted: None,
        }])
    }

    async fn search(
        &self,
        _base: &Address,
        at: &Address,
        globs: bool,
    ) -> Option<Result<Vec<File>, HostError>> {
        let at = path(at)?;
        Some(if globs {
            search(&at)
        } else {
            read(&at).map(|file| vec![file])
        })
    }
}

/// The one file at `path`.
fn read(path: &str) -> Result<File, HostError> {
    FILES
        .get_file(path)
        .map(file)
        .ok_or_else(|| HostError::NotFound {
            place: format!("{SCHEME}{path}"),
        })
}

/// The files that `path`, which may be a glob, matches, sorted by name.
fn search(path: &str) -> Result<Vec<File>, HostError> {
    if !is_glob(path) {
        return Ok(vec![read(path)?]);
    }
    let glob = Glob::new(path)?;
    let mut found: Vec<File> = all(&FILES)
        .into_iter()
        .filter(|file| file.path().to_str().is_some_and(|path| glob.matches(path)))
        .map(file)
        .collect();
    found.sort_by(|a, b| a.address.cmp(&b.address));
    Ok(found)
}

/// All files below `dir`.
fn all(dir: &'static Dir<'static>) -> Vec<&'static include_dir::File<'static>> {
    let mut files: Vec<_> = dir.files().collect();
    for dir in dir.dirs() {
        files.extend(all(dir));
    }
    files
}

fn file(file: &'static include_dir::File<'static>) -> File {
    File {
        address: address(&file.path().to_string_lossy()),
        bytes: file.contents().into(),
        blob: None,
        commit: None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_demo_tells_of_repositories_whose_entities_it_has() {
        let text = FILES.get_file(FACTS).unwrap().contents();
        let all: Value = serde_json::from_slice(text).unwrap();
        let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_hours(492_324);
        for name in all.as_object().unwrap().keys() {
            let facts = facts(name, now).unwrap();
            assert!(read(&format!("services/{name}/catalog-info.yaml")).is_ok());
            let commit = facts.commit.known().unwrap().as_ref().unwrap();
            assert!(commit.at.unwrap() > 1_770_000_000, "{name}");
        }
        assert_eq!(facts("nobody", now), None);
    }

    #[test]
    fn the_demo_has_a_root_and_what_that_points_to() {
        let root = address("catalog-info.yaml");
        assert!(read(&path(&root).unwrap()).is_ok());
        let target = root
            .resolve("./services/*/catalog-info.yaml", None)
            .unwrap();
        let services = search(&path(&target).unwrap()).unwrap();
        assert!(services.len() > 5, "{}", services.len());
        let above = root.resolve("../../etc/passwd", None).unwrap();
        assert!(read(&path(&above).unwrap()).is_err());
    }
}
