//! How the configuration says that descriptors are to be read: `catalog.rules` and the rules of locations, the hosts that
//! have integrations, the kinds that are known.

use std::path::Path;

use super::Session;
use crate::catalog::policy::Model;
use crate::catalog::{HostKind, Integrations};
use crate::config::source::normalize;
use crate::config::{self, Config, RuleConfig, Source};
use crate::ingest::{Allow, LocationType, Options, Origins, Rules};

/// How the descriptors of `session` are read.
pub(super) fn options(session: &Session) -> Options {
    let (config, set) = (&session.config, &session.set);
    Options {
        rules: rules(config, set.configured, session.env.cwd()),
        model: if config.ai_model {
            Model::WithAi
        } else {
            Model::Usual
        },
        hosts: integrations(config, &set.sources),
        cwd: session.env.cwd().to_owned(),
        ..Options::default()
    }
}

/// A text that tells apart how descriptors are read with one configuration and with another.
pub(super) fn manner(options: &Options) -> String {
    let Options {
        rules,
        model,
        hosts,
        cwd: _,
        limits: _,
    } = options;
    format!("{rules:?} {model:?} {hosts:?}")
}

/// The hosts for which `config` or one of `sources` says what they are.
pub fn integrations(config: &Config, sources: &[Source]) -> Integrations {
    let kind = |kind: config::HostKind| match kind {
        config::HostKind::Github => Some(HostKind::Github),
        config::HostKind::Gitlab => Some(HostKind::Gitlab),
        config::HostKind::Gitea => Some(HostKind::Gitea),
        config::HostKind::Gerrit => Some(HostKind::Gerrit),
        config::HostKind::BitbucketCloud => Some(HostKind::Bitbucket),
        config::HostKind::BitbucketServer => Some(HostKind::BitbucketServer),
        config::HostKind::Azure => Some(HostKind::Azure),
        // It has no pages.
        config::HostKind::Git => None,
    };
    let configured = config.integrations.iter();
    let configured = configured.filter_map(|it| Some((kind(it.kind)?, it.host.clone())));
    let named = sources.iter().filter_map(|source| {
        let (host, known) = source.known_host()?;
        Some((kind(known)?, host.to_owned()))
    });
    Integrations::new(configured.chain(named))
}

/// The rules of `config`. Where it has no `catalog.rules`, Backstage's own hold for what it names; what is named elsewhere
/// may hold everything. Paths are seen from `cwd`.
fn rules(config: &Config, configured: bool, cwd: &Path) -> Rules {
    let mut allowed: Vec<Allow> = config
        .rules
        .iter()
        .flatten()
        .flat_map(|rule| allow(rule, origins(rule).as_deref()))
        .collect();
    for location in &config.locations {
        let Some(location_type) = location_type(&location.location_type) else {
            continue;
        };
        let target = match location_type {
            LocationType::File => {
                let path = normalize(&cwd.join(&location.target));
                path.to_string_lossy().into_owned()
            }
            LocationType::Url => location.target.clone(),
        };
        let origin = Origins::Exact {
            location_type,
            target,
        };
        for rule in &location.rules {
            allowed.extend(allow(rule, Some(std::slice::from_ref(&origin))));
        }
    }
    match &config.rules {
        Some(_) => Rules::Only(allowed),
        None if configured => Rules::Unconfigured(allowed),
        None => Rules::All,
    }
}

fn allow(rule: &RuleConfig, origins: Option<&[Origins]>) -> Vec<Allow> {
    rule.allow
        .iter()
        .map(|(kind, spec_type)| Allow {
            kind: kind.clone(),
            spec_type: spec_type.clone(),
            origins: origins.map(<[Origins]>::to_vec),
        })
        .collect()
}

fn origins(rule: &RuleConfig) -> Option<Vec<Origins>> {
    if rule.locations.is_empty() {
        return None;
    }
    let both = [LocationType::File, LocationType::Url];
    let named = rule.locations.iter().flat_map(|named| {
        both.into_iter()
            .filter(|each| {
                let wanted = named.location_type.as_deref();
                wanted.is_none_or(|wanted| wanted == each.as_str())
            })
            .map(|location_type| match &named.exact {
                Some(target) => Origins::Exact {
                    location_type,
                    target: target.clone(),
                },
                None => Origins::Type {
                    location_type,
                    pattern: named.pattern.clone(),
                },
            })
    });
    Some(named.collect())
}

fn location_type(text: &str) -> Option<LocationType> {
    match text {
        "file" => Some(LocationType::File),
        "url" => Some(LocationType::Url),
        _ => None,
    }
}
