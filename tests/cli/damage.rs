//! A cache that was damaged, or cannot be written: what is listed stays right, and one line says what was wrong.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::sandbox::{Ended, Sandbox, run};

/// Where each of the entities is told.
const NAMES: usize = 300;

/// A sandbox over a catalog of its own, its cache filled.
fn filled() -> Sandbox {
    let sandbox = Sandbox::new();
    for number in 0..NAMES {
        sandbox.write(
            &format!("c/{number}.yaml"),
            &format!(
                "apiVersion: backstage.io/v1alpha1\nkind: Component\n\
                 metadata: {{ name: svc-{number:03}, description: It is number {number}, tags: [t{}] }}\n\
                 spec: {{ type: service, lifecycle: production, owner: team-{} }}\n",
                number % 7,
                number % 5
            ),
        );
    }
    sandbox.run("sync --source c --cache-dir k").code(1);
    sandbox
}

const LIST: &str = "list --source c --cache-dir k -o csv";

/// The folder of the record and the snapshot.
fn cache(sandbox: &Sandbox) -> PathBuf {
    let mut folders = fs::read_dir(sandbox.path().join("k")).unwrap();
    let found = folders.find_map(|entry| {
        let path = entry.unwrap().path();
        path.join("snapshot.bin").exists().then_some(path)
    });
    found.unwrap()
}

/// One bit of the file is turned around.
fn flip(file: &Path, at: u64) {
    let byte = fs::read(file).unwrap()[usize::try_from(at).unwrap()];
    let mut file = OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&[byte ^ 0x10]).unwrap();
}

#[test]
fn a_snapshot_that_was_cut_or_changed_is_told_and_built_anew() {
    let sandbox = filled();
    let whole = sandbox.run(LIST).code(0);
    assert_eq!(whole.err, "");
    let snapshot = cache(&sandbox).join("snapshot.bin");
    let bytes = fs::read(&snapshot).unwrap();
    let len = u64::try_from(bytes.len()).unwrap();
    let is_told_once = |what: &str| {
        let mended = sandbox.run(LIST).code(0);
        assert_eq!(mended.out, whole.out, "{what}");
        assert!(
            mended
                .err
                .contains("snapshot.bin was damaged; it was built anew"),
            "{what}: {mended:?}"
        );
        let again = sandbox.run(LIST).code(0);
        assert_eq!((&*again.out, &*again.err), (&*whole.out, ""), "{what}");
        assert_eq!(fs::read(&snapshot).unwrap(), bytes, "{what}");
    };
    for kept in [0, 40, 700, len / 2, len - 1] {
        let file = OpenOptions::new().write(true).open(&snapshot).unwrap();
        file.set_len(kept).unwrap();
        is_told_once(&format!("cut to {kept}"));
    }
    for at in (0..20).map(|part| part * len / 20) {
        flip(&snapshot, at);
        is_told_once(&format!("changed at {at}"));
    }
}

#[test]
fn a_snapshot_of_another_version_is_told_and_built_anew() {
    let sandbox = filled();
    let whole = sandbox.run(LIST).code(0);
    let snapshot = cache(&sandbox).join("snapshot.bin");
    // The version stands behind the store's header and the magic word of the index.
    flip(&snapshot, 64 + 8);
    let mended = sandbox.run(LIST).code(0);
    assert_eq!(mended.out, whole.out);
    assert!(
        mended
            .err
            .contains("written by another version of stagedoor"),
        "{mended:?}"
    );
    assert_eq!(sandbox.run(LIST).code(0).err, "");
}

#[test]
fn an_older_snapshot_in_its_place_is_not_believed() {
    let sandbox = filled();
    let snapshot = cache(&sandbox).join("snapshot.bin");
    let older = fs::read(&snapshot).unwrap();
    sandbox.write("c/0.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Domain\nmetadata: { name: new }\nspec: { owner: team-0 }\n");
    let whole = sandbox.run(LIST).code(0);
    assert!(whole.out.contains("domain:default/new") && !whole.out.contains("svc-000"));
    fs::write(&snapshot, older).unwrap();
    assert_eq!(sandbox.run(LIST).code(0).out, whole.out);
}

