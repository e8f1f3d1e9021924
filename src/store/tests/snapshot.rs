//! The snapshot shows what the record holds, whatever happened in between.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;

use super::*;

#[test]
fn a_change_that_was_not_published_is_shown_by_the_next_reader() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    store
        .replace("here", &batch(vec![component("web", "", &[])]))
        .unwrap();
    store.publish().unwrap();
    store
        .replace("here", &batch(vec![component("pay", "", &[])]))
        .unwrap();
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(
        names(&store.quick_index().unwrap()),
        ["web"],
        "a first frame takes what is there"
    );
    assert_eq!(names(&store.index().unwrap()), ["pay"]);
    assert_eq!(
        names(&Store::open(dir.path()).unwrap().quick_index().unwrap()),
        ["pay"]
    );
}

#[test]
fn a_fresh_snapshot_is_read_without_the_record() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    store
        .replace("here", &batch(vec![component("web", "", &[])]))
        .unwrap();
    store.publish().unwrap();
    drop(store);
    fs::rename(dir.path().join("catalog.db"), dir.path().join("elsewhere")).unwrap();
    assert_eq!(
        names(&Store::open(dir.path()).unwrap().index().unwrap()),
        ["web"]
    );
}

#[test]
fn a_sweep_without_changes_leaves_the_snapshot_alone() {
    let store = Store::temporary().unwrap();
    let given = batch(vec![component("web", "", &["component:pay"])]);
    store.replace("here", &given).unwrap();
    store.publish().unwrap();
    let changes = store.replace("here", &given).unwrap();
    assert_eq!(
        changes,
        Changes {
            unchanged: 1,
            ..Changes::default()
        }
    );
    assert!(!store.stale_path().exists());
}

#[test]
fn a_process_killed_at_any_step_leaves_the_old_or_the_new_state() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let path = |name: &str| dir.path().join(name);
    store
        .replace("here", &batch(vec![component("old", "", &[])]))
        .unwrap();
    store.publish().unwrap();
    let reopened = || names(&Store::open(dir.path()).unwrap().index().unwrap());

    // Killed before its commit: the mark is there, nothing else changed.
    fs::write(path("snapshot.stale"), "").unwrap();
    assert_eq!(reopened(), ["old"]);
    assert!(!path("snapshot.stale").exists());

    // Killed while it wrote the snapshot: half a file lies beside the old one.
    store
        .replace("here", &batch(vec![component("new", "", &[])]))
        .unwrap();
    fs::write(path("snapshot.tmp"), "half").unwrap();
    assert_eq!(reopened(), ["new"]);

    // Killed between the renaming and the removal of the mark.
    fs::write(path("snapshot.stale"), "").unwrap();
    assert_eq!(reopened(), ["new"]);
    assert!(!path("snapshot.stale").exists() && !path("snapshot.tmp").exists());
}

#[test]
fn a_map_keeps_the_old_snapshot_when_a_new_one_is_published() {
    let store = Store::temporary().unwrap();
    store
        .replace("here", &batch(vec![component("old", "", &[])]))
        .unwrap();
    let old = store.publish().unwrap();
    store
        .replace(
            "here",
            &batch(vec![component("new", "", &[]), component("other", "", &[])]),
        )
        .unwrap();
    let new = store.publish().unwrap();
    assert_eq!(
        (names(&old), names(&new).len()),
        (vec!["old".to_owned()], 2)
    );
}

#[test]
fn two_processes_may_use_one_folder() {
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let dir = dir.path();
            scope.spawn(move || {
                let store = Store::open(dir).unwrap();
                for round in 0..5 {
                    let name = format!("c{writer}-{round}");
                    store
                        .replace(
                            &format!("source-{writer}"),
                            &batch(vec![component(&name, "", &[])]),
                        )
                        .unwrap();
                    let index = store.publish().unwrap();
                    assert!(names(&index).contains(&name));
                    store
                        .set_star(&reference(&format!("component:{name}")), true)
                        .unwrap();
                }
            });
        }
    });
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(
        names(&store.index().unwrap()),
        ["c0-4", "c1-4", "c2-4", "c3-4"]
    );
    assert_eq!(store.stars().unwrap().len(), 20);
    store.check().unwrap();
}

/// A finding about the component `name`, which misses the component `need`.
fn missed(name: &str, need: &str) -> Problem {
    let rule = Rule::DanglingReference;
    Problem::new(rule, Place::default(), format!("{need} is nowhere"))
        .about(EntityRef::new("component", "default", name))
        .unless(EntityRef::new("component", "default", need))
}

