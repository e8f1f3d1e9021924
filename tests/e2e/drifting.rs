//! The repositories that came from a template, on the screen: how far each is behind, and an update with a conflict, from the
//! page to the request and back.

use crate::pty::Exit;
use crate::publishing::holding_the_token;
use crate::updating::{LIGHT, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn an_update_with_a_conflict_is_looked_at_proposed_and_remembered() {
    let Some(stage) = Stage::new().await else {
        return;
    };
    stage.make("harbour-light", "--remember");
    stage.make("buoy", "--remember");
    stage.edit("# harbour-light\n\nAsk Jane.\n");
    stage.go_on("Shines at night.");
    stage.ok(&["sync"]);
    let branch = stage.branch();
    let name = format!("{}/{LIGHT}", stage.host);

    let mut portal = stage.desk.open(&stage.host);
    portal.wait_for("lighthouse").settle();
    portal.press("t").wait_for("Beacon").settle();
    portal.press("m").wait_for("2 of 2 behind");
    portal.wait_for(&name).press("down").settle();

    // Its update takes the terminal: it shows what would change, line by line if that is wanted, and asks.
    portal
        .press("u")
        .wait_for("conflict README.md: changed on both sides");
    portal.wait_for("[y/N, d shows the changes]");
    portal.send_text("d\r").wait_for("+<<<<<<< main");
    assert_eq!(
        stage.at(LIGHT, &branch),
        None,
        "nothing is pushed before the yes"
    );
    portal
        .send_text("y\r")
        .wait_for("/acme/harbour-light/pull/9");
    portal.wait_for(&format!("git switch {branch}"));
    portal.wait_for("Enter goes back").send_text("\r");

    // Back on the page it stands as proposed, and the other one as it was.
    portal.wait_for("proposed").settle();
    portal.wait_for("1 revision behind");
    let readme = stage.text(LIGHT, &format!("{branch}:README.md"));
    assert!(
        readme.contains("Ask Jane.\n=======\nShines at night.\n"),
        "{readme}"
    );
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));

    // Once it is merged, it is up to date.
    let folder = stage.forge.shared.repositories.dir(LIGHT);
    let merged = format!("refs/heads/{branch}");
    crate::wizard::git(&folder, &["update-ref", "refs/heads/main", &merged]);
    let drift = stage.json(0, &["template", "drift", "beacon"]);
    let states: Vec<_> = drift
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["state"])
        .collect();
    assert_eq!(states, ["behind", "up to date"]);
    let held = [stage.desk.path(), portal.home()].map(holding_the_token);
    assert_eq!(held.concat(), Vec::<String>::new(), "the token was written");
}
