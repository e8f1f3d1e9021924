//! What developers do with it, from the first key to the end.

use crate::pty::{Exit, Portal, Pty};

/// The built-in demo, with nothing configured.
fn demo() -> Portal {
    let mut portal = Pty::portal(["--offline"]).open();
    portal.wait_for("stagedoor").settle();
    portal
}

#[test]
fn a_service_is_found_by_its_owner() {
    let mut portal = demo();
    portal
        .press("/")
        .type_text("owner:team-payments gateway")
        .wait_for("payment-gateway");
    // The preview says what it is; the entity's own page says what it hangs together with.
    portal.wait_for("Takes card and wallet payments");
    portal.press("enter").wait_for("Relations").settle();
    portal.wait_for("team-payments").wait_for("payments-v2");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn the_repository_you_stand_in_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("catalog-info.yaml"),
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: lighthouse\nspec:\n  type: service\n  \
         lifecycle: production\n  owner: keepers\n",
    )
    .unwrap();
    let mut portal = Pty::portal(["--offline"]).folder(folder.path()).open();
    portal
        .wait_for("stagedoor")
        .press("/")
        .type_text("light")
        .wait_for("lighthouse");
    portal.wait_gone("payment-gateway");
}

#[test]
fn in_our_own_repository_the_demo_is_shown_with_it() {
    let mut portal = Pty::portal(["--offline"])
        .folder(env!("CARGO_MANIFEST_DIR"))
        .open();
    portal.wait_for("payment-gateway").wait_for("jane");
    portal
        .press("/")
        .type_text("stagedoor")
        .wait_for("The developer portal in the terminal");
}
