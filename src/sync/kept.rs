//! Texts of files that are kept already, for a look at them without asking any host.

use crate::catalog::EntityRef;
use crate::host::{Address, demo, git};

use super::Session;

/// The text at the address `url`: of the demo, or of the file on a host that describes `entity`, as it was when it was
/// read. `None` where nothing is kept of it.
pub fn text(session: &Session, url: &str, entity: Option<&EntityRef>) -> Option<Vec<u8>> {
    if let Some(path) = demo::path(&Address::Url(url.to_owned())) {
        return Some(demo::FILES.get_file(path)?.contents().to_vec());
    }
    let stored = session.store.entity(entity?).ok()??;
    let provenance = stored.entity.provenance;
    if provenance.location.strip_prefix("url:") != Some(url) {
        return None;
    }
    let oid = provenance.blob?;
    let text = session.store.blob(&oid).ok().flatten();
    text.or_else(|| git::kept_text(&session.dir.join("git"), &oid))
}
