//! Files that are saved while the portal is open show without a key pressed.

use std::fs;

use crate::pty::Pty;

fn descriptor(name: &str, description: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {name}, description: {description} }}\n\
         spec: {{ type: service, lifecycle: production, owner: pilots }}\n"
    )
}

#[test]
fn what_is_saved_shows_by_itself() {
    let work = tempfile::tempdir().unwrap();
    let catalog = work.path().join("catalog");
    fs::create_dir(&catalog).unwrap();
    let buoy = catalog.join("buoy.yaml");
    fs::write(&buoy, descriptor("buoy", "Marks the channel.")).unwrap();
    let mut portal = Pty::portal(["--source", catalog.to_str().unwrap()]).open();
    portal.wait_for("synced").press("/").type_text("buoy");
    portal.wait_for("Marks the channel").press("enter");
    portal.wait_for("Overview").settle();

    // As an editor does it that keeps the old file until the new one is whole.
    let new = catalog.join(".buoy.yaml.new");
    fs::write(&new, descriptor("buoy", "Blinks at night.")).unwrap();
    fs::rename(&new, &buoy).unwrap();
    portal.wait_for("Blinks at night");

    // A folder that was not there is watched once it was read.
    fs::create_dir(catalog.join("boats")).unwrap();
    let boat = catalog.join("boats/tug.yaml");
    fs::write(&boat, descriptor("tug", "Pulls.")).unwrap();
    portal.press("H").press("c").wait_for("tug");
    fs::write(
        catalog.join("boats/ferry.yaml"),
        descriptor("ferry", "Carries."),
    )
    .unwrap();
    portal.wait_for("ferry");
}
