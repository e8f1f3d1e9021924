//! A frame of every screen of a large company, as large as a real terminal: the time from the model to the cells.

mod runs;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use stagedoor::app::message::{Answer, Asker, EntityDetail, FullText, Msg, Origin, Passage};
use stagedoor::app::{About, Effect, EntityTab, Key, Model, Route, Shared, update};
use stagedoor::catalog::{Entity, EntityRef, Index, Place, Problem, Provenance, Rule};
use stagedoor::search::{Context, Query, find, identity};
use stagedoor::techdocs::Book;
use stagedoor::ui::{self, Theme};

use crate::catalog::index;
use crate::report::{Budget, Report, millis};
use crate::synthetic::Synthetic;

/// The size of the budgets.
const SIZE: usize = 100_000;
/// Columns and rows.
const SCREEN: (u16, u16) = (200, 60);
/// The time on every screen.
const NOW: u64 = 1_772_366_400;
/// How many frames of each screen are timed.
const FRAMES: usize = 300;
/// A finding in so many entities.
const BROKEN: usize = 5;

/// What the portal's world would know.
struct World {
    index: Index,
    context: Arc<Context>,
    details: BTreeMap<EntityRef, Arc<EntityDetail>>,
    problems: Arc<Vec<Problem>>,
    book: Arc<Book>,
    /// A template with a form of many fields.
    template: EntityRef,
}

pub(crate) fn run(report: &mut Report) {
    let world = World::new();
    let entity = |kind: &str, tab| Route::Entity {
        entity_ref: world.first(kind),
        tab,
    };
    let catalog = || Route::Catalog {
        query: String::new(),
    };
    let docs = Route::Docs {
        entity_ref: world.first("component"),
        page: None,
        anchor: None,
        words: String::new(),
    };
    let everything = Route::Problems {
        about: About::Everything,
    };
    let wizard = Route::Wizard {
        template: world.template.clone(),
    };
    let screens = [
        ("home", Route::Home, ""),
        ("catalog", catalog(), ""),
        ("catalog, grouped", catalog(), "b"),
        ("catalog, facets", catalog(), "f"),
        ("entity", entity("component", EntityTab::Overview), ""),
        (
            "entity: of a team",
            entity("group", EntityTab::Overview),
            "",
        ),
        (
            "entity: relations",
            entity("component", EntityTab::Relations),
            "",
        ),
        ("entity: API", entity("api", EntityTab::Api), ""),
        (
            "entity: repository",
            entity("component", EntityTab::Repository),
            "",
        ),
        ("entity: YAML", entity("component", EntityTab::Raw), ""),
        ("docs", docs.clone(), ""),
        ("docs: the tree", docs, "s"),
        ("templates", Route::Templates, ""),
        ("form of 200 fields", wizard.clone(), ""),
        ("review of 500 files", wizard.clone(), "ctrl-n"),
        ("run with 5,000 lines", wizard, "ctrl-n enter"),
        ("runs", Route::Runs, ""),
        ("activity", Route::Activity, "F F F F F F F F"),
        ("problems", everything.clone(), ""),
        ("problems, unfolded", everything, "z"),
        ("finder", Route::Home, "/ p a y m e n t"),
        ("finder, docs", Route::Home, "/ s e c t i o n"),
        ("commands", Route::Home, ":"),
        ("help", Route::Home, "?"),
    ];
    for (name, route, keys) in screens {
        let mut portal = Portal::open(&world, route);
        keys.split_whitespace().for_each(|key| portal.press(key));
        let frames = (0..FRAMES).map(|at| {
            // Down a screenful and more, and back.
            portal.press(if at % 200 < 100 { "down" } else { "up" });
            portal.draw()
        });
        let name = format!("frame: {name}, 200×60");
        report.samples(&name, SIZE, Budget::P99(millis(2.0)), frames.collect());
    }
}

/// A letter typed among the facets of a large company: what has it is listed, counted and drawn.
pub(crate) fn letters(report: &mut Report) {
    let world = World::new();
    let query = String::new();
    let mut portal = Portal::open(&world, Route::Catalog { query });
    "f f".split(' ').for_each(|key| portal.press(key));
    let letters = (0..FRAMES).map(|at| {
        let start = Instant::now();
        portal.press(if at % 2 == 0 { "e" } else { "backspace" });
        portal.draw();
        start.elapsed()
    });
    let letters = letters.collect();
    report.samples(
        "a letter among the facets, 200×60",
        SIZE,
        Budget::P99(millis(8.0)),
        letters,
    );
}

impl World {
    fn new() -> Self {
        let mut problems = Vec::new();
        let mut details = BTreeMap::new();
        for (number, (entity, relations)) in Synthetic::new(SIZE).entities().enumerate() {
            if number % BROKEN == 0 {
                let place = Place {
                    file: format!("/work/catalog/team-{}/catalog-info.yaml", number / 100),
                    line: 12,
                    column: 3,
                };
                let rule = Rule::ALL.get(number % 20).copied().unwrap_or(Rule::ALL[0]);
                let mut problem = Problem::new(rule, place, format!("finding number {number}"));
                problem.entity = Some(entity.entity_ref.clone());
                problems.push(problem);
            }
            let detail = EntityDetail {
                relations,
                problems: Vec::new(),
                code_owners: Vec::new(),
                no_repository: None,
                entity,
            };
            details.insert(detail.entity.entity_ref.clone(), Arc::new(detail));
        }
        let template = EntityRef::new("template", "default", "long");
        let detail = EntityDetail {
            relations: Vec::new(),
            problems: Vec::new(),
            code_owners: Vec::new(),
            no_repository: None,
            entity: Entity {
                entity_ref: template.clone(),
                body: runs::template(),
                provenance: Provenance::default(),
            },
        };
        details.insert(template.clone(), Arc::new(detail));
        let index = index(SIZE);
        let me = details.keys().find(|it| it.kind() == "user").cloned();
        let context = Context {
            identity: identity::resolve(&index, me.as_ref()),
            stars: details.keys().take(30).cloned().collect(),
            visits: details.keys().step_by(1_000).take(30).cloned().collect(),
            ..Context::default()
        };
        Self {
            index,
            context: Arc::new(context),
            details,
            problems: Arc::new(problems),
            book: Arc::new(book()),
            template,
        }
    }