#[test]
fn only_what_changed_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let given = |description: &str, more: &[&str]| {
        let all = (0..40).map(|n| component(&format!("c{n:02}"), "As before.", &["component:c07"]));
        let mut all: Vec<_> = all.collect();
        all[7] = component("c07", description, &["resource:db"]);
        all.extend(more.iter().map(|name| component(name, "", &[])));
        batch(all)
    };
    store.replace("here", &given("Old.", &["old"])).unwrap();
    store.publish().unwrap();
    store.replace("here", &given("New.", &["new"])).unwrap();
    // Whoever read the others would find that their texts are not as they were written.
    let connection = rusqlite::Connection::open(dir.path().join("catalog.db")).unwrap();
    let damaged = "UPDATE entity SET sum = 0 WHERE body LIKE '%\"c1%'";
    assert_eq!(connection.execute(damaged, []).unwrap(), 10);
    drop(connection);
    let index = store.publish().unwrap();
    let shown = |name: &str| index.row_of(&EntityRef::new("component", "default", name));
    assert_eq!(index.len(), 41);
    assert_eq!(
        index.summary(shown("c07").unwrap()).unwrap().description,
        "New."
    );
    assert_eq!(index.relations(shown("c07").unwrap()).count(), 40);
    assert!(shown("new").is_some() && shown("old").is_none() && shown("c11").is_some());

    // Without the snapshot there is nothing to merge with.
    fs::remove_file(store.snapshot_path()).unwrap();
    assert!(matches!(store.publish(), Err(StoreError::Damaged { .. })));
}

/// One step of a random history.
#[derive(Debug, Clone)]
enum Step {
    Replace(u8, Vec<(u8, u8, Vec<u8>)>),
    Fail(u8),
    Retain(Vec<u8>),
    Publish,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let entity = (0..6_u8, 0..3_u8, prop::collection::vec(0..8_u8, 0..3));
    prop_oneof![
        4 => (0..3_u8, prop::collection::vec(entity, 0..6)).prop_map(|(source, entities)| Step::Replace(source, entities)),
        1 => (0..3_u8).prop_map(Step::Fail),
        1 => prop::collection::btree_set(0..3_u8, 0..3).prop_map(|kept| Step::Retain(kept.into_iter().rev().collect())),
        2 => Just(Step::Publish),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_snapshot_equals_the_record_after_any_history(steps in prop::collection::vec(step(), 1..12)) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let mut sources: Vec<u8> = Vec::new();
        let mut model: BTreeMap<u8, BTreeMap<u8, u8>> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Replace(source, entities) => {
                    let given = entities.iter().map(|(name, description, needs)| {
                        let needs: Vec<_> = needs.iter().map(|n| format!("component:c{n}")).collect();
                        let needs: Vec<_> = needs.iter().map(String::as_str).collect();
                        component(&format!("c{name}"), &format!("d{description}"), &needs)
                    });
                    let missed = entities.iter().flat_map(|(name, _, needs)| {
                        needs.iter().map(move |need| missed(&format!("c{name}"), &format!("c{need}")))
                    });
                    let given = Batch { problems: missed.collect(), ..batch(given.collect()) };
                    store.replace(&source.to_string(), &given).unwrap();
                    let kept = model.entry(source).or_default();
                    kept.clear();
                    for (name, description, _) in entities {
                        kept.entry(name).or_insert(description);
                    }
                    if !sources.contains(&source) {
                        sources.push(source);
                    }
                }
                Step::Fail(source) => {
                    store.mark_failed(&source.to_string(), "gone").unwrap();
                    if !sources.contains(&source) {
                        sources.push(source);
                    }
                }
                Step::Retain(kept) => {
                    let names: Vec<_> = kept.iter().map(u8::to_string).collect();
                    store.retain_sources(&names.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
                    model.retain(|source, _| kept.contains(source));
                    sources = kept;
                }
                Step::Publish => drop(store.publish().unwrap()),
                Step::Reopen => store = Store::open(dir.path()).unwrap(),
            }
        }
        let mut expected: BTreeMap<String, String> = BTreeMap::new();
        for (name, description) in sources.iter().filter_map(|s| model.get(s)).flatten() {
            expected.entry(format!("c{name}")).or_insert(format!("d{description}"));
        }
        let index = store.index().unwrap();
        let shown = index.rows().map(|row| {
            let summary = index.summary(row).unwrap();
            (summary.name.to_owned(), summary.description.to_owned())
        });
        prop_assert_eq!(shown.collect::<BTreeMap<_, _>>(), expected);
        for stored in store.entities().unwrap() {
            let row = index.row_of(&stored.entity.entity_ref).unwrap();
            let targets: Vec<_> = index.relations(row).map(|(kind, neighbor)| (kind, match neighbor {
                crate::catalog::index::Neighbor::Entity(row) => index.entity_ref(row).unwrap().to_string(),
                crate::catalog::index::Neighbor::Missing(text) => text.to_owned(),
            })).collect();
            let stated: Vec<_> = stored.relations.iter().map(|r| (r.relation_type, r.target.to_string())).collect();
            prop_assert_eq!(targets, stated);
        }
        store.check().unwrap();
        drop(index);
        let path = store.snapshot_path();
        if let Ok(merged) = fs::read(&path) {
            fs::remove_file(&path).unwrap();
            store.publish().unwrap();
            prop_assert!(merged == fs::read(&path).unwrap(), "what was merged is what is built of everything");
        }
    }
}
