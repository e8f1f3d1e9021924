//! Documents as people write them.

mod hostile;
mod kinds;

use super::*;

const PAYMENTS: &str = r##"
openapi: 3.0.3
info: { title: Payments, version: 2.4 }
servers: [{ url: https://pay.acme.dev/v2 }]
tags: [{ name: refunds, description: Money back }]
security: [{ oauth: [read, write] }, {}]
paths:
  /payments/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
    post:
      tags: [payments]
      operationId: takePayment
      summary: Take a payment
      parameters: [{ $ref: "#/components/parameters/Key" }]
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Payment" } } } }
      responses:
        201: { description: Taken }
        default: { $ref: "#/components/responses/Sorry" }
    get: { responses: {} }
  /refunds:
    get: { tags: [refunds], deprecated: true, responses: { "200": { content: { a/b: { schema: { type: array, items: { type: string } } } } } } }
components:
  parameters:
    Key: { name: Key, in: header, schema: { enum: [a, b, c, d, e, f, g, h, i] } }
  responses:
    Sorry: { description: "It \u001b[31mfailed" }
  schemas:
    Payment:
      allOf:
        - $ref: "#/components/schemas/Base"
        - { type: object, required: [amount], properties: { amount: { type: integer, minimum: 1 }, parent: { $ref: "#/components/schemas/Payment" } } }
    Base: { properties: { id: { type: string }, card: { oneOf: [{ $ref: "#/components/schemas/Card" }, { type: "null" }] }, bank: { $ref: "./bank.yaml#/Account" } } }
    Card: { type: object, properties: { number: { type: string } } }
"##;

/// The lines of an entry as text.
fn sheet_of(outline: &Outline, name: &str, folds: &sheet::Folds) -> Vec<String> {
    let entry = outline
        .entries()
        .find(|entry| entry.is_called(name))
        .unwrap();
    let rows = sheet::rows(outline, entry, folds, 100);
    let texts = rows.iter().map(|row| {
        row.cells
            .iter()
            .map(|(text, _)| text.as_str())
            .collect::<String>()
    });
    texts.map(|text| text.trim_end().to_owned()).collect()
}

#[test]
fn operations_are_grouped_by_tag_and_references_followed() {
    let outline = outline("openapi", PAYMENTS).unwrap();
    assert_eq!(
        (
            outline.title.as_str(),
            outline.version.as_str(),
            outline.dialect.as_str()
        ),
        ("Payments", "2.4", "OpenAPI 3.0.3")
    );
    let groups: Vec<_> = outline
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    assert_eq!(groups, ["refunds", "payments", ""]);
    let post = &outline.groups[1].entries[0];
    assert_eq!(
        (post.verb.as_str(), post.name.as_str()),
        ("POST", "/payments/{id}")
    );
    assert_eq!(post.security, ["oauth (read, write)", "nothing"]);
    let parameters: Vec<_> = post
        .parameters
        .iter()
        .map(|p| (p.name.as_str(), p.shape.of.as_str()))
        .collect();
    assert_eq!(
        parameters,
        [
            ("Key", "a | b | c | d | e | f | g | h | … 1 more"),
            ("id", "string (uuid)")
        ]
    );
    assert_eq!(post.bodies[0].shape.target.as_deref(), Some("Payment"));
    assert_eq!(post.responses[0].status, "201");
    assert_eq!(post.responses[1].description, "It [31mfailed");
    let refunds = &outline.groups[0].entries[0];
    assert!(refunds.deprecated);
    assert_eq!(refunds.responses[0].contents[0].shape.of, "list of string");
}

#[test]
fn types_are_unfolded_merged_and_marked_where_they_go_in_circles() {
    let outline = outline("openapi", PAYMENTS).unwrap();
    assert_eq!(
        sheet_of(&outline, "takePayment", &sheet::Folds::open()),
        [
            "POST /payments/{id}",
            "Take a payment",
            "",
            "id        takePayment",
            "asks for  oauth (read, write), or nothing",
            "",
            "Parameters",
            "  Key  header  a | b | c | d | e | f | g | h | … 1 more",
            "* id   path    string (uuid)",
            "",
            "Body",
            " ▾ application/json  Payment",
            "     may be left out",
            "     id      string",
            "   ▾ card    Card  or null",
            "       number  string",
            "     bank    Account  in ./bank.yaml, which is not read",
            "     amount* integer  at least 1",
            "     parent  ↺ Payment",
            "",
            "Answers",
            "  201      Taken",
            "  default  It [31mfailed",
        ]
    );
}

#[test]
fn folds_open_and_close() {
    let outline = outline("openapi", PAYMENTS).unwrap();
    let mut folds = sheet::Folds::default();
    let lines = sheet_of(&outline, "takePayment", &folds);
    assert!(
        lines.contains(&"   ▸ card    Card  or null  1 field".to_owned()),
        "{lines:#?}"
    );
    folds.toggle(&[0, 0, 1]);
    folds.toggle(&[0, 0]);
    folds.toggle(&[0, 0]);
    let lines = sheet_of(&outline, "takePayment", &folds);
    assert!(
        lines.contains(&"       number  string".to_owned()),
        "{lines:#?}"
    );
}

#[test]
fn swagger_2_is_read_too() {
    let outline = outline(
        "openapi",
        r##"{"swagger": "2.0", "host": "acme.dev", "basePath": "/v1", "schemes": ["https"], "consumes": ["application/json"], "paths": {"/x": {"put": {
            "parameters": [{"name": "n", "in": "query", "type": "integer"},
                           {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Body"}}],
            "responses": {"200": {"description": "ok", "schema": {"type": "string"}}}}}},
            "definitions": {"Body": {"type": "object", "properties": {"a": {"type": "boolean"}}}}}"##,
    )
    .unwrap();
    assert_eq!(outline.dialect, "Swagger 2.0");
    assert_eq!(outline.servers, ["https://acme.dev/v1"]);
    let put = &outline.groups[0].entries[0];
    assert_eq!(put.parameters[0].shape.of, "integer");
    assert_eq!(
        (put.bodies[0].name.as_str(), put.bodies[0].shape.of.as_str()),
        ("application/json", "Body")
    );
    assert_eq!(put.responses[0].contents[0].shape.of, "string");
    assert_eq!(outline.types["Body"].shape.parts[0].name, "a");
}

