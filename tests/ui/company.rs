//! A company small enough to know by heart, built through the public API: its entities are the YAML beside this file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value;
use stagedoor::app::message::{EntityDetail, SourceState};
use stagedoor::app::page::problems::Shown;
use stagedoor::catalog::entity_ref::RefContext;
use stagedoor::catalog::index::{IndexEntry, Tally};
use stagedoor::catalog::{
    Entity, EntityRef, Index, Place, Problem, Provenance, Relation, RelationType, Rule,
};
use stagedoor::search::Context;
use stagedoor::search::identity;

use crate::screen::NOW;

/// What the store would hold.
#[derive(Clone)]
pub(crate) struct Company {
    pub(crate) index: Index,
    pub(crate) details: BTreeMap<EntityRef, Arc<EntityDetail>>,
    pub(crate) problems: Arc<Vec<Problem>>,
    pub(crate) personal: Context,
    pub(crate) sources: Vec<SourceState>,
}

impl Company {
    /// Acme, as Jane sees it.
    pub(crate) fn acme() -> Self {
        Self::seen_by_jane(include_str!("acme.yaml"))
    }

    /// Acme with one more entity.
    pub(crate) fn acme_with(yaml: &str) -> Self {
        let acme = include_str!("acme.yaml").trim_end();
        Self::seen_by_jane(&format!("{acme}\n---\n{yaml}"))
    }

    fn seen_by_jane(yaml: &str) -> Self {
        let mut company = Self::of(yaml);
        let jane: EntityRef = "user:default/jane".parse().expect("a reference");
        company.personal = Context {
            identity: identity::resolve(&company.index, Some(&jane)),
            stars: refs(&["component:payment-gateway", "api:orders-v2"]),
            visits: refs(&[
                "api:payments-v2",
                "component:checkout",
                "component:gone-service",
            ]),
            ..Context::default()
        };
        company.sources = vec![SourceState {
            name: "github:acme".to_owned(),
            last_ok: Some(NOW - 130),
            last_tried: Some(NOW - 130),
            error: None,
            entities: company.index.len(),
        }];
        company
    }

    /// Acme, seen by somebody nobody knows.
    pub(crate) fn stranger() -> Self {
        Self {
            personal: Context::default(),
            ..Self::acme()
        }
    }

    /// Acme, whose other source cannot be read since yesterday.
    pub(crate) fn with_a_failed_source() -> Self {
        let mut company = Self::acme();
        company.sources.push(SourceState {
            name: "github:acme-labs".to_owned(),
            last_ok: Some(NOW - 100_000),
            last_tried: Some(NOW - 130),
            error: Some(
                "github.com wants a login: sign in with `gh auth login`, or set GITHUB_TOKEN"
                    .to_owned(),
            ),
            entities: 12,
        });
        company
    }

    /// Acme, with as many findings more.
    pub(crate) fn with_findings(number: u32) -> Self {
        let mut company = Self::acme();
        let rules = Rule::ALL.iter().take(20).cycle();
        let more = (1..=number).zip(rules.skip(1)).map(|(at, rule)| {
            let place = Place {
                file: format!("/work/catalog/{}.yaml", at / 10),
                line: at,
                column: 3,
            };
            Problem::new(*rule, place, format!("finding number {at}"))
        });
        company.problems = Arc::new(company.problems.iter().cloned().chain(more).collect());
        company
    }

    /// The lines around a place, as far as they are at hand.
    pub(crate) fn excerpt(place: &Place) -> Shown {
        if !place.file.contains("/checkout/") {
            let why = "The file is not at hand: it is on its host, and its text is not kept here.";
            return Shown::Nothing(why.to_owned());
        }
        let lines = [
            "  name: checkout",
            "  title: Checkout",
            "  tags: [\"Front End\", node]",
            "spec:",
            "  type: website",
        ];
        Shown::Lines(10, lines.map(str::to_owned).into())
    }

    /// Nothing at all: no source gave anything.
    pub(crate) fn empty() -> Self {
        Self {
            personal: Context::default(),
            sources: Vec::new(),
            ..Self::of("")
        }
    }

