//! The snapshot is replaced by another process while a portal shows it: the portal follows, and no frame in between shows
//! an entity with what another one says.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::forge::{Forge, TOKEN};
use crate::pty::{Exit, Pty};

/// What stands in the catalog in a round: in each more in front, and every owner is another.
fn catalog(round: usize) -> String {
    let in_front = (0..round).map(|number| format!("afore-{number:02}"));
    let buoys = (0..40).map(|number| format!("buoy-{number:02}"));
    // The first goes when the others have moved the most.
    let names = in_front.chain(buoys.skip(round / 3));
    let documents = names.map(|name| {
        format!(
            "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {name} }}\n\
             spec: {{ type: service, lifecycle: production, owner: of-{name}-in-{round} }}\n"
        )
    });
    documents.collect()
}

/// The rounds that the rows on the screen are of. Each row has to say of itself who owns it.
fn rounds(screen: &vt100::Screen) -> BTreeSet<String> {
    let text = screen.contents();
    let rows = text.lines().filter_map(|line| {
        let (before, owner) = line.split_once("of-")?;
        let name = before.split_whitespace().find(|word| is_name(word))?;
        Some((name, owner.split_whitespace().next()?))
    });
    rows.map(|(name, owner)| {
        let (of, round) = owner.split_once("-in-").unwrap_or((owner, ""));
        assert_eq!(of, name, "another's owner in the row of {name}:\n{text}");
        round.to_owned()
    })
    .collect()
}

fn is_name(word: &str) -> bool {
    word.starts_with("buoy-") || word.starts_with("afore-")
}

/// Another process asks the hosts and publishes what they say.
fn sync(config: &Path, cache: &Path) {
    let ended = Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args(["sync", "--config"])
        .arg(config)
        .arg("--cache-dir")
        .arg(cache)
        .env("HOME", cache)
        .env("GITHUB_TOKEN", TOKEN)
        .output()
        .unwrap();
    // 1 says that problems were found: nobody describes the owners.
    assert!(matches!(ended.status.code(), Some(0 | 1)), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_another_process_replaces_is_followed_and_no_row_is_another_s() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let work = tempfile::tempdir().unwrap();
    let (config, cache) = (work.path().join("app-config.yaml"), work.path().join("k"));
    let text = format!(
        "integrations: {{ github: [{{ host: '{0}' }}] }}\n\
         catalog: {{ providers: {{ github: {{ organization: acme, host: '{0}' }} }} }}\n\
         stagedoor: {{ refresh: 'off' }}\n",
        forge.host()
    );
    std::fs::write(&config, text).unwrap();
    forge.commit("acme/buoys", &[("catalog-info.yaml", &catalog(0))]);
    sync(&config, &cache);
    let arguments = [
        Path::new("--config"),
        &config,
        Path::new("--cache-dir"),
        &cache,
    ];
    let mut portal = Pty::portal(arguments).env("GITHUB_TOKEN", TOKEN).open();
    portal.wait_for("stagedoor").press("c").wait_for("buoy-07");
    for _ in 0..7 {
        portal.press("j");
    }
    portal.wait_for("▌  buoy-07");
    for round in 1..=4 {
        forge.commit("acme/buoys", &[("catalog-info.yaml", &catalog(round))]);
        sync(&config, &cache);
        let expected = BTreeSet::from([round.to_string()]);
        // Keys in between: what is drawn for them is of one catalog, too.
        portal.press("j").press("k");
        portal.wait_until("the new owners", |screen| {
            let shown = rounds(screen);
            assert!(shown.len() <= 1, "{}", screen.contents());
            shown == expected
        });
        portal.wait_for("▌  buoy-07");
        assert_eq!(portal.screen().contains("buoy-00"), round < 3);
    }
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}
