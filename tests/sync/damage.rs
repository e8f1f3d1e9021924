//! Damage to each file of the cache: reading commands give everything or say what is wrong, and `sync` heals.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Desk, company_names, filled};

const COUNT: usize = 40;

/// What can happen to a file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Removed,
    Emptied,
    Halved,
    /// A byte every so often is another one.
    Flipped {
        from: usize,
        every: usize,
    },
    /// Zeroes, as after a crash of the system.
    Zeroed,
}

const ALL: [Damage; 6] = [
    Damage::Removed,
    Damage::Emptied,
    Damage::Halved,
    Damage::Flipped { from: 0, every: 61 },
    Damage::Flipped {
        from: 4_096,
        every: 1_024,
    },
    Damage::Zeroed,
];

impl Damage {
    fn happen(self, path: &Path) {
        let mut bytes = fs::read(path).unwrap();
        match self {
            Self::Removed => return fs::remove_file(path).unwrap(),
            Self::Emptied => bytes.clear(),
            Self::Halved => bytes.truncate(bytes.len() / 2),
            Self::Flipped { from, every } => {
                for byte in bytes.iter_mut().skip(from).step_by(every) {
                    *byte ^= 0x55;
                }
            }
            Self::Zeroed => bytes.fill(0),
        }
        fs::write(path, bytes).unwrap();
    }
}

/// The files below `dir`, sorted.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(dir)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    files.sort();
    files
}

/// Damages each file of the desk's cache in each way, and restores it before the next; gives a line of figures.
fn damage_each_file(desk: &Desk, kinds: &[Damage]) -> String {
    let expected = company_names("svc", COUNT);
    let cache = desk.cache();
    let kept: Vec<(PathBuf, Vec<u8>)> = files(&cache)
        .into_iter()
        .map(|path| {
            let bytes = fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect();
    let (mut read, mut said) = (0, 0);
    for (path, _) in &kept {
        for damage in kinds {
            let case = format!("{damage:?} {}", path.display());
            for file in files(&cache) {
                fs::remove_file(file).unwrap();
            }
            for (path, bytes) in &kept {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
            damage.happen(path);
            for command in ["list -o name", "show component:svc-007 -o json"] {
                let ended = desk.run(command);
                let whole = match command {
                    "list -o name" => super::names(&ended) == expected,
                    _ => ended.out.contains("svc-007") && ended.out.contains("keepers"),
                };
                if ended.code == Some(0) && whole {
                    read += 1;
                    continue;
                }
                said += 1;
                assert!(
                    !ended.err.trim().is_empty() && ended.code != Some(101),
                    "{case}: {command} says nothing or breaks down: {ended:?}"
                );
            }
            let ended = desk.run("sync");
            assert_eq!(ended.code, Some(0), "{case}: {ended:?}");
            assert_eq!(desk.names(), expected, "{case}: after sync");
        }
    }
    format!(
        "{} files, {} kinds of damage: {read} answers whole, {said} said to be damaged",
        kept.len(),
        kinds.len()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_cache_is_read_whole_or_said_to_be_damaged_and_healed() {
    let Some((_forge, desk)) = filled("svc", COUNT).await else {
        return;
    };
    eprintln!("{}", damage_each_file(&desk, &ALL));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_clone_is_healed_too() {
    let Some((forge, mut desk)) = filled("svc", COUNT).await else {
        return;
    };
    fs::remove_dir_all(desk.cache()).unwrap();
    desk.source = Some(format!("git+{}/acme/all.git", forge.url()));
    desk.run("sync").code(0);
    let kinds = [
        Damage::Removed,
        Damage::Emptied,
        Damage::Flipped { from: 0, every: 7 },
    ];
    eprintln!("{}", damage_each_file(&desk, &kinds));
}
