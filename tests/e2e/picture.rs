//! The picture in the README: home, as it really looks.
//!
//! `UPDATE_DOCS=1 cargo test --test e2e picture` takes it anew.

use std::path::Path;

use crate::pty::Pty;

const BEGIN: &str = "<!-- screen:begin -->\n```text\n";
const END: &str = "```\n<!-- screen:end -->";

#[test]
fn the_readme_shows_the_screen() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the picture begins");
    let (picture, after) = rest.split_once(END).expect("the picture ends");
    let mut portal = Pty::portal(["--offline"]).size(100, 28).open();
    portal.wait_for("payment-gateway").settle();
    let screen: String = portal
        .screen()
        .lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{screen}{END}{after}")).unwrap();
        return;
    }
    // Ages and counts may differ; what the keys are and what the page is called may not.
    assert_eq!(
        picture.lines().last(),
        screen.lines().last(),
        "the picture is old; run UPDATE_DOCS=1 cargo test --test e2e picture"
    );
}
