//! The store as its callers see it.

mod damage;
mod snapshot;

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::catalog::{
    Entity, EntityRef, Level, Packed, Place, Problem, Provenance, Relation, RelationType, Rule,
};

/// An entity that depends on each of `needs` and says so.
fn component(name: &str, description: &str, needs: &[&str]) -> (Entity, Vec<Relation>) {
    let entity_ref = EntityRef::new("component", "default", name);
    let relations = needs.iter().flat_map(|need| {
        let forward = Relation {
            source: entity_ref.clone(),
            relation_type: RelationType::DependsOn,
            target: need.parse().unwrap(),
        };
        [forward.inverse(), forward]
    });
    let entity = Entity {
        entity_ref: entity_ref.clone(),
        body: json!({"kind": "Component", "metadata": {"name": name, "description": description}}),
        provenance: Provenance {
            line: 7,
            ..Provenance::default()
        },
    };
    (entity, relations.collect())
}

fn packed(entities: Vec<(Entity, Vec<Relation>)>) -> Vec<(Packed, Vec<Relation>)> {
    let packed = entities.into_iter();
    packed
        .map(|(entity, relations)| (entity.into(), relations))
        .collect()
}

fn batch(entities: Vec<(Entity, Vec<Relation>)>) -> Batch {
    Batch {
        entities: packed(entities),
        ..Batch::default()
    }
}

fn names(index: &crate::catalog::Index) -> Vec<String> {
    index.rows().map(|row| index.name(row).to_owned()).collect()
}

fn reference(text: &str) -> EntityRef {
    text.parse().unwrap()
}

#[test]
fn what_a_source_gave_is_read_back_whole() {
    let store = Store::temporary().unwrap();
    let web = component(
        "Web",
        "Sells things.",
        &["component:pay", "resource:gone", "component:pay"],
    );
    let pay = component("pay", "", &[]);
    let problem = Problem::new(
        Rule::DanglingReference,
        Place::default(),
        "resource:gone is nowhere",
    )
    .over(13)
    .suggesting(Some("resource:gold".to_owned()))
    .about(web.0.entity_ref.clone())
    .unless(EntityRef::new("resource", "default", "gone"));
    let given = Batch {
        entities: packed(vec![web.clone(), pay.clone()]),
        problems: vec![problem],
        ..Batch::default()
    };
    let changes = store.replace("here", &given).unwrap();
    assert_eq!(
        changes,
        Changes {
            added: 2,
            ..Changes::default()
        }
    );

    let read = store.entity(&reference("component:web")).unwrap().unwrap();
    assert_eq!(read.entity, web.0);
    let targets: Vec<_> = read
        .relations
        .iter()
        .map(|r| r.target.to_string())
        .collect();
    assert_eq!(targets, ["component:default/pay", "resource:default/gone"]);
    assert_eq!(read.problems, given.problems);

    let pay = store.entity(&reference("component:pay")).unwrap().unwrap();
    assert_eq!(
        pay.relations.len(),
        1,
        "the inverse is stated by web and shown here"
    );
    assert_eq!(pay.relations[0].relation_type, RelationType::DependencyOf);
    assert_eq!(store.entity(&reference("resource:gone")).unwrap(), None);
    assert_eq!(store.entities().unwrap(), [pay, read]);

    let filter = |filter| store.problems(&filter).unwrap().len();
    assert_eq!(filter(ProblemFilter::default()), 1);
    assert_eq!(
        filter(ProblemFilter {
            at_least: Some(Level::Error),
            ..ProblemFilter::default()
        }),
        0
    );
    assert_eq!(
        filter(ProblemFilter {
            entity: Some(reference("component:pay")),
            ..ProblemFilter::default()
        }),
        0
    );
    assert_eq!(
        filter(ProblemFilter {
            source: Some("here".to_owned()),
            ..ProblemFilter::default()
        }),
        1
    );
}

