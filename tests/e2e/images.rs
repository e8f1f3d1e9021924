//! Images of docs in a terminal that shows pixels: asked once, sent once, taken away at the end.

use std::fs;

use tempfile::TempDir;

use crate::pty::{Exit, Portal, Pty};

/// What a cell holds that shows a part of an image.
const PART: char = '\u{10eeee}';

fn company() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: mint\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec: {type: service, lifecycle: production, owner: team}\n";
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"160\" height=\"64\"><rect width=\"160\" height=\"64\" fill=\"teal\"/></svg>";
    let page = format!(
        "# Mint\n\n![A coin](coin.svg)\n\n{}",
        "Coins are struck here.\n\n".repeat(40)
    );
    fs::create_dir_all(folder.path().join("docs")).unwrap();
    for (path, text) in [
        ("catalog-info.yaml", text),
        ("docs/index.md", &page),
        ("docs/coin.svg", svg),
    ] {
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn open(folder: &TempDir, variables: &[(&str, &str)]) -> Portal {
    let source = folder.path().to_str().unwrap();
    let pty = Pty::portal([
        "--offline",
        "--source",
        source,
        "open",
        "component:mint/docs",
    ]);
    let pty = variables
        .iter()
        .fold(pty, |pty, (name, value)| pty.env(name, value));
    let mut portal = pty.kitty().size(100, 30).open();
    portal.wait_for("Coins are struck here.");
    portal
}

fn parts(portal: &Portal) -> usize {
    portal.screen().matches(PART).count()
}

#[test]
fn an_image_is_sent_once_stands_in_cells_and_is_taken_away() {
    let folder = company();
    let mut portal = open(&folder, &[]);
    portal.wait_until("an image in cells", |screen| {
        screen.contents().contains(PART)
    });
    assert_eq!(parts(&portal), 20 * 4);
    let sent = |portal: &Portal| portal.written().matches("\x1b_Ga=T,U=1,f=100,").count();
    assert_eq!(sent(&portal), 1);
    // It scrolls as text does, and nothing is sent again.
    portal.press("down").press("down").press("down");
    portal.wait_until("a part of the image", |screen| {
        let parts = screen.contents().matches(PART).count();
        parts > 0 && parts < 20 * 4
    });
    portal
        .press("end")
        .wait_until("no image", |screen| !screen.contents().contains(PART));
    portal
        .press("home")
        .wait_until("the image again", |screen| {
            screen.contents().matches(PART).count() == 20 * 4
        });
    assert_eq!(sent(&portal), 1);
    // Help lies over it, and goes; at rest nothing is written.
    portal.press("?").wait_for("Keys").settle();
    portal.press("esc").wait_until("the image again", |screen| {
        screen.contents().matches(PART).count() == 20 * 4
    });
    portal.settle();
    let before = portal.bytes();
    portal.press("up").settle();
    assert_eq!(portal.bytes(), before, "a frame in which nothing changed");
    // The terminal's answers were not taken for keys.
    assert!(
        portal.screen().contains("Docs › mint"),
        "{}",
        portal.screen()
    );
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
    assert!(portal.settings_are_restored());
    let written = portal.written();
    let (gone, left) = (
        written.rfind("\x1b_Ga=d,d=I,i="),
        written.rfind("\x1b[?1049l"),
    );
    assert!(
        gone.is_some() && gone < left,
        "it is taken from the screen that is left"
    );
}

#[test]
fn over_ssh_the_terminal_is_asked_only_once_images_are_wanted() {
    let folder = company();
    let mut portal = open(&folder, &[("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")]);
    portal.wait_for("A coin").settle();
    assert!(!portal.written().contains("\x1b_G"));
    portal.press("i").wait_until("an image in cells", |screen| {
        screen.contents().contains(PART)
    });
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}
