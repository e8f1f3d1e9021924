//! Definitions that are no OpenAPI.

use super::sheet::Folds;
use super::*;

#[test]
fn asyncapi_2_hangs_operations_on_channels() {
    let outline = outline(
        "asyncapi",
        r##"
asyncapi: 2.6.0
info: { title: Parcels, version: 1.4.0 }
servers: { harbour: { url: "kafka.acme.dev:9093", protocol: kafka } }
channels:
  parcels.{region}.v1:
    parameters: { region: { description: Where, schema: { type: string } } }
    subscribe:
      operationId: onParcel
      message: { oneOf: [{ $ref: "#/components/messages/Moved" }, { name: Held, payload: { type: string } }] }
components:
  messages:
    Moved: { summary: It moved, headers: { properties: { trace: { type: string } } }, payload: { type: object, required: [code], properties: { code: { type: string } } } }
"##,
    )
    .unwrap();
    assert_eq!(outline.servers, ["kafka://kafka.acme.dev:9093"]);
    assert_eq!(
        sheet_of(&outline, "onParcel", &Folds::default()),
        [
            "SUBSCRIBE parcels.{region}.v1",
            "",
            "id        onParcel",
            "",
            "Parameters",
            "* region  channel string",
            "    Where",
            "",
            "Messages",
            " ▾ Moved  object",
            "     It moved",
            "     code* string",
            " ▾ Moved headers  object",
            "     trace  string",
            "   Held  string",
        ]
    );
}

#[test]
fn asyncapi_3_has_operations_of_its_own() {
    let outline = outline(
        "asyncapi",
        r##"
asyncapi: 3.0.0
info: { title: Lights, version: 1.0.0 }
servers: { prod: { host: "mqtt.acme.dev:1883", protocol: mqtt } }
channels:
  measured: { address: "lights/{id}/measured", messages: { lit: { $ref: "#/components/messages/Lit" } }, parameters: { id: { description: The lamp } } }
  replies: { address: null, messages: { ok: { payload: { type: boolean } } } }
operations:
  receiveMeasurement:
    action: receive
    channel: { $ref: "#/channels/measured" }
    summary: How bright it is
    messages: [{ $ref: "#/channels/measured/messages/lit" }]
    reply: { channel: { $ref: "#/channels/replies" } }
components:
  messages: { Lit: { payload: { schemaFormat: "application/schema+json", schema: { type: object, properties: { lumens: { type: integer } } } } } }
"##,
    )
    .unwrap();
    assert_eq!(outline.dialect, "AsyncAPI 3.0.0");
    assert_eq!(
        sheet_of(&outline, "receiveMeasurement", &Folds::default()),
        [
            "RECEIVE lights/{id}/measured",
            "How bright it is",
            "",
            "id        receiveMeasurement",
            "",
            "Parameters",
            "* id  channel string",
            "    The lamp",
            "",
            "Messages",
            " ▾ lit  object",
            "     lumens  integer",
            "",
            "Reply",
            "  the reply, on replies",
            "   ok  boolean",
        ]
    );
}

const SHOP: &str = r#"
schema { query: Root }
directive @cached(seconds: Int = 60) on FIELD_DEFINITION | OBJECT
"Where one begins."
type Root {
  """
  Looks a product up.
  By its code.
  """
  product(code: ID!, currency: Currency = EUR): Product
  all: [Product!]! @deprecated(reason: "Use search.")
}
type Product implements Node & Priced { id: ID!  like(first: Int): [Product!]!  currency: Currency }
interface Node { id: ID! }
enum Currency { EUR "Old money" DM @deprecated }
union Found = Product | Shop
input Filter { text: String = "all" }
scalar Money
extend type Root { shops: [Found] }
"#;

#[test]
fn graphql_lists_the_fields_of_its_roots_then_its_types() {
    let outline = outline("graphql", SHOP).unwrap();
    let names: Vec<String> = outline
        .groups
        .iter()
        .map(|group| {
            let names: Vec<_> = group
                .entries
                .iter()
                .map(|entry| entry.name.as_str())
                .collect();
            format!("{}: {}", group.name, names.join(", "))
        })
        .collect();
    assert_eq!(
        names,
        [
            "Queries: product, all, shops",
            "Directives: cached",
            "Types: Product",
            "Interfaces: Node",
            "Enums: Currency",
            "Unions: Found",
            "Inputs: Filter",
            "Scalars: Money",
        ]
    );
    assert_eq!(outline.faults, []);
    assert_eq!(
        outline
            .operations()
            .filter(|entry| entry.deprecated)
            .count(),
        1
    );
    assert_eq!(
        sheet_of(&outline, "product", &Folds::open()),
        [
            "QUERY product",
            "Looks a product up.",
            "",
            "By its code.",
            "",
            "Arguments",
            "* code      ID!",
            "  currency  Currency  default EUR",
            "      EUR",
            "      DM   deprecated",
            "        Old money",
            "",
            "Returns",
            " ▾ Product",
            "     id*       ID!",
            "     like*     ↺ [Product!]!  takes first: Int",
            "   ▾ currency  Currency",
            "       EUR",
            "       DM   deprecated",
            "         Old money",
        ]
    );
}

#[test]
fn a_mistake_in_graphql_costs_no_more_than_its_definition() {
    let outline = outline("graphql", "type Query { a: Int }\ntype { b }\nenum E { X }").unwrap();
    assert_eq!(outline.faults.first().map(|fault| fault.line), Some(2));
    let names: Vec<_> = outline.entries().map(|entry| entry.name.as_str()).collect();
    assert!(names.contains(&"a") && names.contains(&"E"), "{names:?}");
    let error = super::outline("graphql", "this is no schema at all").unwrap_err();
    assert_eq!(error.line(), Some(1));
}

