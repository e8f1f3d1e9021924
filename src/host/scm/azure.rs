//! Web pages of files on Azure DevOps: repository and file stand apart, in the path and in the query.
//!
//! `https://dev.azure.com/ORG/PROJECT/_git/REPO?path=/FILE&version=GBbranch` (`@backstage/integration`'s `AzureUrl`).

use std::fmt;

use url::{Url, form_urlencoded};

use super::{ScmUrl, decode, encode};

/// What stands between repository and file.
pub(super) const INFIX: &str = "?path=/";
/// What stands between the path of a project and the name of a repository.
const GIT: &str = "/_git/";

/// Reads the address of a file or of a whole repository. A version that is no branch is none that could be read.
pub(super) fn parse(text: &str) -> Option<ScmUrl> {
    let (scheme, rest) = text.split_once("://")?;
    let rest = rest.split('#').next().unwrap_or(rest);
    let (whole, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, repository) = whole.split_once('/')?;
    let repository = repository.trim_end_matches('/');
    let (project, name) = repository.rsplit_once(GIT)?;
    if project.is_empty() || name.is_empty() || name.contains('/') {
        return None;
    }
    let (mut path, mut reference) = (String::new(), "HEAD".to_owned());
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*key {
            "path" => value.trim_start_matches('/').clone_into(&mut path),
            "version" => value.strip_prefix("GB")?.clone_into(&mut reference),
            _ => {}
        }
    }
    matches!(scheme, "https" | "http").then(|| ScmUrl {
        scheme: scheme.to_owned(),
        host: host.to_ascii_lowercase(),
        repository: repository.to_owned(),
        infix: INFIX,
        reference,
        path,
    })
}

impl ScmUrl {
    /// The root of the repository at the path of `parts` below `web`, at `reference`.
    pub(in crate::host) fn of_azure(web: &str, parts: &[&str], reference: &str) -> Option<Self> {
        let mut url = Url::parse(web).ok()?;
        url.path_segments_mut().ok()?.pop_if_empty().extend(parts);
        let root = parse(url.as_str())?;
        Some(Self {
            reference: reference.to_owned(),
            ..root
        })
    }

    /// The owner, `ORG/PROJECT`, and the name of a repository on Azure DevOps. One that is named like its project may
    /// stand without it.
    pub(in crate::host) fn azure_names(&self) -> Option<(String, String)> {
        let (owner, name) = format!("/{}", self.repository)
            .rsplit_once(GIT)
            .map(|(owner, name)| (decode(owner.trim_start_matches('/')), decode(name)))?;
        let is_alone = !owner.contains('/') && !self.host.ends_with(".visualstudio.com");
        let owner = if self.host.ends_with(".visualstudio.com") {
            // The organisation is the host.
            let project = owner.rsplit('/').next().unwrap_or_default();
            format!("-/{project}")
        } else if is_alone {
            format!("{owner}/{name}")
        } else {
            owner
        };
        Some((owner, name))
    }
}

/// Writes the page of `url`.
pub(super) fn write(url: &ScmUrl, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // What parts a query stands for nothing else.
    let quoted = |text: &str| encode(text, false).replace('&', "%26").replace('+', "%2B");
    write!(f, "{}{INFIX}{}", url.repository_url(), quoted(&url.path))?;
    if url.reference == "HEAD" {
        return Ok(());
    }
    write!(f, "&version=GB{}", quoted(&url.reference))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn pages_are_read_and_written() {
        let cases = [
            (
                "https://dev.azure.com/acme/The%20Shop/_git/svc?path=/a/b.yaml&version=GBrelease/1",
                "acme/The%20Shop/_git/svc",
                "release/1",
                "a/b.yaml",
                ("acme/The Shop", "svc"),
            ),
            (
                "https://dev.azure.com/acme/shop/_git/svc?path=%2Fx%26y.yaml",
                "acme/shop/_git/svc",
                "HEAD",
                "x&y.yaml",
                ("acme/shop", "svc"),
            ),
            (
                "https://dev.azure.com/acme/_git/svc",
                "acme/_git/svc",
                "HEAD",
                "",
                ("acme/svc", "svc"),
            ),
            (
                "https://tfs.dev/tfs/Main/shop/_git/svc?path=/a.yaml",
                "tfs/Main/shop/_git/svc",
                "HEAD",
                "a.yaml",
                ("tfs/Main/shop", "svc"),
            ),
            (
                "https://acme.visualstudio.com/shop/_git/svc?path=/a.yaml",
                "shop/_git/svc",
                "HEAD",
                "a.yaml",
                ("-/shop", "svc"),
            ),
        ];
        for (text, repository, reference, path, (owner, name)) in cases {
            let url = ScmUrl::parse(text).unwrap();
            assert_eq!(url.repository, repository, "{text}");
            assert_eq!(
                (url.reference.as_str(), url.path.as_str()),
                (reference, path)
            );
            assert_eq!(url.azure_names(), Some((owner.to_owned(), name.to_owned())));
            assert_eq!(ScmUrl::parse(&url.to_string()).unwrap(), url, "{text}");
            assert_eq!(url.clone_url(), url.repository_url());
        }
        for text in [
            "https://dev.azure.com/acme/shop/_git/svc?path=/a&version=GC12",
            "https://dev.azure.com/acme/shop/_git/svc/pullrequests",
            "https://dev.azure.com/_git/svc",
        ] {
            assert_eq!(ScmUrl::parse(text), None, "{text}");
        }
    }
}
