//! An entity as its author wrote it, and where it came from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::entity_ref::{DEFAULT_NAMESPACE, EntityRef, RefContext};
use super::kind::Kind;

/// The annotation that says where an entity's docs are.
pub const TECHDOCS_REF: &str = "backstage.io/techdocs-ref";
/// The annotation that says that another entity's docs are shown.
pub const TECHDOCS_ENTITY: &str = "backstage.io/techdocs-entity";
/// The annotation that names the folder of architecture decision records.
pub const ADR_LOCATION: &str = "backstage.io/adr-location";
/// The annotation that says which page of these docs opens first.
pub const TECHDOCS_ENTITY_PATH: &str = "backstage.io/techdocs-entity-path";
/// The annotation that names the folder of an entity's source.
pub const SOURCE_LOCATION: &str = "backstage.io/source-location";

/// One entity: its body as read (placeholders replaced, the default namespace filled in) and where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Its identity.
    pub entity_ref: EntityRef,
    /// `apiVersion`, `kind`, `metadata` and `spec`, with keys in their order. Text in it has been cleaned.
    pub body: Value,
    /// Where it came from.
    pub provenance: Provenance,
}

/// Where an entity came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// The configured source, as its user would name it on the command line: `./catalog`, `github:acme`.
    pub source: String,
    /// The file it was read from, in Backstage's form: `file:/abs/path` or `url:https://…`.
    pub location: String,
    /// The root location that led there, in the same form.
    pub origin: String,
    /// The line in that file at which the document begins; counts from 1, 0 where unknown.
    pub line: u32,
    /// The Git object id of the file's content, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
    /// The commit it was read at, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether a Backstage with the same locations would not show it: for what is wrong with it, its file, or the Location
    /// that leads there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// Whether a Backstage would not even come upon it, so that with it another description of the entity would count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unseen: bool,
    /// Whether it comes from a running Backstage, which has processed it already: its annotations are those that the
    /// Backstage wrote, and stay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub processed: bool,
    /// Whom the repository's `CODEOWNERS` names for the folder of the file, as written there: a hint, which no Backstage
    /// knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code_owners: Vec<String>,
    /// How many Locations lead there from the root. Of several descriptions Backstage comes upon the least deep one first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub depth: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde asks for"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// One of `metadata.links`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// Where it leads.
    pub url: &'a str,
    /// What to call it: its title, else its address.
    pub title: &'a str,
}

impl Entity {
    /// The kind, of Backstage's own or [`Kind::Other`].
    pub fn kind(&self) -> Kind {
        Kind::parse(self.entity_ref.kind())
    }

    /// The kind as written.
    pub fn kind_name(&self) -> &str {
        self.body
            .get("kind")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The name as written; equal to the reference's but for case.
    pub fn name(&self) -> &str {
        self.metadata("name")
            .unwrap_or_else(|| self.entity_ref.name())
    }

    /// The title, where it has one.
    pub fn title(&self) -> Option<&str> {
        self.metadata("title").filter(|title| !title.is_empty())
    }

    /// What to call it on a screen: its title, else its name.
    pub fn display_name(&self) -> &str {
        self.title()
            .or_else(|| self.profile_name())
            .unwrap_or_else(|| self.name())
    }

    fn profile_name(&self) -> Option<&str> {
        self.body
            .pointer("/spec/profile/displayName")
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty())
    }

    /// The description, where it has one.
    pub fn description(&self) -> Option<&str> {
        self.metadata("description")
            .filter(|text| !text.trim().is_empty())
    }

    /// The text at `metadata.<key>`.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.body.get("metadata")?.get(key)?.as_str()
    }

    /// The value at `spec.<key>`.
    pub fn spec(&self, key: &str) -> Option<&Value> {
        self.body.get("spec")?.get(key)
    }

    /// The text at `spec.<key>`.
    pub fn spec_str(&self, key: &str) -> Option<&str> {
        self.spec(key)?.as_str()
    }

    /// The annotation named `key`.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.body
            .get("metadata")?
            .get("annotations")?
            .get(key)?
            .as_str()
    }

    /// The tags, in their order.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.metadata_array("tags").iter().filter_map(Value::as_str)
    }

    /// The links that have a `url`.
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        self.metadata_array("links").iter().filter_map(|link| {
            let url = link.get("url")?.as_str()?;
            let title = link
                .get("title")
                .and_then(Value::as_str)
                .filter(|title| !title.is_empty())
                .unwrap_or(url);
            Some(Link { url, title })
        })
    }

    /// The owner, as a reference: a group where the author named no kind.
    pub fn owner(&self) -> Option<EntityRef> {
        let context = RefContext {
            kind: Some("group"),
            namespace: self.entity_ref.namespace(),
        };
        EntityRef::parse(self.spec_str("owner")?, context).ok()
    }

    /// Whether it says where its docs or its decision records are.
    pub fn has_docs(&self) -> bool {
        [TECHDOCS_REF, TECHDOCS_ENTITY, ADR_LOCATION]
            .iter()
            .any(|name| self.annotation(name).is_some())
    }

    /// The namespace as written, `default` where it names none.
    pub fn namespace(&self) -> &str {
        self.metadata("namespace").unwrap_or(DEFAULT_NAMESPACE)
    }

    fn metadata_array(&self, key: &str) -> &[Value] {
        self.body
            .get("metadata")
            .and_then(|m| m.get(key))
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }
}
