//! One finder for everything: what is typed, narrowed, opened and done from it.

use crate::pty::{Exit, Portal, Pty};

/// The built-in demo, its texts read.
fn demo() -> Portal {
    let mut portal = Pty::portal(["--offline"]).open();
    portal.wait_for("synced").settle();
    portal
}

#[test]
fn a_section_of_docs_is_opened_where_its_words_are_marked_and_n_walks_them() {
    let mut portal = demo();
    portal
        .press("/")
        .type_text("acquirer five")
        .wait_for("First five minutes")
        .wait_for("docs 2");
    portal
        .press("enter")
        .wait_for("On this page")
        .wait_for("find acquirer five");
    portal.wait_for("1 of");
    portal.press("n").wait_for("2 of");
    portal.press("N").wait_for("1 of");
    // Without marks the same key turns the page again.
    portal.press("esc").settle();
    portal.press("n").wait_for("page 5 of 8");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn the_first_mark_is_of_the_section_where_its_page_ends_before_it_is_on_top() {
    let mut portal = demo();
    portal
        .press("/")
        .type_text("payment retr")
        .wait_for("Taking a payment › Errors");
    portal
        .press("enter")
        .wait_for("find payment retr")
        .wait_for("10 of 11");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn a_chip_narrows_to_operations_and_one_is_shown_on_the_page_of_its_api() {
    let mut portal = demo();
    portal
        .press("/")
        .type_text("refund")
        .wait_for("operations 2")
        .wait_for("refunds-desk");
    // Docs are the last chip, operations the one before.
    portal.press("backtab").wait_for("● docs");
    portal.press("backtab").wait_for("● operations 2");
    portal.press("down").settle();
    portal
        .press("enter")
        .wait_for("Catalog › payments-v2")
        .wait_for("▌POST");
    portal.wait_for("/payments/{id}/refunds");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn what_is_selected_stays_when_the_texts_come() {
    let mut portal = demo();
    // Keys outrun every answer: the second of the names is chosen before anything is drawn.
    portal
        .press("/")
        .type_text("payment")
        .press("down")
        .settle();
    portal.wait_for("docs").wait_for("operations");
    portal.press("enter").settle();
    portal.wait_for("Relations");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn what_the_portal_can_do_is_done_from_the_finder() {
    let mut portal = demo();
    portal
        .press("/")
        .type_text(">templates")
        .wait_for("Go to the templates.")
        .press("enter")
        .wait_for("Go service");
    portal.press("/").type_text("payment-gateway").settle();
    portal.press("enter").wait_for("Relations").settle();
    // The same by the other key, with the page's own actions.
    portal
        .press(":")
        .type_text("yaml")
        .wait_for("Show its YAML.");
    portal.press("enter").wait_for("apiVersion");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}
