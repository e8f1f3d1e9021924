//! Backstage's own fields (`ui:field`) and their options.

use serde_json::{Value as Json, json};

use crate::catalog::entity_ref::DEFAULT_NAMESPACE;
use crate::scaffolder::form::page::Ui;
use crate::scaffolder::form::{
    Credentials, EntityPick, FieldKind, RepoUrlOptions, TagOptions, Whose,
};

/// The kind that `ui:field` asks for, or what to say where nobody knows it.
pub(super) fn kind(ui: &Ui<'_>) -> (Option<FieldKind>, Option<String>) {
    let Some(field) = ui.text("field") else {
        return (None, None);
    };
    let kind = match field {
        "EntityPicker" => FieldKind::Entity(entity(ui, None)),
        "OwnerPicker" => FieldKind::Entity(entity(ui, Some("Group"))),
        "OwnedEntityPicker" => FieldKind::Entity(EntityPick {
            whose: Whose::Mine,
            ..entity(ui, None)
        }),
        "MyGroupsPicker" => FieldKind::Entity(EntityPick {
            filter: vec![json!({ "kind": "Group" })],
            whose: Whose::MyGroups,
            free_text: false,
            ..entity(ui, Some("Group"))
        }),
        "MultiEntityPicker" => FieldKind::Entities(entity(ui, None)),
        "EntityNamePicker" => FieldKind::EntityName,
        "EntityTagsPicker" => FieldKind::Tags(TagOptions {
            kinds: texts(ui.get("kinds")),
            counts: ui.on("showCounts"),
            help: ui.text("helperText").map(str::to_owned),
        }),
        "RepoUrlPicker" => FieldKind::RepoUrl(Box::new(repository(ui))),
        "RepoBranchPicker" => FieldKind::Branch(credentials(ui)),
        "RepoOwnerPicker" => FieldKind::RepoOwner {
            host: ui.text("host").unwrap_or_default().to_owned(),
            excluded: texts(ui.get("excludedOwners")),
            credentials: credentials(ui),
        },
        "Secret" => FieldKind::Text {
            multiline: false,
            secret: true,
        },
        other => {
            let notice = format!("{other} is not known here; a plain field is asked instead");
            return (None, Some(notice));
        }
    };
    (Some(kind), None)
}

fn texts(value: Option<&Json>) -> Vec<String> {
    match value {
        Some(Json::Array(items)) => items
            .iter()
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect(),
        Some(Json::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

fn entity(ui: &Ui<'_>, default_kind: Option<&str>) -> EntityPick {
    let list = |value: Option<&Json>| match value {
        Some(Json::Array(items)) => items.clone(),
        Some(Json::Null) | None => Vec::new(),
        Some(one) => vec![one.clone()],
    };
    let mut filter = list(ui.get("catalogFilter"));
    let mut kinds = list(ui.get("allowedKinds"));
    if filter.is_empty() && kinds.is_empty() && ui.text("field") == Some("OwnerPicker") {
        kinds = vec!["Group".into(), "User".into()];
    }
    if filter.is_empty() && !kinds.is_empty() {
        filter = vec![json!({ "kind": kinds })];
    }
    let default_kind = default_kind.or_else(|| ui.text("defaultKind"));
    EntityPick {
        filter,
        default_kind: default_kind.map(str::to_owned),
        default_namespace: ui
            .text("defaultNamespace")
            .unwrap_or(DEFAULT_NAMESPACE)
            .to_owned(),
        free_text: ui.get("allowArbitraryValues") != Some(&Json::Bool(false)),
        auto: ui.get("autoSelect") != Some(&Json::Bool(false)),
        whose: Whose::Anybodys,
    }
}

fn repository(ui: &Ui<'_>) -> RepoUrlOptions {
    let list = |key: &str| texts(ui.get(key));
    let text = |key: &str| ui.text(key).map(str::to_owned);
    RepoUrlOptions {
        hosts: list("allowedHosts"),
        owners: list("allowedOwners"),
        repos: list("allowedRepos"),
        organizations: list("allowedOrganizations"),
        projects: list("allowedProjects"),
        owner_label: text("ownerLabel"),
        repo_label: text("repoLabel"),
        owner_help: text("ownerDescription"),
        repo_help: text("repoDescription"),
        no_repositories: ui.on("disableRepoAutocomplete"),
        credentials: credentials(ui),
    }
}

fn credentials(ui: &Ui<'_>) -> Option<Credentials> {
    let secret = ui
        .get("requestUserCredentials")?
        .get("secretsKey")?
        .as_str()?;
    Some(Credentials {
        secret: secret.to_owned(),
    })
}
