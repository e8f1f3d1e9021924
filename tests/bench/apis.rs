//! Definitions of APIs: an OpenAPI document of a megabyte → its outline, and one operation of it as lines.

use std::time::Instant;

use serde_json::{Map, Value, json};
use stagedoor::catalog::api::{outline, sheet};

use crate::report::{Budget, Report, millis};

/// How many operations the document has: they make a megabyte of JSON.
const OPERATIONS: usize = 500;
/// How many fields each of its types has.
const FIELDS: usize = 14;

pub(crate) fn run(report: &mut Report) {
    let document = document();
    let json = serde_json::to_string_pretty(&document).expect("JSON");
    let yaml = serde_yaml::to_string(&document).expect("YAML");
    for (name, text, budget) in [
        ("apis: outline of OpenAPI in JSON", &json, 30.0),
        ("apis: outline of OpenAPI in YAML", &yaml, 100.0),
    ] {
        let samples = (0..10).map(|_| {
            let started = Instant::now();
            let read = outline("openapi", text).expect("an outline");
            let elapsed = started.elapsed();
            assert_eq!(read.operations().count(), OPERATIONS, "all are read");
            elapsed
        });
        let samples = samples.collect();
        report.samples(name, text.len(), Budget::Median(millis(budget)), samples);
    }
    let read = outline("openapi", &json).expect("an outline");
    let entry = read.operations().next().expect("an operation");
    let folds = sheet::Folds::default();
    let samples = (0..100).map(|_| {
        let started = Instant::now();
        assert!(
            !sheet::rows(&read, entry, &folds, 60).is_empty(),
            "there are lines"
        );
        started.elapsed()
    });
    let samples = samples.collect();
    report.samples(
        "apis: an operation as lines",
        FIELDS,
        Budget::P99(millis(2.0)),
        samples,
    );
}

/// A document in which each operation takes and gives a type of its own that refers to the next.
fn document() -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for number in 0..OPERATIONS {
        let mut fields: Map<String, Value> = (0..FIELDS)
            .map(|field| {
                let about = format!("The field {field} of thing {number}, as it is kept.");
                (
                    format!("field{field}"),
                    json!({ "type": "string", "description": about, "maxLength": 40 }),
                )
            })
            .collect();
        let next = format!("#/components/schemas/Thing{}", (number + 1) % OPERATIONS);
        fields.insert("next".to_owned(), json!({ "$ref": next }));
        schemas.insert(
            format!("Thing{number}"),
            json!({ "type": "object", "required": ["field1"], "properties": fields }),
        );
        let content = json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/Thing{number}") } } });
        paths.insert(
            format!("/things/{number}/{{id}}"),
            json!({ "post": {
                "tags": [format!("tag{}", number % 20)],
                "operationId": format!("doThing{number}"),
                "summary": "Does a thing",
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }],
                "requestBody": { "content": content.clone() },
                "responses": { "200": { "description": "Done", "content": content }, "404": { "description": "There is none" } },
            } }),
        );
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Things", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}
