//! A running Backstage as a source: an imitation of its API with faults, and a real one where there is one.

#[path = "backstage/docs.rs"]
mod docs;
#[path = "backstage/elsewhere.rs"]
mod elsewhere;
#[path = "backstage/real.rs"]
mod real;
#[path = "backstage/request.rs"]
mod request;
#[path = "backstage/templates.rs"]
mod templates;

use std::process::Stdio;

use serde_json::{Value, json};
use stagedoor::catalog::EntityRef;
use stagedoor::store::ProblemFilter;
use stagedoor::sync::{self, Class, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::instance::{Door, Fault, Instance};
use super::moment::moment;
use super::{Desk, component_ref};

/// A sync of `source`, whatever is known.
async fn sweep(desk: &Desk, source: &str) -> SyncReport {
    let session = desk.session(source);
    let request = SyncRequest {
        full: true,
        ..SyncRequest::default()
    };
    let cancel = CancellationToken::new();
    sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap()
}

/// How many entities there are: three pages.
const COUNT: usize = 1_200;

/// A component as an instance shows it.
fn entity(name: &str, number: usize) -> Value {
    let location = format!("url:https://git.acme.dev/{name}/catalog-info.yaml");
    json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Component",
        "metadata": {
            "name": name, "namespace": "default", "uid": format!("{number:08}"), "etag": "e",
            "annotations": {
                "backstage.io/managed-by-location": location,
                "backstage.io/managed-by-origin-location": location,
            },
        },
        "spec": {"type": "service", "lifecycle": "production", "owner": "team-a"},
        "relations": [{"type": "ownedBy", "targetRef": "group:default/team-a"}],
    })
}

fn entities(count: usize) -> Vec<Value> {
    let entity = |number| entity(&format!("svc-{number:04}"), number);
    (0..count).map(entity).collect()
}

fn names(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("svc-{number:04}"))
        .collect()
}

