//! The first run: from nothing to a portal over what lies here, in three keys.

use std::ffi::OsString;

use serde_json::json;

use crate::instance::{Door, Instance};
use crate::pty::{Exit, Pty};

const DESCRIPTOR: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: till\nspec:\n  type: service\n  owner: user:default/jane\n  lifecycle: production\n";

#[test]
fn what_lies_here_is_tried_written_down_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("catalog-info.yaml"), DESCRIPTOR).unwrap();
    let mut portal = Pty::portal(Vec::<OsString>::new())
        .folder(folder.path())
        .size(100, 30)
        .open();
    portal
        .wait_for("Welcome to Stagedoor")
        .wait_for("The files in this folder");
    portal.press("1").wait_for("1 entity found");
    let file = portal.home().join(".config/stagedoor/app-config.yaml");
    assert!(!file.exists(), "nothing is written before it is said");
    portal
        .press("enter")
        .wait_for("The catalog")
        .wait_for("Component");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("catalog-info.yaml"), "{text}");
    assert_eq!(portal.press("Q").exit(), Exit::Code(0));
}

#[test]
fn esc_leads_to_the_demo_and_ctrl_c_out() {
    let mut portal = Pty::portal(Vec::<OsString>::new()).open();
    portal
        .wait_for("Welcome to Stagedoor")
        .press("esc")
        .wait_for("payment-gateway");
    assert_eq!(portal.press("Q").exit(), Exit::Code(0));
    let mut portal = Pty::portal(Vec::<OsString>::new()).open();
    portal.wait_for("Welcome to Stagedoor");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_backstage_is_named_asked_and_shown() {
    let entity = json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Component",
        "metadata": { "name": "till", "namespace": "default", "uid": "1", "etag": "e" },
        "spec": { "type": "service", "lifecycle": "production", "owner": "team-a" },
        "relations": [],
    });
    let instance = Instance::start(vec![entity], Door::Open).await;
    let mut portal = Pty::portal(Vec::<OsString>::new()).size(100, 30).open();
    portal
        .wait_for("A running Backstage")
        .press("3")
        .wait_for("its address");
    // Nobody answers there: it is said, and the address can be corrected.
    portal
        .type_text("http://127.0.0.1:1")
        .press("enter")
        .wait_for("127.0.0.1:1")
        .wait_for("cannot be reached");
    portal.press("esc").wait_for("try it");
    portal
        .press("ctrl-u")
        .wait_for("its address")
        .type_text(&instance.url())
        .press("enter")
        .wait_for("1 entity found");
    portal
        .press("enter")
        .wait_for("The catalog")
        .wait_for("Component");
    portal.press("/").type_text("till").wait_for("1 result");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}
