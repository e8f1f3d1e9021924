//! Walking folders: all YAML files of one.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::super::{HostError, is_yaml};

/// The deepest folder that is looked into.
const MAX_DEPTH: usize = 64;

/// All files below `folder` that end in `.yaml` or `.yml`, sorted by path; links to folders are not followed.
pub(super) fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, HostError> {
    local_files(folder, is_yaml)
}

/// The files below `folder` whose path from there is `wanted`, sorted by path; what Git keeps, what was installed and
/// what a tool built is passed over.
pub fn local_files(
    folder: &Path,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<PathBuf>, HostError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in walk(folder) {
        let entry = match entry {
            Ok(entry) => entry,
            // A folder that may not be read hides what is in it, and only that.
            Err(error) if error.depth() > 0 => continue,
            Err(error) => {
                return Err(HostError::Failed {
                    place: folder.display().to_string(),
                    reason: error.to_string(),
                });
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        if wanted(&relative.to_string_lossy())
            && (entry.file_type().is_file() || entry.path().is_file())
        {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// `folder` and those below it that are looked into, at most `most`.
pub fn local_folders(folder: &Path, most: usize) -> Vec<PathBuf> {
    let entries = walk(folder).filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_dir());
    folders.take(most).map(DirEntry::into_path).collect()
}

/// What is below `folder`, without what is passed over.
fn walk(folder: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    WalkDir::new(folder)
        .max_depth(MAX_DEPTH)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !is_passed_over(entry))
}

/// Whether a folder holds what Git keeps, what was installed, or what a tool built (those mark it as a cache).
fn is_passed_over(entry: &DirEntry) -> bool {
    entry.file_type().is_dir()
        && entry.depth() > 0
        && (entry.file_name() == ".git"
            || entry.file_name() == "node_modules"
            || entry.path().join("CACHEDIR.TAG").is_file())
}