#[test]
fn a_relation_lives_as_long_as_the_entity_that_states_it() {
    let store = Store::temporary().unwrap();
    let pay = component("pay", "", &[]);
    store
        .replace(
            "here",
            &batch(vec![component("web", "", &["component:pay"]), pay.clone()]),
        )
        .unwrap();
    let changes = store.replace("here", &batch(vec![pay])).unwrap();
    assert_eq!(
        changes,
        Changes {
            removed: 1,
            unchanged: 1,
            ..Changes::default()
        }
    );
    assert!(
        store
            .entity(&reference("component:pay"))
            .unwrap()
            .unwrap()
            .relations
            .is_empty()
    );
    assert_eq!(store.index().unwrap().len(), 1);
}

#[test]
fn a_source_that_fails_keeps_what_it_gave() {
    let store = Store::temporary().unwrap();
    store
        .replace("here", &batch(vec![component("web", "", &[])]))
        .unwrap();
    store.mark_failed("here", "no route to host").unwrap();
    store.mark_failed("there", "never worked").unwrap();
    let sources = store.sources().unwrap();
    assert_eq!(sources[0].last_error.as_deref(), Some("no route to host"));
    assert!(sources[0].last_ok.is_some() && sources[0].last_ok <= sources[0].last_tried);
    assert_eq!((sources[0].entities, sources[1].entities), (1, 0));
    assert_eq!(sources[1].last_ok, None);
    assert_eq!(store.publish().unwrap().len(), 1);
    store.mark_unchanged("here").unwrap();
    assert_eq!(store.sources().unwrap()[0].last_error, None);
}

#[test]
fn of_two_sources_with_one_entity_the_earlier_wins() {
    let store = Store::temporary().unwrap();
    store
        .replace(
            "a",
            &batch(vec![component("web", "of a", &["component:x"])]),
        )
        .unwrap();
    store
        .replace(
            "b",
            &batch(vec![
                component("web", "of b", &[]),
                component("pay", "", &[]),
            ]),
        )
        .unwrap();
    let shown = || {
        let web = store.entity(&reference("component:web")).unwrap().unwrap();
        let index = store.index().unwrap();
        let row = index.row_of(&web.entity.entity_ref).unwrap();
        assert_eq!(
            index.summary(row).unwrap().description,
            web.entity.description().unwrap()
        );
        assert_eq!(index.relations(row).count(), web.relations.len());
        assert_eq!(store.entities().unwrap().len(), index.len());
        (index.len(), web.entity.description().unwrap().to_owned())
    };
    assert_eq!(shown(), (2, "of a".to_owned()));
    store.retain_sources(&["b", "a"]).unwrap();
    assert_eq!(shown(), (2, "of b".to_owned()));
    store.retain_sources(&["a"]).unwrap();
    assert_eq!(shown(), (1, "of a".to_owned()));
    assert_eq!(store.sources().unwrap().len(), 1);
}

#[test]
fn where_nothing_was_synced_everything_is_empty_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("cache")).unwrap();
    assert!(store.index().unwrap().is_empty());
    assert!(store.quick_index().is_none());
    assert!(store.sources().unwrap().is_empty());
    assert!(store.entities().unwrap().is_empty());
    assert!(store.stars().unwrap().is_empty());
    assert!(!store.dir().exists());
    assert!(Store::open(&std::env::current_exe().unwrap()).is_err());
}

