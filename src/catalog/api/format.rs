//! The formats of definitions, and how they are recognised: by the API's `spec.type`, else by what stands in them.

use serde::Serialize;
use serde_json::Value;

/// How much of a text is looked at to recognise it, in bytes.
const SNIFFED: usize = 8 << 10;

/// A format of definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// OpenAPI 3 and Swagger 2.
    #[serde(rename = "openapi")]
    OpenApi,
    /// AsyncAPI 2 and 3.
    #[serde(rename = "asyncapi")]
    AsyncApi,
    /// GraphQL's schema language.
    #[serde(rename = "graphql")]
    GraphQl,
    /// Protocol Buffers, as gRPC uses them.
    Proto,
    /// JSON Schema.
    JsonSchema,
    /// Apache Avro.
    Avro,
    /// Web services of the SOAP kind.
    Wsdl,
    /// tRPC routers, in TypeScript.
    Trpc,
    /// A server of the Model Context Protocol.
    Mcp,
    /// Anything else.
    Other,
}

impl Format {
    /// The format that an API's `spec.type` stands for; `None` where only its definition can tell.
    pub fn declared(spec_type: &str) -> Option<Self> {
        Some(match spec_type.to_ascii_lowercase().as_str() {
            "openapi" | "swagger" => Self::OpenApi,
            "asyncapi" => Self::AsyncApi,
            "graphql" => Self::GraphQl,
            "grpc" | "proto" | "protobuf" => Self::Proto,
            "json-schema" | "jsonschema" => Self::JsonSchema,
            "avro" => Self::Avro,
            "wsdl" | "soap" => Self::Wsdl,
            "trpc" => Self::Trpc,
            "mcp" | "mcp-server" => Self::Mcp,
            _ => return None,
        })
    }

    /// The format that a text looks like.
    pub fn sniff(definition: &str) -> Self {
        let end = (0..=SNIFFED.min(definition.len()))
            .rev()
            .find(|at| definition.is_char_boundary(*at));
        let text = definition
            .get(..end.unwrap_or(0))
            .unwrap_or_default()
            .trim_start();
        let has_line = |starts: &[&str]| {
            let mut lines = text.lines().map(str::trim_start);
            lines.any(|line| starts.iter().any(|start| line.starts_with(start)))
        };
        if text.starts_with('<') {
            return if text.contains("definitions") {
                Self::Wsdl
            } else {
                Self::Other
            };
        }
        if text.starts_with(['{', '[']) {
            return if text.contains("\"asyncapi\"") {
                Self::AsyncApi
            } else if text.contains("\"openapi\"") || text.contains("\"swagger\"") {
                Self::OpenApi
            } else if text.contains("\"record\"") {
                Self::Avro
            } else if text.contains("\"$schema\"") || text.contains("\"properties\"") {
                Self::JsonSchema
            } else {
                Self::Other
            };
        }
        if has_line(&["openapi:", "swagger:", "\"openapi\":", "'openapi':"]) {
            Self::OpenApi
        } else if has_line(&["asyncapi:"]) {
            Self::AsyncApi
        } else if has_line(&["$schema:"]) {
            Self::JsonSchema
        } else if has_line(&["syntax = \"proto", "syntax=\"proto", "rpc ", "message "]) {
            Self::Proto
        } else if text.contains("initTRPC") || text.contains("publicProcedure") {
            Self::Trpc
        } else if text.contains('{')
            && has_line(&[
                "type Query",
                "type Mutation",
                "schema {",
                "extend type ",
                "directive @",
                "scalar ",
            ])
        {
            Self::GraphQl
        } else {
            Self::Other
        }
    }

    /// The format of a document that was read as data.
    pub(super) fn of_document(root: &Value) -> Option<Self> {
        let has = |key: &str| root.get(key).is_some_and(|value| !value.is_null());
        if has("openapi") || has("swagger") {
            Some(Self::OpenApi)
        } else if has("asyncapi") {
            Some(Self::AsyncApi)
        } else if has("namespace") && has("fields") || has("symbols") || is(root, "record") {
            Some(Self::Avro)
        } else if [
            "$schema",
            "properties",
            "$defs",
            "definitions",
            "allOf",
            "oneOf",
        ]
        .into_iter()
        .any(has)
        {
            Some(Self::JsonSchema)
        } else {
            None
        }
    }

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::OpenApi => "OpenAPI",
            Self::AsyncApi => "AsyncAPI",
            Self::GraphQl => "GraphQL",
            Self::Proto => "Protocol Buffers",
            Self::JsonSchema => "JSON Schema",
            Self::Avro => "Avro",
            Self::Wsdl => "WSDL",
            Self::Trpc => "tRPC",
            Self::Mcp => "MCP",
            Self::Other => "this type",
        }
    }

    /// What makes a document one of this format.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::OpenApi => "begin it with `openapi: 3.1.0`, or give the API the type that it is",
            Self::AsyncApi => {
                "begin it with `asyncapi: 3.0.0`, or give the API the type that it is"
            }
            _ => "give the API the type that its definition is",
        }
    }

    /// Whether a mistake in a definition of this format can be told from another format.
    pub fn is_checked(self) -> bool {
        matches!(
            self,
            Self::OpenApi | Self::AsyncApi | Self::GraphQl | Self::Proto
        )
    }
}

/// The language in which a definition is coloured.
pub fn language(declared: &str, definition: &str) -> &'static str {
    let is_json = definition.trim_start().starts_with(['{', '[']);
    match Format::declared(declared).unwrap_or_else(|| Format::sniff(definition)) {
        Format::GraphQl => "graphql",
        Format::Proto => "proto",
        Format::Wsdl => "xml",
        Format::Trpc => "typescript",
        _ if is_json => "json",
        Format::Other if definition.trim_start().starts_with('<') => "xml",
        Format::Other => "text",
        _ => "yaml",
    }
}

fn is(root: &Value, of: &str) -> bool {
    root.get("type").and_then(Value::as_str) == Some(of)
}
