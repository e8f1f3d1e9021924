//! Files that were cut, changed or lost: the whole state, or a word about what is wrong.

use std::fs;
use std::path::Path;

use super::*;

/// A published store of a few entities, closed; answers with the names it shows.
fn filled(dir: &Path) -> Vec<String> {
    let store = Store::open(dir).unwrap();
    let given = (0..40).map(|n| component(&format!("c{n:02}"), "A description.", &["resource:db"]));
    store.replace("here", &batch(given.collect())).unwrap();
    store.set_star(&reference("component:c07"), true).unwrap();
    names(&store.publish().unwrap())
}

#[test]
fn what_is_shown_before_it_was_checked_is_replaced_where_it_is_damaged_or_old() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    store
        .replace("here", &batch(vec![component("web", "", &[])]))
        .unwrap();
    store.publish().unwrap();
    let shown = store.quick_index().unwrap();
    assert!(store.index_unless(&shown).unwrap().is_none());

    let pay = batch(vec![component("pay", "", &[])]);
    store.replace("there", &pay).unwrap();
    let (newer, told) = store.index_unless(&shown).unwrap().unwrap();
    assert!(told.is_none());
    assert_eq!(names(&newer), ["pay", "web"]);
    assert!(store.index_unless(&newer).unwrap().is_none());
    drop(newer);

    let path = store.snapshot_path();
    let mut bytes = fs::read(&path).unwrap();
    // The end of the last section; behind it stands the digest of its block.
    let last = bytes.len() - 9;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();
    let damaged = store.quick_index().unwrap();
    assert!(!damaged.is_sound());
    let (rebuilt, told) = store.index_unless(&damaged).unwrap().unwrap();
    assert!(matches!(told, Some(Mended::Damaged { .. })), "{told:?}");
    assert_eq!(names(&rebuilt), ["pay", "web"]);
    assert!(store.index_unless(&rebuilt).unwrap().is_none());
}

#[test]
fn a_damaged_snapshot_is_built_anew() {
    let dir = tempfile::tempdir().unwrap();
    let whole = filled(dir.path());
    let path = dir.path().join("snapshot.bin");
    let bytes = fs::read(&path).unwrap();
    let shown = || names(&Store::open(dir.path()).unwrap().index().unwrap());
    for len in [0, 1, 63, 64, 65, 500, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&path, &bytes[..len]).unwrap();
        assert_eq!(shown(), whole, "cut to {len}");
    }
    for at in (0..bytes.len()).step_by(bytes.len() / 50) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        fs::write(&path, &changed).unwrap();
        assert_eq!(shown(), whole, "changed at {at}");
    }
    let mut longer = bytes.clone();
    longer.extend([0; 8]);
    fs::write(&path, &longer).unwrap();
    assert_eq!(shown(), whole);
    fs::remove_file(&path).unwrap();
    assert_eq!(shown(), whole);
    assert_eq!(
        fs::read(&path).unwrap(),
        bytes,
        "the same record gives the same snapshot"
    );
}

/// Reading says what is wrong, and the next sync begins anew.
fn is_reported_and_healed(dir: &Path) {
    let store = Store::open(dir).unwrap();
    let error = store.entities().unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(
        error.to_string().contains("catalog.db is damaged"),
        "{error}"
    );
    assert!(error.to_string().contains("stagedoor sync --full"));
    drop(store);
    let (store, damage) = Store::open_or_reset(dir).unwrap();
    assert!(damage.is_some());
    assert!(store.index().unwrap().is_empty());
    store
        .replace("here", &batch(vec![component("web", "", &[])]))
        .unwrap();
    assert_eq!(store.publish().unwrap().len(), 1);
    assert!(Store::open_or_reset(dir).unwrap().1.is_none());
}

#[test]
fn a_lost_record_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    fs::remove_file(dir.path().join("catalog.db")).unwrap();
    is_reported_and_healed(dir.path());
}

#[test]
fn an_emptied_record_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    fs::write(dir.path().join("catalog.db"), "").unwrap();
    is_reported_and_healed(dir.path());
}

#[test]
fn another_record_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let other = tempfile::tempdir().unwrap();
    filled(other.path());
    fs::copy(
        other.path().join("catalog.db"),
        dir.path().join("catalog.db"),
    )
    .unwrap();
    is_reported_and_healed(dir.path());
}

#[test]
fn a_record_that_is_no_database_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    fs::write(
        dir.path().join("catalog.db"),
        "not a database, but long enough to look at ".repeat(200),
    )
    .unwrap();
    is_reported_and_healed(dir.path());
}

#[test]
fn a_cut_record_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let path = dir.path().join("catalog.db");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    is_reported_and_healed(dir.path());
}

#[test]
fn a_changed_letter_is_reported_and_the_stars_are_saved() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let path = dir.path().join("catalog.db");
    let mut bytes = fs::read(&path).unwrap();
    let needle = b"\"name\":\"c21\"";
    for at in 0..bytes.len() - needle.len() {
        if bytes[at..].starts_with(needle) {
            bytes[at + 9] = b'd';
        }
    }
    fs::write(&path, bytes).unwrap();
    assert!(matches!(
        Store::open(dir.path())
            .unwrap()
            .entity(&reference("component:c21")),
        Err(StoreError::Damaged { .. })
    ));
    is_reported_and_healed(dir.path());
    assert_eq!(
        Store::open(dir.path()).unwrap().stars().unwrap(),
        [reference("component:c07")]
    );
}

#[test]
fn a_lost_row_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let connection = rusqlite::Connection::open(dir.path().join("catalog.db")).unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM entity WHERE id = 3")
        .unwrap();
    drop(connection);
    is_reported_and_healed(dir.path());
}

#[test]
fn a_record_of_a_newer_version_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let connection = rusqlite::Connection::open(dir.path().join("catalog.db")).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    assert!(matches!(
        Store::open_or_reset(dir.path()),
        Err(StoreError::Newer { .. })
    ));
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_written_can_still_be_read() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let whole = filled(dir.path());
    let set = |mode| fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
    set(0o500);
    assert_eq!(
        names(&Store::open(dir.path()).unwrap().index().unwrap()),
        whole
    );
    set(0o700);
}
