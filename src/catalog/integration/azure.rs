//! Addresses of files on Azure DevOps (`AzureUrl` and `AzureIntegration` of `@backstage/integration`): repository and file
//! stand apart, in the path and in the query.

use url::Url;

/// `target` seen from the file behind `base`; `None` where `base` is no address of a repository.
pub(super) fn resolve(base: &str, target: &str) -> Option<String> {
    if Url::parse(target).is_ok() {
        return Some(target.to_owned());
    }
    repository(base)?;
    let base = Url::parse(base).ok()?;
    let of = |name: &str| {
        let mut pairs = base.query_pairs();
        Some(pairs.find(|(key, _)| key == name)?.1.into_owned())
    };
    // It is put together as a path on some host, and written as that is written.
    let file = of("path").unwrap_or_default();
    let path = Url::parse("https://a.dev").ok()?.join(&file).ok()?;
    let path = path.join(target).ok()?.path().to_owned();
    let mut resolved = base.clone();
    resolved.set_fragment(None);
    {
        let mut pairs = resolved.query_pairs_mut();
        pairs.clear().append_pair("path", &path);
        if let Some(version) = of("version") {
            pairs.append_pair("version", &version);
        }
    }
    // As the browser's own writer has it; the path of the repository is written anew by Backstage, too, which changes nothing
    // that was written so before.
    Some(resolved.into())
}

/// The address of the repository in which the file behind `url` lies.
pub(super) fn repository(url: &str) -> Option<&str> {
    let whole = url.split(['?', '#']).next()?;
    let (project, name) = whole.rsplit_once("/_git/")?;
    (project.contains("://") && !name.trim_end_matches('/').is_empty() && !name.contains('/'))
        .then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::super::{HostKind, Integrations};
    use super::*;

    /// What `ScmIntegrations.resolveUrl` of `@backstage/integration` answers.
    #[test]
    fn targets_are_resolved_as_backstage_does() {
        let hosts = Integrations::new([(HostKind::Azure, "tfs.dev".to_owned())]);
        let base = "https://dev.azure.com/acme/shop/_git/svc?path=/x/y.yaml";
        let cases = [
            (
                base,
                "./z.yaml",
                "https://dev.azure.com/acme/shop/_git/svc?path=%2Fx%2Fz.yaml",
            ),
            (
                base,
                "/z/*.yaml",
                "https://dev.azure.com/acme/shop/_git/svc?path=%2Fz%2F*.yaml",
            ),
            (
                base,
                "../../../z.yaml",
                "https://dev.azure.com/acme/shop/_git/svc?path=%2Fz.yaml",
            ),
            (
                base,
                "./",
                "https://dev.azure.com/acme/shop/_git/svc?path=%2Fx%2F",
            ),
            (base, "https://a.dev/b", "https://a.dev/b"),
            (
                "https://tfs.dev/tfs/Main/shop/_git/svc?path=/y.yaml&version=GBdev",
                "z.yaml",
                "https://tfs.dev/tfs/Main/shop/_git/svc?path=%2Fz.yaml&version=GBdev",
            ),
        ];
        for (base, target, expected) in cases {
            assert_eq!(
                hosts.resolve(base, target).as_deref(),
                Some(expected),
                "{target}"
            );
        }
        assert_eq!(hosts.edit_url(base).as_deref(), Some(base));
        assert_eq!(
            repository(base),
            Some("https://dev.azure.com/acme/shop/_git/svc")
        );
        assert_eq!(repository("https://dev.azure.com/acme/shop"), None);
    }
}
