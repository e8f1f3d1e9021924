//! `catalog.providers.azureDevOps` (`readAzureDevOpsConfigs` of `@backstage/plugin-catalog-backend-module-azure`).

use super::{ConfigError, Filters, Provider, begin};
use crate::config::HostKind;
use crate::config::section::Section;

/// One of the named entries. The owner is `ORGANIZATION/PROJECT`, with `*` for all projects.
pub(super) fn read(id: Option<&str>, entry: &Section<'_>) -> Result<Provider, ConfigError> {
    let mut provider = begin(HostKind::Azure, id, entry, "organization")?;
    let project = entry.required("project")?;
    if project.contains('/') {
        return Err(entry.error("project may not hold a slash"));
    }
    provider.owner = format!("{}/{project}", provider.owner.trim_matches('/'));
    provider.branch = entry.optional("branch")?;
    if let Some(path) = entry.optional("path")? {
        provider.catalog_path = path;
    }
    let repository = entry.optional("repository")?;
    provider.filters = Filters {
        repository: repository
            .filter(|pattern| pattern != "*")
            .map(|pattern| regex(&pattern)),
        ..provider.filters
    };
    Ok(provider)
}

/// The regular expression of a name with the wildcards of code search, `*` and `?`.
pub(in crate::config) fn regex(pattern: &str) -> String {
    let mut regex = String::from("^");
    for c in pattern.chars() {
        match c {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            c if c.is_alphanumeric() || matches!(c, '_' | ' ') => regex.push(c),
            c => {
                regex.push('\\');
                regex.push(c);
            }
        }
    }
    regex.push('$');
    regex
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::config::{Config, Env};

    #[test]
    fn the_keys_are_those_of_backstage() {
        let dir = tempfile::tempdir().unwrap();
        let read = |entry: &str| {
            let file = dir.path().join("c.yaml");
            let text = format!("catalog: {{ providers: {{ azureDevOps: {{ a: {entry} }} }} }}");
            std::fs::write(&file, text).unwrap();
            let config = Config::load(&[file], &Env::fixed(dir.path(), &[]));
            config.map(|config| config.providers.into_iter().next().unwrap())
        };
        let provider = read("{ organization: acme, project: The Shop, repository: 'svc.*-?', branch: dev, path: '/x/*.yaml', schedule: { frequency: { hours: 1 } } }").unwrap();
        assert_eq!(provider.to_string(), "azure:acme/The Shop (a)");
        assert_eq!(provider.host, "dev.azure.com");
        assert_eq!(provider.branch.as_deref(), Some("dev"));
        assert_eq!(provider.path(), "x/*.yaml");
        assert_eq!(
            provider.filters.repository.as_deref(),
            Some("^svc\\..*\\-.$")
        );
        assert!(!provider.filters.allow_archived && provider.frequency.is_some());
        let all = read("{ host: tfs.dev, organization: tfs/Main, project: '*', repository: '*' }");
        let all = all.unwrap();
        assert_eq!(all.to_string(), "azure:tfs.dev/tfs/Main/* (a)");
        assert_eq!(all.filters.repository, None);
        let error = read("{ organization: acme }").unwrap_err().to_string();
        assert!(error.contains("project is missing"), "{error}");
    }
}