fn message(report: &SyncReport) -> &str {
    report.sources[0]
        .failure
        .as_ref()
        .map_or("", |failure| &failure.message)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_is_read_page_by_page_with_what_it_says_of_its_entities() {
    let mut all = entities(COUNT);
    all[7]["metadata"]["annotations"]["backstage.io/orphan"] = "true".into();
    all[7]["status"] = json!({"items": [{"level": "error", "message": "NotFoundError: gone"}]});
    let instance = Instance::start(all, Door::Open).await;
    let (desk, source) = (Desk::new(), format!("backstage:{}", instance.url()));
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&source), names(COUNT));
    let page = "page 500 nobody";
    assert_eq!(instance.requests(), [page, page, page]);
    let session = desk.session(&source);
    let store = &session.store;
    // Of one without a place only its page there is known, which is in no repository.
    let mut placeless = store.entity(&component_ref("svc-0001")).unwrap().unwrap();
    placeless.entity.provenance.location = format!("url:{}/catalog/x", instance.url());
    let why = sync::facts::repository(&session, &placeless.entity).unwrap_err();
    assert_eq!(
        why,
        "its Backstage does not say in which repository it is described"
    );
    let stored = store.entity(&component_ref("svc-0007")).unwrap().unwrap();
    assert_eq!(stored.relations.len(), 1);
    let provenance = &stored.entity.provenance;
    assert_eq!(provenance.source, source);
    assert_eq!(
        provenance.location,
        "url:https://git.acme.dev/svc-0007/catalog-info.yaml"
    );
    let problems = store.problems(&ProblemFilter::default()).unwrap();
    let told: Vec<String> = problems
        .iter()
        .map(|p| format!("{} {}", p.rule, p.message))
        .collect();
    let orphan = "component:default/svc-0007 is an orphan: no location leads to it any more";
    assert_eq!(
        told,
        [
            "processing NotFoundError: gone".to_owned(),
            format!("orphan {orphan}")
        ]
    );
    assert!(
        problems
            .iter()
            .all(|p| p.entity == Some(component_ref("svc-0007")))
    );
    // What is gone there is gone here.
    instance.show(entities(COUNT - 1));
    desk.sync(&source).await;
    assert_eq!(desk.names(&source), names(COUNT - 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_changed_only_tags_are_asked_for() {
    let instance = Instance::start(entities(COUNT), Door::Open).await;
    let (desk, source) = (Desk::new(), format!("backstage:{}", instance.url()));
    desk.sync(&source).await;
    instance.requests();
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(
        (report.entities, report.sources[0].entities),
        (COUNT, COUNT)
    );
    assert_eq!(instance.requests(), ["tags 5000 nobody"]);
    let mut all = entities(COUNT);
    all[3]["metadata"]["title"] = "New".into();
    all[3]["metadata"]["etag"] = "f".into();
    instance.show(all);
    desk.sync(&source).await;
    assert_eq!(instance.requests().len(), 4);
    let stored = desk
        .session(&source)
        .store
        .entity(&component_ref("svc-0003"));
    assert_eq!(stored.unwrap().unwrap().entity.title(), Some("New"));
    sweep(&desk, &source).await;
    assert_eq!(
        instance.requests(),
        ["page 500 nobody"; 3],
        "--full asks for all"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_loses_anything_and_the_next_sync_heals() {
    let instance = Instance::start(entities(COUNT), Door::Open).await;
    let (desk, source) = (Desk::new(), format!("backstage:{}", instance.url()));
    desk.sync(&source).await;
    // What is there meanwhile: one entity less, so that what is deleted by mistake and what is not by right are seen.
    instance.show(entities(COUNT - 1));
    let busy = Some(Class::Unreachable);
    let away = Fault::Elsewhere("http://127.0.0.1:9/".to_owned());
    let cases = [
        ("401", 1, Fault::Status(401, None), Some(Class::NotSignedIn)),
        ("403", 1, Fault::Status(403, None), Some(Class::NotSignedIn)),
        ("404", 1, Fault::Status(404, None), Some(Class::Failed)),
        ("429 for an hour", 1, Fault::Status(429, Some(3600)), busy),
        ("502 for ever", 1, Fault::Status(502, None), busy),
        ("cut for ever", 1, Fault::Cut, busy),
        (
            "pages without all of their entities",
            2,
            Fault::Truncated(3),
            busy,
        ),
        (
            "a cursor without end",
            2,
            Fault::Around,
            Some(Class::Failed),
        ),
        ("a redirect to nowhere", 1, away, busy),
    ];
    for (what, after, fault, expected) in cases {
        instance.fail(after, u32::MAX, fault);
        let report = sweep(&desk, &source).await;
        assert_eq!(report.class(), expected, "{what}: {report:?}");
        assert_eq!(desk.names(&source), names(COUNT), "{what}");
    }
    for (what, fault) in [
        ("429 that is over", Fault::Status(429, Some(0))),
        ("502 once", Fault::Status(502, None)),
        ("cut once", Fault::Cut),
    ] {
        instance.show(entities(COUNT));
        instance.fail(0, 0, Fault::Cut);
        desk.sync(&source).await;
        instance.show(entities(COUNT - 1));
        instance.fail(1, 1, fault);
        let report = sweep(&desk, &source).await;
        assert_eq!(report.class(), None, "{what}: {report:?}");
        assert_eq!(desk.names(&source), names(COUNT - 1), "{what}");
    }
    instance.show(Vec::new());
    let report = sweep(&desk, &source).await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    assert_eq!(desk.names(&source), names(COUNT - 1), "an empty catalog");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_broke_off_goes_on_where_it_was() {
    let instance = Instance::start(entities(COUNT), Door::Open).await;
    let (desk, source) = (Desk::new(), format!("backstage:{}", instance.url()));
    let (page, tags) = ("page 500 nobody".to_owned(), "tags 5000 nobody".to_owned());
    let break_off = async || {
        instance.fail(2, u32::MAX, Fault::Status(401, None));
        desk.sync(&source).await;
        instance.fail(0, 0, Fault::Cut);
        instance.requests();
    };
    break_off().await;
    let report = desk.sync(&source).await;
    assert_eq!(
        (report.class(), desk.names(&source)),
        (None, names(COUNT)),
        "{report:?}"
    );
    // Only the last of three pages was missing; the tags say that the others are as they were.
    assert_eq!(instance.requests(), [page.clone(), tags.clone()]);
    // What changed in the meantime is asked for from the beginning.
    let mut all = entities(COUNT);
    all.remove(3);
    all[7]["metadata"]["title"] = "New".into();
    all[7]["metadata"]["etag"] = "f".into();
    instance.show(all);
    instance.fail(3, u32::MAX, Fault::Status(401, None));
    desk.sync(&source).await;
    instance.fail(0, 0, Fault::Cut);
    let mut all = entities(COUNT);
    all.remove(5);
    instance.show(all);
    instance.requests();
    let report = desk.sync(&source).await;
    let mut expected = names(COUNT);
    expected.remove(5);
    assert_eq!(
        (report.class(), desk.names(&source)),
        (None, expected),
        "{report:?}"
    );
    assert_eq!(
        instance.requests(),
        [&tags, &page, &tags, &page, &page, &page].map(Clone::clone)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_killed_at_any_moment_loses_and_doubles_nothing() {
    let shown = |number: u32| -> Vec<Value> {
        let mut all = entities(COUNT);
        for (it, entity) in all.iter_mut().enumerate() {
            entity["metadata"]["name"] = format!("svc-{number}-{it:04}").into();
            entity["metadata"]["etag"] = number.to_string().into();
        }
        all
    };
    let names = |number: u32| -> Vec<String> {
        (0..COUNT)
            .map(|it| format!("svc-{number}-{it:04}"))
            .collect()
    };
    let instance = Instance::start(shown(0), Door::Open).await;
    let desk = Desk::new();
    desk.write(
        "app-config.yaml",
        &format!(
            "stagedoor: {{ backstage: [{{ name: hq, baseUrl: '{}' }}] }}\n",
            instance.url()
        ),
    );
    assert_eq!(super::synced(&desk).await.1, names(0));
    let begun = std::time::Instant::now();
    desk.run("sync --full").await;
    let (whole, kills) = (begun.elapsed(), 10);
    let mut killed = 0;
    for number in 1..=kills {
        instance.show(shown(number));
        let mut sync = desk.command("sync");
        sync.stdout(Stdio::null()).stderr(Stdio::null());
        let mut sync = sync.spawn().unwrap();
        // The moment is the point of the test; which one it hits may differ with the machine.
        tokio::time::sleep(whole.mul_f64(moment(number))).await;
        sync.kill().unwrap();
        let ended = tokio::task::spawn_blocking(move || sync.wait());
        killed += u32::from(ended.await.unwrap().unwrap().code().is_none());
        let kept = desk.kept();
        assert!(
            kept == names(number - 1) || kept == names(number),
            "kill {number} left {}: {kept:?}",
            kept.len()
        );
        let (report, kept) = super::synced(&desk).await;
        assert_eq!((report.class(), kept), (None, names(number)), "{report:?}");
    }
    eprintln!("{killed} of {kills} killed");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_much_an_instance_carries_is_remembered() {
    let instance = Instance::start(entities(COUNT), Door::Open).await;
    let (desk, source) = (Desk::new(), format!("backstage:{}", instance.url()));
    instance.fail(0, 1, Fault::Status(502, None));
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    let asked = instance.requests();
    assert!(
        asked[0].starts_with("page 500") && asked[1].starts_with("page 250"),
        "{asked:?}"
    );
    let report = sweep(&desk, &source).await;
    assert_eq!((report.class(), desk.names(&source)), (None, names(COUNT)));
    let asked = instance.requests();
    assert!(asked[0].starts_with("page 250"), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_the_configurations_else_the_environments_else_a_guests() {
    let instance = Instance::start(entities(3), Door::Token("secret-7d1f")).await;
    let source = format!("backstage:{}", instance.url());
    let mut desk = Desk::new();
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    assert!(message(&report).contains("lets no guest in"), "{report:?}");
    assert_eq!(instance.requests(), ["page 500 nobody", "guest nobody"]);
    desk.variables.push(("BACKSTAGE_TOKEN", "secret-7d1f"));
    assert_eq!(desk.sync(&source).await.class(), None);
    assert_eq!(instance.requests(), ["page 500 Bearer secret-7d1f"]);
    let config = format!(
        "stagedoor: {{ backstage: [{{ name: hq, baseUrl: '{}', token: old-token }}] }}",
        instance.url()
    );
    desk.write(".home/config/app-config.yaml", &config);
    let report = desk.sync("backstage:hq").await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    assert!(
        message(&report).contains("the token in the configuration"),
        "{report:?}"
    );
    assert!(!message(&report).contains("old-token"), "{report:?}");
    assert_eq!(instance.requests(), ["page 500 Bearer old-token"]);
    assert!(!desk.holds("secret-7d1f"), "a token is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_given_a_token_and_a_new_one_once_it_is_old() {
    let instance = Instance::start(entities(COUNT), Door::Guests).await;
    let (desk, source) = (Desk::new(), format!("backstage:{}", instance.url()));
    instance.fail(2, 1, Fault::Expired);
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&source), names(COUNT));
    assert_eq!(
        instance.requests(),
        [
            "page 500 nobody",
            "guest nobody",
            "page 500 Bearer guest-1",
            "page 500 Bearer guest-1",
            "guest nobody",
            "page 500 Bearer guest-3",
            "page 500 Bearer guest-3",
        ]
    );
    assert!(!desk.holds("guest-3"), "a token is kept");
    instance.fail(0, u32::MAX, Fault::Expired);
    let report = sweep(&desk, &source).await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    assert_eq!(instance.requests().len(), 3, "it is tried once only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_never_goes_to_another_host_and_what_that_answers_is_not_taken() {
    let other = Instance::start(entities(2), Door::Open).await;
    let instance = Instance::start(entities(3), Door::Token("secret-7d1f")).await;
    let source = format!("backstage:{}", instance.url());
    let mut desk = Desk::new();
    desk.variables.push(("BACKSTAGE_TOKEN", "secret-7d1f"));
    let query = "/api/catalog/entities/by-query?limit=500&orderField=metadata.uid,asc";
    let there = format!("{}{query}", other.url());
    instance.fail(0, u32::MAX, Fault::Elsewhere(there));
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    assert!(
        message(&report).contains("it sends us to 127.0.0.1:"),
        "{report:?}"
    );
    assert_eq!(other.requests(), ["page 500 nobody"]);
    assert_eq!(desk.names(&source), [""; 0]);
    instance.requests();
    // With two instances it is not known whose the variable is.
    let config = format!(
        "stagedoor: {{ backstage: [{{ name: a, baseUrl: '{}' }}, {{ name: b, baseUrl: '{}' }}] }}",
        instance.url(),
        other.url()
    );
    desk.write(".home/config/app-config.yaml", &config);
    let options = sync::Options {
        cache_dir: Some(desk.path().join("both")),
        ..sync::Options::default()
    };
    let env = stagedoor::config::Env::fixed(desk.path(), &desk.variables);
    let session = sync::Session::open(&options, env).unwrap();
    let (request, cancel) = (SyncRequest::default(), CancellationToken::new());
    sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    let asked = [instance.requests(), other.requests()].concat();
    assert!(
        asked.len() >= 2 && asked.iter().all(|request| request.ends_with(" nobody")),
        "{asked:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entity_of_files_counts_before_that_of_an_instance_and_takes_its_relations_along() {
    let group = json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Group",
        "metadata": {"name": "team-a", "namespace": "default", "uid": "9"}, "spec": {"type": "team", "children": []},
        "relations": [{"type": "ownerOf", "targetRef": "component:default/svc-0000"}],
    });
    let mut all = entities(1);
    all.push(group);
    let instance = Instance::start(all, Door::Open).await;
    let desk = Desk::new();
    desk.write(
        "own.yaml",
        &super::component("svc-0000").replace("team-a", "team-b"),
    );
    let options = sync::Options {
        sources: vec![
            "own.yaml".to_owned(),
            format!("backstage:{}", instance.url()),
        ],
        cache_dir: Some(desk.path().join("cache")),
        ..sync::Options::default()
    };
    let env = stagedoor::config::Env::fixed(desk.path(), &[]);
    let session = sync::Session::open(&options, env).unwrap();
    let (request, cancel) = (SyncRequest::default(), CancellationToken::new());
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    assert_eq!(report.class(), None, "{report:?}");
    let index = session.store.index().unwrap();
    let at = |entity: &EntityRef| {
        let row = index.row_of(entity).unwrap();
        let relations = index.relations(row);
        relations
            .map(|(name, _)| name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(at(&component_ref("svc-0000")), ["ownedBy"]);
    assert_eq!(at(&EntityRef::new("group", "default", "team-a")), [""; 0]);
}
