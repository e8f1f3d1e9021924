//! What is wrong is looked at, narrowed, and mended in an editor at its line.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::pty::{Exit, Pty};

/// An editor that writes its arguments beside itself and mends the tag of the file it is given last.
fn editor(folder: &Path) -> PathBuf {
    let program = folder.join("nvim");
    let script = "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$(dirname \"$0\")/arguments\"\n\
                  for file; do :; done\n\
                  sed 's/Front End/front-end/' \"$file\" > \"$file.new\" && mv \"$file.new\" \"$file\"\n";
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    program
}

#[test]
fn a_finding_is_mended_at_its_line_and_is_gone() {
    let work = tempfile::tempdir().unwrap();
    let catalog = work.path().join("catalog");
    std::fs::create_dir(&catalog).unwrap();
    let describe = |name: &str, tag: &str| {
        let text = format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  tags:\n    - {tag}\nspec:\n  \
             type: service\n  lifecycle: production\n  owner: keepers\n"
        );
        std::fs::write(catalog.join(format!("{name}.yaml")), text).unwrap();
    };
    describe("lighthouse", "Front End");
    describe("foghorn", "loud");
    let program = editor(work.path());
    let mut portal = Pty::portal(["--offline", "--source", catalog.to_str().unwrap()])
        .env("EDITOR", program.to_str().unwrap())
        .open();
    portal.wait_for("stagedoor").settle();
    portal.press("P").wait_for("By cause").wait_for("foghorn");
    portal
        .press("f")
        .type_text("front")
        .wait_gone("foghorn")
        .press("enter")
        // The lines of the file, with a mark below what is wrong.
        .wait_for("6 │     - Front End")
        .wait_for("^^^^^^^^^")
        .settle();
    portal
        .press("e")
        .wait_for("Nothing that is wrong has to do with");
    assert!(portal.modes().alternate_screen);
    let arguments = std::fs::read_to_string(work.path().join("arguments")).unwrap();
    let file = catalog.join("lighthouse.yaml");
    assert_eq!(arguments, format!("+6\n{}\n", file.display()));
    portal.press("x").wait_for("foghorn");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn an_editor_that_is_not_there_is_told_of() {
    let work = tempfile::tempdir().unwrap();
    let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: buoy\nspec:\n  type: service\n  \
                lifecycle: production\n  owner: keepers\n";
    std::fs::write(work.path().join("catalog-info.yaml"), text).unwrap();
    let mut portal = Pty::portal(["--offline", "--source", work.path().to_str().unwrap()])
        .env("VISUAL", "no-such-editor --wait")
        .open();
    portal.wait_for("stagedoor").settle();
    portal.press("P").wait_for("buoy").settle();
    portal
        .press("e")
        .wait_for("no-such-editor cannot be started");
    assert!(portal.modes().alternate_screen);
}
