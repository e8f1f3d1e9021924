//! A repository as it is: its newest commit, and what it remembers. Nothing of it is written to disk as files.

use std::path::Path;

use crate::scaffolder::action::ActionError;
use crate::scaffolder::action::api::{part, refusal};
use crate::scaffolder::action::git::{GitError, Repository, SOME_TIME, check_remote};
use crate::scaffolder::memory::{FILE, Memory};
use crate::scaffolder::outside::{GitLogin, Outside, OutsideError, Request};

use super::{Target, UpdateError};

/// The commit that was fetched.
pub(super) const OURS: &str = "refs/stagedoor/ours";

/// A repository as it is.
#[derive(Debug)]
pub struct Checkout {
    /// The repository's data, and room for an index; gone when it is dropped.
    pub(super) scratch: tempfile::TempDir,
    /// Where it is fetched from and pushed to.
    pub(crate) remote: String,
    /// How Git signs in there.
    pub(crate) login: Option<GitLogin>,
    /// Where its host's API has it; empty for one of this machine.
    pub(crate) path: String,
    /// Its branch.
    pub(crate) base: String,
    /// The commit.
    pub(crate) commit: String,
    /// The file in which it remembers; empty where it has none.
    pub(super) file: Vec<u8>,
    repository: String,
}

impl Checkout {
    /// Fetches what `target` holds on its default branch; of one of this machine, on the branch that it is on.
    pub fn fetch(
        target: &Target,
        outside: &dyn Outside,
        stop: &dyn Fn() -> bool,
    ) -> Result<Self, UpdateError> {
        let (remote, path) = match target {
            Target::Folder(folder) => (address(folder)?, String::new()),
            Target::Hosted { kind, host, name } => at_host(kind, host, name, outside)?,
        };
        let login = match target {
            Target::Folder(_) => None,
            Target::Hosted { host, .. } => outside.git_login(host),
        };
        let scratch = tempfile::Builder::new().prefix("stagedoor-").tempdir();
        let scratch = scratch
            .map_err(|error| UpdateError::Failed(format!("no temporary folder: {error}")))?;
        let mut checkout = Self {
            scratch,
            remote,
            login,
            path,
            base: String::new(),
            commit: String::new(),
            file: Vec::new(),
            repository: target.to_string(),
        };
        checkout.read(stop)?;
        Ok(checkout)
    }

    fn read(&mut self, stop: &dyn Fn() -> bool) -> Result<(), UpdateError> {
        let (data, tree) = (self.data(), self.scratch.path().join("empty"));
        let failed = |error: GitError| UpdateError::from(ActionError::from(error));
        check_remote(&self.remote).map_err(failed)?;
        std::fs::create_dir_all(&tree).map_err(|error| failed(GitError::Missing(error)))?;
        let repository = Repository::begin(&data, &tree, SOME_TIME, stop).map_err(failed)?;
        let login = self
            .login
            .as_ref()
            .map(|login| (self.remote.as_str(), login));
        let words = ["ls-remote", "--symref", "--", &self.remote, "HEAD"];
        let listed = repository.git(&words, login).map_err(failed)?;
        let branch = listed.lines().find_map(|line| {
            let name = line.strip_prefix("ref: ")?.strip_suffix("\tHEAD")?;
            name.strip_prefix("refs/heads/").map(str::to_owned)
        });
        let nothing = || UpdateError::Failed(format!("{} has no commit", self.repository));
        if !listed.lines().any(|line| line.ends_with("\tHEAD")) {
            return Err(nothing());
        }
        let what = format!("+HEAD:{OURS}");
        let words = [
            "fetch",
            "--quiet",
            "--depth=1",
            "--no-tags",
            "--no-recurse-submodules",
            "--",
            &self.remote,
            &what,
        ];
        repository.git(&words, login).map_err(failed)?;
        let commit = repository
            .git(&["rev-parse", "--verify", OURS], None)
            .map_err(failed)?;
        let file = format!("{OURS}:{FILE}");
        let said = repository
            .ask(&["cat-file", "blob", &file], None)
            .map_err(failed)?;
        self.base = branch.unwrap_or_else(|| "HEAD".to_owned());
        commit.trim().clone_into(&mut self.commit);
        if said.code == 0 {
            self.file = said.output;
        }
        Ok(())
    }

