//! The repositories of the forge: bare ones of `git`, and light ones that are nothing but a table of files, for tests
//! that need thousands.

#[path = "repositories/git.rs"]
mod git;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use sha1::{Digest, Sha1};

use super::facts::Facts;

/// Repositories below a folder of their own, each at `OWNER/NAME.git` where it is one of `git`.
#[derive(Debug)]
pub(crate) struct Repositories {
    root: tempfile::TempDir,
    all: Mutex<BTreeMap<String, Repository>>,
}

/// What a host knows of a repository besides its content.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    /// `OWNER/NAME`, or with more parts.
    pub(crate) name: String,
    /// Both stay when it is renamed.
    pub(crate) id: String,
    pub(crate) number: u64,
    pub(crate) archived: bool,
    pub(crate) fork: bool,
    pub(crate) visibility: &'static str,
    pub(crate) topics: Vec<String>,
    /// The default branch.
    pub(crate) branch: String,
    /// When something was pushed, and when its settings changed, in seconds since 1970.
    pub(crate) pushed: u64,
    pub(crate) updated: u64,
    /// Its last activity as GitLab notes it: once an hour.
    pub(crate) active: u64,
    /// When it was fetched last from elsewhere, for one that is a mirror.
    pub(crate) mirrored: Option<u64>,
    /// Whether nobody may see it.
    pub(crate) hidden: bool,
    /// What is told of it besides.
    pub(crate) facts: Facts,
    /// Why its files are not told, as an error's type: `FORBIDDEN` withholds all of it.
    pub(crate) withheld: Option<&'static str>,
    /// The files of a light one, and how often something was pushed to it.
    light: Option<(BTreeMap<String, String>, u64)>,
}

/// An entry of a tree.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The mode as Git writes it: `100644`, `120000` for a link, `160000` for a submodule.
    pub(crate) mode: String,
    pub(crate) oid: String,
    pub(crate) path: String,
}

impl Repositories {
    /// No repositories yet.
    pub(crate) fn new() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
            all: Mutex::default(),
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Repository>> {
        self.all.lock().unwrap()
    }

    /// The folder of all.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The folder of one, `OWNER/NAME`.
    pub(crate) fn dir(&self, name: &str) -> PathBuf {
        self.root().join(format!("{name}.git"))
    }

    /// Makes an empty repository; false where there is one already.
    pub(crate) fn create(&self, name: &str) -> bool {
        if self.all().contains_key(name) {
            return false;
        }
        git::create(&self.dir(name));
        self.register(name, None);
        true
    }

