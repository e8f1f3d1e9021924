//! The one-line form of a repository's place: `github.com?owner=acme&repo=svc`.

use std::fmt;

use url::form_urlencoded;

/// Where a repository is or shall be. Empty parts are left out of the text form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepoUrl {
    /// The host, with a port if need be.
    pub host: String,
    /// Owner (GitHub, GitLab, Gitea).
    pub owner: String,
    /// The repository's name.
    pub repo: String,
    /// Organization (Azure DevOps).
    pub organization: String,
    /// Workspace (Bitbucket Cloud, Gerrit).
    pub workspace: String,
    /// Project (Bitbucket, Azure DevOps).
    pub project: String,
}

/// Why a text names no repository. The words are Backstage's: people search for them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RepoUrlError {
    /// There is no host in it.
    #[error("Invalid repo URL passed to publisher, got {0}, TypeError: Invalid URL")]
    Invalid(String),
    /// The host needs a part that is missing.
    #[error("Invalid repo URL passed to publisher: https://{text}, missing {part}")]
    Missing {
        /// The text.
        text: String,
        /// The part: `owner`, `repo`…
        part: &'static str,
    },
}

impl RepoUrl {
    /// Reads the text form, as `parseRepoUrl` of `@backstage/plugin-scaffolder-node` does.
    pub fn parse(text: &str) -> Result<Self, RepoUrlError> {
        let repo = Self::located(text)?;
        match repo.missing() {
            Some(part) => Err(RepoUrlError::Missing {
                text: text.to_owned(),
                part,
            }),
            None => Ok(repo),
        }
    }

    /// Like [`Self::parse`], but parts may be missing: the host is sure.
    pub fn located(text: &str) -> Result<Self, RepoUrlError> {
        let invalid = || RepoUrlError::Invalid(text.to_owned());
        let url = url::Url::parse(&format!("https://{text}")).map_err(|_| invalid())?;
        let host = url.host_str().ok_or_else(invalid)?;
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Ok(Self {
            host,
            ..Self::read(text)
        })
    }

    /// Reads what is there of the text form: for a field that is still being filled in.
    pub fn read(text: &str) -> Self {
        let (host, query) = text.split_once('?').unwrap_or((text, ""));
        let mut repo = Self {
            host: host.to_owned(),
            ..Self::default()
        };
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let part = match &*key {
                "owner" => &mut repo.owner,
                "repo" => &mut repo.repo,
                "organization" => &mut repo.organization,
                "workspace" => &mut repo.workspace,
                "project" => &mut repo.project,
                _ => continue,
            };
            *part = value.into_owned();
        }
        repo
    }

    /// The first part that is missing. Which parts a host needs is told by what it is: Azure DevOps and Bitbucket have
    /// projects, Bitbucket Cloud and Gerrit workspaces, all others owners.
    pub fn missing(&self) -> Option<&'static str> {
        let has_project = !self.project.is_empty();
        let needs: &[(&str, &'static str)] =
            if self.host == "dev.azure.com" || !self.organization.is_empty() {
                &[
                    (&self.organization, "organization"),
                    (&self.project, "project"),
                    (&self.repo, "repo"),
                ]
            } else if self.host == "bitbucket.org" {
                &[
                    (&self.workspace, "workspace"),
                    (&self.project, "project"),
                    (&self.repo, "repo"),
                ]
            } else if has_project || !self.workspace.is_empty() {
                &[(&self.repo, "repo")]
            } else {
                &[(&self.owner, "owner"), (&self.repo, "repo")]
            };
        needs
            .iter()
            .find(|(value, _)| value.is_empty())
            .map(|(_, part)| *part)
    }

    /// The path of the repository on its host: `acme/svc`.
    pub fn path(&self) -> String {
        [
            &self.organization,
            &self.workspace,
            &self.project,
            &self.owner,
            &self.repo,
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("/")
    }
}

impl fmt::Display for RepoUrl {
    /// Writes the text form, parts in the order of Backstage's picker.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in [
            ("owner", &self.owner),
            ("repo", &self.repo),
            ("organization", &self.organization),
            ("workspace", &self.workspace),
            ("project", &self.project),
        ] {
            if !value.is_empty() {
                query.append_pair(key, value);
            }
        }
        write!(f, "{}?{}", self.host, query.finish())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_goes_there_and_back() {
        for text in [
            "github.com?owner=acme&repo=svc",
            "gitlab.com?owner=acme%2Fteam+a&repo=svc",
            "dev.azure.com?repo=svc&organization=acme&project=p",
        ] {
            assert_eq!(RepoUrl::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = |text| RepoUrl::parse(text).unwrap_err().to_string();
        assert!(missing("github.com?owner=acme").ends_with("missing repo"));
        assert!(missing("?owner=a&repo=b").contains("Invalid URL"));
        assert_eq!(RepoUrl::read("github.com?owner=a").owner, "a");
    }
}
