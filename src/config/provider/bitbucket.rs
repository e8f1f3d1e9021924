//! `catalog.providers.bitbucketCloud` and `catalog.providers.bitbucketServer`.

use super::{Filters, Provider, anchored, begin, regex};
use crate::config::section::Section;
use crate::config::{ConfigError, HostKind};

/// One workspace of the cloud (`BitbucketCloudEntityProviderConfig`). Both patterns have to match whole.
pub(super) fn cloud(id: Option<&str>, entry: &Section<'_>) -> Result<Provider, ConfigError> {
    let mut provider = begin(HostKind::BitbucketCloud, id, entry, "workspace")?;
    if let Some(size) = entry.get("pagelen") {
        let number = size.text()?.parse().ok();
        let number = number.filter(|size| (1..=100).contains(size));
        provider.page_size = Some(number.ok_or_else(|| size.error("must be 1 to 100"))?);
    }
    if let Some(filters) = entry.get("filters") {
        provider.filters = Filters {
            repository: regex(&filters, "repoSlug")?,
            project: regex(&filters, "projectKey")?.map(|pattern| anchored(&pattern)),
            ..provider.filters
        };
    }
    Ok(provider)
}

/// One server (`BitbucketServerEntityProviderConfig`). Both patterns match anywhere. `validateLocationsExist` needs no
/// reading: a file that is not there is never a source here.
pub(super) fn server(id: Option<&str>, entry: &Section<'_>) -> Result<Provider, ConfigError> {
    let mut provider = begin(HostKind::BitbucketServer, id, entry, "host")?;
    // All projects of it.
    provider.owner.clear();
    if let Some(filters) = entry.get("filters") {
        let anywhere = |pattern: String| format!("^.*(?:{pattern}).*$");
        provider.filters = Filters {
            repository: regex(&filters, "repoSlug")?.map(anywhere),
            project: regex(&filters, "projectKey")?,
            allow_archived: !filters.flag("skipArchivedRepos", false)?,
            ..provider.filters
        };
    }
    Ok(provider)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Config, Env};

    fn providers(text: &str) -> Result<Vec<Provider>, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        std::fs::write(&file, format!("catalog: {{ providers: {{ {text} }} }}")).unwrap();
        Ok(Config::load(&[file], &Env::fixed(Path::new("/"), &[]))?.providers)
    }

    #[test]
    fn both_forms_of_both_kinds_are_read() {
        let text = "bitbucketCloud: { workspace: acme, pagelen: 50, filters: { repoSlug: svc-.*, projectKey: 'A|B' } }, \
            bitbucketServer: { hq: { host: Bb.dev, catalogPath: /x.yaml, filters: { repoSlug: svc, projectKey: '^A', skipArchivedRepos: true } }, lab: { host: lab.dev } }";
        let [cloud, hq, lab] = providers(text).unwrap().try_into().unwrap();
        assert_eq!(cloud.to_string(), "bitbucketCloud:acme");
        assert_eq!(
            (cloud.page_size, cloud.filters.allow_archived),
            (Some(50), true)
        );
        assert_eq!(cloud.filters.repository.as_deref(), Some("svc-.*"));
        assert_eq!(cloud.filters.project.as_deref(), Some("^A|B$"));
        assert_eq!(hq.to_string(), "bitbucketServer:bb.dev (hq)");
        assert_eq!((hq.path(), hq.filters.allow_archived), ("x.yaml", false));
        assert_eq!(hq.filters.repository.as_deref(), Some("^.*(?:svc).*$"));
        assert_eq!(hq.filters.project.as_deref(), Some("^A"));
        assert_eq!(
            (lab.path(), lab.filters.allow_archived),
            ("catalog-info.yaml", true)
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_key() {
        for (text, words) in [
            ("bitbucketCloud: { workspace: a, pagelen: 101 }", "1 to 100"),
            (
                "bitbucketServer: { host: h.dev, filters: { repoSlug: '(' } }",
                "repoSlug is no regular expression",
            ),
        ] {
            let error = providers(text).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