#[test]
fn docs_are_read_by_page_and_found_by_word() {
    let store = Store::temporary().unwrap();
    let (web, pay) = (reference("component:web"), reference("component:pay"));
    let section = |heading: &str, text: &str| Section {
        heading: heading.to_owned(),
        anchor: heading.to_lowercase(),
        text: text.to_owned(),
    };
    let index = Page {
        path: "index.md".to_owned(),
        title: "Web".to_owned(),
        text: "# Web\n\nWe deploy on Mondays.".to_owned(),
        sections: Vec::new(),
    };
    let guide = Page {
        path: "guide/ops.md".to_owned(),
        title: "Operations".to_owned(),
        text: "…".to_owned(),
        sections: vec![
            section("", "Before."),
            section("Deploying", "It takes a minute."),
            section("Rollback", "Undo what was deployed."),
        ],
    };
    store
        .put_site(
            &web,
            "site_name: Web",
            "1",
            &[index.clone(), guide, index.clone()],
        )
        .unwrap();
    store.put_site(&pay, "", "7", &[index]).unwrap();
    let site = store.site(&web).unwrap().unwrap();
    assert_eq!(
        (site.config.as_str(), site.pages.len()),
        ("site_name: Web", 2)
    );
    assert_eq!(
        site.pages[1],
        ("guide/ops.md".to_owned(), "Operations".to_owned())
    );
    assert_eq!(
        store.page(&web, "guide/ops.md").unwrap().as_deref(),
        Some("…")
    );
    assert_eq!(store.page(&web, "other.md").unwrap(), None);
    assert_eq!(
        store.sites().unwrap(),
        [(pay.clone(), "7".to_owned()), (web.clone(), "1".to_owned())]
    );

    let hits = store.search_docs("deploying", Some(&web), 10).unwrap();
    let found: Vec<_> = hits
        .iter()
        .map(|hit| (hit.path.as_str(), hit.anchor.as_str()))
        .collect();
    assert_eq!(
        found[0],
        ("guide/ops.md", "deploying"),
        "a heading counts more"
    );
    assert_eq!(found.len(), 3);
    assert!(
        hits.iter()
            .any(|hit| hit.snippet.contains("\u{2}deploy\u{3} on Mondays"))
    );
    assert_eq!(
        store
            .search_docs("web mond", None, usize::MAX)
            .unwrap()
            .len(),
        2
    );
    assert!(store.search_docs("\"* OR", None, 10).unwrap().is_empty());

    store.put_site(&web, "", "2", &[]).unwrap();
    assert_eq!(store.search_docs("deploy", None, 10).unwrap().len(), 1);
    store.remove_site(&pay).unwrap();
    assert!(store.search_docs("deploy", None, 10).unwrap().is_empty());
    assert_eq!(store.site(&pay).unwrap(), None);
}

#[test]
fn descriptions_are_found_by_word() {
    let store = Store::temporary().unwrap();
    let given = vec![
        component("web", "Sells many things", &[]),
        component("pay", "", &[]),
    ];
    store.replace("here", &batch(given)).unwrap();
    let hits = store.search_descriptions("thing sold sell", 5).unwrap();
    assert!(hits.is_empty(), "all words must be there");
    let hits = store.search_descriptions("selling thin", 5).unwrap();
    assert_eq!(hits[0].entity, reference("component:web"));
    assert_eq!(hits[0].snippet, "\u{2}Sells\u{3} many \u{2}things\u{3}");
    store.replace("here", &batch(Vec::new())).unwrap();
    assert!(store.search_descriptions("selling", 5).unwrap().is_empty());
}

#[test]
fn stars_and_visits_survive_their_entities() {
    let store = Store::temporary().unwrap();
    let (web, pay) = (reference("component:web"), reference("component:pay"));
    store.set_star(&web, true).unwrap();
    store.set_star(&web, true).unwrap();
    store.set_star(&pay, true).unwrap();
    store.set_star(&pay, false).unwrap();
    store.visit(&web).unwrap();
    store.visit(&pay).unwrap();
    store.visit(&web).unwrap();
    store.replace("here", &batch(Vec::new())).unwrap();
    assert_eq!(store.stars().unwrap(), [web]);
    let visits = store.visits(10).unwrap();
    let mut counts: Vec<_> = visits.iter().map(|v| (v.entity.name(), v.count)).collect();
    counts.sort_unstable();
    assert_eq!(counts, [("pay", 1), ("web", 2)]);
    assert_eq!(store.visits(1).unwrap().len(), 1);
    let heat = |name: &str| {
        visits
            .iter()
            .find(|v| v.entity.name() == name)
            .unwrap()
            .heat
    };
    assert!(heat("web") > 1.99 && heat("web") <= 2.0 && heat("pay") <= 1.0);
}

