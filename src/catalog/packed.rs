//! An entity at rest: small, and ready to be written.

use serde_json::Value;

use super::{Entity, EntityRef, Provenance};

/// An entity whose body is kept as text. A tree of values takes some ten times as much memory, so whoever holds a whole
/// catalog holds these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Its identity.
    pub entity_ref: EntityRef,
    /// Where it came from.
    pub provenance: Provenance,
    body: Box<str>,
}

impl Packed {
    /// How deep a body may be nested: JSON that is deeper is not read back.
    pub const MAX_DEPTH: usize = 127;

    /// The body as JSON on one line.
    pub fn json(&self) -> &str {
        &self.body
    }

    /// The body as values; null if it was nested more than [`Packed::MAX_DEPTH`] deep.
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The entity as it was packed.
    pub fn unpack(&self) -> Entity {
        Entity {
            entity_ref: self.entity_ref.clone(),
            body: self.body(),
            provenance: self.provenance.clone(),
        }
    }
}

impl From<Entity> for Packed {
    fn from(entity: Entity) -> Self {
        Self {
            body: serde_json::to_string(&entity.body)
                .unwrap_or_default()
                .into(),
            entity_ref: entity.entity_ref,
            provenance: entity.provenance,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entity(body: Value) -> Entity {
        Entity {
            entity_ref: EntityRef::new("component", "default", "a"),
            body,
            provenance: Provenance::default(),
        }
    }

    #[test]
    fn what_is_packed_is_unpacked_with_its_keys_in_order() {
        let body =
            json!({"kind": "Component", "b": [1, -2.5, null, true], "a": {"é\n": "\u{2028}\""}});
        let packed = Packed::from(entity(body));
        assert_eq!(
            packed.json(),
            "{\"kind\":\"Component\",\"b\":[1,-2.5,null,true],\"a\":{\"é\\n\":\"\u{2028}\\\"\"}}"
        );
        assert_eq!(Packed::from(packed.unpack()), packed);
    }

    #[test]
    fn the_greatest_depth_is_read_back() {
        let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        let body = nested(Packed::MAX_DEPTH);
        assert_eq!(Packed::from(entity(body.clone())).body(), body);
        let deeper = nested(Packed::MAX_DEPTH + 1);
        assert_eq!(Packed::from(entity(deeper)).body(), Value::Null);
    }
}
