//! The typed sections of the configuration, read from the merged value.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::host;
use super::secret::redact;
use super::section::Section;
use super::substitute::Unset;
use super::{
    Config, ConfigError, DEFAULT_REFRESH, elsewhere, git_list, instance, integration, look, people,
    provider,
};

/// One rule of `catalog.rules` or of a location: the kinds it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleConfig {
    /// The kinds, with `spec.type` where the rule asks for one.
    pub allow: Vec<(String, Option<String>)>,
    /// The locations it holds for; empty for all. Each with its type, and an exact target or a pattern.
    pub locations: Vec<RuleLocation>,
}

/// A location that a rule names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLocation {
    /// `file` or `url`; `None` for both.
    pub location_type: Option<String>,
    /// The exact target.
    pub exact: Option<String>,
    /// A glob over targets.
    pub pattern: Option<String>,
}

/// One of `catalog.locations`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// `file` or `url`.
    pub location_type: String,
    /// The path, glob or URL.
    pub target: String,
    /// The rules that hold for this location besides `catalog.rules`.
    pub rules: Vec<RuleConfig>,
}

/// Reads the sections of `merged`, which came from `files` and lacks what is `unset`.
pub(super) fn read(
    files: Vec<PathBuf>,
    merged: &Value,
    unset: &[Unset],
) -> Result<Config, ConfigError> {
    let redacted = redact(merged);
    let names: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let names = names.join(", ");
    let root = Section::root(merged, &names);
    let ours = root.get("stagedoor");
    let ours = |key: &str| ours.as_ref().and_then(|ours| ours.get(key));
    let text = |section: Option<Section<'_>>| section.map(|section| section.text()).transpose();
    let organization = text(root.at(&["organization", "name"]))?;
    let integrations = integration::read(&root, unset)?;
    let hosts = each(ours("hosts"), host::read)?;
    let rules = root
        .at(&["catalog", "rules"])
        .map(|rules| rule_list(&rules))
        .transpose()?;
    let locations = each(root.at(&["catalog", "locations"]), location)?;
    let mut providers = provider::read(&root)?;
    providers.extend(git_list::read(ours("git").as_ref())?);
    let people = people::read(&root)?;
    let me = text(ours("me"))?;
    let look = look::read(root.get("stagedoor").as_ref())?;
    let refresh = ours("refresh").map_or(Ok(DEFAULT_REFRESH), |section| section.duration())?;
    let ai_model = root
        .get("stagedoor")
        .map_or(Ok(false), |ours| ours.flag("aiModel", false))?;
    let remember = root
        .get("stagedoor")
        .map_or(Ok(false), |ours| ours.flag("remember", false))?;
    let restore = root
        .get("stagedoor")
        .map_or(Ok(true), |ours| ours.flag("restore", true))?;
    let checkouts = root
        .get("stagedoor")
        .map_or(Ok(Vec::new()), |ours| ours.texts("checkouts"))?;
    let queries = ours("queries").map_or(Ok(BTreeMap::new()), |section| queries(&section))?;
    let actions = ours("actions").map_or(Ok(BTreeMap::new()), |section| actions(&section))?;
    let backstage = instance::read(ours("backstage").as_ref())?;
    let elsewhere = elsewhere::read(&root, ours("search").as_ref())?;
    Ok(Config {
        files,
        organization,
        integrations,
        hosts,
        rules,
        locations,
        providers,
        people,
        me,
        look,
        refresh,
        ai_model,
        remember,
        restore,
        checkouts,
        queries,
        actions,
        backstage,
        elsewhere,
        redacted,
    })
}

/// Saved queries: a name in lower case without white space, and a text.
fn queries(section: &Section<'_>) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut queries = BTreeMap::new();
    for (name, text) in section.entries()? {
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || "()\"@/".contains(c)) {
            return Err(text.error("a query's name is one word, as in @name"));
        }
        queries.insert(name.to_lowercase(), text.text()?);
    }
    Ok(queries)
}

/// Programs for actions: one text is a line as for a shell, but no shell reads it.
fn actions(section: &Section<'_>) -> Result<BTreeMap<String, Vec<String>>, ConfigError> {
    let mut actions = BTreeMap::new();
    for (id, command) in section.entries()? {
        let words = match section.texts(id)?.as_slice() {
            [line] => line.split_whitespace().map(str::to_owned).collect(),
            words => words.to_vec(),
        };
        if words.is_empty() {
            return Err(command.error("names no program"));
        }
        actions.insert(id.to_owned(), words);
    }
    Ok(actions)
}

/// The items of a list that may be absent, each read by `read`.
fn each<T>(
    section: Option<Section<'_>>,
    read: impl Fn(&Section<'_>) -> Result<T, ConfigError>,
) -> Result<Vec<T>, ConfigError> {
    match section {
        Some(section) => section.items()?.iter().map(read).collect(),
        None => Ok(Vec::new()),
    }
}

fn location(entry: &Section<'_>) -> Result<Location, ConfigError> {
    Ok(Location {
        location_type: entry.required("type")?,
        target: entry.required("target")?,
        rules: entry
            .get("rules")
            .map_or_else(|| Ok(Vec::new()), |rules| rule_list(&rules))?,
    })
}

fn rule_list(section: &Section<'_>) -> Result<Vec<RuleConfig>, ConfigError> {
    section
        .items()?
        .iter()
        .map(|rule| {
            Ok(RuleConfig {
                allow: each(rule.get("allow"), |allowed| {
                    if allowed.is_object() {
                        Ok((allowed.required("kind")?, allowed.optional("spec.type")?))
                    } else {
                        Ok((allowed.text()?, None))
                    }
                })?,
                locations: each(rule.get("locations"), |location| {
                    Ok(RuleLocation {
                        location_type: location.optional("type")?,
                        exact: location.optional("exact")?,
                        pattern: location.optional("pattern")?,
                    })
                })?,
            })
        })
        .collect()
}
