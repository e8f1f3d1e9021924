//! The tables of the record, as steps from an empty file to the present format. A step that was released is never
//! changed again; what changes is added as a further one.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Fault, StoreError};

/// Each step in turn; `PRAGMA user_version` counts those that were taken.
const STEPS: &[&str] = &[
    FIRST, MISSING, SUGGESTION, ROOTS, INVENTORY, FACTS, FINDING, WORDS, ELSEWHERE, VIEWS, NEWER,
    LEFT,
];

/// What a finding misses, which another source may have.
const MISSING: &str = "ALTER TABLE problem ADD COLUMN missing INTEGER REFERENCES ref";

/// How long what is wrong is, in characters, and what was probably meant.
const SUGGESTION: &str = "ALTER TABLE problem ADD COLUMN length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE problem ADD COLUMN suggestion TEXT";

/// The locations that a source named or found and that a Backstage would have read whole.
const ROOTS: &str = "CREATE TABLE root (
    source INTEGER NOT NULL REFERENCES source,
    location TEXT NOT NULL,
    optional INTEGER NOT NULL,
    PRIMARY KEY (source, location)
) WITHOUT ROWID";

/// The repositories that hosts were seen to hold: whose, the host's own id, the last sweep that saw it, and the rest.
const INVENTORY: &str = "
CREATE TABLE inventory (
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    sweep INTEGER NOT NULL,
    body TEXT NOT NULL,                 -- JSON
    PRIMARY KEY (owner, id)
) WITHOUT ROWID;
";

/// What hosts told of repositories: `host/path`, when they were asked in milliseconds since 1970, and the rest as JSON.
const FACTS: &str = "CREATE TABLE facts (
    repository TEXT PRIMARY KEY,
    asked INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID";

