//! 121 real repositories, each of whose descriptor files a real Backstage took as a location of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value};
use stagedoor::catalog::{EntityRef, Integrations};
use stagedoor::ingest::{
    Found, Ingested, Location, Match, Options, ReadError, Reader, Root, SourceFile, Standing,
    ingest,
};
use stagedoor::store::{Batch, Store};

/// The least share of golden entities that must be equal in every field, in percent.
const EQUAL: f64 = 99.9;

/// The least share of refused entities about which a problem is told, in percent.
const TOLD: f64 = 98.0;

/// Annotations that the goldens leave out wherever they stand.
const PROVENANCE: [&str; 5] = [
    "backstage.io/managed-by-location",
    "backstage.io/managed-by-origin-location",
    "backstage.io/source-location",
    "backstage.io/view-url",
    "backstage.io/edit-url",
];

/// Reads below a folder as Backstage's reader of plain URLs does, by which the goldens were made: no globs, no hosts.
struct Plain(PathBuf);

impl Reader for Plain {
    fn search(&self, base: &Location, target: &str) -> Result<Vec<Match>, ReadError> {
        self.read(base, target).map(|file| vec![Match::Read(file)])
    }

    fn read(&self, base: &Location, target: &str) -> Result<SourceFile, ReadError> {
        let missing = || ReadError::NotFound {
            target: target.to_owned(),
        };
        if target.contains("://") || target.starts_with('/') {
            return Err(missing());
        }
        let folder = Path::new(&base.target).parent().ok_or_else(missing)?;
        let path = normal(&folder.join(target.split(['?', '#']).next().unwrap_or(target)));
        self.file(&path).ok_or_else(missing)
    }
}

impl Plain {
    fn file(&self, path: &Path) -> Option<SourceFile> {
        let bytes = fs::read(self.0.join(path)).ok()?;
        Some(SourceFile {
            location: Location::url(path.to_string_lossy()),
            name: path.to_string_lossy().into_owned(),
            bytes: bytes.into(),
            blob: None,
            commit: None,
        })
    }

    /// The `*.yaml` and `*.yml` below `folder`, in the order in which they were registered.
    fn walk(&self, folder: &Path, files: &mut Vec<PathBuf>) {
        let mut entries: Vec<_> = fs::read_dir(self.0.join(folder))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                self.walk(&path, files);
            } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
                files.push(path);
            }
        }
    }

    fn ingest(&self, repository: &str) -> Ingested {
        let mut files = Vec::new();
        self.walk(Path::new(repository), &mut files);
        let roots: Vec<_> = files
            .iter()
            .map(|path| Root {
                source: repository.to_owned(),
                location: Location::url(path.to_string_lossy()),
                files: Some(vec![self.file(path).unwrap()]),
                found: Found::Named,
                standing: Standing::default(),
            })
            .collect();
        ingest(&roots, self, &Options::default())
    }
}

fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

/// What is compared: everything but provenance, which the goldens leave out; numbers as JavaScript has them.
fn comparable(entity: &Value) -> Value {
    match entity {
        Value::Object(map) => {
            let map: Map<_, _> = map
                .iter()
                .filter(|(key, _)| !PROVENANCE.contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), comparable(value)))
                .filter(|(key, value)| {
                    !(key == "annotations" && value == &Value::Object(Map::new()))
                })
                .collect();
            let sorted: BTreeMap<_, _> = map.into_iter().collect();
            Value::Object(sorted.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(comparable).collect(),
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        other => other.clone(),
    }
}

