//! What APIs offer, read from their definitions and kept so that operations are found by their words.

use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::catalog::Entity;
use crate::catalog::api::outline;
use crate::store::{ApiRow, Operation, Store, StoreError};

/// How long a command that only reads local files spends on definitions; the rest is read by the next sync.
pub(super) const MOMENT: Duration = Duration::from_millis(200);
/// How many definitions are read at a time: they may be large.
const AT_ONCE: usize = 64;

/// Reads the definitions that are new, until `deadline` where there is one. A definition that cannot be read offers
/// nothing; what is wrong with it is the linter's to say.
pub fn read(store: &Store, deadline: Option<Instant>) -> Result<(), StoreError> {
    while deadline.is_none_or(|deadline| Instant::now() < deadline) {
        let unread = store.unread_apis(AT_ONCE)?;
        if unread.is_empty() {
            break;
        }
        let read: Vec<(ApiRow, Vec<Operation>)> = unread
            .par_iter()
            .map(|(row, entity)| (*row, operations(entity)))
            .collect();
        store.put_operations(&read)?;
    }
    Ok(())
}

/// The operations of an API.
fn operations(api: &Entity) -> Vec<Operation> {
    let declared = api.spec_str("type").unwrap_or_default();
    let definition = api.spec_str("definition").unwrap_or_default();
    let Ok(outline) = outline(declared, definition) else {
        return Vec::new();
    };
    let operation = |entry: &crate::catalog::api::Entry| Operation {
        verb: entry.verb.clone(),
        name: entry.name.clone(),
        id: entry.id.clone(),
        summary: entry.summary.clone(),
        description: entry.description.clone(),
    };
    outline.operations().map(operation).collect()
}
