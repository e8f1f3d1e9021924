//! Whom the `CODEOWNERS` of an entity's repository names: read along with its descriptor, kept beside the entity, and told
//! where `spec.owner` leads nowhere. A Backstage knows nothing of it.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use serde_json::Value;

use super::reader::HostReader;
use super::together::Part;
use crate::catalog::codeowners::{CodeOwners, Dialect, PATHS};
use crate::catalog::entity_ref::DEFAULT_NAMESPACE;
use crate::catalog::{Entity, EntityRef, Kind, Packed, Problem, RelationType, Rule};
use crate::host::scm::ScmUrl;
use crate::ingest::{Ingested, Location, LocationType, Reader};
use crate::store::{Store, StoreError, StoredEntity};

/// How the files of a source's repositories are come by.
#[derive(Debug, Default)]
pub(super) enum Known {
    /// They are not: each would be a request.
    #[default]
    Nothing,
    /// They lie beside the descriptors, on this machine.
    AtHand,
    /// Brought with the descriptors, by the addresses of their repositories.
    Brought(HashMap<String, CodeOwners>),
}

/// Notes beside each of the entities whom its repository names for the folder it is described in.
pub(super) fn attach(ingested: &mut Ingested, parts: &[(&Part, HostReader<'_>)]) {
    let mut read = HashMap::new();
    for ingested in &mut ingested.entities {
        let entity = &mut ingested.entity;
        if !may_have_owner(entity) {
            continue;
        }
        let source = &entity.provenance.source;
        let Some((part, reader)) = parts.iter().find(|(part, _)| part.source == *source) else {
            continue;
        };
        let found = owners_of(
            &entity.provenance.location,
            &part.code_owners,
            reader,
            &mut read,
        );
        entity.provenance.code_owners = found.unwrap_or_default();
    }
    suggest(ingested);
}

/// Whether `spec.owner` means something for entities of its kind.
fn may_have_owner(entity: &Packed) -> bool {
    !matches!(
        Kind::parse(entity.entity_ref.kind()),
        Kind::User | Kind::Group | Kind::Location
    )
}

/// Whom the repository of the file at `location` names; `read` holds the files that were looked at already.
fn owners_of(
    location: &str,
    known: &Known,
    reader: &HostReader<'_>,
    read: &mut HashMap<String, Option<CodeOwners>>,
) -> Option<Vec<String>> {
    let place = match location.split_once(':')? {
        ("file", path) => at_path(Path::new(path))?,
        (_, url) => at_url(url)?,
    };
    let owners = match known {
        Known::Nothing => return None,
        Known::Brought(brought) => brought.get(&place.repository)?,
        Known::AtHand => read
            .entry(place.repository.clone())
            .or_insert_with(|| at_hand(&place, reader))
            .as_ref()?,
    };
    let named = owners.of_folder(&place.folder).into_iter();
    Some(named.map(str::to_owned).collect())
}

/// Where a descriptor stands in its repository.
struct InRepository {
    /// The repository: its web address, or its folder.
    repository: String,
    /// The folder in it, without slashes at its ends.
    folder: String,
    descriptor: Location,
    /// The address of its root, with a slash at the end.
    root: String,
    dialect: Dialect,
}

fn at_path(path: &Path) -> Option<InRepository> {
    let tree = path
        .ancestors()
        .skip(1)
        .find(|dir| dir.join(".git").exists())?;
    let folder = path.parent()?.strip_prefix(tree).ok()?;
    let root = tree.to_str()?;
    Some(InRepository {
        repository: root.to_owned(),
        folder: folder.to_str()?.to_owned(),
        descriptor: Location::file(path.to_str()?),
        root: format!("{root}/"),
        dialect: Dialect::Github,
    })
}

fn at_url(url: &str) -> Option<InRepository> {
    let at = ScmUrl::parse(url)?;
    let folder = at.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let dialect = if at.infix.starts_with("/-/") {
        Dialect::Gitlab
    } else {
        Dialect::Github
    };
    Some(InRepository {
        repository: at.repository_url(),
        folder: folder.to_owned(),
        descriptor: Location::url(url),
        root: at.with_path("").to_string(),
        dialect,
    })
}

/// The first `CODEOWNERS` of a repository that is read where it lies.
fn at_hand(place: &InRepository, reader: &HostReader<'_>) -> Option<CodeOwners> {
    let is_local = place.descriptor.location_type == LocationType::File;
    PATHS.into_iter().find_map(|path| {
        let target = format!("{}{path}", place.root);
        // What is not there is not asked for: the reader would take note of it.
        if is_local && !Path::new(&target).is_file() {
            return None;
        }
        let file = reader.read(&place.descriptor, &target).ok()?;
        let text = String::from_utf8_lossy(&file.bytes);
        let dialect = match path {
            ".gitlab/CODEOWNERS" => Dialect::Gitlab,
            _ => place.dialect,
        };
        Some(CodeOwners::parse(&text, dialect))
    })
}

/// Adds to each finding about an owner that is missing or leads nowhere whom `CODEOWNERS` names, and the entity that is
/// meant where it is among those at hand.
fn suggest(ingested: &mut Ingested) {
    let is_about_owner = |problem: &Problem| match problem.rule {
        Rule::DanglingReference => problem.message.starts_with("spec.owner "),
        Rule::KindSchema => problem.message == "spec.owner is missing",
        _ => false,
    };
    let hinted: HashMap<EntityRef, Vec<String>> = ingested
        .entities
        .iter()
        .map(|it| &it.entity)
        .filter(|entity| !entity.provenance.code_owners.is_empty())
        .map(|entity| {
            (
                entity.entity_ref.clone(),
                entity.provenance.code_owners.clone(),
            )
        })
        .collect();
    let about = |problem: &Problem| {
        let entity = problem
            .entity
            .as_ref()
            .filter(|_| is_about_owner(problem))?;
        hinted.get(entity)
    };
    if hinted.is_empty() || !ingested.problems.iter().any(|it| about(it).is_some()) {
        return;
    }
    let people: Vec<Entity> = ingested
        .entities
        .iter()
        .filter(|it| is_somebody(&it.entity.entity_ref))
        .map(|it| it.entity.unpack())
        .collect();
    for problem in &mut ingested.problems {
        let Some(named) = about(problem) else {
            continue;
        };
        let meant = named.iter().find_map(|handle| {
            let mut found = people.iter().filter_map(|it| Some((fit(it, handle)?, it)));
            let first = found.by_ref().min_by_key(|(fit, _)| *fit);
            first.map(|(_, entity)| entity.entity_ref.clone())
        });
        let own = problem
            .entity
            .as_ref()
            .map_or(DEFAULT_NAMESPACE, EntityRef::namespace);
        let text = meant.map(|meant| written(&meant, own));
        if problem.suggestion.is_none() {
            problem.suggestion = text.map(|text| match problem.rule {
                Rule::KindSchema => format!("owner: {text}"),
                _ => text,
            });
        }
        let names = named.join(", ");
        problem.message.push_str("; CODEOWNERS names ");
        problem.message.push_str(&names);
    }
}

/// `meant` as `spec.owner` of an entity in the namespace `own` would name it.
fn written(meant: &EntityRef, own: &str) -> String {
    let name = if meant.namespace() == own {
        meant.name().to_owned()
    } else {
        format!("{}/{}", meant.namespace(), meant.name())
    };
    match meant.kind() {
        "group" => name,
        kind => format!("{kind}:{name}"),
    }
}

fn is_somebody(entity: &EntityRef) -> bool {
    matches!(Kind::parse(entity.kind()), Kind::User | Kind::Group)
}

/// How an entity is somebody's: the lower the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// An annotation, or its address, says so.
    Said,
    /// It has the name.
    Named,
}

/// Whether `entity`, a user or group, is whom `CODEOWNERS` calls `handle`: by the annotations that the providers of hosts
/// write, else by its name.
fn fit(entity: &Entity, handle: &str) -> Option<Fit> {
    let Some(path) = handle.strip_prefix('@') else {
        let email = entity.body.pointer("/spec/profile/email");
        let email = email.and_then(Value::as_str);
        return email
            .is_some_and(|email| email.eq_ignore_ascii_case(handle))
            .then_some(Fit::Said);
    };
    let annotations = entity.body.pointer("/metadata/annotations");
    let annotations = annotations.and_then(Value::as_object).into_iter().flatten();
    let is_user = Kind::parse(entity.entity_ref.kind()) == Kind::User;
    let mut said = annotations.filter_map(|(key, value)| {
        let value = value.as_str()?;
        match (key.rsplit_once('/')?.1, is_user) {
            // GitLab's is the address of a page.
            ("user-login", true) => value.rsplit('/').next(),
            ("team-slug" | "team-path", false) => Some(value),
            _ => None,
        }
    });
    if let Some(said) = said.next() {
        return said.eq_ignore_ascii_case(path).then_some(Fit::Said);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_named = entity.entity_ref.name().eq_ignore_ascii_case(name);
    (is_named && is_user != path.contains('/')).then_some(Fit::Named)
}

/// Whom `CODEOWNERS` names for `stored`, each with the user or group that it is, where its `spec.owner` leads nowhere.
pub fn hints(
    store: &Store,
    stored: &StoredEntity,
) -> Result<Vec<(String, Option<EntityRef>)>, StoreError> {
    let named = &stored.entity.provenance.code_owners;
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let own = &stored.entity.entity_ref;
    for relation in &stored.relations {
        let is_owner = relation.relation_type == RelationType::OwnedBy && relation.source == *own;
        if is_owner && store.entity(&relation.target)?.is_some() {
            return Ok(Vec::new());
        }
    }
    let mut best: Vec<Option<(Fit, EntityRef)>> = vec![None; named.len()];
    for kind in ["group", "user"] {
        store.each_of_kind(kind, |entity| {
            for (handle, best) in named.iter().zip(&mut best) {
                if let Some(fit) = fit(&entity, handle)
                    && best.as_ref().is_none_or(|(known, _)| fit < *known)
                {
                    *best = Some((fit, entity.entity_ref.clone()));
                }
            }
            ControlFlow::Continue(())
        })?;
    }
    let found = named.iter().cloned().zip(best);
    Ok(found
        .map(|(handle, best)| (handle, best.map(|(_, it)| it)))
        .collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entity(kind: &str, name: &str, annotations: &Value) -> Entity {
        Entity {
            entity_ref: EntityRef::new(kind, "default", name),
            body: json!({
                "kind": kind,
                "metadata": { "name": name, "annotations": annotations },
                "spec": { "profile": { "email": "team@acme.dev" } },
            }),
            provenance: crate::catalog::Provenance::default(),
        }
    }

    #[test]
    fn handles_are_found_by_annotation_then_by_name() {
        let said = entity(
            "Group",
            "money",
            &json!({ "github.com/team-slug": "acme/payments" }),
        );
        let named = entity("Group", "payments", &json!({}));
        let other = entity(
            "Group",
            "payments",
            &json!({ "github.com/team-slug": "beta/payments" }),
        );
        let jane = entity(
            "User",
            "jane",
            &json!({ "git.dev/user-login": "https://git.dev/Jane" }),
        );
        let cases = [
            (&said, "@Acme/payments", Some(Fit::Said)),
            (&named, "@acme/payments", Some(Fit::Named)),
            (&other, "@acme/payments", None),
            (&named, "@payments", None),
            (&jane, "@jane", Some(Fit::Said)),
            (&jane, "@acme/jane", None),
            (&said, "TEAM@acme.dev", Some(Fit::Said)),
        ];
        for (entity, handle, expected) in cases {
            assert_eq!(
                fit(entity, handle),
                expected,
                "{} {handle}",
                entity.entity_ref
            );
        }
        let meant = EntityRef::new("user", "x", "jane");
        assert_eq!(written(&meant, "default"), "user:x/jane");
    }
}
