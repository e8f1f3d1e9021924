//! Owners of repositories as `--source` names them: `github:ORG`, `gitlab:HOST/GROUP`, `gitea:HOST/ORG`…

use url::form_urlencoded;

use crate::config::provider::gerrit::ACTIVE;
use crate::config::{HostKind, Provider};

/// The owner that `text` names; `None` where it names no kind of host, and what to write where it names no owner.
pub(super) fn parse(text: &str) -> Option<Result<Provider, &'static str>> {
    let (kind, rest) = text.split_once(':')?;
    let (provider, form) = match kind {
        "github" => (
            github(rest),
            "write github:ORG, github:ORG/REPO or github:HOST/ORG",
        ),
        "gitlab" => (gitlab(rest), "write gitlab:GROUP or gitlab:HOST/GROUP"),
        "gitea" => (gitea(rest), "write gitea:HOST/ORG or gitea:HOST/ORG/REPO"),
        "bitbucket" | "bitbucketCloud" => (
            bitbucket(rest),
            "write bitbucket:WORKSPACE or bitbucket:WORKSPACE/REPO",
        ),
        "bitbucketServer" | "bitbucket-server" => (
            bitbucket_server(rest),
            "write bitbucketServer:HOST, bitbucketServer:HOST/PROJECT or bitbucketServer:HOST/PROJECT/REPO",
        ),
        "azure" => (
            azure(rest),
            "write azure:ORG, azure:ORG/PROJECT, azure:HOST/COLLECTION/PROJECT or azure:HOST/COLLECTION/*",
        ),
        "gerrit" => (
            gerrit(rest),
            "write gerrit:HOST, gerrit:HOST/PREFIX or gerrit:HOST?QUERY",
        ),
        _ => return None,
    };
    Some(provider.ok_or(form))
}

/// The host in front of `text`, which has a dot or a port, and the parts behind it.
fn host_and_names(text: &str) -> Option<(Option<&str>, Vec<&str>)> {
    let mut parts: Vec<&str> = text.trim_matches('/').split('/').collect();
    let is_host = |part: &str| part.contains(['.', ':']) || part == "localhost";
    let first = parts.first().copied()?;
    let host = (is_host(first) && parts.len() > 1).then_some(first);
    if host.is_some() {
        parts.remove(0);
    }
    let is_name = |part: &&str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    parts.iter().all(is_name).then_some((host, parts))
}

/// `ORG`, `ORG/REPO`, `HOST/ORG` or `HOST/ORG/REPO`.
fn github(text: &str) -> Option<Provider> {
    let (host, names) = host_and_names(text)?;
    of_owner(HostKind::Github, host.unwrap_or("github.com"), &names)
}

/// `GROUP` or `HOST/GROUP`; a group may lie in others.
fn gitlab(text: &str) -> Option<Provider> {
    let (host, names) = host_and_names(text)?;
    let host = host.unwrap_or("gitlab.com");
    Some(Provider::new(HostKind::Gitlab, host, &names.join("/")))
}

/// `HOST/ORG` or `HOST/ORG/REPO`.
fn gitea(text: &str) -> Option<Provider> {
    let (host, names) = host_and_names(text)?;
    of_owner(HostKind::Gitea, host?, &names)
}

/// `WORKSPACE` or `WORKSPACE/REPO`, of the cloud unless there is a host in front.
fn bitbucket(text: &str) -> Option<Provider> {
    let (host, names) = host_and_names(text)?;
    let kind = HostKind::BitbucketCloud;
    of_owner(kind, host.unwrap_or("bitbucket.org"), &names)
}

/// `HOST`, `HOST/PROJECT` or `HOST/PROJECT/REPO`.
fn bitbucket_server(text: &str) -> Option<Provider> {
    let kind = HostKind::BitbucketServer;
    match host_and_names(text)? {
        (Some(host), names) => of_owner(kind, host, &names),
        (None, names) => match names.as_slice() {
            [host] if !host.is_empty() => Some(Provider::new(kind, host, "")),
            _ => None,
        },
    }
}

