//! The portal that stays open asks its hosts again, and leaves alone those that want it.

use std::time::Duration;

use crate::forge::{Fault, Forge, TOKEN};
use crate::pty::{Portal, Pty};

fn descriptor(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {name} }}\nspec: {{ type: service, lifecycle: production, owner: x }}\n"
    )
}

/// A portal that asks every second.
fn open(forge: &Forge, work: &tempfile::TempDir) -> Portal {
    let config = work.path().join("app-config.yaml");
    let text = format!(
        "integrations: {{ github: [{{ host: '{0}' }}] }}\ncatalog: {{ providers: {{ github: {{ organization: acme, host: '{0}' }} }} }}\nstagedoor: {{ refresh: 1s }}\n",
        forge.host()
    );
    std::fs::write(&config, text).unwrap();
    Pty::portal(["--config", config.to_str().unwrap()])
        .env("GITHUB_TOKEN", TOKEN)
        .open()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pushed_comes_without_a_key_and_a_host_that_wants_it_is_left_alone() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge.commit("acme/buoy", &[("catalog-info.yaml", &descriptor("buoy"))]);
    let work = tempfile::tempdir().unwrap();
    let mut portal = open(&forge, &work);
    portal.wait_for("synced").press("c").wait_for("buoy");
    forge.commit(
        "acme/pilot-boat",
        &[("catalog-info.yaml", &descriptor("pilot-boat"))],
    );
    portal.wait_for("pilot-boat");
    // Not for three hours, and why.
    forge.fail(&[Fault::Later(3 * 3600)]);
    portal.wait_for("left alone").wait_for("too many requests");
    let struck = |requests: &[String]| requests.iter().any(|it| it.contains("Later"));
    assert!(struck(&forge.take_requests()));
    // The timer rings twice more, and nobody asks.
    portal.stays_quiet(Duration::from_millis(2500));
    assert_eq!(forge.take_requests(), [""; 0]);
}