    /// The folder of the repository's data.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.scratch.path().join("git")
    }

    /// What it remembers.
    pub fn memory(&self) -> Result<Memory, UpdateError> {
        let repository = self.repository.clone();
        if self.file.is_empty() {
            return Err(UpdateError::Forgotten(repository));
        }
        Memory::read(&self.file).map_err(|error| UpdateError::Memory { repository, error })
    }
}

/// The address of the repository in `folder`, which Git takes for nothing else.
fn address(folder: &Path) -> Result<String, UpdateError> {
    let address = url::Url::from_file_path(folder).ok();
    let address = address.filter(|_| folder.join(".git").exists() || folder.join("HEAD").is_file());
    address.map(String::from).ok_or_else(|| {
        UpdateError::Failed(format!(
            "{} is no Git repository; an update is merged into what was committed",
            folder.display()
        ))
    })
}

/// Where the repository `name` at `host` is cloned from, and where the API has it.
fn at_host(
    kind: &str,
    host: &str,
    name: &str,
    outside: &dyn Outside,
) -> Result<(String, String), UpdateError> {
    let segments: Vec<String> = name.split('/').map(part).collect();
    let path = match (kind, segments.as_slice()) {
        ("github" | "gitea", _) => format!("/repos/{}", segments.join("/")),
        ("gitlab" | "gerrit", _) => format!("/projects/{}", part(name)),
        ("bitbucketCloud", _) => format!("/repositories/{}", segments.join("/")),
        ("bitbucketServer", [owner, name]) => format!("/projects/{owner}/repos/{name}"),
        ("azure", [owner @ .., project, name]) => {
            let owner = owner.join("/");
            format!("/{owner}/{project}/_apis/git/repositories/{name}")
        }
        _ => {
            return Err(UpdateError::Failed(format!(
                "{host}/{name}: repositories at a {kind} cannot be updated; clone it and name its folder"
            )));
        }
    };
    if kind == "gerrit" {
        let (base, _) = outside.pages(host);
        return Ok((format!("{base}/a/{name}"), path));
    }
    let version = if kind == "azure" {
        "?api-version=7.1"
    } else {
        ""
    };
    let response = outside.http(&Request {
        method: "GET",
        host: host.to_owned(),
        path: format!("{path}{version}"),
        body: serde_json::Value::Null,
        token: None,
    })?;
    match response.status {
        200..=299 => {}
        401 => {
            let host = host.to_owned();
            return Err(OutsideError::NotAllowed { host }.into());
        }
        404 => return Err(OutsideError::NotFound(format!("{host}/{name}")).into()),
        _ => {
            let what = format!("{host}/{name} cannot be read");
            return Err(refusal(&what, host, &response).into());
        }
    }
    let body = &response.body;
    let text = |pointer: &str| body.pointer(pointer).and_then(|it| it.as_str());
    let link = |wanted: &str| {
        let links = body.pointer("/links/clone")?.as_array()?;
        let mut links = links.iter();
        let link = links.find(|link| link["name"] == wanted)?;
        link["href"].as_str()
    };
    let remote = match kind {
        "gitlab" => text("/http_url_to_repo"),
        "azure" => text("/remoteUrl"),
        "bitbucketCloud" => link("https"),
        "bitbucketServer" => link("http"),
        _ => text("/clone_url"),
    };
    let remote = remote.ok_or_else(|| {
        UpdateError::Failed(format!("{host} does not say where {name} is cloned from"))
    })?;
    Ok((without_user(remote), path))
}

/// The address `remote` without the name of a user, which some hosts put into it.
fn without_user(remote: &str) -> String {
    let Ok(mut url) = url::Url::parse(remote) else {
        return remote.to_owned();
    };
    // An address that can have no user has none.
    let _ = url.set_username("");
    url.into()
}
