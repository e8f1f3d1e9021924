//! Who is "mine": a person and the groups they are in, directly or through a group's parents.

use crate::catalog::graph::groups_of;
use crate::catalog::{EntityRef, Index};

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

/// The identity of `me` in the catalog: with the groups that [`groups_of`] finds.
///
/// A person whom the catalog does not know has no groups, but is kept: they can still own things.
pub fn resolve(index: &Index, me: Option<&EntityRef>) -> Identity {
    Identity {
        me: me.cloned(),
        groups: me.map_or_else(Vec::new, |me| groups_of(index, me)),
    }
}
