//! The pipeline as a whole, over small catalogs in memory.

use std::collections::BTreeMap;

use super::*;
use crate::catalog::Rule;

/// Files in memory, by absolute path. A target is relative to the base's folder; `*` stands for any name in it.
pub(super) struct Files(BTreeMap<String, String>);

impl Files {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        Self(
            files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
        )
    }

    fn file(&self, path: &str, base: &Location) -> Option<SourceFile> {
        let text = self.0.get(path)?;
        Some(SourceFile {
            location: Location {
                location_type: base.location_type,
                target: path.to_owned(),
            },
            name: path.to_owned(),
            bytes: text.as_bytes().into(),
            blob: None,
            commit: None,
        })
    }

    fn path(base: &Location, target: &str) -> String {
        if target.starts_with('/') {
            return target.to_owned();
        }
        let folder = base
            .target
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        format!("{folder}/{}", target.trim_start_matches("./"))
    }
}

impl Reader for Files {
    fn search(&self, base: &Location, target: &str) -> Result<Vec<Match>, ReadError> {
        let path = Self::path(base, target);
        Ok(match path.split_once('*') {
            Some((head, tail)) => self
                .0
                .keys()
                .filter(|path| path.starts_with(head) && path.ends_with(tail))
                .filter_map(|path| self.file(path, base))
                .map(Match::Read)
                .collect(),
            None => self
                .file(&path, base)
                .into_iter()
                .map(Match::Read)
                .collect(),
        })
    }

    fn read(&self, base: &Location, target: &str) -> Result<SourceFile, ReadError> {
        let path = Self::path(base, target);
        self.file(&path, base)
            .ok_or(ReadError::NotFound { target: path })
    }
}

fn root(location: Location) -> Root {
    Root {
        source: "test".to_owned(),
        location,
        files: None,
        found: Found::Named,
        standing: Standing::default(),
    }
}

fn read(files: &[(&str, &str)], roots: &[&str]) -> Ingested {
    let roots: Vec<_> = roots
        .iter()
        .map(|path| root(Location::url(*path)))
        .collect();
    ingest(&roots, &Files::new(files), &Options::default())
}

fn component(name: &str, more: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec: {{type: service, lifecycle: production, owner: group:g{more}}}\n"
    )
}

fn group() -> String {
    "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: g}\nspec: {type: team, children: []}\n".to_owned()
}

fn location(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: {name}}}\nspec: {spec}\n"
    )
}

fn names(ingested: &Ingested) -> Vec<String> {
    ingested
        .entities
        .iter()
        .map(|e| {
            format!(
                "{}{}",
                e.entity.entity_ref.name(),
                if e.entity.provenance.refused { "?" } else { "" }
            )
        })
        .collect()
}

fn problems(ingested: &Ingested) -> Vec<(Rule, String)> {
    ingested
        .problems
        .iter()
        .map(|p| (p.rule, p.place.to_string()))
        .collect()
}

#[test]
fn one_bad_document_costs_only_itself_here_but_the_file_in_backstage() {
    let text = format!("{}---\na: [\n---\n{}", component("a", ""), group());
    let ingested = read(&[("/a.yaml", &text)], &["/a.yaml"]);
    assert_eq!(names(&ingested), ["a?", "g?"]);
    assert_eq!(
        problems(&ingested),
        [(Rule::YamlSyntax, "/a.yaml:8:1".to_owned())]
    );
}

#[test]
fn what_is_wrong_with_one_entity_is_its_own() {
    let text = format!("{}---\n{}", component("a", ", system: null"), group());
    let ingested = read(&[("/a.yaml", &text)], &["/a.yaml"]);
    assert_eq!(names(&ingested), ["a?", "g"]);
    assert_eq!(
        problems(&ingested),
        [(Rule::KindSchema, "/a.yaml:5:62".to_owned())]
    );
    let about = ingested.problems.first().and_then(|p| p.entity.clone());
    assert_eq!(
        about.map(|r| r.to_string()).as_deref(),
        Some("component:default/a")
    );
}

#[test]
fn namespaces_are_filled_in_and_lists_sorted() {
    let ingested = read(
        &[(
            "/a.yaml",
            &component("A", ", dependsOn: ['resource:b', 'resource:B', 'api:z']"),
        )],
        &["/a.yaml"],
    );
    let entity = ingested.entities.first().map(|e| e.entity.unpack());
    let entity = entity.as_ref();
    assert_eq!(
        entity.map(|e| e.body.pointer("/metadata/namespace")),
        Some(Some(&"default".into()))
    );
    assert_eq!(
        entity.map(|e| e.body.pointer("/spec/dependsOn/1")),
        Some(Some(&"resource:B".into()))
    );
    assert_eq!(
        entity.map(|e| (e.provenance.location.as_str(), e.provenance.line)),
        Some(("url:/a.yaml", 1))
    );
}