fn entity_ref(entity: &Value) -> String {
    let text = |pointer| {
        entity
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    EntityRef::new(
        text("/kind"),
        text("/metadata/namespace"),
        text("/metadata/name"),
    )
    .to_string()
}

/// What the record says that Backstage would show, but for the locations as which the files were registered.
fn backstage_view(ingested: &Ingested) -> Vec<Value> {
    let store = Store::temporary().unwrap();
    let entities = ingested.entities.iter().cloned();
    let batch = Batch {
        entities: entities.map(|e| (e.entity, e.relations)).collect(),
        problems: Vec::new(),
        roots: ingested.roots.clone(),
    };
    store.replace("here", &batch).unwrap();
    let mut all = Vec::new();
    store
        .each_in_backstage(&Integrations::default(), |entity_ref, value| {
            if !entity_ref.name().starts_with("generated-") {
                all.push(value);
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}

/// The first place at which two values differ.
pub(crate) fn difference(ours: &Value, theirs: &Value, path: &str) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
            keys.into_iter().find_map(|key| {
                let (a, b) = (
                    a.get(key).unwrap_or(&Value::Null),
                    b.get(key).unwrap_or(&Value::Null),
                );
                difference(a, b, &format!("{path}/{key}"))
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(n, (a, b))| difference(a, b, &format!("{path}/{n}"))),
        (a, b) => (a != b).then(|| {
            let short = |value: &Value| value.to_string().chars().take(160).collect::<String>();
            format!("{path}: {} here, {} in Backstage", short(a), short(b))
        }),
    }
}

#[derive(Default)]
struct Tally {
    golden: usize,
    present: usize,
    equal: usize,
    /// Taken here, refused by Backstage.
    lenient: usize,
    refused: usize,
    refused_here: usize,
    notes: Vec<String>,
}

impl Tally {
    fn compare(&mut self, repository: &str, ours: &Ingested, golden: &Value) {
        let list = |key: &str| {
            golden
                .get(key)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let shown: BTreeSet<String> = ours
            .entities
            .iter()
            .map(|e| e.entity.entity_ref.to_string())
            .collect();
        let mut view: BTreeMap<String, Value> = backstage_view(ours)
            .into_iter()
            .map(|e| (entity_ref(&e), e))
            .collect();
        for theirs in list("entities") {
            self.golden += 1;
            let name = entity_ref(&theirs);
            if shown.contains(&name) {
                self.present += 1;
            } else {
                self.notes
                    .push(format!("{repository} {name}: not here at all"));
            }
            match view.remove(&name) {
                None => self.notes.push(format!(
                    "{repository} {name}: Backstage takes it, we say it does not"
                )),
                Some(ours) => match difference(&comparable(&ours), &comparable(&theirs), "") {
                    None => self.equal += 1,
                    Some(difference) => {
                        self.notes.push(format!("{repository} {name} {difference}"));
                    }
                },
            }
        }
        for name in view.into_keys() {
            self.lenient += 1;
            self.notes.push(format!(
                "{repository} {name}: Backstage refuses it, we say it does not"
            ));
        }
        for error in list("errors") {
            let name = error
                .get("entityRef")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if name.starts_with("location:default/generated-") {
                continue;
            }
            self.refused += 1;
            let about = ours
                .problems
                .iter()
                .any(|p| p.entity.as_ref().is_some_and(|e| e.to_string() == name));
            if about || name.contains("{{") {
                self.refused_here += 1;
            } else {
                self.notes.push(format!(
                    "{repository} {name}: Backstage has an error, we have none: {error}"
                ));
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

#[test]
fn real_repositories_mean_what_they_mean_in_backstage() {
    let Some(shared) = super::shared() else {
        return;
    };
    let plain = Plain(shared.join("corpus/catalog"));
    let mut goldens: Vec<_> = fs::read_dir(shared.join("goldens/catalog"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    goldens.sort();
    let mut tally = Tally::default();
    for path in &goldens {
        let repository = path.file_stem().unwrap().to_string_lossy().into_owned();
        let golden = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        tally.compare(&repository, &plain.ingest(&repository), &golden);
    }
    let equal = percent(tally.equal, tally.golden);
    println!(
        "{} repositories, {} entities: {} present, {} equal ({equal:.2} %)",
        goldens.len(),
        tally.golden,
        tally.present,
        tally.equal
    );
    println!(
        "{} refused by Backstage: {} told here",
        tally.refused, tally.refused_here
    );
    for note in &tally.notes {
        println!("  {note}");
    }
    assert!(tally.golden > 0, "no goldens");
    assert_eq!(
        tally.present, tally.golden,
        "every entity that Backstage shows is here"
    );
    assert!(equal >= EQUAL, "{equal:.2} % are equal");
    assert_eq!(tally.lenient, 0, "nothing is taken that Backstage refuses");
    assert!(
        percent(tally.refused_here, tally.refused) >= TOLD,
        "what is refused is told"
    );
}
