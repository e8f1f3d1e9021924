//! How far the repositories that came from a template are behind it. Counted are commits that touch the template's folder or
//! a folder that its steps name beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::EntityRef;
use crate::scaffolder::Template;
use crate::scaffolder::journal::{self, Record};
use crate::scaffolder::memory::Memory;
use crate::scaffolder::run::Status;
use crate::scaffolder::update::{Generated, UpdateError};
use crate::sync::Session;
use crate::sync::outside::Hosts;

use super::{Origin, candidates, remembered};

/// The repositories that came from `wanted`, or from any template, those farthest behind first; `everywhere` looks into
/// every repository that the catalog knows. Hosts are asked.
pub fn generated(
    session: &Arc<Session>,
    hosts: &Hosts,
    wanted: Option<&EntityRef>,
    everywhere: bool,
) -> Result<Vec<Generated>, UpdateError> {
    let found = candidates(session, hosts, wanted, everywhere)?;
    let memories = remembered(session, &found)?;
    let records = journal::list(&session.runs);
    let mut origins = BTreeMap::new();
    let mut counts = BTreeMap::new();
    let mut all = Vec::new();
    for (candidate, memory) in found.into_iter().zip(memories) {
        let mut one = Generated {
            repository: candidate.target.to_string(),
            entity: candidate.entity,
            template: wanted.map(ToString::to_string).unwrap_or_default(),
            revisions: None,
            behind: None,
            proposed: None,
            error: None,
        };
        match memory {
            Ok(None) if everywhere => continue,
            Ok(None) => {}
            Ok(Some(memory)) => {
                let name = memory.template.clone();
                if wanted.is_some_and(|wanted| wanted.to_string() != name) {
                    continue;
                }
                one.template.clone_from(&name);
                let origin = origins
                    .entry(name.clone())
                    .or_insert_with(|| origin(session, &name));
                let standing = origin.as_ref().map_err(Clone::clone).and_then(|origin| {
                    let old = memory.revision.commit.clone();
                    one.revisions = Some((old.clone(), origin.now.commit.clone()));
                    let count = counts.entry((name, old));
                    count.or_insert_with(|| behind(origin, &memory)).clone()
                });
                if let Some((_, newest)) = &one.revisions {
                    one.proposed = proposed(&records, &one.repository, newest);
                }
                match standing {
                    Ok(behind) => one.behind = behind,
                    Err(error) => one.error = Some(error),
                }
            }
            Err(error) => one.error = Some(error.to_string()),
        }
        all.push(one);
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.behind));
    Ok(all)
}

/// Where an update of `repository` to `newest` was proposed.
fn proposed(records: &[Record], repository: &str, newest: &str) -> Option<String> {
    let is_it = |record: &&Record| {
        let wish = record.update.as_ref().filter(|wish| {
            wish.target.to_string() == repository && wish.to.as_deref() == Some(newest)
        });
        wish.is_some() && record.status == Some(Status::Completed)
    };
    let record = records.iter().find(is_it)?;
    let said = |key: &str| {
        let mut steps = record.steps.iter();
        steps.find_map(|step| step.output.get(key)?.as_str().map(str::to_owned))
    };
    said("url").or_else(|| said("branch"))
}

fn behind(origin: &Origin, memory: &Memory) -> Result<Option<usize>, String> {
    if memory.revision.repository != origin.now.repository {
        return Ok(None);
    }
    let behind = origin.behind(&memory.revision.commit);
    behind.map_err(|error| error.to_string())
}

/// Where the template `name` of the catalog is kept.
fn origin(session: &Arc<Session>, name: &str) -> Result<Origin, String> {
    let entity_ref: EntityRef = name
        .parse()
        .map_err(|_| format!("{name} is no reference"))?;
    let stored = session.store.entity(&entity_ref).ok().flatten();
    let stored = stored.ok_or_else(|| format!("{name} is not in your catalog"))?;
    let template = Template::read(&stored.entity).map_err(|error| error.to_string())?;
    Origin::find(session, &template).map_err(|error| error.to_string())
}