#[test]
fn what_cannot_be_read_says_why_and_where() {
    let syntax = outline("openapi", "openapi: 3.0.0\ninfo: [x").unwrap_err();
    assert!(syntax.line().is_some_and(|line| line >= 2), "{syntax:?}");
    assert!(syntax.is_mistake());
    assert_eq!(
        outline("openapi", "hello: 3"),
        Err(OutlineError::Unversioned(Format::OpenApi))
    );
    assert_eq!(outline("grpc", " \n"), Err(OutlineError::Empty));
    assert_eq!(
        outline("library", "pip install acme"),
        Err(OutlineError::NotRead(Format::Other))
    );
    assert!(!OutlineError::NotRead(Format::Wsdl).is_mistake());
    assert_eq!(
        outline("openapi", &" ".repeat(MAX_DEFINITION + 1)),
        Err(OutlineError::TooLarge)
    );
    let json = outline("openapi", "{\"openapi\": \"3.0.0\",\n \"x\": ]}").unwrap_err();
    assert_eq!(json.line(), Some(2), "{json}");
}

#[test]
fn a_definition_counts_for_what_it_is() {
    let outline = outline("openapi", "asyncapi: 2.6.0\nchannels: {}").unwrap();
    assert_eq!(outline.format, Format::AsyncApi);
}

#[test]
fn references_that_go_in_circles_end() {
    let text = r##"
openapi: 3.1.0
paths:
  /x: { get: { parameters: [{ $ref: "#/components/parameters/A" }], responses: { 200: { $ref: "#/nowhere" } } } }
components: { parameters: { A: { $ref: "#/components/parameters/B" }, B: { $ref: "#/components/parameters/A" } } }
"##;
    assert_eq!(outline("openapi", text).unwrap().operations().count(), 1);
}

#[test]
fn entries_are_found_by_path_id_and_summary() {
    let outline = outline("openapi", PAYMENTS).unwrap();
    let found = |text: &str| {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        outline
            .operations()
            .filter(|entry| entry.matches(&words))
            .count()
    };
    assert_eq!(
        [
            "takepay",
            "refunds",
            "POST {id}",
            "take payment",
            "zebra",
            ""
        ]
        .map(found),
        [1, 1, 1, 1, 0, 3]
    );
    let post = &outline.groups[1].entries[0];
    assert!(
        ["takePayment", "/payments/{id}", "post /payments/{id}"]
            .iter()
            .all(|text| post.is_called(text))
    );
    assert!(!post.is_called("get /payments/{id}"));
}
