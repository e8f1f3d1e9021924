//! What lint says of real templates and real docs, against what Backstage's scaffolder and MkDocs made of them.
//!
//! The corpora and goldens are outside of this repository; without `STAGEDOOR_SHARED` there is nothing to compare with.

#![expect(clippy::unwrap_used, reason = "tests")]
#![allow(
    clippy::print_stderr,
    reason = "counts and what was skipped are for people"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use stagedoor::catalog::Rule;
use stagedoor::catalog::problem::Theme;

fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("STAGEDOOR_SHARED").map(PathBuf::from);
    if shared.is_none() {
        eprintln!("skipped: STAGEDOOR_SHARED is not set");
    }
    shared
}

/// One finding about a template or docs.
struct Finding {
    /// Relative to the folder that was checked.
    file: String,
    rule: Rule,
    level: String,
    message: String,
}

/// The findings about templates and docs below `folder`.
fn findings(folder: &Path) -> Vec<Finding> {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args(["--offline", "lint", "--format", "json", "--cache-dir"])
        .args([home.path(), folder])
        .env("HOME", home.path())
        .output()
        .unwrap();
    let all: Vec<Json> = serde_json::from_slice(&output.stdout).unwrap();
    let text = |finding: &Json, key: &str| finding[key].as_str().unwrap().to_owned();
    let finding = |finding: &Json| {
        let file = text(finding, "file");
        let below = Path::new(&file).strip_prefix(folder).ok()?;
        let rule = Rule::parse(&text(finding, "code"))?;
        matches!(rule.info().theme, Theme::Template | Theme::Docs).then(|| Finding {
            file: below.display().to_string(),
            rule,
            level: text(finding, "level"),
            message: text(finding, "message"),
        })
    };
    all.iter().filter_map(finding).collect()
}

/// Says how often each rule found something, and that nothing is an error: the catalog takes it all.
fn count(what: &str, findings: &[Finding]) {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in findings {
        assert_ne!(
            finding.level, "error",
            "{}: {}",
            finding.file, finding.message
        );
        *counts
            .entry((finding.rule.code(), &finding.level))
            .or_default() += 1;
    }
    for ((code, level), count) in counts {
        eprintln!("{what}: {count} × {code} ({level})");
    }
}

/// Templates of which every step was really carried out have nothing that would have failed their run, and those whose
/// skeleton was missing are known to miss it.
#[test]
fn findings_about_templates_agree_with_their_runs() {
    let Some(shared) = shared() else { return };
    let found = findings(&shared.join("corpus/templates"));
    count("templates", &found);
    assert!(found.len() > 100, "the corpus is not there");
    let about = |template: &str, rules: &[Rule]| -> Vec<String> {
        let own = found.iter().filter(|finding| finding.file == template);
        own.filter(|finding| rules.contains(&finding.rule) && finding.level == "warning")
            .map(|finding| finding.message.clone())
            .collect()
    };
    let (mut whole, mut missing) = (0, 0);
    for entry in std::fs::read_dir(shared.join("goldens/templates/runs")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let golden: Json = serde_json::from_str(&text).unwrap();
        let (template, run) = (golden["template"].as_str().unwrap(), &golden["current"]);
        let skipped = run["log"]
            .as_array()
            .unwrap()
            .iter()
            .any(|line| line["status"] == "skipped");
        if run["status"] == "completed" && run["mocked"] == Json::Array(Vec::new()) && !skipped {
            whole += 1;
            let fatal = [
                Rule::TemplateActionInput,
                Rule::TemplateMissingSource,
                Rule::TemplateUnknownAction,
            ];
            assert_eq!(about(template, &fatal), [""; 0], "{template}");
        }
        let beside = format!("lstat 'CORPUS/{}", template.rsplit_once('/').unwrap().0);
        if run["error"]
            .as_str()
            .is_some_and(|error| error.contains(&beside))
        {
            missing += 1;
            assert_ne!(
                about(template, &[Rule::TemplateMissingSource]),
                [""; 0],
                "{template}"
            );
        }
    }
    eprintln!("{whole} whole runs without a fatal finding, {missing} missing skeletons found");
    assert!(whole > 5 && missing > 10);
}

/// Whether a link is one to a page of the site.
fn is_page(href: &str) -> bool {
    !href.starts_with('/')
        && Path::new(href)
            .extension()
            .is_some_and(|extension| extension == "md")
}

/// What MkDocs found is not called missing.
#[test]
fn findings_about_docs_agree_with_mkdocs() {
    let Some(shared) = shared() else { return };
    let mut pages = BTreeSet::new();
    for entry in std::fs::read_dir(shared.join("corpus/docs")).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let found = findings(&folder);
        count(&name, &found);
        let golden = std::fs::read_to_string(shared.join(format!("goldens/docs/{name}.json")));
        let golden: Json = serde_json::from_str(&golden.unwrap_or_default()).unwrap_or_default();
        for finding in &found {
            pages.insert((name.clone(), finding.file.clone()));
            let page = finding.file.trim_start_matches("docs/");
            let named = finding.message.split('\'').nth(1).unwrap_or_default();
            match finding.rule {
                Rule::DocsMissingAnchor => {
                    let target = finding.message.rsplit(" on ").next().unwrap_or_default();
                    let target = match target.trim_end_matches('.') {
                        "this page" => page,
                        other => other,
                    };
                    let headings = golden[target]["headings"].as_array();
                    let anchor = named.trim_start_matches('#');
                    let built = headings
                        .into_iter()
                        .flatten()
                        .any(|heading| heading[1] == anchor);
                    assert!(!built, "{name}: {page}: {}", finding.message);
                }
                // What MkDocs does not find it leaves as it is written.
                Rule::DocsBrokenLink if is_page(named) => {
                    let links = golden[page]["links"].as_array();
                    let is_left =
                        |link: &Json| link[1].as_str().is_some_and(|href| href.contains(named));
                    assert!(
                        links.is_none_or(|links| links.iter().any(is_left)),
                        "{name}: {page}: {}",
                        finding.message
                    );
                }
                _ => {}
            }
        }
    }
    assert!(pages.len() > 20, "the corpus is not there");
}
