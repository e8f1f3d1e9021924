//! `catalog.providers.gitea` (`readGiteaConfigs`).

use super::{Provider, begin};
use crate::config::section::Section;
use crate::config::{ConfigError, HostKind};

/// One provider. There are no filters.
pub(super) fn read(id: Option<&str>, entry: &Section<'_>) -> Result<Provider, ConfigError> {
    let mut provider = begin(HostKind::Gitea, id, entry, "organization")?;
    provider.branch = entry.optional("branch")?;
    Ok(provider)
}
