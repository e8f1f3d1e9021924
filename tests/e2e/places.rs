//! The portal opened at a place of it, and the command for where one is.

use crate::pty::{Exit, Portal, Pty};

fn open(arguments: &[&str], folder: &tempfile::TempDir) -> Portal {
    let cache = folder.path().join("cache");
    let all = ["--offline", "--cache-dir", cache.to_str().unwrap(), "open"];
    Pty::portal(all.iter().chain(arguments).copied()).open()
}

#[test]
fn it_opens_where_one_says_and_where_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut portal = open(&["payment-gateway/docs"], &folder);
    portal
        .wait_for("Docs › Payment Gateway")
        .wait_for("On this page");
    portal.press("n").wait_for("page 2 of").settle();
    portal.press("Y").wait_for("Copied the command");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));

    let mut again = open(&["--last"], &folder);
    again.wait_for("page 2 of");
    // Home lies below.
    again.press("u").wait_for("Catalog › payment-gateway");
    again.press("H").wait_for("Needs a look");
    again.press("q");
    assert_eq!(again.exit(), Exit::Code(0));
}

#[test]
fn a_query_a_tab_and_a_form_are_places_and_what_is_none_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for (place, expected) in [
        ("catalog?kind:api ledger", "ledger-v1"),
        ("component:payment-gateway/relations", "Relations"),
        ("problems", "Problems"),
    ] {
        let mut portal = open(&[place], &folder);
        portal.wait_for(expected).settle();
        assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
    }
    for (place, code, expected) in [
        (
            "default/payment-gateway/nothing",
            2,
            "is no place of the portal",
        ),
        (
            "payment-gatewy/docs",
            1,
            "no entity is called payment-gatewy/docs",
        ),
    ] {
        let mut portal = open(&[place], &folder);
        portal.wait_for(expected);
        assert_eq!(portal.exit(), Exit::Code(code));
    }
}
