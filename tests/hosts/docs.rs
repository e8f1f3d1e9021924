//! Docs in repositories on a host: what their pages include, where else entities say that they are, at which revision, and
//! without a network.

use std::process::Command;

use stagedoor::sync::docs::{self, Files};
use stagedoor::sync::{Options, Session, SyncError};
use stagedoor::techdocs::{Book, section};
use tokio_util::sync::CancellationToken;

use super::forge::Forge;
use super::{Desk, component, component_ref};

/// The ways to one repository: over the host's interface, and with Git alone.
fn sources(forge: &Forge, repository: &str) -> [String; 2] {
    let of_host = format!("github:{}/acme", forge.host());
    let of_git = format!("git+{}/{repository}.git#**/catalog-info.yaml", forge.url());
    [of_host, of_git]
}

/// A desk that knows the forge as a GitHub, with what `source` leads to.
async fn desk(forge: &Forge, source: &str) -> Desk {
    let desk = Desk::signed_in();
    let host = forge.host();
    desk.write(
        ".home/config/app-config.yaml",
        &format!("integrations: {{ github: [{{ host: '{host}', apiBaseUrl: 'http://{host}/api/v3' }}] }}\n"),
    );
    let report = desk.sync(source).await;
    assert_eq!(report.class(), None, "{source}: {report:?}");
    desk
}

async fn brought(session: &Session, name: &str) -> Book {
    let cancel = CancellationToken::new();
    let found = docs::ensure_docs(session, &component_ref(name), &cancel).await;
    book(name, found)
}

#[track_caller]
fn book(name: &str, found: Result<Option<Files>, SyncError>) -> Book {
    let files = found.unwrap().unwrap();
    Book::new(name, &files.config, files.pages)
}

/// The words of a page, with what it includes.
fn words(book: &Book, page: &str) -> String {
    let sections = section::sections(&book.document(page).unwrap());
    let texts: Vec<String> = sections.into_iter().map(|section| section.text).collect();
    texts.join("\n")
}

/// A component whose docs are at `target`.
fn documented(name: &str, target: &str) -> String {
    component(name).replace("dir:.", target)
}

fn git(forge: &Forge, repository: &str, arguments: &[&str]) {
    let dir = forge.shared.repositories.dir(repository);
    let done = Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(arguments)
        .status();
    assert!(done.unwrap().success(), "{arguments:?}");
}