const DISPATCH: &str = r#"
// Copyright Acme.

syntax = "proto3";
package acme.dispatch.v1;
import "google/protobuf/timestamp.proto";
option go_package = "acme.dev/dispatch";

// Gives parcels to couriers.
service Dispatch {
  // The round of a courier.
  rpc GetRound(GetRoundRequest) returns (Round) { option (google.api.http) = { get: "/v1/rounds" }; }
  rpc Watch(stream .acme.dispatch.v1.GetRoundRequest) returns (stream Round) { option deprecated = true; };
}
/* What is asked for. */
message GetRoundRequest { string courier = 1; reserved 2, 3; map<string, Round.Stop> stops = 4; }
message Round {
  message Stop { State state = 1 [deprecated = true]; enum State { OPEN = 0; DONE = 1; } oneof where { string street = 2; Round back = 3; } }
  repeated Stop stops = 1;
  google.protobuf.Timestamp end = 2;
}
"#;

#[test]
fn proto_lists_services_then_messages() {
    let outline = outline("grpc", DISPATCH).unwrap();
    assert_eq!(outline.faults, []);
    assert_eq!(
        (outline.title.as_str(), outline.dialect.as_str()),
        ("acme.dispatch.v1", "proto3")
    );
    let names: Vec<_> = outline
        .entries()
        .map(|entry| format!("{} {}", entry.verb, entry.name))
        .collect();
    assert_eq!(
        names,
        [
            "RPC GetRound",
            "RPC Watch",
            "message GetRoundRequest",
            "message Round",
            "message Round.Stop",
            "enum Round.Stop.State"
        ]
    );
    assert_eq!(
        sheet_of(&outline, "Watch", &Folds::open()),
        [
            "RPC Watch",
            "! deprecated",
            "",
            "id        acme.dispatch.v1.Dispatch/Watch",
            "",
            "Takes",
            " ▾ stream of .acme.dispatch.v1.GetRoundRequest",
            "     courier  string  = 1",
            "   ▾ stops    map of string to Round.Stop  = 4",
            "     ▾ state   State  = 1 · deprecated",
            "         OPEN  = 0",
            "         DONE  = 1",
            "       street  string  one of where · = 2",
            "     ▾ back    Round  one of where · = 3",
            "         stops  ↺ list of Stop  = 1",
            "         end    google.protobuf.Timestamp  = 2",
            "",
            "Returns",
            " ▾ stream of Round",
            "   ▾ stops  list of Stop  = 1",
            "     ▾ state   State  = 1 · deprecated",
            "         OPEN  = 0",
            "         DONE  = 1",
            "       street  string  one of where · = 2",
            "       back    ↺ Round  one of where · = 3",
            "     end    google.protobuf.Timestamp  = 2",
        ]
    );
}

#[test]
fn mistakes_in_proto_are_told_with_their_line() {
    let text = "syntax = \"proto3\";\nmessage A { string b 1; int32 c = 2; }\nnonsense here;\nservice S { rpc X(A) return (A); rpc Y(A) returns (A); }\nmessage Open {\n int32 d = 1;";
    let outline = outline("grpc", text).unwrap();
    let lines: Vec<usize> = outline.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 3, 4, 6]);
    assert_eq!(
        outline
            .operations()
            .map(|entry| entry.name.as_str())
            .collect::<Vec<_>>(),
        ["Y"]
    );
    assert_eq!(outline.types["A"].shape.parts[0].name, "c");
}

#[test]
fn json_schema_and_avro_list_their_types() {
    let schema = outline(
        "json-schema",
        r##"{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Order", "type": "object",
            "properties": {"id": {"type": ["string", "null"]}, "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}}},
            "$defs": {"Line": {"properties": {"sku": {"const": "x"}}}}}"##,
    )
    .unwrap();
    let whole = sheet_of(&schema, "Order", &Folds::open());
    assert_eq!(
        whole[3..],
        [
            "    id     string  or null",
            "  ▾ lines  list of Line",
            "      sku  x"
        ]
        .map(|line| line.get(2..).unwrap().to_owned())
    );
    let avro = outline(
        "avro",
        r#"{"type": "record", "name": "Moved", "doc": "It moved.", "fields": [{"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}, {"name": "by", "type": ["null", "string"], "default": null}]}"#,
    )
    .unwrap();
    let lines = sheet_of(&avro, "Moved", &Folds::open());
    assert!(
        lines.contains(&"  at* long (timestamp-millis)".to_owned()),
        "{lines:#?}"
    );
    assert!(
        lines.contains(&"  by  string  or null".to_owned()),
        "{lines:#?}"
    );
}

#[test]
fn formats_are_recognised_by_their_text() {
    for (text, format) in [
        ("openapi: 3.0.0", Format::OpenApi),
        ("# c\n\"openapi\": 3.0.0", Format::OpenApi),
        ("{\"asyncapi\": \"2.0.0\"}", Format::AsyncApi),
        ("<?xml version=\"1.0\"?><wsdl:definitions/>", Format::Wsdl),
        ("syntax = \"proto3\";", Format::Proto),
        ("type Query { a: Int }", Format::GraphQl),
        ("export const r = publicProcedure.query()", Format::Trpc),
        ("{\"type\": \"record\", \"fields\": []}", Format::Avro),
        ("npm install acme", Format::Other),
    ] {
        assert_eq!(Format::sniff(text), format, "{text}");
    }
    assert_eq!(language("openapi", " {}"), "json");
    assert_eq!(language("openapi", "openapi: 3"), "yaml");
}
