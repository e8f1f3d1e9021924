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
fn the_docs_of_a_service_are_read_and_their_links_followed() {
    let mut portal = demo();
    portal.press("/").type_text("payment-gateway").settle();
    portal.press("enter").wait_for("Relations").settle();
    portal.press("d").wait_for("In one minute");
    // The first link leads to a heading of another page.
    portal
        .press("tab")
        .press("enter")
        .wait_for("acquirer closes the day");
    portal.press("b").wait_for("In one minute");
    portal
        .press("n")
        .wait_for("A payment goes through five hands");
    for _ in 0..4 {
        portal.press("esc").settle();
    }
    assert_eq!(portal.press("q").exit(), Exit::Code(0));
}

#[test]
fn a_service_is_made_from_a_template_by_answering_its_questions() {
    let mut portal = demo();
    portal.press("t").wait_for("Go service");
    portal.press("down").press("enter").wait_for("step 1 of 4");
    portal.type_text("tide-table").press("enter");
    portal
        .type_text("Says when the water is high")
        .press("enter");
    portal
        .type_text("deliv")
        .wait_for("team-delivery")
        .press("enter");
    portal
        .type_text("dispa")
        .wait_for("dispatch")
        .press("enter");
    // Behind the last question comes the next step.
    portal.wait_for("step 2 of 4");
    portal.press("ctrl-n").wait_for("step 3 of 4");
    // Host and owner are what the template allows; the name is to be said.
    portal.press("down").press("down").type_text("tide-table");
    portal.press("ctrl-n").wait_for("step 4 of 4");
    portal.wait_for("group:default/team").wait_for("8 files");
    portal
        .press("enter")
        .wait_for("Done")
        .wait_for("Repository");
    let made = portal.home().join("tide-table");
    assert!(made.join(".git").is_dir(), "no repository was made");
    let main = std::fs::read_to_string(made.join("cmd/tide-table/main.go")).unwrap();
    assert!(main.contains("Says when the water is high"));
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn what_a_sync_brings_is_seen_at_once_and_later_without_the_source() {
    let work = tempfile::tempdir().unwrap();
    let catalog = work.path().join("catalog");
    let cache = work.path().join("cache");
    let (catalog_name, cache_name) = (catalog.to_str().unwrap(), cache.to_str().unwrap());
    std::fs::create_dir(&catalog).unwrap();
    let describe = |name: &str| {
        std::fs::write(
            catalog.join(format!("{name}.yaml")),
            format!(
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  type: service\n  \
                 lifecycle: production\n  owner: keepers\n"
            ),
        )
        .unwrap();
    };
    describe("lighthouse");
    let open = || Pty::portal(["--source", catalog_name, "--cache-dir", cache_name]).open();
    let mut portal = open();
    portal
        .press("/")
        .type_text("keepers")
        .wait_for("lighthouse");
    drop(portal);

    describe("foghorn");
    let sync = std::process::Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args(["sync", "--source", catalog_name, "--cache-dir", cache_name])
        .env("HOME", work.path())
        .output()
        .unwrap();
    // 1: the owner is not described, which is a problem.
    assert_eq!(sync.status.code(), Some(1), "{sync:?}");
    std::fs::remove_dir_all(&catalog).unwrap();
    let mut portal = Pty::portal(["--offline", "--cache-dir", cache_name]).open();
    portal
        .press("/")
        .type_text("owner:keepers")
        .wait_for("foghorn")
        .wait_for("lighthouse");
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
        .wait_for("The portal, its documentation and its");
}
