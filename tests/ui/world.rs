//! A world that has an answer to all that the portal asks for, so that a test can choose when each of them comes.

use std::collections::BTreeMap;
use std::sync::Arc;

use stagedoor::app::message::{Answer, Asker, EntityDetail, Msg};
use stagedoor::app::page::docs::DocsDone;
use stagedoor::app::page::entity::Told;
use stagedoor::app::{Effect, Lasting};
use stagedoor::catalog::EntityRef;
use stagedoor::scaffolder::Answers;
use stagedoor::scaffolder::run::{Event, LogLevel, Status};
use stagedoor::techdocs::Book;

use crate::company::Company;
use crate::screen;

/// What comes of one effect.
pub(crate) enum Came {
    /// Nothing that the portal hears of.
    Nothing,
    /// Somebody outside the portal was told: a browser, an editor, the clipboard.
    Outside(String),
    /// An answer before anything else can happen.
    AtOnce(Msg),
    /// Answers of a worker, one after the other, whenever it is done.
    Later(Vec<Msg>),
}

/// What is behind the portal.
pub(crate) struct World {
    pub(crate) company: Company,
    drafts: BTreeMap<EntityRef, Answers>,
    view: String,
    saved: BTreeMap<String, Option<String>>,
}

impl World {
    /// Acme with a template that asks for something of each kind.
    pub(crate) fn acme() -> Self {
        let company = Company::acme_with(include_str!("template.yaml"));
        let template: EntityRef = "template:service".parse().expect("a reference");
        let mut draft = Answers::new();
        draft.parameters.insert("name".to_owned(), "au".into());
        Self {
            company,
            drafts: [(template, draft)].into(),
            view: String::new(),
            saved: BTreeMap::new(),
        }
    }

    /// Does what is asked, as far as it changes the world, and says what comes of it.
    pub(crate) fn carry_out(&mut self, effect: &Effect) -> Came {
        if let Some(done) = self.keep(effect) {
            return done;
        }
        if let Some(said) = outside(effect) {
            return said;
        }
        let answers = match effect {
            Effect::LoadEntity(entity_ref) => {
                vec![Answer::Entity(
                    entity_ref.clone(),
                    Ok(self.read(entity_ref)),
                )]
            }
            Effect::LoadTemplate(template) => {
                vec![Answer::Template(template.clone(), Ok(self.read(template)))]
            }
            Effect::LoadPersonal => self.personal(),
            Effect::LoadOwn => vec![self.own(), Answer::View(self.view.clone())],
            Effect::LoadLeft => vec![Answer::Left(String::new())],
            Effect::LoadLasting => vec![Answer::Lasting(Arc::new(Lasting::default()))],
            Effect::LoadDraft(template) => {
                let draft = self.drafts.get(template).cloned().map(Box::new);
                vec![Answer::Draft(template.clone(), draft)]
            }
            Effect::LoadLastAnswers(template) => {
                let mut last = Answers::new();
                last.parameters.insert("name".to_owned(), "ledger".into());
                vec![Answer::LastAnswers(template.clone(), Some(Box::new(last)))]
            }
            Effect::AskFacts { entity_ref, .. } => {
                let told = crate::facts::told(entity_ref);
                let mut answers = Vec::new();
                if !matches!(told, Told::Nowhere(_)) {
                    let asking = Told::Asking(told.kept().cloned());
                    answers.push(Answer::Facts(entity_ref.clone(), asking));
                }
                answers.push(Answer::Facts(entity_ref.clone(), told));
                answers
            }
            Effect::LoadDocs(entity_ref, revision) => {
                let book = (entity_ref.name() == "payment-gateway").then(|| Arc::new(book()));
                let result = match revision.as_deref() {
                    None | Some("v1") => Ok(book),
                    Some(other) => Err(format!("{other} is not known")),
                };
                vec![Answer::Docs(entity_ref.clone(), revision.clone(), result)]
            }
            Effect::Docs(work) => vec![Answer::DocsDone(work.clone().perform())],
            Effect::LoadImages(wanted) => vec![Answer::DocsDone(DocsDone::Images {
                generation: wanted.generation,
                images: wanted.files.iter().map(|(at, _)| (*at, None)).collect(),
            })],
            Effect::FollowUrl { url, .. } => vec![followed(url)],
            Effect::LookUp { generation, .. } => vec![Answer::Entries {
                generation: *generation,
                completions: Vec::new(),
            }],
            Effect::AskHost { generation, .. } => vec![Answer::Offered {
                generation: *generation,
                found: Ok(Arc::new(
                    ["main", "audit", "payments"].map(str::to_owned).into(),
                )),
            }],
            Effect::PlanRun { generation, .. } => vec![Answer::Planned {
                generation: *generation,
                report: Ok(crate::wizard::report(Status::Completed, None)),
            }],
            Effect::StartRun { generation, .. } => run(*generation),
            Effect::LoadGenerated(template) => {
                let made = crate::generated::some();
                vec![Answer::Generated(template.clone(), Ok(Arc::new(made)))]
            }
            Effect::LoadRuns => vec![Answer::Runs(Arc::new(crate::runs::some()))],
            Effect::LoadRunLog(id) => {
                let line = |text: &str| ("publish".to_owned(), LogLevel::Info, text.to_owned());
                let log = vec![
                    line("Beginning step Publish"),
                    line(&format!("The log of {id}")),
                ];
                vec![Answer::RunLog(id.clone(), Arc::new(log))]
            }
            Effect::Sync { .. } => vec![
                Answer::Index(self.company.index.clone()),
                Answer::Sources(Arc::new(self.company.sources.clone())),
            ],
            Effect::Search {
                asker: Asker::Finder,
                ..
            } => self.texts_later(effect),
            _ => screen::answer(&self.company, effect).into_iter().collect(),
        };
        Came::Later(answers.into_iter().map(Msg::Answer).collect())
    }