/// `ORG` or `ORG/PROJECT` of the cloud; with a host in front, always with a project, which may be `*`: collections may lie
/// below a folder there.
fn azure(text: &str) -> Option<Provider> {
    let parts: Vec<&str> = text.trim_matches('/').split('/').collect();
    let is_name = |part: &&str| {
        let fits = |c: char| c.is_alphanumeric() || "-_.' ()&".contains(c);
        **part == *"*" || (!part.is_empty() && part.chars().all(fits))
    };
    let provider = |host: &str, names: &[&str]| {
        let fits = !names.is_empty() && names.iter().all(is_name);
        fits.then(|| Provider::new(HostKind::Azure, host, &names.join("/")))
    };
    match parts.as_slice() {
        [host, names @ ..] if host.contains(['.', ':']) => {
            provider(host, names).filter(|_| names.len() > 1)
        }
        names => provider("dev.azure.com", names).filter(|_| names.len() < 3),
    }
}

/// `HOST`, `HOST/PREFIX` for the projects whose names begin so, or `HOST?QUERY` as its list of projects takes it.
fn gerrit(text: &str) -> Option<Provider> {
    let (host, query) = match (text.split_once('?'), text.split_once('/')) {
        (Some((host, query)), _) => (host, query.to_owned()),
        (None, Some((host, prefix))) => {
            let mut query = form_urlencoded::Serializer::new(ACTIVE.to_owned());
            (host, query.append_pair("prefix", prefix).finish())
        }
        (None, None) => (text, ACTIVE.to_owned()),
    };
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    let is_named = !host.is_empty() && host.chars().all(is_host);
    is_named.then(|| Provider::new(HostKind::Gerrit, host, &query))
}

/// The repositories of an owner, or one of them.
fn of_owner(kind: HostKind, host: &str, names: &[&str]) -> Option<Provider> {
    match names {
        [owner] => Some(Provider::new(kind, host, owner)),
        [owner, repository] => {
            let mut provider = Provider::new(kind, host, owner);
            provider.filters.repository = Some(format!("^{}$", repository.replace('.', "\\.")));
            Some(provider)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_an_owner_and_a_repository_are_told_apart() {
        let named = |text: &str| {
            let provider = parse(text).and_then(Result::ok)?;
            Some((provider.to_string(), provider.filters.repository))
        };
        let whole = |text: &str| Some((text.to_owned(), None));
        let one = |text: &str, name: &str| Some((text.to_owned(), Some(name.to_owned())));
        for text in ["github:acme", "github:127.0.0.1:8080/acme", "gitlab:a/b"] {
            assert_eq!(named(text), whole(text));
        }
        let web = one("github:ghe.dev/acme", "^web\\.app$");
        assert_eq!(named("github:ghe.dev/acme/web.app"), web);
        assert_eq!(named("gitlab:gl.dev/a/b"), whole("gitlab:gl.dev/a/b"));
        assert_eq!(named("gitea:g.dev/acme"), whole("gitea:g.dev/acme"));
        let web = one("gitea:g.dev/acme", "^web$");
        assert_eq!(named("gitea:g.dev/acme/web"), web);
        assert_eq!(named("bitbucket:acme"), whole("bitbucketCloud:acme"));
        let web = one("bitbucketCloud:acme", "^web$");
        assert_eq!(named("bitbucketCloud:acme/web"), web);
        for text in [
            "azure:acme",
            "azure:acme/The Shop",
            "azure:tfs.dev/tfs/Main/*",
        ] {
            assert_eq!(named(text), whole(text));
        }
        for text in ["azure:", "azure:a/b/c", "azure:tfs.dev/Main", "azure:a/b?c"] {
            assert_eq!(named(text), None, "{text}");
        }
        for text in ["bitbucketServer:bb.dev", "bitbucketServer:bb.dev:7990/SHOP"] {
            assert_eq!(named(text), whole(text));
        }
        for (text, query) in [
            ("gerrit:r.dev", "gerrit:r.dev?state=ACTIVE"),
            ("gerrit:r.dev/a/b", "gerrit:r.dev?state=ACTIVE&prefix=a%2Fb"),
            ("gerrit:r.dev?m=x&type=CODE", "gerrit:r.dev?m=x&type=CODE"),
        ] {
            assert_eq!(named(text), whole(query));
        }
        for text in [
            "gerrit:",
            "gerrit:/a",
            "gitea:acme",
            "gitea:g.dev",
            "github:",
            "github:a b",
            "x:y",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }
}
