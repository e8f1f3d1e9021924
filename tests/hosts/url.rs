//! Files behind URLs.

use stagedoor::sync::Class;

use super::forge::{Fault, Forge};
use super::{Desk, component, location};

#[tokio::test(flavor = "multi_thread")]
async fn a_url_is_asked_for_again_only_if_it_changed() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let desk = Desk::new();
    forge.put_file("all.yaml", &location("./part.yaml"));
    forge.put_file("part.yaml", &component("part"));
    let source = format!("{}/files/all.yaml", forge.url());
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&source), ["more", "part"]);
    forge.take_requests();
    desk.sync(&source).await;
    let requests = forge.take_requests();
    let unchanged = requests
        .iter()
        .filter(|request| request.starts_with("304"))
        .count();
    assert_eq!(unchanged, 2, "{requests:?}");
    forge.put_file("part.yaml", &component("other"));
    desk.sync(&source).await;
    assert_eq!(desk.names(&source), ["more", "other"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_cannot_be_read_for_now_keeps_what_it_had() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let desk = Desk::new();
    forge.put_file("all.yaml", &location("./part.yaml"));
    forge.put_file("part.yaml", &component("part"));
    let source = format!("{}/files/all.yaml", forge.url());
    desk.sync(&source).await;
    // The first request passes; the next is tried again before it is given up.
    forge.fail(&[Fault::Slow(std::time::Duration::ZERO)]);
    forge.fail(&[const { Fault::BadGateway }; 3]);
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), Some(Class::Unreachable), "{report:?}");
    assert_eq!(desk.names(&source), ["more", "part"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_that_is_gone_or_unreachable_says_so() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let desk = Desk::new();
    let report = desk.sync(&format!("{}/files/no.yaml", forge.url())).await;
    assert_eq!(report.class(), Some(Class::Failed), "{report:?}");
    let report = desk.sync("http://127.0.0.1:9/x.yaml").await;
    assert_eq!(report.class(), Some(Class::Unreachable), "{report:?}");
}
