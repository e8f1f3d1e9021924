//! The docs that a running Backstage serves: brought once, kept, brought again where they were built anew.

use serde_json::json;
use stagedoor::sync::docs::{self, Files};
use stagedoor::sync::{Options, Session, SyncError};
use stagedoor::techdocs::Book;
use tokio_util::sync::CancellationToken;

use super::super::instance::{Door, Fault, Instance};
use super::super::{Desk, component_ref};
use super::entity;

const NAME: &str = "default/Component/svc-0";
const METADATA: &str = r#"{"site_name": "Ledger", "build_timestamp": 1, "etag": "a",
    "files": ["index.html", "404.html", "ops/paging/index.html", "assets/x.css", "search/search_index.json"]}"#;
const HOME: &str = r#"<!doctype html><html><body><nav class="md-nav md-nav--primary"><ul>
    <li><a href="."><span class="md-ellipsis">Ledger</span></a></li>
    <li><label>Operations</label><nav><ul><li><a href="ops/paging/">Who is called</a></li><li><a href="gone/">Gone</a></li></ul></nav></li>
    </ul></nav><article class="md-content__inner"><h1 id="ledger">The ledger<a class="headerlink">¶</a></h1>
    <p>See <a href="ops/paging/#rota">the rota</a>.</p></article></body></html>"#;
const PAGING: &str = r#"<!doctype html><html><body><article class="md-content__inner"><h1 id="paging">Paging</h1>
    <h2 id="rota">Rota</h2><p>Zebras first.</p></article></body></html>"#;
const PAGES: [(&str, &str); 2] = [("index.html", HOME), ("ops/paging/index.html", PAGING)];

/// A desk that has synced the one entity of `instance`.
async fn desk(instance: &Instance) -> (Desk, String) {
    let (desk, source) = (Desk::new(), format!("backstage:{}", instance.url()));
    desk.sync(&source).await;
    instance.requests();
    (desk, source)
}

async fn instance(door: Door) -> Instance {
    let mut entity = entity("svc-0", 0);
    entity["metadata"]["annotations"]["backstage.io/techdocs-ref"] = "dir:.".into();
    Instance::start(vec![entity], door).await
}

async fn open(session: &Session) -> Result<Option<Files>, SyncError> {
    let cancel = CancellationToken::new();
    docs::ensure_docs(session, &component_ref("svc-0"), &cancel).await
}

fn offline(desk: &Desk, source: &str) -> Session {
    let options = Options {
        sources: vec![source.to_owned()],
        cache_dir: Some(desk.path().join("cache")),
        offline: true,
        ..Options::default()
    };
    Session::open(&options, stagedoor::config::Env::fixed(desk.path(), &[])).unwrap()
}

