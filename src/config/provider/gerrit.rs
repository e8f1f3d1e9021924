//! `catalog.providers.gerrit` (`readGerritConfigs`).

use super::{Provider, begin};
use crate::config::section::Section;
use crate::config::{ConfigError, HostKind};

/// What a Gerrit is asked for unless it is told otherwise.
pub(crate) const ACTIVE: &str = "state=ACTIVE";

/// One provider. Whose projects are asked is a query here, with all its parameters.
pub(super) fn read(id: Option<&str>, entry: &Section<'_>) -> Result<Provider, ConfigError> {
    let mut provider = begin(HostKind::Gerrit, id, entry, "host")?;
    let query = entry.optional("query")?;
    provider.owner = query.unwrap_or_else(|| ACTIVE.to_owned());
    provider.branch = entry.optional("branch")?;
    Ok(provider)
}