    /// Commits exactly `files` as the whole content of the repository `name`, which is made if it is not there.
    pub(crate) fn commit(&self, name: &str, files: &[(&str, &str)]) {
        self.commit_tree(name, |tree| {
            for (path, text) in files {
                let path = tree.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        });
    }

    /// Commits what `fill` puts into a folder as the whole content of the repository `name`.
    pub(crate) fn commit_tree(&self, name: &str, fill: impl FnOnce(&Path)) {
        self.create(name);
        let tree = tempfile::tempdir().unwrap();
        fill(tree.path());
        git::commit(&self.dir(name), tree.path());
        self.set(name, Repository::push);
    }

    /// Pushes `files` as the whole content of the light repository `name`. One that is made by that is as old as
    /// anything that nobody has touched in weeks.
    pub(crate) fn push_light(&self, name: &str, files: &[(&str, &str)]) {
        let is_there = self.all().contains_key(name);
        if is_there {
            self.set(name, Repository::push);
        } else {
            self.register(name, Some((BTreeMap::new(), 0)));
            let old = now() - 30 * 86400;
            self.set(name, |repository| {
                (repository.pushed, repository.updated) = (old, old);
                repository.active = old;
            });
        }
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        self.set(name, |repository| {
            let (kept, pushes) = repository.light.as_mut().unwrap();
            *kept = files.collect();
            *pushes += 1;
        });
    }

    /// Changes what is known of a repository.
    pub(crate) fn set(&self, name: &str, change: impl FnOnce(&mut Repository)) {
        change(self.all().get_mut(name).unwrap());
    }

    /// Makes another branch the default one, with `files` as its content.
    pub(crate) fn switch(&self, name: &str, branch: &str, files: &[(&str, &str)]) {
        git::switch(&self.dir(name), branch);
        self.commit(name, files);
        self.set(name, |repository| branch.clone_into(&mut repository.branch));
    }

    /// Gives a repository another name, or another owner.
    pub(crate) fn rename(&self, from: &str, to: &str) {
        let mut all = self.all();
        let mut repository = all.remove(from).unwrap();
        to.clone_into(&mut repository.name);
        repository.updated = now();
        if repository.light.is_none() {
            let new = self.dir(to);
            fs::create_dir_all(new.parent().unwrap()).unwrap();
            fs::rename(self.dir(from), new).unwrap();
        }
        all.insert(to.to_owned(), repository);
    }

    /// Removes a repository.
    pub(crate) fn remove(&self, name: &str) {
        self.all().remove(name).unwrap();
        let _ = fs::remove_dir_all(self.dir(name));
    }

    /// The repositories of `owner` that can be seen, by name.
    pub(crate) fn of(&self, owner: &str) -> Vec<Repository> {
        let all = self.all();
        let of = all
            .values()
            .filter(|it| !it.hidden && it.name.starts_with(&format!("{owner}/")));
        of.cloned().collect()
    }

    /// All repositories that can be seen, by name.
    pub(crate) fn every(&self) -> Vec<Repository> {
        let all = self.all();
        all.values().filter(|it| !it.hidden).cloned().collect()
    }

    /// Whether there is such an owner.
    pub(crate) fn has_owner(&self, owner: &str) -> bool {
        self.all()
            .keys()
            .any(|name| name.starts_with(&format!("{owner}/")))
    }

    /// One that can be seen, by its name.
    pub(crate) fn get(&self, name: &str) -> Option<Repository> {
        self.all().get(name).filter(|it| !it.hidden).cloned()
    }

    /// One that can be seen, by its id.
    pub(crate) fn by_id(&self, id: &str) -> Option<Repository> {
        let all = self.all();
        // Ids begin with the first name, which most still have.
        let named = id
            .strip_prefix("R_")
            .and_then(|name| all.get(name))
            .filter(|it| it.id == id);
        named
            .or_else(|| all.values().find(|it| it.id == id))
            .filter(|it| !it.hidden)
            .cloned()
    }

    /// One that can be seen, by its number.
    pub(crate) fn by_number(&self, number: u64) -> Option<Repository> {
        let all = self.all();
        all.values()
            .find(|it| it.number == number && !it.hidden)
            .cloned()
    }

    /// The object id of `expression` in `name`.
    pub(crate) fn oid(&self, name: &str, expression: &str) -> Option<String> {
        let repository = self.all().get(name)?.clone();
        let Some((files, pushes)) = &repository.light else {
            return git::oid(&self.dir(name), expression);
        };
        let head = || digest("commit", format!("{} {pushes}", repository.id).as_bytes());
        match expression.split_once(':') {
            Some((reference, path)) => {
                let is_tip = [repository.branch.as_str(), "HEAD", &head()].contains(&reference);
                let text = files.get(path).filter(|_| is_tip)?;
                Some(digest("blob", text.as_bytes()))
            }
            None if expression == "HEAD" || expression == repository.branch => Some(head()),
            None => Some(expression.to_owned()),
        }
    }

    /// The commit and the branch at the tip of the light repository `name`, nothing while it has no files; `None` where it
    /// is no light one.
    pub(crate) fn light_tips(&self, name: &str) -> Option<Vec<(String, String)>> {
        let repository = self.get(name)?;
        let (files, _) = repository.light.as_ref()?;
        let tip = self.oid(name, "HEAD").filter(|_| !files.is_empty());
        Some(
            tip.map(|oid| (oid, repository.branch.clone()))
                .into_iter()
                .collect(),
        )
    }

    /// Type and content of an object.
    pub(crate) fn object(&self, name: &str, oid: &str) -> Option<(String, Vec<u8>)> {
        let repository = self.all().get(name)?.clone();
        let Some((files, _)) = &repository.light else {
            return git::object(&self.dir(name), oid);
        };
        let found = files
            .values()
            .find(|text| digest("blob", text.as_bytes()) == oid);
        let blob = found.map(|text| ("blob".to_owned(), text.clone().into_bytes()));
        let is_tip = || self.oid(name, "HEAD").as_deref() == Some(oid);
        blob.or_else(|| is_tip().then(|| ("commit".to_owned(), Vec::new())))
    }

    /// The paths and object ids of all files at a commit.
    pub(crate) fn files(&self, name: &str, commit: &str) -> Option<Vec<(String, String)>> {
        let repository = self.all().get(name)?.clone();
        let Some((files, _)) = &repository.light else {
            return git::files(&self.dir(name), commit);
        };
        let files = files
            .iter()
            .map(|(path, text)| (path.clone(), digest("blob", text.as_bytes())));
        Some(files.collect())
    }

    /// The entries of a tree at a commit: those of the root, or with `all` the files of all folders.
    pub(crate) fn tree(&self, name: &str, commit: &str, all: bool) -> Option<Vec<Entry>> {
        let repository = self.all().get(name)?.clone();
        let Some((files, _)) = &repository.light else {
            return git::tree(&self.dir(name), commit, all);
        };
        let head = self.oid(name, "HEAD")?;
        if ![repository.branch.as_str(), "HEAD", &head].contains(&commit) {
            return None;
        }
        let mut entries = Vec::new();
        for (path, text) in files {
            let (mode, path, oid) = match path.split_once('/') {
                Some((folder, _)) if !all => ("040000", folder, digest("tree", folder.as_bytes())),
                _ => ("100644", path.as_str(), digest("blob", text.as_bytes())),
            };
            if entries.last().is_none_or(|last: &Entry| last.path != path) {
                entries.push(Entry {
                    mode: mode.to_owned(),
                    oid,
                    path: path.to_owned(),
                });
            }
        }
        Some(entries)
    }

    fn register(&self, name: &str, light: Option<(BTreeMap<String, String>, u64)>) {
        let repository = Repository {
            name: name.to_owned(),
            id: format!("R_{name}"),
            number: 1 + self.all().values().map(|it| it.number).max().unwrap_or(0),
            archived: name.ends_with("-archived"),
            fork: name.ends_with("-fork"),
            visibility: "PRIVATE",
            topics: Vec::new(),
            branch: "main".to_owned(),
            pushed: now(),
            updated: now(),
            active: now(),
            mirrored: None,
            hidden: false,
            facts: Facts::default(),
            withheld: None,
            light,
        };
        let before = self.all().insert(name.to_owned(), repository);
        assert!(before.is_none(), "{name} is there already");
    }
}

impl Repository {
    /// Notes that something was pushed now.
    fn push(&mut self) {
        self.pushed = now();
        if self.active + 3600 < now() {
            self.active = now();
        }
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

/// The id that Git gives to an object.
fn digest(kind: &str, content: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("{kind} {}\0", content.len()));
    hash.update(content);
    format!("{:x}", hash.finalize())
}
