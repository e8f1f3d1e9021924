//! What `stagedoor login` keeps: one file that nobody else can read, in a folder that nobody else can enter. It is no part
//! of the cache.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::config::{Env, HostKind, Secret};

/// The largest file that is read, in bytes.
const MOST: u64 = 1 << 20;

/// The tokens of one user.
#[derive(Debug, Clone)]
pub struct Tokens {
    folder: PathBuf,
}

/// One that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The token.
    pub token: Secret,
    /// The user name that goes with it, where one does.
    pub user: Option<String>,
    /// What kind of host it is for, where that was known.
    pub kind: Option<HostKind>,
    /// How to get the next one, where this one ends.
    pub renewal: Option<Renewal>,
}

/// How a token that ends is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// What the next token is given for.
    pub refresh: Secret,
    /// When the token ends.
    pub until: SystemTime,
    /// The application that it was given to.
    pub client_id: String,
}

/// What stands in the file, by host. No `Debug`: the values are tokens.
type Content = BTreeMap<String, Entry>;

#[derive(Serialize, Deserialize)]
struct Entry {
    token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<HostKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    renewal: Option<RenewalEntry>,
}

/// No `Debug` here either.
#[derive(Serialize, Deserialize)]
struct RenewalEntry {
    refresh: String,
    until: SystemTime,
    client_id: String,
}

/// Why tokens cannot be kept or read. Never holds one.
#[derive(Debug, thiserror::Error)]
pub enum TokensError {
    /// The file or its folder cannot be used.
    #[error("{}: {reason}; correct it or remove the file", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// The file is not ours.
    #[error("{}: is not what stagedoor login writes; remove it", .0.display())]
    Damaged(PathBuf),
    /// Others could have read the tokens.
    #[error("{}: other users can read it; run `chmod 600` on it, and better make new tokens", .0.display())]
    Open(PathBuf),
}

impl Tokens {
    /// Those of the user of `env`; `None` where the user has no folders.
    pub fn of(env: &Env) -> Option<Self> {
        let folder = env.private_dir()?.join("login");
        Some(Self { folder })
    }

    /// The file they are in.
    pub fn file(&self) -> PathBuf {
        self.folder.join("tokens.json")
    }

    /// The token for `host`.
    pub fn get(&self, host: &str) -> Result<Option<Kept>, TokensError> {
        let entry = self.read()?.remove(host);
        Ok(entry.map(|entry| Kept {
            token: Secret::new(entry.token),
            user: entry.user,
            kind: entry.kind,
            renewal: entry.renewal.map(|renewal| Renewal {
                refresh: Secret::new(renewal.refresh),
                until: renewal.until,
                client_id: renewal.client_id,
            }),
        }))
    }

    /// Keeps the token for `host` in place of the one before.
    pub fn keep(&self, host: &str, kept: &Kept) -> Result<(), TokensError> {
        let mut content = self.read()?;
        let entry = Entry {
            token: kept.token.expose().to_owned(),
            user: kept.user.clone(),
            kind: kept.kind,
            renewal: kept.renewal.as_ref().map(|renewal| RenewalEntry {
                refresh: renewal.refresh.expose().to_owned(),
                until: renewal.until,
                client_id: renewal.client_id.clone(),
            }),
        };
        content.insert(host.to_owned(), entry);
        self.write(&content)
    }

    /// Forgets the token for `host`; tells whether there was one.
    pub fn forget(&self, host: &str) -> Result<bool, TokensError> {
        let mut content = self.read()?;
        if content.remove(host).is_none() {
            return Ok(false);
        }
        self.write(&content)?;
        Ok(true)
    }

    fn read(&self) -> Result<Content, TokensError> {
        let path = self.file();
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Content::new()),
            Err(reason) => return Err(TokensError::File { path, reason }),
        };
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(TokensError::Open(path));
        }
        if metadata.len() > MOST {
            return Err(TokensError::Damaged(path));
        }
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| TokensError::Damaged(path)),
            Err(reason) => Err(TokensError::File { path, reason }),
        }
    }

    /// Writes it whole beside itself and renames it into place.
    fn write(&self, content: &Content) -> Result<(), TokensError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |reason| TokensError::File { path, reason }
        };
        let folder = &self.folder;
        if let Some(above) = folder.parent() {
            fs::create_dir_all(above).map_err(failed(above))?;
        }
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                fs::set_permissions(folder, Permissions::from_mode(0o700))
                    .map_err(failed(folder))?;
            }
            made => made.map_err(failed(folder))?,
        }
        let path = self.file();
        let write = || {
            let bytes = serde_json::to_vec_pretty(content)?;
            // Files of this kind are made with 0600.
            let mut new = tempfile::NamedTempFile::new_in(folder)?;
            new.write_all(&bytes)?;
            new.as_file().sync_all()?;
            new.persist(&path)?;
            Ok(())
        };
        write().map_err(failed(&path))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn kept(token: &str) -> Kept {
        Kept {
            user: None,
            token: Secret::new(token),
            kind: Some(HostKind::Gitlab),
            renewal: None,
        }
    }

    #[test]
    fn only_its_owner_can_read_what_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let tokens = Tokens::of(&Env::fixed(home.path(), &[])).unwrap();
        assert_eq!(tokens.get("a.dev").unwrap(), None);
        tokens.keep("a.dev", &kept("one")).unwrap();
        tokens.keep("b.dev", &kept("two")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&tokens.file()), 0o600);
        assert_eq!(mode(tokens.file().parent().unwrap()), 0o700);
        assert_eq!(tokens.get("a.dev").unwrap(), Some(kept("one")));
        assert!(tokens.forget("a.dev").unwrap());
        assert!(!tokens.forget("a.dev").unwrap());
        assert_eq!(tokens.get("b.dev").unwrap(), Some(kept("two")));
        let only: Vec<_> = fs::read_dir(tokens.file().parent().unwrap())
            .unwrap()
            .collect();
        assert_eq!(only.len(), 1);
    }

    #[test]
    fn a_file_that_others_can_read_or_that_is_damaged_is_not_used_and_not_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let tokens = Tokens::of(&Env::fixed(home.path(), &[])).unwrap();
        tokens.keep("a.dev", &kept("one")).unwrap();
        fs::set_permissions(tokens.file(), Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(tokens.get("a.dev"), Err(TokensError::Open(_))));
        fs::set_permissions(tokens.file(), Permissions::from_mode(0o600)).unwrap();
        fs::write(tokens.file(), "{ one").unwrap();
        let error = tokens.keep("b.dev", &kept("two")).unwrap_err();
        assert!(matches!(error, TokensError::Damaged(_)));
        assert_eq!(fs::read_to_string(tokens.file()).unwrap(), "{ one");
    }
}
