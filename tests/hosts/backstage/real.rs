//! A real Backstage that serves small catalogs, read by its API and compared with what it says itself and with the same
//! files read directly.
//!
//! `STAGEDOOR_ORACLE` names the script that starts one (`oracle.sh FILES… OUT.json --serve --port N`).

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use stagedoor::config::Env;
use stagedoor::sync::{self, Options, Session, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

/// The catalogs that are served, of those in `tests/fixtures/backstage`.
const CASES: [&str; 3] = ["kinds", "metadata", "casing"];

/// A running Backstage; it ends when dropped.
struct Real {
    child: Child,
    url: String,
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Real {
    /// Starts one that has read `files` and writes its entities to `out`.
    fn start(script: &Path, files: &[PathBuf], out: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut child = Command::new(script)
            .args(files)
            .arg(out)
            .args(["--normalize", "--serve", "--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = said.map_while(Result::ok);
        let real = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        };
        assert!(
            said.any(|line| line.starts_with("serving")),
            "it does not serve"
        );
        real
    }
}

async fn read(dir: &Path, sources: Vec<String>) -> (Session, SyncReport) {
    let options = Options {
        sources,
        cache_dir: Some(dir.join("cache")),
        ..Options::default()
    };
    let session = Session::open(&options, Env::fixed(dir, &[])).unwrap();
    let (request, cancel) = (SyncRequest::default(), CancellationToken::new());
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    assert_eq!(report.class(), None, "{report:?}");
    (session, report)
}

/// What `session` says that a Backstage would show, by reference.
fn shown(session: &Session) -> BTreeMap<String, Value> {
    let hosts = sync::integrations(&session.config, &session.set.sources);
    let mut all = BTreeMap::new();
    session
        .store
        .each_in_backstage(&hosts, |entity_ref, value| {
            all.insert(entity_ref.to_string(), value);
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}

fn differences(ours: &BTreeMap<String, Value>, theirs: &BTreeMap<String, Value>) -> Vec<String> {
    let names = ours.keys().chain(theirs.keys());
    let differ = names.filter(|name| ours.get(*name) != theirs.get(*name));
    let mut all: Vec<String> = differ
        .map(|name| format!("{name}\n  {:?}\n  {:?}", ours.get(name), theirs.get(name)))
        .collect();
    all.dedup();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_backstage_is_read_as_it_shows_itself_and_as_its_files_are_read() {
    let Some(script) = std::env::var_os("STAGEDOOR_ORACLE").map(PathBuf::from) else {
        eprintln!("skipped: STAGEDOOR_ORACLE is not set");
        return;
    };
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/backstage");
    let mut files: Vec<PathBuf> = CASES
        .iter()
        .map(|case| fixtures.join(case).join("all.yaml"))
        .collect();
    let dir = tempfile::tempdir().unwrap();
    // More than a page of them.
    let many: Vec<String> = (0..600)
        .map(|n| super::super::component(&format!("many-{n}")))
        .collect();
    files.push(dir.path().join("many.yaml"));
    fs::write(&files[CASES.len()], many.join("---\n")).unwrap();
    let out = dir.path().join("out.json");
    let real = Real::start(&script, &files, &out);
    let text = fs::read_to_string(&out).unwrap();
    let mut theirs = BTreeMap::new();
    for mut entity in serde_json::from_str::<Vec<Value>>(&text).unwrap() {
        entity.as_object_mut().unwrap().remove("status");
        let text = |pointer: &str| {
            entity
                .pointer(pointer)
                .unwrap()
                .as_str()
                .unwrap()
                .to_lowercase()
        };
        let (kind, namespace) = (text("/kind"), text("/metadata/namespace"));
        theirs.insert(
            format!("{kind}:{namespace}/{}", text("/metadata/name")),
            entity,
        );
    }
    let (session, report) = read(
        &dir.path().join("a"),
        vec![format!("backstage:{}", real.url)],
    )
    .await;
    let ours = shown(&session);
    println!(
        "{} entities in {} requests",
        ours.len(),
        report.sources[0].request_count()
    );
    assert!(ours.len() > 650, "{}", ours.len());
    let wrong = differences(&ours, &theirs);
    assert!(
        wrong.is_empty(),
        "as it shows itself:\n{}",
        wrong.join("\n")
    );
    let sources = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let (session, _) = read(&dir.path().join("b"), sources).await;
    let wrong = differences(&shown(&session), &ours);
    assert!(
        wrong.is_empty(),
        "as its files are read:\n{}",
        wrong.join("\n")
    );
}
