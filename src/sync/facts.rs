//! Facts about the repository of an entity: which repository that is, what is kept of it, and asking its host.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;
use url::Url;

use crate::catalog::Entity;
use crate::catalog::entity::SOURCE_LOCATION;
use crate::catalog::facts::Facts;
use crate::config::{HostKind, Source};
use crate::host::auth::host_of;
pub use crate::host::facts::RepositoryAt;
use crate::host::{Address, HostError, demo, origin_of, work_tree_of};
pub use crate::store::KeptFacts;

use super::{Manner, Session, SyncError, signin, waiting};

/// How long facts count as fresh: a page that is opened again meanwhile asks nobody.
pub const FRESH: Duration = Duration::from_mins(5);

/// The annotations by which Backstage's plugins find a repository, and the kinds and cloud of the hosts they are for.
const SLUGS: [(&str, &[HostKind], &str); 4] = [
    ("github.com/project-slug", &[HostKind::Github], "github.com"),
    ("gitlab.com/project-slug", &[HostKind::Gitlab], "gitlab.com"),
    (
        "dev.azure.com/project-repo",
        &[HostKind::Azure],
        "dev.azure.com",
    ),
    (
        "bitbucket.com/project-slug",
        &[HostKind::BitbucketServer, HostKind::BitbucketCloud],
        "bitbucket.org",
    ),
];
/// The annotation that names the GitLab to which a slug belongs, and the host and organisation of one of Azure DevOps.
const GITLAB_INSTANCE: &str = "gitlab.com/instance";
const AZURE_ORGANISATION: &str = "dev.azure.com/host-org";

/// The repository of `entity`, or in words why there is none that could be asked about.
///
/// A slug names it outright; else it is where the source is said to be, else where its descriptor stands. Only hosts that
/// the configuration, a source, a kept token or the world knows are ever asked.
pub fn repository(session: &Session, entity: &Entity) -> Result<RepositoryAt, String> {
    let described = Address::parse(&entity.provenance.location);
    if described.is_some_and(|at| demo::path(&at).is_some()) {
        return Err(
            "it is part of the built-in demo, which tells of a few repositories only".to_owned(),
        );
    }
    let urls = addresses(entity);
    for (annotation, kinds, cloud) in SLUGS {
        if let Some(slug) = entity.annotation(annotation) {
            return by_slug(session, entity, (kinds, cloud), &urls, slug)
                .ok_or_else(|| format!("its annotation {annotation} names no repository: {slug}"));
        }
    }
    let Some(url) = urls.first() else {
        return Err(nowhere(entity));
    };
    // A Gerrit's files may be shown at another host than its own.
    let config = &session.config;
    let gerrits = config.integrations.iter();
    let mut gerrits = gerrits.filter(|it| it.kind == HostKind::Gerrit);
    let of_gerrit =
        gerrits.find_map(|it| RepositoryAt::of_url(HostKind::Gerrit, &it.host, url, config));
    if let Some(at) = of_gerrit {
        return Ok(at);
    }
    let Some(host) = host_of(url) else {
        return Err(nowhere(entity));
    };
    let Some(kind) = kind_of(session, &host) else {
        let mut sources = session.set.sources.iter();
        if sources.any(
            |it| matches!(it, Source::Backstage(instance) if url.as_str().starts_with(&instance.base_url)),
        ) {
            // Its page there is all that the instance gives as its place.
            return Err(
                "its Backstage does not say in which repository it is described".to_owned(),
            );
        }
        return Err(format!(
            "{host} is not known as a host of repositories; name it under integrations: in the configuration"
        ));
    };
    RepositoryAt::of_url(kind, &host, url, config)
        .ok_or_else(|| format!("{url} is in no repository"))
}

/// The repository at `url`, a page of it or what `git clone` takes; `None` where no known host has it.
pub fn repository_at(session: &Session, url: &Url) -> Option<RepositoryAt> {
    let host = host_of(url)?;
    let kind = kind_of(session, &host)?;
    RepositoryAt::of_url(kind, &host, url, &session.config)
}

/// The root of the Git work tree around the file of `entity`, where it is one of this machine.
pub fn work_tree(entity: &Entity) -> Option<PathBuf> {
    match Address::parse(&entity.provenance.location)? {
        Address::Path(file) => work_tree_of(&file).map(|(root, _)| root),
        Address::Url(_) => None,
    }
}

/// The root of the Git work tree around the folder `folder`, or itself where there is none.
pub fn work_tree_around(folder: &Path) -> PathBuf {
    // What is asked for is where a file in it belongs to.
    let root = work_tree_of(&folder.join("file")).map(|(root, _)| root);
    root.unwrap_or_else(|| folder.to_owned())
}

