//! One file → its entities, each checked, related and with the places of what is wrong.

use std::borrow::Cow;

use serde_json::Value;

use super::relation::{Field, Reference, references};
use super::rules::{Compiled, Verdict};
use super::target::{self, Targets};
use super::token::{self, Lines};
use super::{
    Found, Located, Location, Options, ReadError, Reader, SourceFile, definition, placeholder,
    templated,
};
use crate::catalog::entity_ref::DEFAULT_NAMESPACE;
use crate::catalog::policy::{self, Violation};
use crate::catalog::yaml::{self, Failure, Mark, Marks};
use crate::catalog::{
    Entity, EntityRef, Kind, Packed, Place, Problem, Provenance, Relation, Rule, text,
};

/// Lists that Backstage sorts before anything else sees them (`BuiltinKindsEntityProcessor.preProcessEntity`).
const SORTED: [&str; 7] = [
    "providesApis",
    "consumesApis",
    "dependsOn",
    "dependencyOf",
    "memberOf",
    "children",
    "members",
];

/// What the API versions of Backstage's own kinds hold.
const BACKSTAGE: &str = "backstage.io/";

/// How many findings of one file are told before it is given up.
const MOST_PROBLEMS: usize = 1_000;

/// What one file gave.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Its entities, in their order.
    pub(super) documents: Vec<Document>,
    /// Those of them that are templates, with their places.
    pub(super) templates: Vec<Located>,
    /// What is wrong with it and them.
    pub(super) problems: Vec<Problem>,
    /// Whether Backstage would take nothing from it, because of one document.
    pub(super) broken: bool,
    /// Whether a document of it is a template of a descriptor.
    pub(super) templated: bool,
    /// Where the kinds stand that Backstage's own rules keep out.
    pub(super) kept_out: Vec<Mark>,
}

impl Reading {
    /// What a file gives that cannot be read.
    pub(super) fn failed(name: &str, error: &ReadError) -> Self {
        let rule = match error {
            ReadError::TooLarge { .. } => Rule::Limit,
            _ => Rule::UnreachableTarget,
        };
        let at = place(name, Mark::default());
        Self {
            problems: vec![Problem::new(rule, at, sentence(&error.to_string()))],
            broken: true,
            ..Self::default()
        }
    }
}

/// One entity of a file.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) entity: Packed,
    /// Where its name stands.
    pub(super) name: Mark,
    /// What its fields say, in one direction.
    pub(super) stated: Vec<Stated>,
    /// Whether Backstage would find nothing wrong with it.
    pub(super) sound: bool,
    /// For a Location: where it leads.
    pub(super) targets: Option<Targets>,
}

/// A relation as a field of `spec` states it.
#[derive(Debug)]
pub(super) struct Stated {
    pub(super) relation: Relation,
    pub(super) field: &'static Field,
    pub(super) mark: Mark,
    /// How many characters it is written with.
    pub(super) length: u32,
}

/// A file, how it was come by, and what to read it with.
pub(super) struct Input<'a> {
    pub(super) file: &'a SourceFile,
    /// The configured source.
    pub(super) source: &'a str,
    /// The root location.
    pub(super) origin: &'a Location,
    pub(super) found: Found,
    /// How many Locations led to it.
    pub(super) depth: u32,
    pub(super) reader: &'a dyn Reader,
    pub(super) rules: &'a Compiled,
    pub(super) options: &'a Options,
}