    /// What the catalog has of an entity; each reading is one of its own.
    fn read(&self, entity_ref: &EntityRef) -> Option<Arc<EntityDetail>> {
        let detail = self.company.details.get(entity_ref)?;
        Some(Arc::new((**detail).clone()))
    }

    /// The rows, and behind them what the texts say.
    fn texts_later(&self, effect: &Effect) -> Vec<Answer> {
        match screen::answer(&self.company, effect) {
            Some(Answer::Found {
                asker,
                generation,
                found,
                texts: Some(texts),
            }) => vec![
                Answer::Found {
                    asker,
                    generation,
                    found,
                    texts: None,
                },
                Answer::Texts { generation, texts },
            ],
            other => other.into_iter().collect(),
        }
    }

    fn personal(&self) -> Vec<Answer> {
        vec![
            Answer::Personal(Ok(Arc::new(self.company.personal.clone()))),
            Answer::Sources(Arc::new(self.company.sources.clone())),
        ]
    }

    fn own(&self) -> Answer {
        Answer::Saved(Arc::new(self.saved.clone()))
    }

    /// Keeps what is to be kept.
    fn keep(&mut self, effect: &Effect) -> Option<Came> {
        let personal = &mut self.company.personal;
        match effect {
            Effect::SaveStar(entity_ref, starred) => {
                personal.stars.retain(|star| star != entity_ref);
                if *starred {
                    personal.stars.push(entity_ref.clone());
                }
            }
            Effect::SaveVisit(entity_ref) => {
                personal.visits.retain(|visit| visit != entity_ref);
                personal.visits.insert(0, entity_ref.clone());
                *personal.heat.entry(entity_ref.clone()).or_default() += 1.0;
            }
            Effect::SaveView(view) => self.view.clone_from(view),
            Effect::SaveDraft(template, _, Some(draft)) => {
                self.drafts.insert(template.clone(), (**draft).clone());
            }
            Effect::SaveDraft(template, _, None) => drop(self.drafts.remove(template)),
            Effect::SaveQuery { name, text } => {
                if let Some((query, view)) = text {
                    personal.saved.insert(name.clone(), query.clone());
                    self.saved.insert(name.clone(), Some(view.clone()));
                } else {
                    personal.saved.remove(name);
                    self.saved.remove(name);
                }
                return Some(Came::Later(vec![Msg::Answer(self.own())]));
            }
            Effect::Keep(_) | Effect::StopFacts | Effect::Cancel(_) => {}
            _ => return None,
        }
        Some(Came::Nothing)
    }
}

/// What leaves the portal.
fn outside(effect: &Effect) -> Option<Came> {
    Some(match effect {
        Effect::Quit(_) | Effect::Suspend | Effect::Redraw | Effect::TakeMouse(_) => {
            Came::Outside(format!("{effect:?}"))
        }
        Effect::Copy { text, what } => Came::Outside(format!("copy the {what}: {text}")),
        Effect::OpenUrl(url) => Came::Outside(format!("open {url}")),
        Effect::ReadText(text) => Came::Outside(format!("read {text}")),
        Effect::EditFile { file, line, column } => {
            Came::Outside(format!("edit {file}:{line}:{column}"))
        }
        Effect::EditPage { page, line, .. } => Came::Outside(format!("edit page {page}:{line}")),
        Effect::InTerminal(words) => Came::Outside(format!("run {}", words.join(" "))),
        Effect::Export {
            rows,
            fields,
            export,
            ..
        } => Came::Outside(format!("export {rows:?} {fields:?} {export:?}")),
        // The portal sleeps until the editor is left.
        Effect::EditText(text) => {
            Came::AtOnce(Msg::Answer(Answer::Edited(format!("{text}-edited"))))
        }
        _ => return None,
    })
}

/// Where an address leads: to other docs of the catalog, or nowhere.
fn followed(url: &str) -> Answer {
    if url.contains("status") {
        return Answer::DocsAt {
            url: url.to_owned(),
            entity_ref: "component:payment-gateway".parse().expect("a reference"),
            page: "start.md".to_owned(),
            anchor: None,
        };
    }
    Answer::Said(Err(format!("No docs of the catalog lie at {url}.")))
}

/// A run from its beginning to its end.
fn run(generation: u64) -> Vec<Answer> {
    let event = |event| Answer::RunEvent { generation, event };
    let line = "Fetching the skeleton".to_owned();
    vec![
        event(Event::Started { step: 0 }),
        event(Event::Log {
            step: Some(0),
            level: LogLevel::Info,
            line,
        }),
        event(Event::Started { step: 1 }),
        Answer::RunKept {
            generation,
            id: "9".to_owned(),
        },
        Answer::RunEnded {
            generation,
            result: Ok(crate::wizard::report(Status::Failed, Some("not allowed"))),
        },
    ]
}

/// Docs with a page that is so long that its beginning comes first.
fn book() -> Book {
    let part = "## Part\n\nWords of it, which are many, so that they take more than one line on most screens, and on \
                this one too; [paging](ops/paging.md).\n\n```rust\nfn main() {}\n```\n\n";
    let long = format!("# Long\n\n{}## The end\n", part.repeat(400));
    let mut texts = crate::docs::texts();
    texts.insert("long.md".to_owned(), long);
    let config = crate::docs::MKDOCS.replace("  - Status", "  - Long: long.md\n  - Status");
    Book::new("payment-gateway", &config, texts)
}