#[test]
fn queries_are_saved_replaced_and_forgotten() {
    let store = Store::temporary().unwrap();
    assert!(store.queries().unwrap().is_empty());
    assert!(!store.save_query("go", Some("tag:go")).unwrap());
    assert!(store.save_query("go", Some("tag:golang")).unwrap());
    store.save_query("mine", Some("owner:mine")).unwrap();
    let queries = store.queries().unwrap();
    assert_eq!(queries.get("go").map(String::as_str), Some("tag:golang"));
    assert!(store.save_query("go", None).unwrap());
    assert_eq!(store.queries().unwrap().len(), 1);
}

#[test]
fn fields_and_changes_are_asked_for() {
    use crate::catalog::ask::{Ask, Updated};
    use crate::catalog::filter::Condition;
    use crate::catalog::index::RowSet;

    let store = Store::temporary().unwrap();
    let web = component("web", "takes orders", &[]);
    store
        .replace("here", &batch(vec![web.clone(), component("pay", "", &[])]))
        .unwrap();
    let asked = |ask: &Ask| -> Vec<String> {
        let index = store.index().unwrap();
        let rows = store.answer(&index, ask, &|| false).unwrap().unwrap();
        rows.iter().map(|row| index.name(row).to_owned()).collect()
    };
    let field = |key: &str, values: &[&str]| {
        Ask::Field(Condition {
            key: key.to_owned(),
            values: values.iter().map(|v| (*v).to_owned()).collect(),
        })
    };
    store.publish().unwrap();
    assert_eq!(
        asked(&field("metadata.description", &["takes orders"])),
        ["web"]
    );
    assert_eq!(asked(&field("metadata.namespace", &[])), ["pay", "web"]);
    assert_eq!(asked(&field("metadata.none", &[])), [""; 0]);
    let changed = |since| {
        Ask::Updated(Updated {
            seconds: 3600,
            since,
        })
    };
    // What a source has at first was not seen to change.
    assert_eq!(asked(&changed(true)), [""; 0]);
    let pay = component("pay", "now with words", &[]);
    store.replace("here", &batch(vec![web, pay])).unwrap();
    store.publish().unwrap();
    assert_eq!(asked(&changed(true)), ["pay"]);
    assert_eq!(asked(&changed(false)), ["web"]);
    let index = store.index().unwrap();
    assert_eq!(
        store
            .answer(&index, &field("metadata.x", &[]), &|| true)
            .unwrap(),
        Some(RowSet::none(2))
    );
}

#[test]
fn contents_and_answers_are_kept_until_they_are_not_used() {
    let store = Store::temporary().unwrap();
    store
        .keep_blobs(&[("a1", b"one"), ("b2", b"\xff\x00")])
        .unwrap();
    assert_eq!(
        store.unknown_blobs(&["c3", "a1", "d4"]).unwrap(),
        ["c3", "d4"]
    );
    assert_eq!(store.blob("b2").unwrap().as_deref(), Some(&b"\xff\x00"[..]));
    let answer = CachedResponse {
        etag: Some("\"x\"".to_owned()),
        last_modified: None,
        body: b"{}".to_vec(),
    };
    store
        .keep_response("jane", "https://x.example", &answer)
        .unwrap();
    assert_eq!(
        store.cached_response("jane", "https://x.example").unwrap(),
        Some(answer)
    );
    assert_eq!(
        store.cached_response("", "https://x.example").unwrap(),
        None
    );
    store.forget_unused(Duration::from_hours(1)).unwrap();
    assert!(store.blob("a1").unwrap().is_some());
    store.forget_unused(Duration::ZERO).unwrap();
    store.set_note("k", "1").unwrap();
    store.set_note("k", "2").unwrap();
    assert_eq!(store.note("k").unwrap().as_deref(), Some("2"));
    assert_eq!(store.note("other").unwrap(), None);
}