/// The session of `source` where nothing is asked.
fn offline(desk: &Desk, source: &str) -> Session {
    let options = Options {
        sources: vec![source.to_owned()],
        cache_dir: Some(desk.path().join("cache")),
        offline: true,
        ..Options::default()
    };
    let env = stagedoor::config::Env::fixed(desk.path(), &desk.variables);
    Session::open(&options, env).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pages_include_comes_with_them_from_anywhere_in_the_repository() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let page = "# Web\n\n--8<-- \"src/part.txt\"\n\n{% include-markdown \"../HELP.md\" %}\n\n--8<-- \"gone.md\"\n\n--8<-- \"../../etc/passwd\"\n";
    forge.commit(
        "acme/web",
        &[
            ("catalog-info.yaml", &component("web")),
            (
                "mkdocs.yml",
                "site_name: Web\nplugins: [techdocs-core, include-markdown]\n",
            ),
            ("docs/index.md", page),
            ("src/part.txt", "From the code.\n"),
            ("HELP.md", "How to help.\n"),
            ("large.txt", &"x".repeat(100_000)),
        ],
    );
    for source in sources(&forge, "acme/web") {
        let desk = desk(&forge, &source).await;
        let session = desk.session(&source);
        let text = words(&brought(&session, "web").await, "index.md");
        for part in ["From the code.", "How to help.", "gone.md", "passwd"] {
            assert!(text.contains(part), "{source}: {text}");
        }
        assert!(!desk.holds(&"x".repeat(1000)), "the large file was fetched");
        // The same is there without the host.
        let kept = brought(&offline(&desk, &source), "web").await;
        assert_eq!(words(&kept, "index.md"), text, "{source}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docs_are_where_an_entity_says() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let elsewhere = format!("url:{}/acme/handbook/tree/main/", forge.url());
    let file = format!(
        "url:{}/acme/handbook/blob/main/team/mkdocs.yml",
        forge.url()
    );
    let of_web = "backstage.io/techdocs-ref: dir:.";
    let borrowed = component("borrowed").replace(
        of_web,
        "backstage.io/techdocs-entity: component:default/sub\n    backstage.io/techdocs-entity-path: /more/a",
    );
    forge.commit(
        "acme/web",
        &[
            ("catalog-info.yaml", &documented("sub", "dir:./site")),
            ("site/docs/index.md", "# Sub\n"),
            ("site/docs/more/a.md", "# More\n"),
            ("url/catalog-info.yaml", &documented("url", &elsewhere)),
            ("file/catalog-info.yaml", &documented("file", &file)),
            ("borrowed/catalog-info.yaml", &borrowed),
            ("readme/catalog-info.yaml", &component("readme")),
            ("readme/README.md", "# Only this\n"),
            ("none/catalog-info.yaml", &component("none")),
        ],
    );
    forge.commit(
        "acme/handbook",
        &[
            ("mkdocs.yaml", "site_name: Handbook\ndocs_dir: book\n"),
            ("book/index.md", "# Handbook\n"),
            ("team/mkdocs.yml", "site_name: Team\n"),
            ("team/docs/README.md", "# Team\n"),
        ],
    );
    let all = "providers: { github: { acme: { organization: acme, catalogPath: '/**/catalog-info.yaml' } } }";
    let host = forge.host();
    let config = format!(
        "integrations: {{ github: [{{ host: '{host}', apiBaseUrl: 'http://{host}/api/v3' }}] }}\ncatalog: {{ {all} }}\n"
    );
    let desk = Desk::signed_in();
    let config = config.replace(
        "organization: acme",
        &format!("organization: acme, host: '{host}'"),
    );
    let report = desk.sync_config(&config).await;
    assert_eq!(report.class(), None, "{report:?}");
    let session = desk.opened();
    for (name, page, title) in [
        ("sub", "index.md", "Sub"),
        ("url", "index.md", "Handbook"),
        ("file", "README.md", "Team"),
        ("borrowed", "more/a.md", "More"),
        ("readme", "index.md", "Only this"),
    ] {
        let book = brought(&session, name).await;
        let home = book.site.home().unwrap();
        assert_eq!(
            (home.path.as_str(), home.title.as_str()),
            (page, title),
            "{name}"
        );
    }
    let cancel = CancellationToken::new();
    let none = docs::ensure_docs(&session, &component_ref("none"), &cancel).await;
    let error = none.unwrap_err().to_string();
    assert!(
        error.contains("neither pages in docs/ nor a README.md"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn docs_are_read_at_any_revision_and_kept() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let commit = |text: &str| {
        let files = [
            ("catalog-info.yaml", component("web")),
            ("docs/index.md", format!("# {text}\n")),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (*p, t.as_str())).collect();
        forge.commit("acme/web", &files);
        forge.shared.repositories.oid("acme/web", "main").unwrap()
    };
    let first = commit("First");
    git(&forge, "acme/web", &["tag", "v1", "main"]);
    commit("Asked for");
    git(
        &forge,
        "acme/web",
        &["update-ref", "refs/pull/7/head", "main"],
    );
    commit("On a branch");
    git(&forge, "acme/web", &["branch", "topic/docs", "main"]);
    commit("Now");
    for source in sources(&forge, "acme/web") {
        let desk = desk(&forge, &source).await;
        let session = desk.session(&source);
        let cancel = CancellationToken::new();
        let entity = component_ref("web");
        let asked = [
            ("main", "Now"),
            ("v1", "First"),
            ("topic/docs", "On a branch"),
            ("pr/7", "Asked for"),
            (&first, "First"),
        ];
        for session in [session, offline(&desk, &source)] {
            for (revision, title) in asked {
                let found = docs::ensure_docs_at(&session, &entity, revision, &cancel).await;
                let book = book("web", found);
                assert_eq!(book.own_title("index.md"), title, "{source}: {revision}");
            }
        }
        let session = desk.session(&source);
        let gone = docs::ensure_docs_at(&session, &entity, "nowhere", &cancel).await;
        assert!(gone.is_err(), "{source}");
        // What is read otherwise stays what it was.
        assert_eq!(brought(&session, "web").await.own_title("index.md"), "Now");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docs_that_moved_are_brought_again_and_others_cost_a_question() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let files = |title: &str| {
        let mut files = vec![("catalog-info.yaml".to_owned(), component("web"))];
        files.push(("docs/index.md".to_owned(), format!("# {title}\n")));
        files.extend((0..30).map(|at| (format!("docs/p{at}.md"), format!("# Page {at}\n"))));
        files
    };
    let commit = |title: &str| {
        let files = files(title);
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(p, t)| (p.as_str(), t.as_str()))
            .collect();
        forge.commit("acme/web", &files);
    };
    commit("Old");
    let [source, _] = sources(&forge, "acme/web");
    let desk = desk(&forge, &source).await;
    let session = desk.session(&source);
    assert_eq!(brought(&session, "web").await.own_title("index.md"), "Old");
    forge.take_requests();
    // It is asked where the repository stands now, and a moment later not again.
    brought(&session, "web").await;
    assert_eq!(forge.take_requests().len(), 1);
    brought(&session, "web").await;
    assert_eq!(forge.take_requests(), [""; 0]);
    let later = || {
        session
            .store
            .set_note("docs:component:default/web", "")
            .unwrap();
    };
    later();
    brought(&session, "web").await;
    let requests = forge.take_requests();
    assert!(requests.len() <= 2, "{requests:?}");
    commit("New");
    later();
    assert_eq!(brought(&session, "web").await.own_title("index.md"), "New");
    let requests = forge.take_requests();
    assert!(requests.len() <= 8, "{requests:?}");
}