/// The repository that `slug` names: at the host of one of `kinds` that an annotation names beside it, else at that of one
/// of the addresses of the entity, else in the `cloud`.
fn by_slug(
    session: &Session,
    entity: &Entity,
    (kinds, cloud): (&[HostKind], &str),
    urls: &[Url],
    slug: &str,
) -> Option<RepositoryAt> {
    let known = |host: String| {
        let kind = kind_of(session, &host).filter(|kind| kinds.contains(kind))?;
        Some((kind, host))
    };
    let beside = |annotation| {
        let text = entity
            .annotation(annotation)?
            .trim_start_matches("https://");
        Some(text.trim_end_matches('/').to_owned())
    };
    if kinds == [HostKind::Azure] {
        // The organisation is no part of the slug.
        let named = beside(AZURE_ORGANISATION).and_then(|text| {
            let (host, organisation) = text.split_once('/')?;
            Some((host.to_owned(), organisation.to_owned()))
        });
        let of_url = || {
            urls.iter().find_map(|url| {
                let host = host_of(url)?;
                let at = RepositoryAt::of_url(HostKind::Azure, &host, url, &session.config)?;
                let (owner, _) = at.name.rsplit_once('/')?;
                Some((host, owner.rsplit_once('/')?.0.to_owned()))
            })
        };
        let (host, organisation) = named.or_else(of_url)?;
        let (kind, host) = known(host)?;
        return RepositoryAt::new(kind, &host, &format!("{organisation}/{slug}"));
    }
    let instance = Some(GITLAB_INSTANCE).filter(|_| kinds == [HostKind::Gitlab]);
    let hosts = instance.and_then(beside).into_iter();
    let mut hosts = hosts.chain(urls.iter().filter_map(host_of));
    let (kind, host) = hosts.find_map(known).or_else(|| known(cloud.to_owned()))?;
    RepositoryAt::new(kind, &host, slug)
}

/// The addresses at which its repository may be, the surest first.
fn addresses(entity: &Entity) -> Vec<Url> {
    let source = entity.annotation(SOURCE_LOCATION);
    let location = Some(entity.provenance.location.as_str());
    let written = [source, location].into_iter().flatten();
    let urls = written.filter_map(|text| match Address::parse(text)? {
        Address::Url(url) => Url::parse(&url).ok(),
        Address::Path(path) => Url::parse(&origin_of(&path)?).ok(),
    });
    urls.filter(|url| matches!(url.scheme(), "https" | "http"))
        .collect()
}

/// Why an entity has no address.
fn nowhere(entity: &Entity) -> String {
    match Address::parse(&entity.provenance.location) {
        Some(Address::Path(_)) => {
            "its descriptor stands in no Git repository that has an origin on a host"
        }
        _ => "it comes from no repository",
    }
    .to_owned()
}

fn kind_of(session: &Session, host: &str) -> Option<HostKind> {
    let of_source = session.set.sources.iter().find_map(|source| match source {
        Source::Provider(provider) if provider.host.eq_ignore_ascii_case(host) => {
            Some(provider.kind)
        }
        _ => None,
    });
    of_source.or_else(|| signin::kind(host, &session.config, &session.env))
}

/// What is made up of the repository of one of the demo's entities; nobody is asked for it.
pub fn of_demo(entity: &Entity) -> Option<Facts> {
    let described = Address::parse(&entity.provenance.location)?;
    demo::path(&described)?;
    demo::facts(entity.entity_ref.name(), SystemTime::now())
}

/// What is kept of the repository `at`.
pub fn kept(session: &Session, at: &RepositoryAt) -> Result<Option<KeptFacts>, SyncError> {
    Ok(session.store.facts(&at.to_string())?)
}

/// Whether `kept` need not be asked for again.
pub fn is_fresh(kept: &KeptFacts) -> bool {
    let age = SystemTime::now().duration_since(kept.asked);
    age.is_ok_and(|age| age < FRESH)
}

