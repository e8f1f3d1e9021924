//! What is searched beside the catalog: brought when sources are read, found offline, never at the price of the rest.

use stagedoor::sync::{Class, SyncReport};

use super::Desk;
use super::pages::{Pages, TOKEN};

fn config(pages: &Pages) -> String {
    format!(
        "catalog: {{ locations: [] }}\nstagedoor:\n  search:\n    - {{ name: handbook, url: '{url}/docs' }}\n\
         confluence:\n  baseUrl: {url}/wiki\n  auth: {{ token: {TOKEN} }}\n  spaces: [OPS]\n\
         stackoverflow:\n  baseUrl: {url}/api\n  teamName: acme\n  apiAccessToken: {TOKEN}\n",
        url = pages.url()
    )
}

fn furnish(pages: &Pages) {
    pages.say(&[
        ("", "Handbook", "Welcome"),
        ("pager/#swap", "Swap", "<p>Ask in the channel</p>"),
        ("pager/", "Pager", "Who has it"),
    ]);
    pages.write(
        1,
        "monday",
        "Rota",
        "<h1>Rota</h1><p>Who is on&nbsp;call</p>",
    );
    pages.write(2, "monday", "Lunch", "<p>Soup</p>");
    pages.write(3, "monday", "Ledger", "<p>Never restart it</p>");
}

/// What is found for `words`, as `source title › heading`.
fn found(desk: &Desk, words: &str) -> Vec<String> {
    let hits = desk.opened().store.search_elsewhere(words, 9).unwrap();
    hits.into_iter()
        .map(|hit| format!("{}: {} › {}", hit.source, hit.page.title, hit.page.heading))
        .collect()
}

fn failures(report: &SyncReport) -> Vec<String> {
    let failed = report
        .sources
        .iter()
        .filter(|source| source.failure.is_some());
    failed.map(|source| source.source.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sites_wikis_and_questions_are_found_and_only_what_changed_is_brought_again() {
    let (pages, desk) = (Pages::start().await, Desk::new());
    furnish(&pages);
    let report = desk.sync_config(&config(&pages)).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(found(&desk, "channel"), ["handbook: Pager › Swap"]);
    assert_eq!(
        found(&desk, "call"),
        ["confluence: Rota › Operations › Shifts"]
    );
    let mut restart = found(&desk, "restart");
    restart.sort();
    assert_eq!(
        restart,
        [
            "confluence: Ledger › Operations › Shifts",
            "stack overflow: How do I restart ledger 1? › ledger ops",
            "stack overflow: How do I restart ledger 2? › ledger ops",
        ]
    );
    let hits = desk.opened().store.search_elsewhere("soup", 9).unwrap();
    assert_eq!(
        hits[0].page.url,
        format!("{}/wiki/spaces/OPS/pages/2", pages.url())
    );

    pages.take_requests();
    pages.write(2, "tuesday", "Lunch", "<p>Pancakes</p>");
    pages.delete(3);
    desk.sync_config(&config(&pages)).await;
    let mut requests = pages.take_requests();
    requests.sort();
    // The list in its one part, and the text of one page; the site says that nothing changed.
    assert_eq!(
        requests,
        [
            "200 /api/questions",
            "200 /api/questions",
            "200 /wiki/rest/api/content/search",
            "200 /wiki/rest/api/content/search",
            "304 /docs/search/search_index.json",
        ]
    );
    assert_eq!(found(&desk, "pancakes").len(), 1);
    assert!(found(&desk, "soup").is_empty() && found(&desk, "never").is_empty());
    assert_eq!(found(&desk, "channel").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_fails_says_so_and_keeps_what_it_had() {
    let (pages, desk) = (Pages::start().await, Desk::new());
    furnish(&pages);
    desk.sync_config(&config(&pages)).await;
    pages.fail(Some(401));
    let report = desk.sync_config(&config(&pages)).await;
    assert_eq!(
        failures(&report),
        [
            "search:handbook",
            "search:confluence",
            "search:stack overflow"
        ]
    );
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    assert_eq!(found(&desk, "channel").len(), 1);
    let states = desk.opened().store.elsewhere_sources().unwrap();
    assert!(
        states.iter().all(|state| state.error.is_some()),
        "{states:?}"
    );
    for message in report
        .sources
        .iter()
        .filter_map(|source| source.failure.as_ref())
    {
        assert!(!message.message.contains(TOKEN), "{}", message.message);
    }
    pages.fail(None);
    // What is configured no more is found no more.
    let only = config(&pages)
        .split("confluence:")
        .next()
        .unwrap()
        .to_owned();
    let report = desk.sync_config(&only).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert!(found(&desk, "call").is_empty());
    assert_eq!(found(&desk, "channel").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_goes_to_no_other_host() {
    let (pages, other, desk) = (Pages::start().await, Pages::start().await, Desk::new());
    furnish(&pages);
    // Another port is another host to whom a token means nothing.
    pages.send_to(&format!("{}/api/questions?page=2&team=acme", other.url()));
    let report = desk.sync_config(&config(&pages)).await;
    assert_eq!(failures(&report), ["search:stack overflow"]);
    assert_eq!(other.take_requests(), [""; 0]);
    assert_eq!(other.tokens(), [""; 0]);
    let database = desk.path().join("cache");
    assert!(pages.tokens().iter().any(|token| token == TOKEN));
    assert!(!holds(&database, TOKEN), "the token is in the cache");
}

/// Whether any file below `dir` holds `text`.
fn holds(dir: &std::path::Path, text: &str) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_of_a_company_is_asked_for_its_questions_too() {
    let (pages, desk) = (Pages::start().await, Desk::new());
    furnish(&pages);
    let host = pages.url().replace("http://", "");
    let named = format!("stagedoor:\n  hosts: [{{ host: '{host}', caBundle: gone.pem }}]\n");
    let report = desk
        .sync_config(&config(&pages).replace("stagedoor:\n", &named))
        .await;
    let asked = report
        .sources
        .iter()
        .find(|source| source.source.contains("stack overflow"))
        .unwrap();
    let told = &asked.failure.as_ref().unwrap().message;
    assert!(
        told.contains("gone.pem") && told.contains("caBundle"),
        "{told}"
    );
}
