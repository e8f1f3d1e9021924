//! A company on a forge of its own: what is there is synced, found, read, and followed as it changes; over GraphQL as an
//! organisation and over smart HTTP as a repository.

use crate::forge::{Forge, TOKEN};
use crate::pty::{Portal, Pty};

fn descriptor(name: &str, description: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  description: {description}\n  \
         annotations:\n    backstage.io/techdocs-ref: dir:.\nspec:\n  type: service\n  lifecycle: production\n  owner: pilots\n"
    )
}

/// A forge with one repository that has docs.
async fn forge() -> Option<Forge> {
    let forge = Forge::start().await?;
    forge.commit(
        "acme/buoy",
        &[
            (
                "catalog-info.yaml",
                &descriptor("buoy", "Marks the channel."),
            ),
            ("mkdocs.yml", "site_name: Buoy\n"),
            ("docs/index.md", "# Buoy\n\nIt floats, and it blinks.\n"),
        ],
    );
    Some(forge)
}

/// The portal of `source`, with a configuration that knows the forge.
fn open(forge: &Forge, work: &tempfile::TempDir, source: &str) -> Portal {
    let config = work.path().join("app-config.yaml");
    let text = format!(
        "integrations: {{ github: [{{ host: '{}' }}] }}\n",
        forge.host()
    );
    std::fs::write(&config, text).unwrap();
    Pty::portal(["--config", config.to_str().unwrap(), "--source", source])
        .env("GITHUB_TOKEN", TOKEN)
        .open()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_found_read_and_followed() {
    let Some(forge) = forge().await else { return };
    let work = tempfile::tempdir().unwrap();
    let mut portal = open(&forge, &work, &format!("github:{}/acme", forge.host()));
    portal
        .wait_for("synced")
        .press("/")
        .type_text("owner:pilots")
        .wait_for("buoy");
    portal.press("enter").wait_for("Marks the channel").settle();
    portal.press("d").wait_for("It floats, and it blinks.");

    forge.commit(
        "acme/pilot-boat",
        &[(
            "catalog-info.yaml",
            &descriptor("pilot-boat", "Brings the pilot."),
        )],
    );
    portal.press("H").settle();
    portal.press("R").settle();
    portal
        .press("/")
        .type_text("owner:pilots")
        .wait_for("pilot-boat")
        .wait_for("buoy");
    assert!(!portal.screen().contains(TOKEN));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_cloned_and_its_docs_are_read() {
    let Some(forge) = forge().await else { return };
    let work = tempfile::tempdir().unwrap();
    let mut portal = open(&forge, &work, &format!("git+{}/acme/buoy.git", forge.url()));
    portal
        .wait_for("synced")
        .press("/")
        .type_text("buoy")
        .wait_for("Marks the channel");
    portal.press("enter").settle();
    portal.press("d").wait_for("It floats, and it blinks.");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_remote_files_are_shown_from_what_is_kept() {
    let Some(forge) = forge().await else { return };
    let organisation = format!("github:{}/acme", forge.host());
    let repository = format!("git+{}/acme/buoy.git", forge.url());
    for source in [organisation, repository] {
        let work = tempfile::tempdir().unwrap();
        let mut portal = open(&forge, &work, &source);
        portal.wait_for("synced").press("P").wait_for("By cause");
        // Nobody describes the owner.
        portal.wait_for("owner: pilots").wait_for("^^^^^^");
        portal.press("e").wait_for("not on this machine");
    }
}

#[test]
fn real_catalogs_of_many_companies_are_shown() {
    let Some(shared) = std::env::var_os("STAGEDOOR_SHARED") else {
        eprintln!("skipped: STAGEDOOR_SHARED names no reference data");
        return;
    };
    let corpus = std::path::Path::new(&shared).join("corpus/catalog");
    let mut portal = Pty::portal(["--source", corpus.to_str().unwrap()]).open();
    portal.wait_for("synced").press("c").wait_for(" entities");
    portal.press("!").settle();
    portal.press("/").type_text("kind:api");
    portal.wait_until("APIs that were found", |screen| {
        let text = screen.contents();
        text.contains(" results") && !text.contains(" 0 results")
    });
}
