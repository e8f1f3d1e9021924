//! Catalogs of a company that does not exist, of any size, the same on every machine: 60 % components, 15 % APIs, 12 %
//! resources, the rest systems, domains, teams and people; about 1 KB of YAML and 4.3 relations an entity.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::{Value, json};
use stagedoor::catalog::{Entity, EntityRef, Provenance, Relation, RelationType};

#[path = "synthetic/words.rs"]
mod words;

use words::{
    ADJECTIVES, FIRST_NAMES, LANGUAGES, LAST_NAMES, NOUNS, PARTS, PRODUCTS, SENTENCES, STORES,
};

/// A catalog of a given size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Synthetic {
    counts: [usize; 7],
}

/// The kinds made, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    Component,
    Api,
    Resource,
    System,
    Domain,
    Group,
    User,
}

const ALL: [Made; 7] = [
    Made::Component,
    Made::Api,
    Made::Resource,
    Made::System,
    Made::Domain,
    Made::Group,
    Made::User,
];

impl Synthetic {
    /// A catalog of `size` entities; at least ten, so that there is one of each kind.
    pub(crate) fn new(size: usize) -> Self {
        let size = size.max(10);
        let share = |permille: usize| (size * permille / 1000).max(1);
        let mut counts = [
            share(600),
            share(150),
            share(120),
            share(40),
            share(5),
            share(25),
            0,
        ];
        counts[6] = size - counts.iter().sum::<usize>();
        Self { counts }
    }

    /// Every entity with the relations that it states, in both directions.
    pub(crate) fn entities(self) -> impl Iterator<Item = (Entity, Vec<Relation>)> {
        ALL.into_iter().flat_map(move |made| {
            (0..self.count(made)).map(move |number| self.entity(made, number))
        })
    }