/// Lets the docs be asked after again.
fn forget_when(session: &Session) {
    let key = format!("docs:{}", component_ref("svc-0"));
    session.store.set_note(&key, "0").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn docs_are_brought_whole_and_read_like_any_other() {
    let instance = instance(Door::Open).await;
    instance.serve_docs(NAME, METADATA, &PAGES);
    let (desk, source) = desk(&instance).await;
    let session = desk.session(&source);
    let files = open(&session).await.unwrap().unwrap();
    let asked = instance.requests();
    assert_eq!(
        asked,
        [
            format!("metadata/techdocs/{NAME} nobody"),
            format!("static/docs/{NAME}/index.html nobody"),
            format!("static/docs/{NAME}/gone/index.html nobody"),
            format!("static/docs/{NAME}/ops/paging/index.html nobody"),
        ]
    );
    let book = Book::new("svc-0", &files.config, files.pages);
    assert_eq!(book.site.name, "Ledger");
    let pages: Vec<(&str, &str)> = book
        .site
        .pages
        .iter()
        .map(|page| (page.path.as_str(), page.title.as_str()))
        .collect();
    assert_eq!(
        pages,
        [
            ("index.html", "Ledger"),
            ("ops/paging/index.html", "Who is called")
        ]
    );
    assert_eq!(book.site.trail("ops/paging/index.html"), ["Operations"]);
    assert!(
        !book.texts["index.html"].contains("md-nav"),
        "{:?}",
        book.texts
    );
    let target = book.site.resolve("index.html", "ops/paging/#rota");
    assert_eq!(
        format!("{target:?}"),
        "Page { path: \"ops/paging/index.html\", anchor: Some(\"rota\") }"
    );
    let hits = session.store.search_docs("zebras", None, 5).unwrap();
    assert_eq!(
        (hits[0].path.as_str(), hits[0].anchor.as_str()),
        ("ops/paging/index.html", "rota")
    );
    // What is kept is read without the instance.
    drop(instance);
    assert!(open(&offline(&desk, &source)).await.unwrap().is_some());
    forget_when(&session);
    assert!(
        open(&session).await.unwrap().is_some(),
        "it is gone, what is kept is not"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn docs_are_brought_again_only_where_they_were_built_anew() {
    let instance = instance(Door::Open).await;
    instance.serve_docs(NAME, METADATA, &PAGES);
    let (desk, source) = desk(&instance).await;
    let session = desk.session(&source);
    open(&session).await.unwrap();
    instance.requests();
    open(&session).await.unwrap();
    assert_eq!(instance.requests(), [""; 0], "asked a moment ago");
    forget_when(&session);
    open(&session).await.unwrap();
    assert_eq!(
        instance.requests(),
        [format!("metadata/techdocs/{NAME} nobody")]
    );
    let newer = METADATA.replace("\"etag\": \"a\"", "\"etag\": \"b\"");
    let page = PAGING.replace("Zebras", "Yaks");
    instance.serve_docs(NAME, &newer, &[PAGES[0], ("ops/paging/index.html", &page)]);
    forget_when(&session);
    instance.fail(2, u32::MAX, Fault::Status(502, None));
    let files = open(&session).await.unwrap().unwrap();
    assert!(
        files.pages["ops/paging/index.html"].contains("Zebras"),
        "half of it is none"
    );
    instance.fail(0, 0, Fault::Cut);
    let files = open(&session).await.unwrap().unwrap();
    assert!(files.pages["ops/paging/index.html"].contains("Yaks"));
    assert_eq!(session.store.search_docs("zebras", None, 5).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_builds_docs_that_nobody_has_opened_yet() {
    let instance = instance(Door::Guests).await;
    // A builder that does not list its files: its search knows the pages.
    let index = json!({"docs": [{"location": ""}, {"location": "ops/paging/"}, {"location": "ops/paging/#rota"}]});
    let index = index.to_string();
    let pages = [
        PAGES[0],
        PAGES[1],
        ("search/search_index.json", index.as_str()),
    ];
    instance.build_docs(NAME, r#"{"site_name": "Ledger"}"#, &pages);
    let (desk, source) = desk(&instance).await;
    let session = desk.session(&source);
    let files = open(&session).await.unwrap().unwrap();
    assert_eq!(
        files.pages.keys().collect::<Vec<_>>(),
        ["index.html", "ops/paging/index.html"]
    );
    let asked = instance.requests();
    assert_eq!(
        asked[..4],
        [
            format!("metadata/techdocs/{NAME} nobody"),
            "guest nobody".to_owned(),
            format!("metadata/techdocs/{NAME} Bearer guest-2"),
            format!("sync/{NAME} Bearer guest-2"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_without_docs_says_so_and_what_it_refuses_is_told() {
    let instance = instance(Door::Open).await;
    let (desk, source) = desk(&instance).await;
    let session = desk.session(&source);
    let error = open(&session).await.unwrap_err().to_string();
    assert!(error.contains("serves no docs of it"), "{error}");
    instance.serve_docs(NAME, METADATA, &PAGES);
    instance.fail(0, u32::MAX, Fault::Status(401, None));
    let error = open(&session).await.unwrap_err().to_string();
    assert!(error.contains("not signed in or not allowed"), "{error}");
    instance.fail(0, 0, Fault::Cut);
    let away = Instance::start(Vec::new(), Door::Open).await;
    instance.fail(1, 1, Fault::Elsewhere(format!("{}/sign-in", away.url())));
    let error = open(&session).await.unwrap_err().to_string();
    assert!(
        error.contains("it sends us to") || error.contains("does not exist"),
        "{error}"
    );
    assert_eq!(session.store.site(&component_ref("svc-0")).unwrap(), None);
    instance.fail(0, 0, Fault::Cut);
    assert!(open(&session).await.unwrap().is_some());
    instance.forget_docs();
    forget_when(&session);
    assert!(
        open(&session).await.unwrap().is_some(),
        "what was read stays"
    );
}