    /// The first entity of a kind.
    fn first(&self, kind: &str) -> EntityRef {
        let mut all = self.details.keys();
        let found = all.find(|it| it.kind() == kind);
        found.expect("one of each kind").clone()
    }

    fn answer(&self, effect: Effect) -> Vec<Answer> {
        vec![match effect {
            Effect::LoadEntity(of) => {
                let detail = self.details.get(&of).cloned();
                Answer::Entity(of, Ok(detail))
            }
            Effect::LoadTemplate(of) => {
                let detail = self.details.get(&of).cloned();
                Answer::Template(of, Ok(detail))
            }
            Effect::LoadProblems => Answer::Problems(Ok(Arc::clone(&self.problems))),
            Effect::LoadDocs(of, at) => Answer::Docs(of, at, Ok(Some(Arc::clone(&self.book)))),
            Effect::Docs(work) => Answer::DocsDone(work.perform()),
            Effect::Api(work) => Answer::ApiDone(work.perform()),
            Effect::LoadDraft(template) => Answer::Draft(template, None),
            Effect::PlanRun { generation, .. } => Answer::Planned {
                generation,
                report: Ok(Arc::new(runs::planned())),
            },
            Effect::StartRun { generation, .. } => return runs::going_on(generation),
            Effect::LoadRuns => Answer::Runs(Arc::new(runs::kept())),
            Effect::LoadRunLog(id) => Answer::RunLog(id, Arc::new(runs::log())),
            Effect::Search {
                asker,
                generation,
                index,
                query,
                context,
                limit,
            } if asker != Asker::Offers => {
                let wanted = Query::parse(&query);
                let found = find(&index, &wanted, &context, limit, &|| false);
                let texts = if query.starts_with("section") {
                    sections()
                } else {
                    FullText::default()
                };
                Answer::Found {
                    asker,
                    generation,
                    found: Arc::new(found),
                    texts: Some(Arc::new(texts)),
                }
            }
            _ => return Vec::new(),
        }]
    }
}

/// As many sections of docs as the finder lists, each longer than its preview.
fn sections() -> FullText {
    let part = "A section with `code`, **words** and [links](other.md).\n\n| key | value |\n|---|---|\n| a | b |\n\n";
    let passage = Passage {
        origin: Origin::Docs {
            entity_ref: EntityRef::new("component", "default", "runbook"),
            page: "index.md".to_owned(),
            anchor: String::new(),
        },
        title: "Runbook".to_owned(),
        heading: "Section".to_owned(),
        text: part.repeat(60),
    };
    FullText {
        passages: vec![passage; 20],
        ..FullText::default()
    }
}

/// A site with one long page of all that a page can have, and a hundred beside it.
fn book() -> Book {
    let mut page = String::from("# Runbook\n\n");
    for number in 0..400 {
        let _ = write!(
            page,
            "## Part {number}\n\nRead [the next](other-{number}.md), see <https://example.org/{number}>, and \
             **never** run `make prod` by hand.\n\n- one\n- two\n\n| key | value |\n|---|---|\n| a | {number} |\n\n\
             ```python\nfor item in range({number}):\n    print(item)\n```\n\n!!! note\n    Mind the gap.\n\n"
        );
    }
    let others = (0..100).map(|at| (format!("other-{at}.md"), format!("# Other {at}\n")));
    let texts = others.chain([("index.md".to_owned(), page)]).collect();
    Book::new("runbook", "site_name: Runbook\n", texts)
}

/// The portal without a terminal.
struct Portal<'a> {
    world: &'a World,
    model: Model,
}

impl<'a> Portal<'a> {
    fn open(world: &'a World, route: Route) -> Self {
        let mut model = Model::new(Shared {
            personal: Arc::clone(&world.context),
            organization: "Acme".to_owned(),
            ..Shared::new(world.index.clone(), SCREEN, NOW)
        });
        let effects = model.start(route);
        let mut portal = Self { world, model };
        portal.settle(effects);
        portal.draw();
        portal
    }

    fn settle(&mut self, mut effects: Vec<Effect>) {
        while let Some(effect) = effects.pop() {
            for answer in self.world.answer(effect) {
                effects.extend(update(&mut self.model, Msg::Answer(answer)));
            }
        }
    }

    fn press(&mut self, key: &str) {
        let key: Key = key.parse().expect("a key");
        let effects = update(&mut self.model, Msg::Key(key));
        self.settle(effects);
    }

    /// How long a frame takes.
    fn draw(&mut self) -> Duration {
        let (columns, rows) = SCREEN;
        let area = Rect::new(0, 0, columns, rows);
        let mut buffer = Buffer::empty(area);
        let theme = Theme::terminal();
        let started = Instant::now();
        let output = ui::draw(&self.model, &theme, area, &mut buffer);
        let took = started.elapsed();
        self.model.drawn = output.drawn;
        self.model.hits = output.hits;
        took
    }
}