    /// Writes the catalog below `dir`, `per_file` entities a file; answers with the files.
    pub(crate) fn write(self, dir: &Path, per_file: usize) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        let mut text = String::new();
        let mut held = 0;
        let mut flush = |text: &mut String| -> io::Result<()> {
            let folder = dir.join(format!("team-{:03}", files.len() % 200));
            fs::create_dir_all(&folder)?;
            let path = folder.join(format!("catalog-{:05}.yaml", files.len()));
            fs::write(&path, &*text)?;
            text.clear();
            files.push(path);
            Ok(())
        };
        for (entity, _) in self.entities() {
            text.push_str("---\n");
            text.push_str(&yaml(&entity));
            held += 1;
            if held % per_file == 0 {
                flush(&mut text)?;
            }
        }
        if !text.is_empty() {
            flush(&mut text)?;
        }
        Ok(files)
    }

    fn count(self, made: Made) -> usize {
        self.counts[made as usize]
    }

    fn entity(self, made: Made, number: usize) -> (Entity, Vec<Relation>) {
        let mut dice = Dice::of(made, number);
        let entity_ref = reference(made, number);
        let mut links: Vec<(RelationType, EntityRef)> = Vec::new();
        let spec = self.spec(made, number, &mut dice, &mut links);
        let mut metadata = json!({"name": name(made, number)});
        if dice.one_in(3) || matches!(made, Made::System | Made::Domain | Made::Group) {
            metadata["title"] = title(entity_ref.name()).into();
        }
        if made != Made::User {
            metadata["description"] = description(entity_ref.name(), &mut dice).into();
            metadata["tags"] = tags(&mut dice);
        }
        if matches!(made, Made::Component | Made::Api | Made::Resource) {
            metadata["annotations"] = annotations(entity_ref.name(), &mut dice);
            metadata["labels"] = json!({"acme.example/tier": format!("tier-{}", dice.below(4)), "acme.example/cost-center": format!("cc-{}", 1000 + dice.below(90))});
            metadata["links"] = json!([
                {"url": format!("https://grafana.acme.example/d/{}", entity_ref.name()), "title": "Dashboard", "icon": "dashboard"},
                {"url": format!("https://runbooks.acme.example/{}", entity_ref.name()), "title": "Runbook"},
            ]);
        }
        let api_version = "backstage.io/v1alpha1";
        let entity = Entity {
            body: json!({"apiVersion": api_version, "kind": kind(made), "metadata": metadata, "spec": spec}),
            provenance: Provenance {
                source: "synthetic".to_owned(),
                location: format!("file:/synthetic/{}.yaml", entity_ref.name()),
                origin: "file:/synthetic".to_owned(),
                line: 1,
                ..Provenance::default()
            },
            entity_ref: entity_ref.clone(),
        };
        let relations = links.into_iter().flat_map(|(relation_type, target)| {
            let forward = Relation {
                source: entity_ref.clone(),
                relation_type,
                target,
            };
            [forward.inverse(), forward]
        });
        let mut relations: Vec<Relation> = relations.collect();
        relations.sort();
        relations.dedup();
        (entity, relations)
    }

    /// The `spec` of an entity; what it refers to is added to `links`.
    fn spec(
        self,
        made: Made,
        number: usize,
        dice: &mut Dice,
        links: &mut Vec<(RelationType, EntityRef)>,
    ) -> Value {
        let mut pick = |dice: &mut Dice, of: Made, relation_type| {
            let at = dice.below(self.count(of));
            let target = if dice.one_in(200) {
                EntityRef::new(kind(of), "default", &format!("retired-{at}"))
            } else {
                reference(of, at)
            };
            let text = target.humanize(Some(&kind(of).to_lowercase()));
            links.push((relation_type, target));
            text
        };
        let lifecycle = dice.pick(&[
            "production",
            "production",
            "production",
            "experimental",
            "deprecated",
        ]);
        match made {
            Made::Component => {
                let mut spec = json!({"type": dice.pick(&["service", "service", "service", "website", "library", "job"]), "lifecycle": lifecycle});
                spec["owner"] = pick(dice, Made::Group, RelationType::OwnedBy).into();
                spec["system"] = pick(dice, Made::System, RelationType::PartOf).into();
                if dice.one_in(4) {
                    spec["providesApis"] =
                        json!([pick(dice, Made::Api, RelationType::ProvidesApi)]);
                }
                if dice.one_in(2) {
                    spec["consumesApis"] = json!([
                        pick(dice, Made::Api, RelationType::ConsumesApi),
                        pick(dice, Made::Api, RelationType::ConsumesApi)
                    ]);
                }
                let resource = pick(dice, Made::Resource, RelationType::DependsOn);
                let component = pick(dice, Made::Component, RelationType::DependsOn);
                spec["dependsOn"] = json!([
                    format!("resource:{resource}"),
                    format!("component:{component}")
                ]);
                spec
            }
            Made::Api => json!({
                "type": dice.pick(&["openapi", "openapi", "grpc", "asyncapi", "graphql"]),
                "lifecycle": lifecycle,
                "owner": pick(dice, Made::Group, RelationType::OwnedBy),
                "system": pick(dice, Made::System, RelationType::PartOf),
                "definition": format!("openapi: 3.0.3\ninfo:\n  title: {}\n  version: 1.{number}.0\npaths:\n  /v1/items:\n    get:\n      summary: Lists items\n      responses:\n        '200':\n          description: The items\n", name(made, number)),
            }),
            Made::Resource => json!({
                "type": dice.pick(&STORES),
                "owner": pick(dice, Made::Group, RelationType::OwnedBy),
                "system": pick(dice, Made::System, RelationType::PartOf),
            }),
            Made::System => json!({
                "owner": pick(dice, Made::Group, RelationType::OwnedBy),
                "domain": pick(dice, Made::Domain, RelationType::PartOf),
            }),
            Made::Domain => json!({"owner": pick(dice, Made::Group, RelationType::OwnedBy)}),
            Made::Group => {
                let mut spec = json!({"type": "team", "children": [], "profile": {"email": format!("{}@acme.example", name(made, number))}});
                if number > 0 {
                    let parent = reference(made, number / 6);
                    spec["parent"] = parent.name().into();
                    links.push((RelationType::ChildOf, parent));
                }
                spec
            }
            Made::User => {
                let (first, last) = person(number);
                json!({
                    "profile": {"displayName": format!("{first} {last}"), "email": format!("{}@acme.example", name(made, number))},
                    "memberOf": [pick(dice, Made::Group, RelationType::MemberOf)],
                })
            }
        }
    }
}