impl Input<'_> {
    /// Reads the file.
    pub(super) fn read(&self) -> Reading {
        let mut reading = Reading::default();
        let (bytes, limit) = (&self.file.bytes, self.options.limits.file_bytes);
        if bytes.len() > limit {
            let message = format!(
                "the file has {} bytes; at most {limit} are read",
                bytes.len()
            );
            reading
                .problems
                .push(self.problem(Rule::Limit, Mark::default(), &message));
            reading.broken = true;
            return reading;
        }
        // Valid text is told much faster than invalid text is mended.
        let content = std::str::from_utf8(bytes)
            .map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        if self.found == Found::Walked
            && !may_hold_entities(&content)
            && let Some(broken) = is_plainly_broken(&content)
        {
            reading.broken = broken;
            return reading;
        }
        let lines = Lines::new(&content);
        for result in yaml::documents(&content, &self.options.limits.document) {
            if reading.problems.len() >= MOST_PROBLEMS {
                let message =
                    format!("more than {MOST_PROBLEMS} findings; the rest of the file is not read");
                reading
                    .problems
                    .push(self.problem(Rule::Limit, Mark::default(), &message));
                reading.broken = true;
                break;
            }
            match result {
                Ok(document) => self.document(document, &lines, &mut reading),
                Err(failure) => self.failure(&failure, &mut reading),
            }
        }
        for problem in &mut reading.problems {
            underline(problem, &lines);
        }
        reading
    }

    fn document(&self, document: yaml::Document, lines: &Lines<'_>, reading: &mut Reading) {
        let yaml::Document {
            value: mut body,
            mut marks,
            line,
            dollar_keys,
        } = document;
        let mut violations = policy::envelope(&body);
        let verdict = self.rules.verdict(&body, self.origin);
        reading.broken |= !violations.is_empty() || verdict != Verdict::Allowed;
        if self.found == Found::Walked && !is_backstage(&body) {
            return;
        }
        if templated::entity(&body) {
            reading.templated = true;
            return;
        }
        let Some(entity_ref) = identity(&body) else {
            reading
                .problems
                .extend(self.problems(violations, &body, &marks, lines, None));
            return;
        };
        self.judge(verdict, &entity_ref, marks.find(&body, "/kind"), reading);
        let has_envelope = violations.is_empty();
        let mut sound = has_envelope;
        if dollar_keys {
            let findings = placeholder::resolve(
                &mut body,
                &mut marks,
                &self.file.location,
                self.reader,
                self.options,
            );
            sound &= findings.is_empty();
            violations.extend(unless_below(
                &findings,
                policy::entity(&body, self.options.model),
            ));
            reading.problems.extend(findings.into_iter().map(|finding| {
                self.problem(finding.rule, finding.mark, &finding.message)
                    .about(entity_ref.clone())
            }));
        } else if sound {
            violations.extend(policy::entity(&body, self.options.model));
        }
        if templated::violations(&body, &violations) {
            reading.templated = true;
            return;
        }
        sound &= violations.is_empty();
        if has_envelope {
            violations.extend(policy::hints(&body));
        }
        reading
            .problems
            .extend(self.problems(violations, &body, &marks, lines, Some(&entity_ref)));
        let (stated, unread) = self.stated(&entity_ref, &body, &marks, lines);
        sound &= unread.is_empty();
        reading.problems.extend(unread);
        let targets = (Kind::parse(entity_ref.kind()) == Kind::Location)
            .then(|| self.targets(&entity_ref, &body, &marks, &mut reading.problems));
        let name = marks.find(&body, "/metadata/name");
        // Where the entity itself begins, not the border above it.
        let line = marks.get(0).line.max(line);
        reading
            .problems
            .extend(definition::check(&entity_ref, &body, &marks, self.file));
        self.keep_template(&entity_ref, &body, marks, reading);
        complete(&mut body);
        let entity = Entity {
            entity_ref,
            body,
            provenance: self.provenance(line),
        };
        reading.documents.push(Document {
            entity: entity.into(),
            name,
            stated,
            sound,
            targets,
        });
    }

    /// Keeps the places of a template, for who checks it further.
    fn keep_template(
        &self,
        entity_ref: &EntityRef,
        body: &Value,
        marks: Marks,
        reading: &mut Reading,
    ) {
        if is_template(body) {
            let template = Located::new(entity_ref.clone(), body.clone(), marks, self.file);
            reading.templates.push(template);
        }
    }

    /// Says that the rules keep an entity out, whose kind stands at `mark`.
    fn judge(&self, verdict: Verdict, entity_ref: &EntityRef, mark: Mark, reading: &mut Reading) {
        match verdict {
            Verdict::Allowed | Verdict::Unknown => {}
            Verdict::ByDefault => reading.kept_out.push(mark),
            Verdict::Forbidden => {
                let message = format!(
                    "{entity_ref} is of a kind that catalog.rules does not allow from {}",
                    self.origin
                );
                let problem = self.problem(Rule::NotAllowed, mark, &message);
                reading.problems.push(problem.about(entity_ref.clone()));
            }
        }
    }

    /// The relations that the fields of an entity state, and what is wrong with the rest.
    fn stated(
        &self,
        entity_ref: &EntityRef,
        body: &Value,
        marks: &Marks,
        lines: &Lines<'_>,
    ) -> (Vec<Stated>, Vec<Problem>) {
        let mut stated = Vec::new();
        let mut unread = Vec::new();
        for Reference {
            field,
            mark,
            relation,
        } in references(entity_ref, body, marks)
        {
            match relation {
                Ok(relation) => stated.push(Stated {
                    relation,
                    field,
                    mark,
                    length: lines.token(mark, None).map_or(0, token::length),
                }),
                Err(error) => {
                    let problem = self.problem(Rule::BadReference, mark, &error.to_string());
                    unread.push(problem.about(entity_ref.clone()));
                }
            }
        }
        (stated, unread)
    }

    fn targets(
        &self,
        entity_ref: &EntityRef,
        body: &Value,
        marks: &Marks,
        problems: &mut Vec<Problem>,
    ) -> Targets {
        let (targets, refusals) =
            target::targets(body, self.file.location.location_type, |pointer| {
                marks.find(body, pointer)
            });
        problems.extend(refusals.into_iter().map(|(mark, message)| {
            self.problem(Rule::UnreachableTarget, mark, &message)
                .about(entity_ref.clone())
        }));
        targets
    }

    fn failure(&self, failure: &Failure<'_>, reading: &mut Reading) {
        reading.broken = true;
        if self.found == Found::Walked && !failure.text.lines().any(is_backstage_version) {
            return;
        }
        if !failure.limit && templated::failure(failure) {
            reading.templated = true;
            return;
        }
        let rule = if failure.limit {
            Rule::Limit
        } else {
            Rule::YamlSyntax
        };
        reading
            .problems
            .push(self.problem(rule, failure.mark, &failure.message));
    }

    fn problems(
        &self,
        violations: Vec<Violation>,
        body: &Value,
        marks: &Marks,
        lines: &Lines<'_>,
        about: Option<&EntityRef>,
    ) -> Vec<Problem> {
        violations
            .into_iter()
            .map(|violation| {
                let mark = if violation.at_key {
                    marks.find_key(body, &violation.pointer)
                } else {
                    marks.find(body, &violation.pointer)
                };
                let written = written(&violation, body, lines, mark);
                let suggestion = match (violation.rule, written) {
                    (Rule::UnquotedValue, Some(bare)) if token::is_bare(bare) => {
                        Some(format!("\"{bare}\""))
                    }
                    _ => violation.suggestion,
                };
                let problem = self
                    .problem(violation.rule, mark, &violation.message)
                    .over(written.map_or(0, token::length))
                    .suggesting(suggestion.as_deref().map(sentence));
                match about {
                    Some(entity_ref) => problem.about(entity_ref.clone()),
                    None => problem,
                }
            })
            .collect()
    }

    fn problem(&self, rule: Rule, mark: Mark, message: &str) -> Problem {
        Problem::new(rule, place(&self.file.name, mark), sentence(message))
    }

    fn provenance(&self, line: u32) -> Provenance {
        Provenance {
            source: self.source.to_owned(),
            location: self.file.location.to_string(),
            origin: self.origin.to_string(),
            line,
            blob: self.file.blob.clone(),
            commit: self.file.commit.clone(),
            refused: false,
            unseen: false,
            processed: false,
            code_owners: Vec::new(),
            depth: self.depth,
        }
    }
}

