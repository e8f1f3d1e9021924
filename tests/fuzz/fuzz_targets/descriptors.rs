//! Bytes → documents → entities: no panic, no endless work, and only clean text comes out.

#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use stagedoor::catalog::text;
use stagedoor::ingest::{Found, Ingested, Location, NoReader, Options, Root, SourceFile, Standing, ingest};

/// Far more than any input of a few kilobytes takes, with the sanitizer at work and on a busy machine.
const LONGEST: Duration = Duration::from_secs(5);

fuzz_target!(|bytes: &[u8]| {
    for found in [Found::Named, Found::Walked] {
        let started = Instant::now();
        let ingested = read(bytes, found);
        assert!(started.elapsed() < LONGEST, "it takes too long");
        check(&ingested);
    }
});

fn read(bytes: &[u8], found: Found) -> Ingested {
    let file = SourceFile {
        location: Location::file("/fuzz/catalog-info.yaml"),
        name: "/fuzz/catalog-info.yaml".to_owned(),
        bytes: bytes.into(),
        blob: None,
        commit: None,
    };
    let root = Root {
        source: "fuzz".to_owned(),
        location: Location::file("/fuzz"),
        files: Some(vec![file]),
        found,
        standing: Standing::default(),
    };
    ingest(&[root], &NoReader, &Options::default())
}

fn check(ingested: &Ingested) {
    for entity in &ingested.entities {
        is_clean(&entity.entity.entity_ref.to_string());
        values_are_clean(&entity.entity.body());
        for relation in &entity.relations {
            is_clean(&relation.target.to_string());
        }
    }
    for problem in &ingested.problems {
        is_clean(&problem.message);
        assert!(!problem.message.contains('\n'), "{:?}", problem.message);
    }
}

fn values_are_clean(value: &Value) {
    match value {
        Value::String(string) => is_clean(string),
        Value::Array(items) => items.iter().for_each(values_are_clean),
        Value::Object(map) => {
            for (key, value) in map {
                is_clean(key);
                values_are_clean(value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_clean(string: &str) {
    assert_eq!(text::clean(string), string);
}
