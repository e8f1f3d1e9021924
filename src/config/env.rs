//! What the program is told by its surroundings: environment variables and folders, taken once and passed on, so that
//! tests can say what they are.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// A snapshot of the environment. `Debug` shows no values, since tokens live in them.
#[derive(Clone)]
pub struct Env {
    variables: BTreeMap<String, String>,
    cwd: PathBuf,
    config_dir: Option<PathBuf>,
    cache_dir: PathBuf,
    state_dir: PathBuf,
    private_dir: Option<PathBuf>,
}

impl Env {
    /// The environment of this process. Variables that are not Unicode are left out.
    pub fn process() -> Self {
        let dirs = ProjectDirs::from("", "", "stagedoor");
        let cache_dir = dirs.as_ref().map_or_else(
            || std::env::temp_dir().join("stagedoor"),
            |dirs| dirs.cache_dir().to_owned(),
        );
        let state_dir = dirs.as_ref().and_then(|dirs| dirs.state_dir());
        Self {
            variables: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            cwd: std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/")),
            config_dir: dirs.as_ref().map(|dirs| dirs.config_dir().to_owned()),
            private_dir: dirs.as_ref().map(|dirs| {
                let dir = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
                dir.to_owned()
            }),
            state_dir: state_dir.map_or_else(|| cache_dir.clone(), Path::to_owned),
            cache_dir,
        }
    }

    /// An environment of exactly these variables, standing in `cwd`; the user's folders lie below `cwd/.home`.
    pub fn fixed(cwd: &Path, variables: &[(&str, &str)]) -> Self {
        Self {
            variables: variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            cwd: cwd.to_owned(),
            config_dir: Some(cwd.join(".home/config")),
            cache_dir: cwd.join(".home/cache"),
            state_dir: cwd.join(".home/state"),
            private_dir: Some(cwd.join(".home/state")),
        }
    }

    /// The variable `name`, where it is set to something.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// All variables, for a program that is started.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.variables.iter();
        all.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The folder the program was started in.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// The user's folder for configuration.
    pub fn config_dir(&self) -> Option<&Path> {
        self.config_dir.as_deref()
    }

    /// The user's folder for what can be fetched again.
    pub fn cache_dir(&self) -> &Path {
        &self.cache_dir
    }

    /// The user's folder for what is kept of running: the log. The cache where the system has none.
    pub fn state_dir(&self) -> &Path {
        &self.state_dir
    }

    /// The user's folder for what is neither configuration nor cache; `None` for a user without folders.
    pub fn private_dir(&self) -> Option<&Path> {
        self.private_dir.as_deref()
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env")
            .field("variables", &self.variables.len())
            .field("cwd", &self.cwd)
            .finish_non_exhaustive()
    }
}
