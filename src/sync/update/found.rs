//! The repositories that may have come from a template: those of entities that say so, those that runs of this machine made,
//! and, where that is wanted, all that the catalog knows.
//!
//! Which of them did, their own `.stagedoor-answers.yaml` tells.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use futures_util::{StreamExt, stream};

use crate::catalog::entity::SOURCE_LOCATION;
use crate::catalog::{Entity, EntityRef};
use crate::config::Source;
use crate::host::scm::ScmUrl;
use crate::host::{Address, HostError, work_tree_of};
use crate::scaffolder::journal;
use crate::scaffolder::memory::{FILE, Memory};
use crate::scaffolder::run::Thing;
use crate::scaffolder::update::{Target, UpdateError};
use crate::sync::outside::Hosts;
use crate::sync::{Manner, Session, facts, revision};

use super::{failed, of_sync, wait};

/// The annotation by which an entity says which template it was made from; `catalog:write` writes it.
const SOURCE_TEMPLATE: &str = "backstage.io/source-template";
/// How many hosts' files are asked for at once.
const AT_ONCE: usize = 8;

/// A repository that may have come from a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The repository.
    pub target: Target,
    /// The entity that it describes, where that led to it.
    pub entity: Option<EntityRef>,
    /// An address in it.
    address: Option<ScmUrl>,
}

/// The repositories that may have come from `template`, or from any; `everywhere` looks at all that the catalog knows.
pub fn candidates(
    session: &Session,
    hosts: &Hosts,
    template: Option<&EntityRef>,
    everywhere: bool,
) -> Result<Vec<Candidate>, UpdateError> {
    let mut found = BTreeMap::new();
    let wanted = template.map(ToString::to_string);
    let is_wanted = |named: &str| {
        let named = named.to_lowercase();
        wanted.as_deref().is_none_or(|wanted| named == wanted)
    };
    let visited = session.store.each_entity(|stored| {
        let entity = &stored.entity;
        let says = entity.annotation(SOURCE_TEMPLATE).is_some_and(is_wanted);
        if (says || everywhere)
            && let Some(candidate) = of_entity(session, entity)
        {
            found
                .entry(candidate.target.to_string())
                .or_insert(candidate);
        }
        ControlFlow::Continue(())
    });
    visited.map_err(failed)?;
    for record in journal::list(&session.runs) {
        if record.update.is_some() || !is_wanted(&record.template) {
            continue;
        }
        for made in record
            .made
            .iter()
            .filter(|made| made.kind == Thing::Repository && made.id.is_some())
        {
            use crate::scaffolder::outside::Outside as _;
            let Some(kind) = hosts.host_type(&made.host) else {
                continue;
            };
            let (host, name) = (made.host.clone(), made.name.clone());
            let target = Target::Hosted { kind, host, name };
            found
                .entry(target.to_string())
                .or_insert_with(|| Candidate {
                    target,
                    entity: None,
                    address: ScmUrl::of_remote(&made.url, "HEAD"),
                });
        }
    }
    Ok(found.into_values().collect())
}

/// The repository of `entity`.
fn of_entity(session: &Session, entity: &Entity) -> Option<Candidate> {
    let entity_ref = Some(entity.entity_ref.clone());
    if let Ok(at) = facts::repository(session, entity) {
        let written = [
            entity.annotation(SOURCE_LOCATION),
            Some(entity.provenance.location.as_str()),
        ];
        let address = written
            .into_iter()
            .flatten()
            .find_map(|text| ScmUrl::parse(text.strip_prefix("url:").unwrap_or(text)));
        return Some(Candidate {
            target: target(&at),
            entity: entity_ref,
            address,
        });
    }
    let Some(Address::Path(file)) = Address::parse(&entity.provenance.location) else {
        return None;
    };
    let (root, _) = work_tree_of(&file)?;
    Some(Candidate {
        target: Target::Folder(root),
        entity: entity_ref,
        address: None,
    })
}

/// The repository `at` a host as one that can be updated.
pub fn target(at: &facts::RepositoryAt) -> Target {
    Target::Hosted {
        kind: at.kind.key().to_owned(),
        host: at.host.clone(),
        name: at.name.clone(),
    }
}

/// What each of `candidates` remembers; `None` of one that remembers nothing. In their order.
pub fn remembered(
    session: &Session,
    candidates: &[Candidate],
) -> Result<Vec<Result<Option<Memory>, UpdateError>>, UpdateError> {
    wait(async {
        let connection = session.connect(&Source::Demo, Manner::Usual).await;
        let connection = &connection.map_err(of_sync)?;
        let asked = stream::iter(candidates).map(|candidate| async move {
            let bytes = match (&candidate.target, &candidate.address) {
                (Target::Folder(folder), _) => Ok(here(folder)),
                (_, Some(address)) => {
                    let at = Address::Url(address.with_path(FILE).to_string());
                    match connection.file(&at).await {
                        Ok(file) => Ok(Some(file.bytes.to_vec())),
                        Err(HostError::NotFound { .. }) => Ok(None),
                        Err(error) => Err(super::of_host(error)),
                    }
                }
                (Target::Hosted { .. }, None) => Ok(None),
            };
            let repository = candidate.target.to_string();
            match bytes? {
                None => Ok(None),
                Some(bytes) => Memory::read(&bytes)
                    .map(Some)
                    .map_err(|error| UpdateError::Memory { repository, error }),
            }
        });
        Ok(asked.buffered(AT_ONCE).collect().await)
    })?
}

/// What the repository in `folder` of this machine remembers at its newest commit.
fn here(folder: &Path) -> Option<Vec<u8>> {
    let text = revision::git(folder, &["show", &format!("HEAD:{FILE}")])?;
    Some(text.into_bytes())
}
