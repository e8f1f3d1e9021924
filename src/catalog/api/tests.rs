//! Documents as people write them.

use super::*;

#[test]
fn operations_are_grouped_by_tag_and_references_followed() {
    let outline = outline(
        r##"
openapi: 3.0.3
info: { title: Payments, version: 2.4 }
servers: [{ url: https://pay.acme.dev/v2 }]
tags: [{ name: refunds, description: Money back }]
paths:
  /payments/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
    post:
      tags: [payments]
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
    Key: { name: Key, in: header, schema: { enum: [a, b, c, d, e, f] } }
  responses:
    Sorry: { description: "It \u001b[31mfailed" }
"##,
    )
    .unwrap();
    assert_eq!(
        (outline.title.as_str(), outline.version.as_str()),
        ("Payments", "2.4")
    );
    let tags: Vec<_> = outline
        .groups
        .iter()
        .map(|group| group.tag.as_str())
        .collect();
    assert_eq!(tags, ["refunds", "payments", ""]);
    let post = &outline.groups[1].operations[0];
    assert_eq!(
        (post.method.as_str(), post.path.as_str()),
        ("POST", "/payments/{id}")
    );
    let parameters: Vec<_> = post
        .parameters
        .iter()
        .map(|p| (p.name.as_str(), p.schema.as_str()))
        .collect();
    assert_eq!(
        parameters,
        [("Key", "a | b | c | d | e | …"), ("id", "string (uuid)")]
    );
    assert_eq!(post.body[0].schema, "Payment");
    assert_eq!(post.responses[0].status, "201");
    assert_eq!(post.responses[1].description, "It [31mfailed");
    let refunds = &outline.groups[0].operations[0];
    assert!(refunds.deprecated);
    assert_eq!(refunds.responses[0].schema, "list of string");
}

#[test]
fn swagger_2_is_read_too() {
    let outline = outline(
        r#"{"swagger": "2.0", "host": "acme.dev", "basePath": "/v1", "paths": {"/x": {"put": {
            "parameters": [{"name": "n", "in": "query", "type": "integer"},
                           {"name": "b", "in": "body", "schema": {"$ref": "/definitions/Body"}}],
            "responses": {"200": {"description": "ok", "schema": {"type": "string"}}}}}}}"#,
    )
    .unwrap();
    assert_eq!(outline.servers, ["acme.dev/v1"]);
    let put = &outline.groups[0].operations[0];
    assert_eq!(put.parameters[0].schema, "integer");
    assert_eq!(put.body[0].schema, "Body");
    assert_eq!(put.responses[0].schema, "string");
}

#[test]
fn what_is_no_openapi_says_why() {
    assert!(matches!(
        outline("openapi: [x"),
        Err(OutlineError::Syntax(_))
    ));
    assert_eq!(outline("syntax = 3"), Err(OutlineError::NotOpenApi));
    assert_eq!(
        outline("asyncapi: 2.0.0\npaths: {}"),
        Err(OutlineError::NotOpenApi)
    );
    assert_eq!(
        outline(&" ".repeat(MAX_DEFINITION + 1)),
        Err(OutlineError::TooLarge)
    );
}

#[test]
fn references_that_go_in_circles_end() {
    let text = r##"
openapi: 3.1.0
paths:
  /x: { get: { parameters: [{ $ref: "#/components/parameters/A" }], responses: { 200: { $ref: "#/nowhere" } } } }
components: { parameters: { A: { $ref: "#/components/parameters/B" }, B: { $ref: "#/components/parameters/A" } } }
"##;
    assert_eq!(outline(text).unwrap().groups[0].operations.len(), 1);
}