#[test]
fn the_store_may_be_used_while_entities_are_read() {
    let store = Store::temporary().unwrap();
    store
        .replace(
            "here",
            &batch(vec![component("web", "", &[]), component("pay", "", &[])]),
        )
        .unwrap();
    let mut seen = Vec::new();
    store
        .each_entity(|stored| {
            store.visit(&stored.entity.entity_ref).unwrap();
            assert!(store.entity(&stored.entity.entity_ref).unwrap().is_some());
            seen.push(stored.entity.name().to_owned());
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(seen, ["pay", "web"]);
}

#[test]
fn what_one_source_misses_another_may_have() {
    let store = Store::temporary().unwrap();
    let web = component("web", "", &["component:pay"]);
    let pay = component("pay", "", &[]);
    let problem = Problem::new(
        Rule::DanglingReference,
        Place::default(),
        "component:pay is nowhere",
    )
    .about(web.0.entity_ref.clone())
    .unless(pay.0.entity_ref.clone());
    let batch = |entity: &(Entity, Vec<Relation>), problems| Batch {
        entities: packed(vec![entity.clone()]),
        problems,
        ..Batch::default()
    };
    store.replace("here", &batch(&web, vec![problem])).unwrap();
    assert_eq!(store.problem_count("here").unwrap(), 1);
    store.replace("there", &batch(&pay, Vec::new())).unwrap();
    assert_eq!(store.problem_count("here").unwrap(), 0);
    assert_eq!(store.problems(&ProblemFilter::default()).unwrap(), []);
    let index = store.publish().unwrap();
    let row = index.row_of(&web.0.entity_ref).unwrap();
    assert_eq!(index.summary(row).map(|s| s.problems.total()), Some(0));
}

#[test]
fn what_two_sources_describe_is_told_of_the_later_one() {
    let store = Store::temporary().unwrap();
    let at = |location: &str| {
        let (mut entity, relations) = component("a", location, &[]);
        entity.provenance.location = format!("file:{location}");
        batch(vec![(entity, relations)])
    };
    let messages = |store: &Store| -> Vec<String> {
        let found = store.problems(&ProblemFilter::default()).unwrap();
        let text = |p: Problem| format!("{} {}: {}", p.rule.code(), p.place, p.message);
        found.into_iter().map(text).collect()
    };
    store.replace("late", &at("/l.yaml")).unwrap();
    store.replace("early", &at("/e.yaml")).unwrap();
    store.retain_sources(&["early", "late"]).unwrap();
    let told = "duplicate-entity /l.yaml:7: component:default/a is described here, but the description at /e.yaml:7 \
                counts: its source early comes before this one";
    assert_eq!(messages(&store), [told]);
    assert_eq!(store.problem_count("late").unwrap(), 1);
    assert_eq!(store.problem_count("early").unwrap(), 0);
    let stored = store.entity(&reference("component:default/a")).unwrap();
    assert_eq!(stored.unwrap().problems.len(), 1);
    assert_eq!(store.entities().unwrap()[0].problems.len(), 1);
    let index = store.publish().unwrap();
    let row = index.rows().next().unwrap();
    assert_eq!(index.summary(row).unwrap().problems.total(), 1);
    assert_eq!(index.summary(row).unwrap().description, "/e.yaml");

    store.replace("late", &at("/e.yaml")).unwrap();
    assert_eq!(messages(&store), [""; 0], "one file is no double");
    store.replace("late", &batch(Vec::new())).unwrap();
    assert_eq!(messages(&store), [""; 0]);
}