/// What `violation` is about, as it is written at `mark`; for the whole entity nothing.
fn written<'a>(
    violation: &Violation,
    body: &Value,
    lines: &Lines<'a>,
    mark: Mark,
) -> Option<&'a str> {
    let (_, key) = violation.pointer.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    match body.pointer(&violation.pointer)? {
        Value::String(text) if !violation.at_key => lines.token(mark, Some(text)),
        Value::Number(_) | Value::Bool(_) if !violation.at_key => lines.token(mark, None),
        Value::Null if violation.suggestion.is_some() => lines.empty_entry(mark, &key),
        _ => lines.token(mark, Some(&key)),
    }
}

/// Gives a finding whose text is a reference, a target or the like its length.
fn underline(problem: &mut Problem, lines: &Lines<'_>) {
    let is_about_text = matches!(
        problem.rule,
        Rule::BadReference | Rule::UnreachableTarget | Rule::NotAllowed
    );
    if problem.length == 0 && is_about_text {
        let mark = Mark {
            line: problem.place.line,
            column: problem.place.column,
        };
        problem.length = lines.token(mark, None).map_or(0, token::length);
    }
}

/// A message as it may be shown: on one line, and not without end.
pub(super) fn sentence(message: &str) -> String {
    const LONGEST: usize = 500;
    let mut line = text::one_line(message);
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// The place of `mark` in the file named `file`.
pub(super) fn place(file: &str, mark: Mark) -> Place {
    Place {
        file: text::one_line(file),
        line: mark.line,
        column: mark.column,
    }
}

/// The reference of an entity, as far as it can be made out; a number for a name will do.
pub(super) fn identity(body: &Value) -> Option<EntityRef> {
    let kind = body.get("kind")?.as_str()?;
    let metadata = body.get("metadata")?;
    let name = match metadata.get("name")? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let namespace = metadata
        .get("namespace")
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty());
    (!kind.is_empty() && !name.is_empty())
        .then(|| EntityRef::new(kind, namespace.unwrap_or(DEFAULT_NAMESPACE), &name))
}