fn reference(made: Made, number: usize) -> EntityRef {
    EntityRef::new(kind(made), "default", &name(made, number))
}

/// `entity` as its author would have written it.
pub(crate) fn yaml(entity: &Entity) -> String {
    serde_yaml::to_string(&entity.body).expect("plain data")
}

fn kind(made: Made) -> &'static str {
    match made {
        Made::Component => "Component",
        Made::Api => "API",
        Made::Resource => "Resource",
        Made::System => "System",
        Made::Domain => "Domain",
        Made::Group => "Group",
        Made::User => "User",
    }
}

/// The name of the entity with this number: words first, a number behind them once they are used up.
fn name(made: Made, number: usize) -> String {
    if made == Made::User {
        let (first, last) = person(number);
        let round = number / (FIRST_NAMES.len() * LAST_NAMES.len());
        return numbered(format!("{first}.{last}").to_lowercase(), round);
    }
    let tails: &[&str] = match made {
        Made::Component => &PARTS,
        Made::Api => &["api", "events", "rpc"],
        Made::Resource => &STORES,
        Made::System => &["platform", "suite"],
        Made::Domain => &["domain"],
        Made::Group | Made::User => &["team", "guild", "squad"],
    };
    let all = PRODUCTS.len() * NOUNS.len() * tails.len();
    // A prime that divides no length spreads neighbours over the words without giving any pair twice.
    let spread = number % all * 7919 % all;
    let (product, rest) = (spread % PRODUCTS.len(), spread / PRODUCTS.len());
    let (noun, tail) = (rest % NOUNS.len(), rest / NOUNS.len());
    numbered(
        format!("{}-{}-{}", PRODUCTS[product], NOUNS[noun], tails[tail]),
        number / all,
    )
}

fn numbered(mut name: String, round: usize) -> String {
    if round > 0 {
        write!(name, "-{}", round + 1).expect("a string takes all");
    }
    name
}

fn person(number: usize) -> (&'static str, &'static str) {
    let first = FIRST_NAMES[number % FIRST_NAMES.len()];
    let last = LAST_NAMES[number / FIRST_NAMES.len() % LAST_NAMES.len()];
    (first, last)
}

fn title(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

fn description(name: &str, dice: &mut Dice) -> String {
    let adjective = dice.pick(&ADJECTIVES);
    let first = dice.pick(&SENTENCES);
    let second = dice.pick(&SENTENCES);
    format!(
        "The {adjective} {}. {first} {second}",
        name.replace('-', " ")
    )
}

fn tags(dice: &mut Dice) -> Value {
    let mut tags = vec![dice.pick(&LANGUAGES)];
    for _ in 0..dice.below(4) {
        tags.push(dice.pick(&ADJECTIVES));
    }
    tags.dedup();
    json!(tags)
}

fn annotations(name: &str, dice: &mut Dice) -> Value {
    let mut annotations = json!({
        "github.com/project-slug": format!("acme/{name}"),
        "backstage.io/source-location": format!("url:https://github.com/acme/{name}/tree/main/"),
        "pagerduty.com/service-id": format!("P{:06X}", dice.below(0x00ff_ffff)),
        "sonarqube.org/project-key": format!("acme_{name}"),
    });
    if dice.one_in(3) {
        annotations["backstage.io/techdocs-ref"] = "dir:.".into();
    }
    annotations
}

/// Numbers that look random and are the same for the same entity (splitmix64).
struct Dice(u64);

impl Dice {
    fn of(made: Made, number: usize) -> Self {
        Self((made as u64) << 48 | number as u64)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound.max(1) as u64).unwrap_or_default()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}