/// Runs `script` as root of a space of its own, in which `$STAGEDOOR` is the program and `m` a disk of `size`; `None`
/// where the system lets nobody mount one.
fn on_a_disk(sandbox: &Sandbox, size: &str, script: &str) -> Option<Ended> {
    let space = |script: &str| {
        let mut command = Command::new("unshare");
        command
            .args(["-rm", "sh", "-c", script])
            .current_dir(sandbox.path())
            .env("HOME", sandbox.path())
            .env("STAGEDOOR", env!("CARGO_BIN_EXE_stagedoor"));
        command
    };
    fs::create_dir_all(sandbox.path().join("m")).unwrap();
    let mount = format!("mount -t tmpfs -o size={size} none m");
    if !space(&mount)
        .output()
        .is_ok_and(|output| output.status.success())
    {
        eprintln!("skipped: no disk can be mounted here");
        return None;
    }
    Some(run(space(&format!("{mount} && cp -a k/. m/ && {script}"))))
}

#[test]
fn a_cache_on_a_disk_that_is_read_only_is_read() {
    let sandbox = filled();
    let whole = sandbox.run(LIST).code(0);
    let list = "$STAGEDOOR list --source c --cache-dir m -o csv";
    let ro = "mount -o remount,ro m";
    let Some(sound) = on_a_disk(&sandbox, "8m", &format!("{ro} && {list}")) else {
        return;
    };
    assert_eq!(sound.code(0).out, whole.out);
    let damaged = format!("for s in m/*/snapshot.bin; do echo x > $s; done; {ro} && {list}");
    let damaged = on_a_disk(&sandbox, "8m", &damaged).unwrap().code(0);
    assert_eq!(damaged.out, whole.out);
    assert!(
        damaged.err.contains("cannot use") && !damaged.err.contains("panic"),
        "{damaged:?}"
    );
}

#[test]
fn a_cache_on_a_full_disk_is_read() {
    let sandbox = filled();
    let whole = sandbox.run(LIST).code(0);
    let list = "$STAGEDOOR list --source c --cache-dir m -o csv";
    let fill = "dd if=/dev/zero of=m/fill bs=1k 2>/dev/null";
    let script = format!("rm m/*/snapshot.bin; {fill}; {list} && {list}");
    let Some(full) = on_a_disk(&sandbox, "4m", &script) else {
        return;
    };
    let full = full.code(0);
    assert_eq!(full.out, whole.out.repeat(2));
    assert!(full.err.contains("the disk not full"), "{full:?}");
    // What cannot be kept is told, and what was kept is listed.
    let changed = format!(
        "{fill}; sed -i 's/svc-000/other/' c/0.yaml; $STAGEDOOR sync --source c --cache-dir m; echo $?; {list}"
    );
    let changed = on_a_disk(&sandbox, "4m", &changed).unwrap().code(0);
    let (code, listed) = changed.out.split_once('\n').unwrap();
    assert_eq!((code, listed), ("1", &*whole.out), "{changed:?}");
    assert!(changed.err.contains("the disk not full"), "{changed:?}");
}

#[test]
fn half_a_snapshot_is_not_left_where_the_file_may_not_grow() {
    let sandbox = filled();
    let folder = cache(&sandbox);
    let whole = sandbox.run(LIST).code(0);
    fs::remove_file(folder.join("snapshot.bin")).unwrap();
    let program = env!("CARGO_BIN_EXE_stagedoor");
    let script = format!("ulimit -f 16; trap '' XFSZ; exec {program} {LIST}");
    let mut command = Command::new("sh");
    command
        .args(["-c", &script])
        .current_dir(sandbox.path())
        .env("HOME", sandbox.path());
    let limited = run(command);
    assert_eq!(limited.code(0).out, whole.out);
    assert!(!folder.join("snapshot.tmp").exists());
    assert!(File::open(folder.join("snapshot.bin")).is_err());
}
