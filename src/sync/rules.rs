//! `catalog.rules` and the rules of locations, as ingest has them.

use crate::config::{Config, RuleConfig};
use crate::ingest::{Allow, LocationType, Origins, Rules};

/// The rules of `config`. A configuration without `catalog.rules` allows everything: the defaults of Backstage are there
/// for portals that take locations from anybody.
pub(super) fn rules(config: &Config) -> Rules {
    let Some(global) = &config.rules else {
        return Rules::All;
    };
    let mut allowed: Vec<Allow> = global
        .iter()
        .flat_map(|rule| allow(rule, origins(rule).as_deref()))
        .collect();
    for location in &config.locations {
        let Some(location_type) = location_type(&location.location_type) else {
            continue;
        };
        let origin = Origins::Exact {
            location_type,
            target: location.target.clone(),
        };
        for rule in &location.rules {
            allowed.extend(allow(rule, Some(std::slice::from_ref(&origin))));
        }
    }
    Rules::Only(allowed)
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