#[test]
fn relations_come_both_ways_and_once() {
    let ingested = read(
        &[(
            "/a.yaml",
            &component("a", ", dependsOn: ['component:b', 'component:B']"),
        )],
        &["/a.yaml"],
    );
    let relations: Vec<_> = ingested
        .entities
        .iter()
        .flat_map(|e| &e.relations)
        .map(|r| format!("{} {} {}", r.source, r.relation_type, r.target))
        .collect();
    assert_eq!(
        relations,
        [
            "component:default/a ownedBy group:default/g",
            "component:default/a dependsOn component:default/b",
            "component:default/b dependencyOf component:default/a",
            "group:default/g ownerOf component:default/a",
        ]
    );
}

#[test]
fn dangling_references_are_told_with_a_guess() {
    let text = format!(
        "{}---\n{}",
        component("payments", ", dependsOn: ['component:paymens']"),
        group()
    );
    let ingested = read(&[("/a.yaml", &text)], &["/a.yaml"]);
    assert_eq!(
        problems(&ingested),
        [(Rule::DanglingReference, "/a.yaml:5:74".to_owned())]
    );
    assert!(
        ingested
            .problems
            .iter()
            .all(|p| p.suggestion.as_deref() == Some("component:payments")),
        "{:?}",
        ingested.problems
    );
    assert_eq!(names(&ingested), ["payments", "g"], "Backstage takes it");
}

#[test]
fn locations_lead_on_and_circles_end() {
    let files = [
        (
            "/all.yaml",
            &*location(
                "all",
                "{targets: [./sub/more.yaml, ./sub/c*.yaml, ./all.yaml]}",
            ),
        ),
        ("/sub/more.yaml", &location("more", "{target: /all.yaml}")),
        ("/sub/c1.yaml", &component("c1", "")),
        ("/sub/c2.yaml", &group()),
    ];
    let ingested = read(&files, &["/all.yaml"]);
    assert_eq!(names(&ingested), ["all", "more", "c1", "g"]);
    assert_eq!(problems(&ingested), []);
    assert_eq!(ingested.files, 4);
    let origin = ingested
        .entities
        .last()
        .map(|e| e.entity.provenance.origin.as_str());
    assert_eq!(origin, Some("url:/all.yaml"));
}

#[test]
fn a_missing_target_costs_backstage_the_whole_location() {
    let text = location("all", "{targets: [./g.yaml, ./gone.yaml]}");
    let optional = location(
        "opt",
        "{targets: [./g.yaml, ./gone.yaml], presence: optional}",
    );
    let g = group();
    let ingested = read(&[("/all.yaml", &text), ("/g.yaml", &g)], &["/all.yaml"]);
    assert_eq!(names(&ingested), ["all?", "g?"]);
    assert_eq!(
        problems(&ingested),
        [(Rule::UnreachableTarget, "/all.yaml:4:28".to_owned())]
    );
    let ingested = read(&[("/all.yaml", &optional), ("/g.yaml", &g)], &["/all.yaml"]);
    assert_eq!(names(&ingested), ["opt", "g"]);
    assert_eq!(problems(&ingested), []);
    let ingested = read(
        &[("/all.yaml", &text), ("/g.yaml", &g)],
        &["/all.yaml", "/g.yaml"],
    );
    assert_eq!(
        names(&ingested),
        ["all?", "g"],
        "another way may lead there"
    );
}

#[test]
fn of_two_files_the_first_counts_and_in_one_file_the_last_document() {
    let twice = format!(
        "{}---\n{}",
        component("a", ", x: 1"),
        component("A", ", x: 2")
    );
    let again = component("a", ", x: 3");
    let ingested = read(
        &[
            ("/1.yaml", &twice),
            ("/2.yaml", &again),
            ("/g.yaml", &group()),
        ],
        &["/1.yaml", "/2.yaml", "/g.yaml"],
    );
    let a = ingested.entities.first().map(|e| e.entity.unpack());
    let x = a.as_ref().and_then(|a| a.spec("x"));
    assert_eq!(x, Some(&2.into()));
    assert_eq!(
        problems(&ingested),
        [
            (Rule::DuplicateEntity, "/1.yaml:4:9".to_owned()),
            (Rule::DuplicateEntity, "/2.yaml:4:9".to_owned()),
            (Rule::DuplicateEntity, "/1.yaml:10:9".to_owned()),
        ]
    );
}