/// Whether it is a template that today's scaffolder takes.
fn is_template(body: &Value) -> bool {
    let text = |key| body.get(key).and_then(Value::as_str);
    text("kind") == Some("Template")
        && text("apiVersion").is_some_and(|version| version.starts_with("scaffolder.backstage.io/"))
}

/// Fills in the default namespace, makes a mapping of annotations without content, and sorts what Backstage sorts.
fn complete(body: &mut Value) {
    if let Some(Value::Object(metadata)) = body.get_mut("metadata") {
        if !metadata.contains_key("namespace") {
            metadata.insert("namespace".to_owned(), DEFAULT_NAMESPACE.into());
        }
        if let Some(annotations) = metadata.get_mut("annotations")
            && !annotations.is_object()
        {
            *annotations = Value::Object(serde_json::Map::new());
        }
    }
    if let Some(Value::Object(spec)) = body.get_mut("spec") {
        for field in SORTED {
            if let Some(Value::Array(items)) = spec.get_mut(field)
                && items.iter().all(Value::is_string)
            {
                items.sort_by(|a, b| utf16(a).cmp(utf16(b)));
            }
        }
    }
}

/// Text in the order in which JavaScript sorts it.
fn utf16(value: &Value) -> impl Iterator<Item = u16> {
    value.as_str().unwrap_or_default().encode_utf16()
}

/// The violations that do not come of a placeholder that could not be replaced.
fn unless_below(findings: &[placeholder::Finding], violations: Vec<Violation>) -> Vec<Violation> {
    violations
        .into_iter()
        .filter(|violation| {
            !findings
                .iter()
                .filter_map(|finding| finding.failed.as_ref())
                .any(|failed| violation.pointer.starts_with(failed.as_str()))
        })
        .collect()
}

/// Whether a file could hold an entity, as far as one can tell without reading it.
fn may_hold_entities(content: &str) -> bool {
    content.contains(BACKSTAGE) || (!content.contains("apiVersion") && content.contains("kind"))
}

/// Whether a document was meant as one of Backstage's entities: its apiVersion says so, or, where it has none, its kind.
fn is_backstage(body: &Value) -> bool {
    match body.get("apiVersion").and_then(Value::as_str) {
        Some(version) => version
            .split_once('/')
            .is_some_and(|(group, _)| group == "backstage.io" || group.ends_with(".backstage.io")),
        None => {
            body.get("metadata").is_some_and(Value::is_object)
                && body
                    .get("kind")
                    .and_then(Value::as_str)
                    .is_some_and(|kind| Kind::parse(kind) != Kind::Other)
        }
    }
}

/// Whether Backstage takes nothing of a file that holds no entity, where that can be told without reading it: only one
/// without content is none to it, and a kind that it does not know costs the file.
fn is_plainly_broken(content: &str) -> Option<bool> {
    let has_content = |line: &str| {
        let line = line.trim();
        !(line.is_empty() || line.starts_with('#') || line == "---" || line == "...")
    };
    if !content.contains("kind") {
        return Some(content.lines().any(has_content));
    }
    let mut kinds = content
        .lines()
        .filter_map(|line| line.strip_prefix("kind:"));
    let is_unknown = |kind: &str| {
        let word = kind.split_whitespace().next().unwrap_or_default();
        !policy::is_known_kind(word.trim_matches(['"', '\'']))
    };
    kinds.any(is_unknown).then_some(true)
}

fn is_backstage_version(line: &str) -> bool {
    line.starts_with("apiVersion:") && line.contains(BACKSTAGE)
}
