//! Who is "mine": a person and the groups they are in, directly or through a group's parents.

use crate::catalog::index::Neighbor;
use crate::catalog::{EntityRef, Index, RelationType};

/// A person and their groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The person, where known.
    pub me: Option<EntityRef>,
    /// The groups they are a member of, nearest first, then those groups' parents.
    pub groups: Vec<EntityRef>,
}

impl Identity {
    /// Everyone who is "mine": the groups and the person.
    pub fn everyone(&self) -> impl Iterator<Item = &EntityRef> {
        self.me.iter().chain(&self.groups)
    }
}

/// The identity of `me` in the catalog: the groups by `memberOf`, then by `childOf` up to the root.
///
/// A person whom the catalog does not know has no groups, but is kept: they can still own things.
pub fn resolve(index: &Index, me: Option<&EntityRef>) -> Identity {
    let mut identity = Identity {
        me: me.cloned(),
        groups: Vec::new(),
    };
    let Some(person) = me else {
        return identity;
    };
    let mut wanted = RelationType::MemberOf;
    let mut level = vec![person.clone()];
    while !level.is_empty() {
        let mut next = Vec::new();
        for entity_ref in &level {
            for group in targets(index, entity_ref, wanted) {
                if !identity.groups.contains(&group) {
                    identity.groups.push(group.clone());
                    next.push(group);
                }
            }
        }
        level = next;
        wanted = RelationType::ChildOf;
    }
    identity
}

fn targets(index: &Index, entity_ref: &EntityRef, wanted: RelationType) -> Vec<EntityRef> {
    let Some(row) = index.row_of(entity_ref) else {
        return Vec::new();
    };
    index
        .relations(row)
        .filter(|(relation_type, _)| *relation_type == wanted)
        .filter_map(|(_, neighbor)| match neighbor {
            Neighbor::Entity(row) => index.entity_ref(row),
            Neighbor::Missing(text) => text.parse().ok(),
        })
        .collect()
}