    /// Acme's one library that everything uses.
    pub(crate) fn hub(users: usize) -> Self {
        let mut yaml = String::from(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: hub }\nspec: { type: library, owner: team-hub, dependsOn: [\"resource:disk\"] }\n",
        );
        for user in 0..users {
            write!(
                yaml,
                "\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: service-{user:03} }}\nspec: {{ type: service, owner: team-{}, dependsOn: [hub] }}\n",
                user % 7
            )
            .expect("memory");
        }
        Self::of(&yaml)
    }

    fn of(yaml: &str) -> Self {
        let entities: Vec<Entity> = yaml
            .split("\n---\n")
            .filter(|text| !text.trim().is_empty())
            .scan(1, |line, text| {
                let at = *line;
                *line += u32::try_from(text.lines().count()).unwrap_or(0) + 1;
                Some(entity(text, at))
            })
            .collect();
        let relations = relations(&entities);
        let mut problems = dangling(&entities, &relations);
        problems.extend(malformed());
        problems.sort();
        let details: BTreeMap<_, _> = entities
            .iter()
            .map(|entity| {
                let of = &entity.entity_ref;
                let detail = EntityDetail {
                    code_owners: Vec::new(),
                    no_repository: match crate::facts::told(of) {
                        stagedoor::app::page::entity::Told::Nowhere(why) => Some(why),
                        _ => None,
                    },
                    entity: entity.clone(),
                    relations: relations
                        .iter()
                        .filter(|r| r.source == *of)
                        .cloned()
                        .collect(),
                    problems: problems
                        .iter()
                        .filter(|p| p.entity.as_ref() == Some(of))
                        .cloned()
                        .collect(),
                };
                (of.clone(), Arc::new(detail))
            })
            .collect();
        let entries: Vec<_> = entities
            .iter()
            .map(|entity| IndexEntry {
                entity,
                problems: details
                    .get(&entity.entity_ref)
                    .map_or_else(Tally::default, |d| {
                        d.problems.iter().map(|problem| problem.level).collect()
                    }),
            })
            .collect();
        Self {
            index: Index::of(&entries, &relations).expect("an index"),
            details,
            problems: Arc::new(if entities.is_empty() {
                Vec::new()
            } else {
                problems
            }),
            personal: Context::default(),
            sources: Vec::new(),
        }
    }
}

fn refs(texts: &[&str]) -> Vec<EntityRef> {
    texts
        .iter()
        .map(|text| text.parse().expect("a reference"))
        .collect()
}

fn entity(text: &str, line: u32) -> Entity {
    let body: Value = serde_yaml::from_str(text).expect("YAML");
    let name = body["metadata"]["name"].as_str().expect("a name");
    let kind = body["kind"].as_str().expect("a kind");
    let target = format!("url:https://github.com/acme/{name}/blob/main/catalog-info.yaml");
    Entity {
        entity_ref: EntityRef::new(kind, "default", name),
        provenance: Provenance {
            source: "github:acme".to_owned(),
            location: target.clone(),
            origin: target,
            line,
            ..Provenance::default()
        },
        body,
    }
}

/// The fields of `spec` that relate, with the kind they imply.
const FIELDS: [(&str, &str, RelationType); 8] = [
    ("owner", "group", RelationType::OwnedBy),
    ("system", "system", RelationType::PartOf),
    ("domain", "domain", RelationType::PartOf),
    ("providesApis", "api", RelationType::ProvidesApi),
    ("consumesApis", "api", RelationType::ConsumesApi),
    ("dependsOn", "component", RelationType::DependsOn),
    ("memberOf", "group", RelationType::MemberOf),
    ("parent", "group", RelationType::ChildOf),
];

fn relations(entities: &[Entity]) -> Vec<Relation> {
    let mut relations = Vec::new();
    for entity in entities {
        for (field, kind, relation_type) in FIELDS {
            let targets = match entity.spec(field) {
                Some(Value::String(one)) => vec![one.clone()],
                Some(Value::Array(many)) => many
                    .iter()
                    .filter_map(|v| v.as_str().map(str::to_owned))
                    .collect(),
                _ => Vec::new(),
            };
            for target in targets {
                let context = RefContext {
                    kind: Some(kind),
                    namespace: "default",
                };
                let relation = Relation {
                    source: entity.entity_ref.clone(),
                    relation_type,
                    target: EntityRef::parse(&target, context).expect("a reference"),
                };
                relations.push(relation.inverse());
                relations.push(relation);
            }
        }
    }
    relations.sort();
    relations
}

fn dangling(entities: &[Entity], relations: &[Relation]) -> Vec<Problem> {
    let known = |entity_ref: &EntityRef| entities.iter().any(|e| e.entity_ref == *entity_ref);
    relations
        .iter()
        .filter(|relation| known(&relation.source) && !known(&relation.target))
        .map(|relation| {
            let place = Place {
                file: format!(
                    "https://github.com/acme/{}/blob/main/catalog-info.yaml",
                    relation.source.name()
                ),
                line: 17,
                column: 10,
            };
            let message = format!(
                "{} {} is not in the catalog",
                relation.relation_type.label(),
                relation.target
            );
            Problem::new(Rule::DanglingReference, place, message).about(relation.source.clone())
        })
        .collect()
}

fn malformed() -> Vec<Problem> {
    let place = |file: &str, line, column| Place {
        file: file.to_owned(),
        line,
        column,
    };
    vec![
        Problem::new(
            Rule::YamlSyntax,
            place(
                "https://github.com/acme/legacy-tools/blob/main/catalog-info.yaml",
                9,
                3,
            ),
            "a mapping value is not allowed here",
        ),
        Problem::new(
            Rule::FieldFormat,
            place(
                "https://github.com/acme/checkout/blob/main/catalog-info.yaml",
                12,
                11,
            ),
            "the tag \"Front End\" may only hold a to z, 0 to 9, +, # and -",
        )
        .over(9)
        .suggesting(Some("front-end".to_owned()))
        .about("component:checkout".parse().expect("a reference")),
    ]
}
