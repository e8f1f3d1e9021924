//! Small catalogs of our own, each read by a real Backstage once (`tests/fixtures/backstage/refresh.sh`), and by the
//! program here: `export --backstage` must answer the same.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde_json::Value;
use sha1::{Digest, Sha1};

use super::catalog::difference;

/// What stands for a server of the case's folder.
const SERVER: &str = "http://case";

/// What is known to differ, by case and entity, and why.
const DIFFERENT: &[(&str, &str, &str)] = &[
    (
        "ai",
        "airesource:default/skill",
        "the model for AI knows no inverse where a component depends on a resource of it",
    ),
    ("locations", "component:default/a", BARE),
    ("locations", "component:default/gx", BARE),
    ("locations", "component:default/gy", BARE),
    (
        "scalars",
        "component:default/directive",
        "%YAML 1.1 is read as 1.2",
    ),
    ("scalars", "component:default/s27", "!!binary stays text"),
    ("scalars", "component:default/s31", "a list as a key"),
];

const BARE: &str = "Backstage knows a file by its relative path where the target has no ./, and takes it for another file";

fn is_known(case: &str, entity: &str) -> bool {
    DIFFERENT.iter().any(|(a, b, _)| (*a, *b) == (case, entity))
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/backstage");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("expected.json").is_file())
        .collect();
    cases.sort();
    cases
}

/// Serves the files below `folder`, in whose text the server's address stands for [`SERVER`], as long as the test runs.
fn serve(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (folder, own) = (folder.to_owned(), address.clone());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, &folder, &own);
        }
    });
    address
}

fn answer(mut stream: TcpStream, folder: &Path, own: &str) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    for line in lines.map_while(Result::ok) {
        if line.is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or("/");
    let path = path
        .split('?')
        .next()
        .unwrap_or(path)
        .trim_start_matches('/');
    let (status, body) = match fs::read_to_string(folder.join(path)) {
        Ok(text) => ("200 OK", text.replace(SERVER, own)),
        Err(_) => ("404 Not Found", "not found".to_owned()),
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    // A client that went away has no need of an answer.
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

/// What the program says that Backstage would show of `case`.
fn export(case: &Path) -> Vec<Value> {
    let server = serve(case);
    let work = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stagedoor"));
    command
        .current_dir(case)
        .env_clear()
        .env("HOME", work.path())
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .arg("--cache-dir")
        .arg(work.path().join("cache"));
    let config = work.path().join("app-config.yaml");
    match fs::read_to_string(case.join("app-config.yaml")) {
        Ok(text) => {
            fs::write(&config, text.replace(SERVER, &server)).unwrap();
            command.arg("--config").arg(&config);
        }
        Err(_) => {
            command.args(["--source", "."]);
        }
    }
    // The first reading brings what stands behind URLs; that some of it cannot be read is part of the cases.
    let mut arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    arguments.push("sync".into());
    let mut sync = Command::new(command.get_program());
    sync.args(&arguments).current_dir(case).env_clear();
    sync.env("HOME", work.path());
    sync.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    sync.output().unwrap();
    let output = command.args(["export", "--backstage"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let entities = serde_json::from_str::<Vec<Value>>(&text);
    assert!(entities.is_ok(), "{}: {text} {said}", case.display());
    let entities = entities.unwrap();
    let refs: Vec<String> = entities.iter().map(entity_ref).collect();
    assert!(refs.is_sorted(), "{refs:?}");
    portable(&entities, case, &server)
}

/// What does not depend on where the case lies: the digest in a generated name stands for a location that the entity
/// names as well.
fn portable(entities: &[Value], case: &Path, server: &str) -> Vec<Value> {
    let mut text = serde_json::to_string(entities).unwrap();
    for entity in entities {
        let name = entity["metadata"]["name"].as_str().unwrap();
        if let Some(digest) = name.strip_prefix("generated-") {
            let spec = |key: &str| entity["spec"][key].as_str().unwrap_or_default();
            let location = format!("{}:{}", spec("type"), spec("target"));
            let expected = format!("{:x}", Sha1::digest(location.as_bytes()));
            assert_eq!(digest, expected, "{location}");
            text = text.replace(name, "generated");
        }
    }
    let folder = case.to_string_lossy();
    serde_json::from_str(&text.replace(&*folder, "/case").replace(server, SERVER)).unwrap()
}

fn entity_ref(entity: &Value) -> String {
    let text = |pointer: &str| {
        entity
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (kind, namespace) = (text("/kind"), text("/metadata/namespace"));
    format!("{kind}:{namespace}/{}", text("/metadata/name")).to_lowercase()
}

/// Entities by reference, generated ones by their target.
fn by_ref(entities: Vec<Value>) -> BTreeMap<String, Value> {
    let named = entities.into_iter().map(|entity| {
        let mut name = entity_ref(&entity);
        if name.ends_with("/generated") {
            name = format!("{name} {}", entity["spec"]["target"]);
        }
        (name, entity)
    });
    named.collect()
}

/// `value` with its numbers as JavaScript has them.
fn numbers(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), numbers(value)))
            .collect(),
        Value::Array(items) => items.iter().map(numbers).collect(),
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        other => other.clone(),
    }
}

#[test]
fn small_catalogs_mean_what_they_mean_in_backstage() {
    let mut differences = Vec::new();
    let mut count = 0;
    for case in cases() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(case.join("expected.json")).unwrap();
        let theirs = by_ref(serde_json::from_str(&text).unwrap());
        let mut ours = by_ref(export(&case));
        count += theirs.len();
        for (entity, theirs) in theirs {
            if is_known(&name, &entity) {
                ours.remove(&entity);
                continue;
            }
            match ours.remove(&entity) {
                None => differences.push(format!("{name} {entity}: Backstage shows it, we do not")),
                Some(ours) => {
                    if let Some(difference) = difference(&numbers(&ours), &numbers(&theirs), "") {
                        differences.push(format!("{name} {entity} {difference}"));
                    }
                }
            }
        }
        for entity in ours.into_keys().filter(|entity| !is_known(&name, entity)) {
            differences.push(format!("{name} {entity}: we show it, Backstage does not"));
        }
    }
    println!("{count} entities of small catalogs");
    assert!(count > 0, "no cases");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
