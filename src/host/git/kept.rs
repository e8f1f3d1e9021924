//! Contents of clones that are here already, read without asking any host.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// How many clones are looked through.
const CLONES: usize = 64;

/// The content with the object id `oid`, if one of the clones below `cache` has it. Asks no host.
pub fn kept_text(cache: &Path, oid: &str) -> Option<Vec<u8>> {
    // What is no id could be an option or another name of an object.
    if oid.len() < 40 || !oid.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let clones = fs::read_dir(cache).ok()?.filter_map(Result::ok);
    clones.take(CLONES).find_map(|clone| {
        let output = Command::new("git")
            .arg("-C")
            .arg(clone.path())
            // A clone without contents would ask its host for what it lacks; older versions of git know the first only.
            .args(["-c", "protocol.allow=never", "cat-file", "blob", oid])
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_DIR", ".")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_OBJECT_DIRECTORY")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        output.status.success().then_some(output.stdout)
    })
}
