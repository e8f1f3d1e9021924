//! `stagedoor.git`: lists of plain Git repositories, for hosts that cannot be asked for theirs. Each list is a provider
//! for each host it names.

use std::collections::BTreeMap;

use url::Url;

use super::provider::{Filters, Provider, regex};
use super::section::Section;
use super::source::git;
use super::{ConfigError, HostKind};

/// The providers of all lists.
pub(super) fn read(lists: Option<&Section<'_>>) -> Result<Vec<Provider>, ConfigError> {
    let mut all = Vec::new();
    for list in lists.map_or_else(|| Ok(Vec::new()), Section::items)? {
        all.extend(one(&list)?);
    }
    Ok(all)
}

fn one(list: &Section<'_>) -> Result<Vec<Provider>, ConfigError> {
    let name = list.required("name")?;
    let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for text in list.texts("repositories")? {
        let (host, remote) =
            remote(&text).map_err(|reason| list.error(format!("repositories: {reason}")))?;
        let remotes = hosts.entry(host).or_default();
        if !remotes.contains(&remote) {
            remotes.push(remote);
        }
    }
    let branch = list.optional("branch")?;
    if branch.as_ref().is_some_and(|it| it.starts_with('-')) {
        return Err(list.error("branch may not begin with a dash"));
    }
    let filters = Filters {
        repository: match list.get("filters") {
            Some(filters) => regex(&filters, "repository")?,
            None => None,
        },
        ..Filters::default()
    };
    let path = list.optional("catalogPath")?;
    let provider = |(host, mut repositories): (String, Vec<String>)| {
        repositories.sort_unstable();
        let provider = Provider::new(HostKind::Git, &host, &name);
        Provider {
            catalog_path: path.clone().unwrap_or(provider.catalog_path),
            branch: branch.clone(),
            filters: filters.clone(),
            repositories,
            ..provider
        }
    };
    Ok(hosts.into_iter().map(provider).collect())
}

/// The host and the address of the repository that `text` names: as `git clone` takes it, or as `--source` does.
fn remote(text: &str) -> Result<(String, String), String> {
    let text = text.trim();
    // What is wrong is told without the text: there may be a password in it.
    let text = match (text.strip_prefix("git+"), text.contains("://")) {
        (Some(rest), _) => rest.to_owned(),
        (None, true) => text.to_owned(),
        // `git@host:path`, as hosts show it.
        (None, false) => match text.split_once(':') {
            // `ext::…` has git run a program.
            Some((_, path)) if path.starts_with(':') => {
                return Err("one is no URL; name them as https://… or ssh://…".to_owned());
            }
            Some((host, path)) if !host.is_empty() => {
                format!("ssh://{host}/{}", path.trim_start_matches('/'))
            }
            _ => return Err("name them as https://… or ssh://…".to_owned()),
        },
    };
    let source = git(&text)?;
    if source.reference.is_some() || source.path.is_some() {
        return Err("branch and catalogPath stand beside the list, not in it".to_owned());
    }
    let url = Url::parse(&source.remote).map_err(|error| format!("one is no URL: {error}"))?;
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    if host.is_empty() || url.scheme() == "file" {
        return Err("one names no host; folders are sources of their own".to_owned());
    }
    // The port of an SSH server is none of the host's web pages.
    let host = match url.port() {
        Some(port) if url.scheme() != "ssh" => format!("{host}:{port}"),
        _ => host,
    };
    Ok((host, source.remote))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::{Config, Env};
    use super::*;

    fn load(text: &str) -> Result<Vec<Provider>, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        std::fs::write(&file, text).unwrap();
        let config = Config::load(&[file], &Env::fixed(dir.path(), &[]))?;
        Ok(config.providers)
    }

    #[test]
    fn a_list_is_a_provider_for_each_host() {
        let text = "stagedoor: { git: [{ name: infra, branch: prod, filters: { repository: 'svc-.*' }, repositories: [\
                    'https://Git.acme.dev/b.git', 'git+ssh://git@git.acme.dev:2222/a.git', 'git@other.dev:team/c.git',\
                    'https://git.acme.dev:8443/d', 'git@other.dev:team/c.git'] }] }";
        let providers = load(text).unwrap();
        let names: Vec<String> = providers.iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            [
                "git:git.acme.dev/infra",
                "git:git.acme.dev:8443/infra",
                "git:other.dev/infra"
            ]
        );
        assert_eq!(
            providers[0].repositories,
            [
                "https://Git.acme.dev/b.git",
                "ssh://git@git.acme.dev:2222/a.git"
            ]
        );
        assert_eq!(
            providers[2].repositories,
            ["ssh://git@other.dev/team/c.git"]
        );
        assert_eq!(providers[0].branch.as_deref(), Some("prod"));
        assert_eq!(providers[0].path(), "catalog-info.yaml");
    }

    #[test]
    fn what_is_no_repository_is_refused_without_its_password() {
        for (repository, expected) in [
            ("https://me:secret@acme.dev/x", "integrations"),
            ("https://acme.dev/x@v1", "beside the list"),
            ("https://acme.dev/x#docs", "beside the list"),
            ("file:///srv/x", "folders are sources"),
            ("ext::sh -c x", "URL"),
            ("-oProxyCommand=x:y", "names no host"),
            ("just-a-name", "https://"),
        ] {
            let text =
                format!("stagedoor: {{ git: [{{ name: a, repositories: ['{repository}'] }}] }}");
            let error = load(&text).unwrap_err().to_string();
            assert!(error.contains(expected), "{repository}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
        let error = load("stagedoor: { git: [{ repositories: [] }] }").unwrap_err();
        assert!(error.to_string().contains("name"), "{error}");
    }
}
