//! Entities, read back whole.

use std::collections::HashSet;
use std::ops::ControlFlow;

use rusqlite::{Connection, Row, params};

use super::error::Fault;
use super::record::sum;
use super::{Store, StoreError, doubles, problems, refs};
use crate::catalog::{Entity, EntityRef, Problem, Relation, RelationType};

/// An entity with all that the record holds about it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEntity {
    /// The entity.
    pub entity: Entity,
    /// The relations shown at it, whoever states them, sorted by type, then target.
    pub relations: Vec<Relation>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// True of an entity `e` that another source, which comes before its own, has too.
pub(super) const IS_SHADOWED: &str = "EXISTS (
    SELECT 1 FROM entity o JOIN source mine ON mine.id = e.source JOIN source other ON other.id = o.source
    WHERE o.ref = e.ref AND (other.position, other.id) < (mine.position, mine.id))";

impl Store {
    /// The entity with this reference.
    pub fn entity(&self, entity_ref: &EntityRef) -> Result<Option<StoredEntity>, StoreError> {
        self.read(|tx| match refs::find(tx, entity_ref)? {
            Some(id) => by_ref(tx, id),
            None => Ok(None),
        })
    }

    /// Hands the entities of `kind`, in lower case, to `visit`, ordered by reference, until it breaks.
    pub fn each_of_kind(
        &self,
        kind: &str,
        mut visit: impl FnMut(Entity) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.read_apart(|tx| {
            let mut statement = tx.prepare(&format!(
                "SELECT kind, namespace, name, body, provenance, sum FROM entity e JOIN ref ON ref.id = e.ref
                 WHERE kind = ?1 AND NOT {IS_SHADOWED} ORDER BY namespace, name"
            ))?;
            let mut rows = statement.query([kind])?;
            while let Some(row) = rows.next()? {
                if visit(from_row(row)?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// Every entity, ordered by reference. At 100,000 this takes hundreds of megabytes: prefer
    /// [`Store::each_entity`].
    pub fn entities(&self) -> Result<Vec<StoredEntity>, StoreError> {
        let mut all = Vec::new();
        self.each_entity(|entity| {
            all.push(entity);
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// Hands every entity to `visit`, ordered by reference, until it breaks.
    pub fn each_entity(
        &self,
        mut visit: impl FnMut(StoredEntity) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.read_apart(|tx| {
            let shadowed = doubles::shadowed(tx)?;
            let doubled: HashSet<i64> = shadowed.values().copied().collect();
            let mut statement = tx.prepare(
                "SELECT kind, namespace, name, body, provenance, sum, e.ref, e.id
                 FROM ref JOIN entity e ON e.ref = ref.id ORDER BY kind, namespace, name",
            )?;
            let mut rows = statement.query([])?;
            let mut read = 0;
            while let Some(row) = rows.next()? {
                read += 1;
                if shadowed.contains_key(&row.get(7)?) {
                    continue;
                }
                let id = row.get(6)?;
                let mut entity = with_the_rest(tx, id, from_row(row)?)?;
                if doubled.contains(&id) {
                    entity.problems.append(&mut doubles::of_ref(tx, id)?);
                }
                if visit(entity).is_break() {
                    return Ok(());
                }
            }
            all_were_read(tx, read)
        })
    }
}

/// The entity whose reference is numbered `id`.
pub(super) fn by_ref(connection: &Connection, id: i64) -> Result<Option<StoredEntity>, Fault> {
    let sql = format!(
        "SELECT kind, namespace, name, body, provenance, sum FROM entity e JOIN ref ON ref.id = e.ref
         WHERE e.ref = ?1 AND NOT {IS_SHADOWED}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let entity = from_row(row)?;
    let mut stored = with_the_rest(connection, id, entity)?;
    stored
        .problems
        .append(&mut doubles::of_ref(connection, id)?);
    Ok(Some(stored))
}

/// Whether `read` is how many entities the sources gave; fewer rows mean damage that SQLite does not notice.
pub(super) fn all_were_read(connection: &Connection, read: usize) -> Result<(), Fault> {
    let given: usize =
        connection.query_row("SELECT coalesce(sum(entities), 0) FROM source", [], |row| {
            row.get(0)
        })?;
    if read == given {
        Ok(())
    } else {
        Err(Fault::Damaged(format!(
            "it holds {read} of {given} entities"
        )))
    }
}

/// The entity in the columns kind, namespace, name, body, provenance, sum.
pub(super) fn from_row(row: &Row<'_>) -> Result<Entity, Fault> {
    let entity_ref = refs::from_row(row, 0)?;
    let changed = || Fault::Damaged(format!("the text of {entity_ref} is not as it was written"));
    let text = |at: usize| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
    let (body, provenance) = (text(3)?, text(4)?);
    if sum(body, provenance) != row.get::<_, i64>(5)? {
        return Err(changed());
    }
    Ok(Entity {
        body: serde_json::from_str(body).map_err(|_| changed())?,
        provenance: serde_json::from_str(provenance).map_err(|_| changed())?,
        entity_ref,
    })
}

fn with_the_rest(connection: &Connection, id: i64, entity: Entity) -> Result<StoredEntity, Fault> {
    let sql = format!(
        "SELECT DISTINCT kind, namespace, name, type
         FROM relation r JOIN entity e ON e.id = r.entity JOIN ref ON ref.id = r.target
         WHERE r.shown_at = ?1 AND NOT {IS_SHADOWED}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![id])?;
    let mut relations = Vec::new();
    while let Some(row) = rows.next()? {
        relations.push(Relation {
            source: entity.entity_ref.clone(),
            relation_type: relation_type(row, 3)?,
            target: refs::from_row(row, 0)?,
        });
    }
    relations.sort();
    Ok(StoredEntity {
        relations,
        problems: problems::of_ref(connection, id)?,
        entity,
    })
}

/// The relation type in the column `at`.
pub(super) fn relation_type(row: &Row<'_>, at: usize) -> Result<RelationType, Fault> {
    let name = row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?;
    RelationType::parse(name)
        .ok_or_else(|| Fault::Damaged(format!("{name:?} is no type of relation")))
}