/// What finding goes by: when a description was seen to change (nothing for what was there when its source was first
/// read), how much an entity is visited (see `personal.rs`), and queries that were saved.
const FINDING: &str = "
ALTER TABLE entity ADD COLUMN changed INTEGER;
ALTER TABLE visit ADD COLUMN heat REAL NOT NULL DEFAULT 0;
UPDATE visit SET heat = min(count, 8);
CREATE TABLE query (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
";

/// Full text by words alone: texts are kept once, beside their indexes, in which beginnings of three letters are found
/// without a walk. Operations of APIs are found, too; `operations_read` holds the entities whose definition was read.
const WORDS: &str = "
ALTER TABLE doc_section ADD COLUMN text TEXT NOT NULL DEFAULT '';
UPDATE doc_section SET text = coalesce((SELECT text FROM doc_text WHERE rowid = doc_section.id), '');
DROP TABLE doc_text;
CREATE VIRTUAL TABLE doc_words USING fts5(title, heading, text, content = '', contentless_delete = 1,
    prefix = '3', tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO doc_words (rowid, title, heading, text)
    SELECT doc_section.id, title, heading, doc_section.text FROM doc_section JOIN doc_page ON doc_page.id = page;
CREATE VIRTUAL TABLE entity_words USING fts5(title, description, content = '', contentless_delete = 1,
    prefix = '3', tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO entity_words (rowid, title, description) SELECT rowid, title, description FROM entity_text;
DROP TABLE entity_text;
CREATE TABLE operation (
    id INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL REFERENCES entity,
    verb TEXT NOT NULL,
    name TEXT NOT NULL,
    operation TEXT NOT NULL,
    summary TEXT NOT NULL,
    description TEXT NOT NULL
);
CREATE INDEX operation_entity ON operation (entity);
CREATE VIRTUAL TABLE operation_words USING fts5(name, summary, description, content = '', contentless_delete = 1,
    prefix = '3', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TABLE operations_read (entity INTEGER PRIMARY KEY REFERENCES entity);
";

/// Pages beside the catalog by their source, and how their sources stand.
const ELSEWHERE: &str = "
CREATE TABLE elsewhere (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    version TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (source, key)
);
CREATE VIRTUAL TABLE elsewhere_words USING fts5(title, heading, text, content = '', contentless_delete = 1,
    prefix = '3', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TABLE elsewhere_source (name TEXT PRIMARY KEY, asked INTEGER NOT NULL, error TEXT) WITHOUT ROWID;
";

/// How the catalog page shows a saved query: its order, columns and groups, as that page writes them.
const VIEWS: &str = "ALTER TABLE query ADD COLUMN view TEXT";

/// What changed since the snapshot was built (see `newer.rs`).
const NEWER: &str = "CREATE TABLE newer (ref INTEGER PRIMARY KEY REFERENCES ref);
INSERT INTO meta SELECT 'newer_since', value FROM meta WHERE key = 'generation'";

/// Where the user left off with an entity, by what was left (see `left.rs`); times are milliseconds since 1970.
const LEFT: &str = "CREATE TABLE left_off (
    thing TEXT NOT NULL,
    ref INTEGER NOT NULL REFERENCES ref,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (thing, ref)
) WITHOUT ROWID";

const FIRST: &str = "
-- 'id' tells this record from any other; 'generation' counts changes that the snapshot shows.
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('id', random()), ('generation', 0);
CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,          -- of two sources with one entity the lower wins
    last_ok INTEGER,                    -- times are milliseconds since 1970
    last_tried INTEGER,
    last_error TEXT,
    entities INTEGER NOT NULL DEFAULT 0
);

-- Every reference that occurs, whether an entity bears it or not.
CREATE TABLE ref (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (kind, namespace, name)
);

CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    ref INTEGER NOT NULL REFERENCES ref,
    source INTEGER NOT NULL REFERENCES source,
    body TEXT NOT NULL,                 -- JSON
    provenance TEXT NOT NULL,           -- JSON
    sum INTEGER NOT NULL,               -- over body and provenance
    relation_sum INTEGER NOT NULL,
    relations INTEGER NOT NULL,         -- how many it states
    UNIQUE (ref, source)
);
CREATE INDEX entity_source ON entity (source);

-- A relation lives as long as the entity that states it.
CREATE TABLE relation (
    entity INTEGER NOT NULL REFERENCES entity,
    shown_at INTEGER NOT NULL REFERENCES ref,
    type TEXT NOT NULL,
    target INTEGER NOT NULL REFERENCES ref,
    PRIMARY KEY (entity, shown_at, type, target)
) WITHOUT ROWID;
CREATE INDEX relation_shown_at ON relation (shown_at);

CREATE TABLE problem (
    source INTEGER NOT NULL REFERENCES source,
    ref INTEGER REFERENCES ref,
    rule TEXT NOT NULL,
    level TEXT NOT NULL,
    message TEXT NOT NULL,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    column INTEGER NOT NULL
);
CREATE INDEX problem_source ON problem (source);
CREATE INDEX problem_ref ON problem (ref);

CREATE TABLE doc_site (
    id INTEGER PRIMARY KEY,
    ref INTEGER NOT NULL UNIQUE REFERENCES ref,
    config TEXT NOT NULL,
    revision TEXT NOT NULL
);
CREATE TABLE doc_page (
    id INTEGER PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES doc_site,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (site, path)
);
CREATE TABLE doc_section (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL REFERENCES doc_page,
    heading TEXT NOT NULL,
    anchor TEXT NOT NULL
);
CREATE INDEX doc_section_page ON doc_section (page);

-- Full text: rows are those of doc_section and of entity.
CREATE VIRTUAL TABLE doc_text USING fts5(title, heading, text, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE entity_text USING fts5(title, description, tokenize = 'porter unicode61 remove_diacritics 2');

CREATE TABLE blob (oid TEXT PRIMARY KEY, content BLOB NOT NULL, used INTEGER NOT NULL);
CREATE TABLE http_cache (
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    body BLOB NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (account, url)
);

CREATE TABLE star (ref INTEGER PRIMARY KEY REFERENCES ref, at INTEGER NOT NULL);
CREATE TABLE visit (ref INTEGER PRIMARY KEY REFERENCES ref, count INTEGER NOT NULL, last INTEGER NOT NULL);
";

/// How many steps the record has taken.
pub(super) fn format(connection: &Connection) -> rusqlite::Result<usize> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Whether the record has the present format.
pub(super) fn is_current(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(format(connection)? == STEPS.len())
}

/// Takes the steps that are missing, all or none. Two processes may call it at once.
pub(super) fn migrate(connection: &mut Connection, path: &std::path::Path) -> Result<(), Fault> {
    migrate_by(connection, path, STEPS)
}

fn migrate_by(
    connection: &mut Connection,
    path: &std::path::Path,
    steps: &[&str],
) -> Result<(), Fault> {
    if format(connection)? == steps.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = format(&transaction)?;
    if found > steps.len() {
        return Err(Fault::Store(StoreError::Newer {
            path: path.to_owned(),
            found,
            known: steps.len(),
        }));
    }
    for step in steps.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", steps.len())?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_step_is_taken_once_from_wherever_the_record_stands() {
        let mut connection = Connection::open_in_memory().unwrap();
        let path = Path::new("catalog.db");
        for steps in 1..=STEPS.len() {
            migrate_by(&mut connection, path, &STEPS[..steps]).unwrap();
            assert_eq!(format(&connection).unwrap(), steps);
        }
        migrate(&mut connection, path).unwrap();
        let more = [STEPS, &["CREATE TABLE later (x)"]].concat();
        migrate_by(&mut connection, path, &more).unwrap();
        assert_eq!(format(&connection).unwrap(), STEPS.len() + 1);
    }

    #[test]
    fn a_step_that_fails_leaves_the_record_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        let path = Path::new("catalog.db");
        migrate(&mut connection, path).unwrap();
        let more = [STEPS, &["CREATE TABLE later (x)", "NONSENSE"]].concat();
        assert!(migrate_by(&mut connection, path, &more).is_err());
        assert_eq!(format(&connection).unwrap(), STEPS.len());
        assert!(connection.prepare("SELECT x FROM later").is_err());
    }

    #[test]
    fn a_newer_record_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = migrate(&mut connection, Path::new("catalog.db")).unwrap_err();
        assert!(matches!(
            error,
            Fault::Store(StoreError::Newer { found: 99, .. })
        ));
    }
}