/// Asks the host of the repository `at`, and keeps what it tells. A host that wants to be left alone is.
pub async fn ask(
    session: &Session,
    at: &RepositoryAt,
    cancel: &CancellationToken,
) -> Result<KeptFacts, SyncError> {
    if session.offline {
        return Err(SyncError::Host(HostError::Unreachable {
            place: at.to_string(),
            reason: "no host is asked with --offline".to_owned(),
        }));
    }
    let later = waiting(session).into_iter().find(|it| it.host == at.host);
    if let Some(later) = later {
        let left = later.until.duration_since(SystemTime::now());
        return Err(SyncError::Host(HostError::Busy {
            host: later.host,
            reason: later.reason,
            retry_after: left.unwrap_or_default(),
        }));
    }
    let connection = session.connect(&Source::Demo, Manner::Usual).await?;
    let asked = SystemTime::now();
    let told = tokio::select! {
        told = connection.facts(at) => told,
        () = cancel.cancelled() => return Err(SyncError::Cancelled),
    };
    if let Err(error) = waiting::remember(session) {
        tracing::warn!(%error, "the hosts that are waited for could not be kept");
    }
    let kept = KeptFacts {
        facts: told?,
        asked,
    };
    session.store.keep_facts(&at.to_string(), &kept)?;
    Ok(kept)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::{EntityRef, Provenance};
    use crate::config::Env;
    use crate::sync::Options;

    fn found(annotations: &serde_json::Value, location: &str) -> Result<String, String> {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("app-config.yaml");
        let text = "integrations: { github: [{ host: ghe.dev }], gitlab: [{ host: 'gl.dev:8443' }], gitea: [{ host: tea.dev, baseUrl: 'https://tea.dev/git' }], bitbucketServer: [{ host: bb.dev }], gerrit: [{ host: ger.dev, gitilesBaseUrl: 'https://src.dev/g' }] }\n";
        std::fs::write(&config, text).unwrap();
        let options = Options {
            config: vec![config],
            sources: vec!["demo".to_owned()],
            cache_dir: Some(dir.path().join("cache")),
            ..Options::default()
        };
        let session = Session::open(&options, Env::fixed(dir.path(), &[])).unwrap();
        let entity = Entity {
            entity_ref: EntityRef::new("component", "default", "x"),
            body: json!({ "metadata": { "name": "x", "annotations": annotations } }),
            provenance: Provenance {
                location: location.to_owned(),
                ..Provenance::default()
            },
        };
        repository(&session, &entity).map(|at| at.to_string())
    }

    #[test]
    fn the_repository_of_an_entity_is_found() {
        let file = "url:https://ghe.dev/acme/catalog/blob/main/all.yaml";
        let cases = [
            (json!({}), file, "ghe.dev/acme/catalog"),
            (
                json!({ "backstage.io/source-location": "url:https://github.com/acme/mono/tree/main/x/" }),
                file,
                "github.com/acme/mono",
            ),
            (
                json!({ "backstage.io/source-location": "url:https://github.com/acme/mono.git" }),
                file,
                "github.com/acme/mono",
            ),
            (
                json!({ "github.com/project-slug": "acme/shop" }),
                file,
                "ghe.dev/acme/shop",
            ),
            (
                json!({ "github.com/project-slug": "acme/shop" }),
                "url:https://gl.dev:8443/a/b/c/-/blob/main/x.yaml",
                "github.com/acme/shop",
            ),
            (
                json!({}),
                "url:https://gl.dev:8443/a/b/c/-/blob/main/x.yaml",
                "gl.dev:8443/a/b/c",
            ),
            (
                json!({}),
                "url:https://tea.dev/git/acme/shop/src/branch/main/x.yaml",
                "tea.dev/acme/shop",
            ),
            (
                json!({ "gitlab.com/project-slug": "a/b/d", "gitlab.com/instance": "gl.dev:8443" }),
                file,
                "gl.dev:8443/a/b/d",
            ),
            (
                json!({ "dev.azure.com/project-repo": "shop/svc", "dev.azure.com/host-org": "dev.azure.com/acme" }),
                file,
                "dev.azure.com/acme/shop/svc",
            ),
            (
                json!({ "dev.azure.com/project-repo": "shop/svc" }),
                "url:https://dev.azure.com/acme/all/_git/catalog?path=/x.yaml",
                "dev.azure.com/acme/shop/svc",
            ),
            (
                json!({ "bitbucket.com/project-slug": "SHOP/svc" }),
                "url:https://bb.dev/projects/ALL/repos/catalog/browse/x.yaml",
                "bb.dev/SHOP/svc",
            ),
            (
                json!({ "bitbucket.com/project-slug": "acme/svc" }),
                file,
                "bitbucket.org/acme/svc",
            ),
            (
                json!({}),
                "url:https://src.dev/g/tools/lint/+/refs/heads/main/x.yaml",
                "ger.dev/tools/lint",
            ),
        ];
        for (annotations, location, expected) in cases {
            let found = found(&annotations, location);
            assert_eq!(found.as_deref(), Ok(expected), "{annotations} {location}");
        }
    }

    #[test]
    fn no_other_host_is_ever_asked() {
        let evil = json!({ "backstage.io/source-location": "url:https://evil.dev/acme/shop" });
        let file = "url:https://ghe.dev/acme/catalog/blob/main/all.yaml";
        assert!(
            found(&evil, file)
                .unwrap_err()
                .contains("evil.dev is not known")
        );
        // An instance that nobody knows is not believed, either.
        let slug = json!({ "gitlab.com/project-slug": "a/b", "gitlab.com/instance": "evil.dev" });
        assert_eq!(found(&slug, file).as_deref(), Ok("gitlab.com/a/b"));
        // An organisation of a host that nobody knows, or of none.
        for beside in ["evil.dev/acme", "acme", ""] {
            let slug =
                json!({ "dev.azure.com/project-repo": "a/b", "dev.azure.com/host-org": beside });
            assert!(found(&slug, file).is_err(), "{beside}");
        }
        let odd = json!({ "github.com/project-slug": "../../user" });
        assert!(
            found(&odd, file)
                .unwrap_err()
                .contains("names no repository")
        );
        let demo = found(&json!({}), "url:demo:///catalog/x.yaml").unwrap_err();
        assert!(demo.contains("built-in demo"), "{demo}");
    }
}