#[test]
fn what_the_rules_forbid_is_shown_but_marked() {
    let text = format!("{}---\n{}", component("a", ""), group());
    let options = Options {
        rules: Rules::Only(vec![Allow {
            kind: "Component".to_owned(),
            spec_type: None,
            origins: None,
        }]),
        ..Options::default()
    };
    let ingested = ingest(
        &[root(Location::url("/a.yaml"))],
        &Files::new(&[("/a.yaml", &text)]),
        &options,
    );
    assert_eq!(names(&ingested), ["a?", "g?"]);
    assert_eq!(
        ingested.problems.first().map(|p| p.rule),
        Some(Rule::NotAllowed)
    );
}

#[test]
fn in_a_walked_folder_only_backstages_own_documents_count() {
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\n  labels: {backstage.io/kubernetes-id: x}\n";
    let files = [
        ("/k8s.yaml", manifest),
        ("/bad.yaml", "a: [ # backstage.io/\n"),
        ("/a.yaml", &component("a", "")),
        ("/g.yaml", &group()),
    ];
    let mut walked = root(Location::file("/*.yaml"));
    walked.found = Found::Walked;
    let ingested = ingest(&[walked], &Files::new(&files), &Options::default());
    assert_eq!(names(&ingested), ["a", "g"]);
    assert_eq!(problems(&ingested), []);
    let named = ingest(
        &[root(Location::file("/*.yaml"))],
        &Files::new(&files),
        &Options::default(),
    );
    assert!(named.problems.iter().any(|p| p.rule == Rule::YamlSyntax));
}

#[test]
fn in_a_walked_folder_an_entity_that_lacks_its_version_or_kind_is_missed() {
    let files = [
        ("/version.yaml", "kind: Component\nmetadata: {name: a}\n"),
        (
            "/kind.yaml",
            "apiVersion: backstage.io/v1alpha1\nmetadata: {name: b}\n",
        ),
        (
            "/kustomize.yaml",
            "kind: Kustomization\nmetadata: {name: c}\n",
        ),
        ("/workflow.yaml", "kind: Component\non: push\n"),
    ];
    let mut walked = root(Location::file("/*.yaml"));
    walked.found = Found::Walked;
    let ingested = ingest(&[walked], &Files::new(&files), &Options::default());
    let files: Vec<_> = ingested.problems.iter().map(|p| &*p.place.file).collect();
    assert_eq!(files, ["/kind.yaml", "/version.yaml"]);
    assert!(ingested.problems.iter().all(|p| p.rule == Rule::Envelope));
}

#[test]
fn skeletons_are_counted_not_blamed() {
    let skeleton = component("{{ cookiecutter.name }}", "");
    let quoted = component("'${{ values.name }}'", "");
    let lines = "{% if x %}\nkind: Component\n{% endif %}\n";
    let ingested = read(
        &[
            ("/1.yaml", &skeleton),
            ("/2.yaml", &quoted),
            ("/3.yaml", lines),
        ],
        &["/1.yaml", "/2.yaml", "/3.yaml"],
    );
    assert_eq!((names(&ingested).len(), ingested.templated), (0, 3));
    assert_eq!(problems(&ingested), []);
}

#[test]
fn placeholders_work_in_files_too_with_a_word() {
    let api = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec:\n  type: library\n  lifecycle: x\n  owner: g\n  definition: {$text: ./a.txt}\n";
    let files = Files::new(&[("/a.yaml", api), ("/a.txt", "hi"), ("/g.yaml", &group())]);
    let by = |location: fn(&'static str) -> Location| {
        ingest(
            &[root(location("/a.yaml")), root(location("/g.yaml"))],
            &files,
            &Options::default(),
        )
    };
    let url = by(Location::url);
    assert_eq!(
        (names(&url), problems(&url)),
        (vec!["a".to_owned(), "g".to_owned()], vec![])
    );
    let file = by(Location::file);
    assert_eq!(names(&file), ["a?", "g"]);
    assert_eq!(
        problems(&file),
        [(Rule::PlaceholderInFile, "/a.yaml:8:16".to_owned())]
    );
    assert_eq!(
        file.entities
            .first()
            .map(|e| e.entity.body()["spec"]["definition"].clone()),
        Some("hi".into())
    );
}

#[test]
fn any_bytes_are_read_without_harm() {
    proptest::proptest!(proptest::prelude::ProptestConfig::with_cases(256), |(bytes in proptest::collection::vec(proptest::arbitrary::any::<u8>(), 0..400), yaml in "[-a-z:{}\\[\\]&*!|>'\"#%\t \n$]{0,200}")| {
        for bytes in [bytes, yaml.into_bytes()] {
            let file = SourceFile { location: Location::file("/x"), name: "x".to_owned(), bytes: bytes.into(), blob: None, commit: None };
            let root = Root { files: Some(vec![file]), ..root(Location::file("/x")) };
            let ingested = ingest(&[root], &NoReader, &Options::default());
            proptest::prop_assert!(ingested.entities.len() <= 400);
        }
    });
}
