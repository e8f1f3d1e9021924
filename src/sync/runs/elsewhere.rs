//! Where a template runs that cannot run here: a running Backstage that knows its actions.

use std::time::Duration;

use serde_json::{Map, Value};

use super::with_connection;
use crate::config::Source;
use crate::host::HostError;
use crate::host::backstage::BackstageHost;
use crate::scaffolder::Template;
use crate::scaffolder::outside::Outside;
use crate::scaffolder::plan::{Elsewhere, Offer};
use crate::scaffolder::run::unknown_actions;
use crate::sync::Session;

/// How long an instance may take to say what it can run.
const PATIENCE: Duration = Duration::from_secs(8);

/// Where `template` could run; `None` where nothing keeps it from running here. An action of the `mocks` needs nobody. Asks
/// every instance that is known; blocks.
pub fn elsewhere(
    session: &Session,
    template: &Template,
    mocks: &Map<String, Value>,
    outside: &dyn Outside,
) -> Option<Elsewhere> {
    let unknown = unknown_actions(template, mocks, outside);
    if unknown.is_empty() || super::instance(session, &template.source).is_some() {
        return None;
    }
    let mut found = Elsewhere {
        actions: unknown.into_iter().map(str::to_owned).collect(),
        ..Elsewhere::default()
    };
    for source in instances(session) {
        let Source::Backstage(instance) = &source else {
            continue;
        };
        let host = instance.host();
        if session.offline {
            found.without.push(format!("{host} is not asked, offline"));
            continue;
        }
        match ask(session, &source, template) {
            Ok(differs) => found.offers.push(Offer {
                source: source.to_string(),
                host,
                differs,
            }),
            Err(why) => found.without.push(why),
        }
    }
    Some(found)
}

/// The running Backstage that `name` means: what the configuration calls it, its host, or its address.
pub fn named(session: &Session, name: &str) -> Option<String> {
    let is_meant = |source: &Source| match source {
        Source::Backstage(instance) => {
            instance.name.as_deref() == Some(name)
                || instance.host() == name
                || instance.base_url == name.trim_end_matches('/')
                || source.to_string() == name
        }
        _ => false,
    };
    let found = instances(session).find(is_meant)?;
    Some(found.to_string())
}

/// Every running Backstage there is: those that are sources, and those of the configuration.
pub(super) fn instances(session: &Session) -> impl Iterator<Item = Source> {
    let configured = session.config.backstage.iter();
    let configured = configured.map(|it| Source::Backstage(it.instance.clone()));
    let mut all: Vec<Source> = Vec::new();
    for source in session.set.sources.iter().cloned().chain(configured) {
        let Source::Backstage(instance) = &source else {
            continue;
        };
        let is_there = |known: &Source| matches!(known, Source::Backstage(known) if known.base_url == instance.base_url);
        if !all.iter().any(is_there) {
            all.push(source);
        }
    }
    all.into_iter()
}

/// Whether the steps of `template` are others at the instance `source`; why it cannot run there, where it cannot.
fn ask(session: &Session, source: &Source, template: &Template) -> Result<bool, String> {
    let asked = with_connection(session, source, async |connection| {
        let host = connection.backstage()?;
        let asked = tokio::time::timeout(PATIENCE, can_run(host, template)).await;
        Some(asked.unwrap_or_else(|_| Err(slow(host))))
    })?;
    match asked {
        Some(Ok(verdict)) => verdict,
        Some(Err(error)) => Err(error.to_string()),
        None => Err(format!("{source} is no Backstage")),
    }
}

fn slow(host: &BackstageHost) -> HostError {
    HostError::Failed {
        place: host.base_url().to_owned(),
        reason: "does not say in time what it can run".to_owned(),
    }
}

async fn can_run(
    host: &BackstageHost,
    template: &Template,
) -> Result<Result<bool, String>, HostError> {
    let known = host.actions().await?;
    let place = host.base_url();
    let name = &template.entity_ref;
    let Some(entity) = host.entity(name).await? else {
        return Ok(Err(format!("{place} does not have {name}")));
    };
    let steps = steps(&entity);
    let mut missing = steps.iter().map(|(_, action)| action).filter(|action| {
        let mut known = known.iter();
        !known.any(|known| known == *action)
    });
    if let Some(action) = missing.next() {
        return Ok(Err(format!("{place} does not know {action}")));
    }
    let ours = template.steps.iter();
    let ours = ours.map(|step| (step.id.as_str(), step.action.as_str()));
    Ok(Ok(!ours.eq(steps
        .iter()
        .map(|(id, action)| (id.as_str(), *action)))))
}

/// The ids and actions of the steps of `entity`.
fn steps(entity: &Value) -> Vec<(String, &str)> {
    let steps = entity.pointer("/spec/steps").and_then(Value::as_array);
    let steps = steps.into_iter().flatten().enumerate();
    steps
        .map(|(index, step)| {
            let text = |key: &str| step.get(key).and_then(Value::as_str);
            let id = text("id").map_or_else(|| format!("step-{}", index + 1), str::to_owned);
            (id, text("action").unwrap_or_default())
        })
        .collect()
}
