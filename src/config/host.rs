//! `stagedoor.hosts`: what is ours to say of a host, beside Backstage's `integrations:`.

use std::path::{Path, PathBuf};

use super::section::Section;
use super::{ConfigError, Env};

/// One of `stagedoor.hosts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostSettings {
    /// The host's name, with a port where it has one.
    pub host: String,
    /// The program that prints the token, with its arguments; empty where there is none, or none that may be run.
    pub token_command: Vec<String>,
    /// Whether a command is named that is not run, because the configuration may be somebody else's.
    pub is_distrusted: bool,
    /// The file with the certificates of the authorities that may vouch for the host, in place of the system's.
    pub ca_bundle: Option<PathBuf>,
    /// The id of an application that is registered at the host, for signing in by a code.
    pub client_id: Option<String>,
}

impl HostSettings {
    /// Keeps its command from being run.
    pub(super) fn distrust(&mut self) {
        self.is_distrusted = !self.token_command.is_empty();
        self.token_command.clear();
    }
}

/// Reads one of `stagedoor.hosts`.
pub(super) fn read(entry: &Section<'_>) -> Result<HostSettings, ConfigError> {
    let words = entry.texts("tokenCommand")?;
    Ok(HostSettings {
        host: entry.required("host")?.to_ascii_lowercase(),
        // One text is a line as for a shell, but no shell reads it.
        token_command: match words.as_slice() {
            [line] => line.split_whitespace().map(str::to_owned).collect(),
            _ => words,
        },
        is_distrusted: false,
        ca_bundle: entry
            .get("caBundle")
            .map(|file| file.text().map(PathBuf::from))
            .transpose()?,
        client_id: entry.get("clientId").map(|id| id.text()).transpose()?,
    })
}

/// Where a relative path in one of `files` leads: beside the last of them that has it there.
pub(super) fn beside(files: &[PathBuf], path: &Path) -> PathBuf {
    let folders = files.iter().rev().filter_map(|file| file.parent());
    let mut candidates = folders.map(|folder| folder.join(path));
    let found = candidates.find(|candidate| candidate.exists());
    found.unwrap_or_else(|| path.to_owned())
}

/// Whether commands in `files` may be run: a shared file must not be able to start anything, so only the user's own
/// folder for configuration counts.
pub(super) fn is_trusted(files: &[PathBuf], env: &Env) -> bool {
    let Some(own) = env.config_dir() else {
        return false;
    };
    let Ok(own) = own.canonicalize() else {
        return false;
    };
    let mut files = files.iter();
    files.all(|file| file.canonicalize().is_ok_and(|file| file.starts_with(&own)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;
    use std::path::Path;

    use crate::config::{Config, Env};

    #[test]
    fn a_command_is_run_only_where_the_file_is_the_users_own() {
        let dir = tempfile::tempdir().unwrap();
        let env = Env::fixed(dir.path(), &[]);
        let text = "stagedoor: { hosts: [{ host: A.dev, tokenCommand: pass show a }], actions: { 'acme:x': bin/x --y } }";
        let own = env.config_dir().unwrap().join("app-config.yaml");
        let shared = dir.path().join("shared.yaml");
        for file in [&own, &shared] {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let command = |files: &[&Path]| {
            let files: Vec<_> = files.iter().map(|file| (*file).to_owned()).collect();
            let config = Config::load(&files, &env).unwrap();
            let settings = config.host("a.dev").unwrap();
            let program = config.actions.get("acme:x").map(|words| words.join(" "));
            let is_run = program.as_deref() == Some("bin/x --y");
            assert_eq!(is_run, !settings.is_distrusted);
            (settings.token_command.join(" "), settings.is_distrusted)
        };
        assert_eq!(command(&[&own]), ("pass show a".to_owned(), false));
        assert_eq!(command(&[&shared]), (String::new(), true));
        assert_eq!(command(&[&own, &shared]), (String::new(), true));
    }

    #[test]
    fn the_variable_that_a_token_waits_for_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let env = Env::fixed(dir.path(), &[]);
        let lower = dir.path().join("a.yaml");
        let upper = dir.path().join("b.yaml");
        fs::write(
            &lower,
            "integrations: { github: [{ host: a.dev, token: '${ONE}' }], gitlab: [{ host: c.dev, token: { $env: TWO } }] }",
        )
        .unwrap();
        fs::write(&upper, "integrations: { github: [{ host: b.dev }] }").unwrap();
        let unset = |files: &[&Path]| -> Vec<_> {
            let files: Vec<_> = files.iter().map(|file| (*file).to_owned()).collect();
            let config = Config::load(&files, &env).unwrap();
            let hosts = config.integrations.into_iter();
            hosts.map(|host| host.unset.unwrap_or_default()).collect()
        };
        assert_eq!(unset(&[&lower]), ["ONE", "TWO"]);
        assert_eq!(unset(&[&lower, &upper]), ["", "TWO"]);
    }
}
