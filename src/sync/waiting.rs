//! The hosts that want to be left alone, remembered for other processes: for screens, and so that nobody asks them
//! without having been told to.

use std::time::SystemTime;

use crate::host::budget::Waiting;
use crate::store::StoreError;

use super::Session;

/// The note that remembers them.
const KEY: &str = "waiting";

/// The hosts that want to be left alone now, as this process heard or another one did.
pub fn waiting(session: &Session) -> Vec<Waiting> {
    let mut all = kept(session).unwrap_or_default();
    for (host, waiting) in session.budgets.states() {
        all.retain(|kept| kept.host != host);
        all.extend(waiting);
    }
    let now = SystemTime::now();
    all.retain(|waiting| waiting.until > now);
    all
}

/// Keeps what is waited for now.
pub(super) fn remember(session: &Session) -> Result<(), StoreError> {
    let now = waiting(session);
    if now.is_empty() && kept(session)?.is_empty() {
        return Ok(());
    }
    let note = serde_json::to_string(&now).unwrap_or_default();
    session.store.set_note(KEY, &note)
}

fn kept(session: &Session) -> Result<Vec<Waiting>, StoreError> {
    let note = session.store.note(KEY)?;
    Ok(note
        .and_then(|note| serde_json::from_str(&note).ok())
        .unwrap_or_default())
}
