//! Carries out what the model asks for.

mod away;
mod catalog;
mod docs;
mod editor;
mod excerpt;
mod export;
mod facts;
mod files;
mod graphics;
mod lane;
mod lasting;
mod passages;
mod scaffolder;

use std::ffi::OsString;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::launch::Launch;
use super::personal::{self, Answers};
use super::tasks::Tasks;
use crate::app::message::Asker;
use crate::app::{Answer, Effect, Model, Msg, update};
use crate::catalog::{Index, Place};
use crate::search;
use crate::store::Store;
use crate::sync::Session;
use crate::sync::outside::Hosts;
use crate::sync::update::generated;
use crate::term;

pub(super) use away::Away;
use graphics::Easel;
use lane::{About, Lanes};
use lasting::Keeper;
use passages::Passages;
use scaffolder::Runs;

/// The note under which the store keeps where the portal was left.
pub(super) const LAST_PLACE: &str = "last-place";
/// The note under which the store keeps how the catalog's table is shown.
const VIEW: &str = "catalog-view";
/// How long the end waits for what is being written.
const LONGEST_WRITE: Duration = Duration::from_secs(1);
/// Catalogs with more entities are searched in steps that are shown one by one.
const AT_ONCE: usize = 200_000;

/// What the event loop itself must do.
#[derive(Debug, Default)]
pub(super) enum Outcome {
    /// Nothing.
    #[default]
    Continue,
    /// End with this exit code.
    Quit(u8),
    /// Draw everything anew.
    Redraw,
    /// Send a control sequence to the terminal.
    Send(String),
    /// Take the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Give the terminal to something else for a while.
    Away(Away),
}

/// The hands of the portal.
#[derive(Debug)]
pub(super) struct Effects {
    session: Arc<Session>,
    store: Arc<Store>,
    tasks: Tasks,
    runs: Runs,
    /// What the record answered to searches.
    answers: Arc<Answers>,
    /// Stops the question about a repository that is on its way.
    facts: CancellationToken,
    /// The watch over local files.
    files: Option<JoinHandle<()>>,
    /// Rings when sources were read.
    read: Arc<Notify>,
    /// The snapshot that was published when that was last looked at.
    published: Option<u64>,
    remote: bool,
    /// What images are shown on.
    easel: Easel,
    /// The options with which another command of this program sees the same.
    options: Vec<OsString>,
    /// The number of the last draft that was to be kept.
    draft: Arc<AtomicU64>,
    /// What outlasts the portal and waits to be written.
    keeper: Keeper,
    lanes: Lanes,
}

impl Effects {
    pub(super) fn new(launch: &Launch, store: Store, messages: Sender<Msg>, remote: bool) -> Self {
        let store = Arc::new(store);
        Self {
            runs: Runs::new(launch.session.clone(), store.clone()),
            answers: Arc::default(),
            session: launch.session.clone(),
            store,
            tasks: Tasks::new(messages),
            facts: CancellationToken::new(),
            files: None,
            read: Arc::default(),
            published: None,
            remote,
            easel: Easel::default(),
            options: launch.options.clone(),
            draft: Arc::default(),
            keeper: Keeper::default(),
            lanes: Lanes::default(),
        }
    }

    /// What is asked for when the portal opens, beside what its first page asks.
    pub(super) fn opening(model: &mut Model) -> Vec<Effect> {
        model.shared.syncing = true;
        vec![Effect::Sync { all: false }]
    }

    /// What is asked for each time the configured interval is over: the same, unless it is under way.
    pub(super) fn again(model: &mut Model) -> Vec<Effect> {
        if model.shared.syncing {
            return Vec::new();
        }
        Self::opening(model)
    }

    /// Keeps where one was, for the next time.
    pub(super) fn remember_place(&self, link: &str) {
        if let Err(error) = self.store.set_note(LAST_PLACE, link) {
            tracing::warn!(%error, "the last place is not kept");
        }
    }

    /// Waits until what was to be kept is written, but not for long: whoever ends the portal wants to be gone.
    pub(super) async fn written(&mut self) {
        if !self.lanes.of(About::Own).done(LONGEST_WRITE).await {
            tracing::warn!("the end did not wait for all that was to be kept");
        }
    }

    /// Whether nobody is at work in the background.
    pub(super) fn are_done(&self) -> bool {
        self.tasks.are_done()
    }

    /// Watches local files from now on until the portal ends, and says when they change.
    pub(super) fn watch_files(&mut self) {
        if self.files.is_some() {
            return;
        }
        let messages = self.tasks.messages().downgrade();
        self.files = Some(tokio::spawn(files::watch(
            Arc::clone(&self.session),
            messages,
            Arc::clone(&self.read),
        )));
    }

    /// Carries out effects; returns what the event loop must do.
    #[expect(clippy::too_many_lines, reason = "one table: an effect a row")]
    pub(super) fn perform(&mut self, effects: Vec<Effect>, model: &mut Model) -> Outcome {
        let mut outcome = Outcome::Continue;
        let mut queue = std::collections::VecDeque::from(effects);
        while let Some(effect) = queue.pop_front() {
            match effect {
                Effect::Quit(code) => return Outcome::Quit(code),
                Effect::TakeMouse(taken) => outcome = Outcome::Mouse(taken),
                Effect::Suspend => outcome = Outcome::Away(Away::Suspend),
                Effect::Redraw => outcome = Outcome::Redraw,
                Effect::EditFile { file, line, column } => {
                    let place = Place { file, line, column };
                    if editor::is_of_a_source(&place.file, &self.session.set.sources) {
                        outcome = Outcome::Away(Away::Editor(place));
                    } else {
                        let said = editor::refusal(&place.file);
                        queue.extend(update(model, Msg::Answer(Answer::Said(Err(said)))));
                    }
                }
                Effect::Copy { text, what } => {
                    let copied = term::copy_sequence(&text, self.session.env.get("TMUX").is_some());
                    let said = match &copied {
                        Some(_) => Ok(format!("Copied the {what}.")),
                        None => Err(format!(
                            "The {what} is too long for a terminal's clipboard."
                        )),
                    };
                    queue.extend(update(model, Msg::Answer(Answer::Copied(said))));
                    if let Some(sequence) = copied {
                        outcome = Outcome::Send(sequence);
                    }
                }
                Effect::OpenUrl(url) => {
                    let said = away::open_url(&url, self.remote);
                    queue.extend(update(model, Msg::Answer(Answer::Said(said))));
                }
                Effect::Cancel(id) => self.tasks.cancel(id),
                Effect::Sync { all } => {
                    let (reporter, started) =
                        self.tasks.begin("Reading the sources".to_owned(), !all);
                    queue.extend(update(model, started));
                    let (session, store) = (self.session.clone(), self.store.clone());
                    let read = Arc::clone(&self.read);
                    let handle = tokio::runtime::Handle::current();
                    // Parsing would hold up a worker of the runtime, and with it messages to the screen.
                    tokio::task::spawn_blocking(move || {
                        handle.block_on(catalog::refresh(session, store, reporter, all));
                        read.notify_one();
                    });
                }
                Effect::Search {
                    asker,
                    generation,
                    index,
                    query,
                    context,
                    limit,
                } => {
                    let stop = self.tasks.newest_search(asker);
                    let (store, messages) = (self.store.clone(), self.tasks.messages());
                    let (record, answers) = (self.store.clone(), Arc::clone(&self.answers));
                    let parsed = Arc::new(search::Query::parse(&query));
                    let passages = (asker == Asker::Finder)
                        .then(|| Passages::search(store, Arc::clone(&parsed), Arc::clone(&stop)));
                    tokio::task::spawn_blocking(move || {
                        let stopped = || stop.load(Ordering::Relaxed);
                        if stopped() {
                            return;
                        }
                        let context = answers.with(&record, &index, &parsed, &context, &stopped);
                        let found = |found: search::Found, texts| {
                            let _ = messages.blocking_send(Msg::Answer(Answer::Found {
                                asker,
                                generation,
                                found: Arc::new(found),
                                texts,
                            }));
                        };
                        // In a large catalog what is only meant takes a second look; what is there is shown meanwhile.
                        let is_large = asker == Asker::Finder && index.len() > AT_ONCE;
                        let mut early = |step| {
                            if is_large {
                                found(step, None);
                            }
                        };
                        let whole = search::find_in_steps(
                            &index, &parsed, &context, limit, &stopped, &mut early,
                        );
                        let texts = passages.as_ref().and_then(Passages::soon);
                        let late = passages.filter(|_| texts.is_none());
                        found(whole, texts);
                        if let Some(texts) = late.and_then(Passages::late) {
                            let _ = messages
                                .blocking_send(Msg::Answer(Answer::Texts { generation, texts }));
                        }
                    });
                }
                Effect::LookUp {
                    generation,
                    index,
                    text,
                    context,
                } => {
                    let stop = self.tasks.newest_search(Asker::Offers);
                    let (record, messages) = (self.store.clone(), self.tasks.messages());
                    tokio::task::spawn_blocking(move || {
                        let stopped = || stop.load(Ordering::Relaxed);
                        let offered = personal::entries(&record, &index, &text, &context, &stopped);
                        let _ = messages.blocking_send(Msg::Answer(Answer::Entries {
                            generation,
                            completions: offered.unwrap_or_default(),
                        }));
                    });
                }
                Effect::ReadText(text) => outcome = Outcome::Away(Away::Pager(text)),
                Effect::EditText(text) => outcome = Outcome::Away(Away::Text(text)),
                Effect::PlanRun { generation, order } => {
                    self.runs.plan(generation, order, self.tasks.messages());
                }
                Effect::AskHost {
                    generation,
                    question,
                } => self.runs.ask(generation, question, self.tasks.messages()),
                Effect::SaveDraft(template, number, draft) => {
                    let newest = Arc::clone(&self.draft);
                    newest.fetch_max(number, Ordering::Relaxed);
                    self.keep(move |store| {
                        scaffolder::keep(store, &template, number, &newest, draft)
                    });
                }
                Effect::LoadDraft(template) => {
                    self.load(move |store| scaffolder::draft(store, template));
                }
                Effect::LoadLastAnswers(template) => {
                    let session = Arc::clone(&self.session);
                    self.load(move |_| scaffolder::last_answers(&session, template));
                }
                Effect::StartRun { generation, order } => {
                    let title = format!("Running {}", order.template.title);
                    let (reporter, started) = self.tasks.begin_run(title, generation);
                    queue.extend(update(model, started));
                    let messages = self.tasks.messages();
                    self.runs.start(generation, order, reporter, messages);
                }
                Effect::LoadGenerated(template) => {
                    let session = Arc::clone(&self.session);
                    let hosts = Hosts::new(Arc::clone(&session), Arc::clone(&self.store));
                    self.load(move |_| {
                        let found = generated(&session, &hosts, Some(&template), false);
                        let found = found.map(Arc::new).map_err(|error| error.to_string());
                        Answer::Generated(template, found)
                    });
                }
                Effect::InTerminal(words) => {
                    let mut arguments = self.options.clone();
                    arguments.extend(words.into_iter().map(OsString::from));
                    outcome = Outcome::Away(Away::Command(arguments));
                }
                Effect::LoadRuns => {
                    let session = Arc::clone(&self.session);
                    let read = move |_: &Store| vec![scaffolder::all(&session)];
                    self.in_turn(About::Runs, read);
                }
                Effect::LoadRunLog(id) => {
                    let session = Arc::clone(&self.session);
                    self.load(move |_| scaffolder::log(&session, id));
                }
                Effect::SaveStar(entity_ref, starred) => {
                    self.keep(move |store| store.set_star(&entity_ref, starred));
                }
                Effect::SaveVisit(entity_ref) => self.keep(move |store| store.visit(&entity_ref)),
                Effect::SaveView(view) => self.keep(move |store| store.set_note(VIEW, &view)),
                Effect::SaveQuery { name, text } => {
                    self.in_turn(About::Own, move |store| {
                        let said = catalog::save_query(store, &name, text.as_ref());
                        vec![catalog::saved(store), said]
                    });
                }
                Effect::Export {
                    index,
                    rows,
                    fields,
                    export,
                } => {
                    let messages = self.tasks.messages();
                    tokio::task::spawn_blocking(move || {
                        let answer = export::carry_out(&index, &rows, &fields, export);
                        let _ = messages.blocking_send(Msg::Answer(answer));
                    });
                }
                Effect::LoadOwn => {
                    self.in_turn(About::Own, |store| {
                        let view = match store.note(VIEW) {
                            Ok(view) => Answer::View(view.unwrap_or_default()),
                            Err(error) => catalog::failed(&error),
                        };
                        vec![catalog::saved(store), view]
                    });
                }
                Effect::LoadPersonal => {
                    let session = Arc::clone(&self.session);
                    let index = model.shared.index.clone();
                    self.in_turn(About::Own, move |store| {
                        let personal = catalog::personal(store, &index, &session);
                        vec![personal, catalog::sources(store)]
                    });
                }
                Effect::LoadLeft => {
                    let restores = self.session.config.restore;
                    self.load(move |store| {
                        let left = restores.then(|| store.note(LAST_PLACE).ok().flatten());
                        Answer::Left(left.flatten().unwrap_or_default())
                    });
                }
                Effect::LoadLasting => {
                    let restores = self.session.config.restore;
                    self.load(move |store| {
                        let kept = restores.then(|| lasting::kept(store));
                        Answer::Lasting(Arc::new(kept.unwrap_or_default()))
                    });
                }
                Effect::Keep(keep) => {
                    if self.session.config.restore && self.keeper.put(keep) {
                        let keeper = self.keeper.clone();
                        self.keep(move |store| {
                            keeper.write(store);
                            Ok(())
                        });
                    }
                }
                Effect::LoadEntity(entity_ref) => {
                    let session = Arc::clone(&self.session);
                    self.in_turn(About::Entities, move |store| {
                        vec![catalog::entity(&session, store, entity_ref)]
                    });
                }
                Effect::LoadTemplate(entity_ref) => {
                    let session = Arc::clone(&self.session);
                    let handle = tokio::runtime::Handle::current();
                    self.load(move |store| {
                        handle.block_on(catalog::template(&session, store, entity_ref))
                    });
                }
                Effect::Api(work) => {
                    let messages = self.tasks.messages();
                    tokio::task::spawn_blocking(move || {
                        let _ =
                            messages.blocking_send(Msg::Answer(Answer::ApiDone(work.perform())));
                    });
                }
                Effect::AskFacts { entity_ref, anew } => {
                    self.facts.cancel();
                    self.facts = CancellationToken::new();
                    let (session, cancel) = (self.session.clone(), self.facts.clone());
                    let messages = self.tasks.messages();
                    let handle = tokio::runtime::Handle::current();
                    tokio::task::spawn_blocking(move || {
                        let told = facts::tell(session, entity_ref, anew, messages, cancel);
                        handle.block_on(told);
                    });
                }
                Effect::StopFacts => self.facts.cancel(),
                Effect::LoadProblems => {
                    let read = |store: &Store| vec![catalog::problems(store)];
                    self.in_turn(About::Problems, read);
                }
                Effect::ReadExcerpt { place, entity } => {
                    let session = Arc::clone(&self.session);
                    self.load(move |_| {
                        let shown = excerpt::read(&session, &place, entity.as_ref());
                        Answer::Excerpt(place, shown)
                    });
                }
                Effect::LoadDocs(entity_ref, revision) => {
                    let title = format!("Reading the docs of {}", entity_ref.name());
                    let (reporter, started) = self.tasks.begin(title, true);
                    queue.extend(update(model, started));
                    let session = self.session.clone();
                    let handle = tokio::runtime::Handle::current();
                    tokio::task::spawn_blocking(move || {
                        handle.block_on(docs::load(session, entity_ref, revision, reporter));
                    });
                }
                Effect::LoadImages(wanted) => {
                    if let Some((wanted, canvas)) = self.easel.canvas_for(wanted) {
                        let (session, messages) = (self.session.clone(), self.tasks.messages());
                        tokio::spawn(docs::images(session, wanted, canvas, messages));
                    }
                }
                Effect::FollowUrl { from, url, page } => {
                    let (session, messages) = (self.session.clone(), self.tasks.messages());
                    let (index, remote) = (model.shared.index.clone(), self.remote);
                    tokio::task::spawn_blocking(move || {
                        let answer = docs::follow(&session, &index, &from, &url, &page);
                        let answer =
                            answer.unwrap_or_else(|| Answer::Said(away::open_url(&url, remote)));
                        let _ = messages.blocking_send(Msg::Answer(answer));
                    });
                }
                Effect::EditPage {
                    entity_ref,
                    page,
                    line,
                    url,
                } => match docs::file(&self.session, &entity_ref, &page, line) {
                    Some(Place { file, line, column }) => {
                        queue.push_back(Effect::EditFile { file, line, column });
                    }
                    None => queue.extend(if let Some(url) = url {
                        vec![Effect::OpenUrl(url)]
                    } else {
                        let said =
                            "Where this page is edited is not known: mkdocs.yml has no repo_url.";
                        update(model, Msg::Answer(Answer::Said(Err(said.to_owned()))))
                    }),
                },
                Effect::Docs(work) => {
                    let messages = self.tasks.messages();
                    tokio::task::spawn_blocking(move || {
                        let _ =
                            messages.blocking_send(Msg::Answer(Answer::DocsDone(work.perform())));
                    });
                }
            }
        }
        outcome
    }

    /// Cancels what is running; the portal ends.
    pub(super) fn stop(&mut self) {
        self.tasks.cancel_all();
        if let Some(files) = &self.files {
            files.abort();
        }
        self.facts.cancel();
    }

    /// Where the catalog that is shown turned out to be damaged, or its file was changed by another program, nothing is
    /// shown until it is built anew; whether that is so.
    pub(super) fn forget_if_damaged(&mut self, model: &mut Model) -> bool {
        if !model.shared.index.is_damaged() {
            return false;
        }
        let nothing = Index::empty();
        let mut asked = update(model, Msg::Answer(Answer::Index(nothing.clone())));
        let said = "The snapshot of the catalog was damaged; it is built anew…".to_owned();
        asked.extend(update(model, Msg::Answer(Answer::Said(Err(said)))));
        self.perform(asked, model);
        self.check(nothing);
        true
    }

    /// Takes over what another process published since the last look.
    pub(super) fn follow(&mut self, model: &Model) {
        let published = self.store.published();
        if model.shared.syncing || published.is_none() || published == self.published {
            return;
        }
        self.published = published;
        if published != Some(model.shared.index.digest()) {
            self.check(model.shared.index.clone());
        }
    }

    /// Checks `shown`, which was opened as it lay, on a worker; only where it must be replaced is that told.
    pub(super) fn check(&self, shown: Index) {
        let (store, messages) = (self.store.clone(), self.tasks.messages());
        tokio::task::spawn_blocking(move || {
            let send = |answer| drop(messages.blocking_send(Msg::Answer(answer)));
            match store.index_unless(&shown) {
                Ok(None) => {}
                Ok(Some((index, mended))) => {
                    send(Answer::Index(index));
                    if let Some(mended) = mended {
                        send(Answer::Said(Err(mended.to_string())));
                    }
                }
                Err(error) => send(Answer::Said(Err(error.to_string()))),
            }
        });
    }

    /// Reads from the store on a worker.
    fn load(&self, read: impl FnOnce(&Store) -> Answer + Send + 'static) {
        let (store, messages) = (self.store.clone(), self.tasks.messages());
        tokio::task::spawn_blocking(move || {
            let _ = messages.blocking_send(Msg::Answer(read(&store)));
        });
    }

    /// Writes to the store, in turn; only a failure is told.
    fn keep(
        &mut self,
        write: impl FnOnce(&Store) -> Result<(), crate::store::StoreError> + Send + 'static,
    ) {
        self.in_turn(About::Own, |store| {
            let failure = write(store).err();
            failure.iter().map(catalog::failed).collect()
        });
    }

    /// Works in the store on a worker, after what was to be done before that is about the same.
    fn in_turn(&mut self, about: About, work: impl FnOnce(&Store) -> Vec<Answer> + Send + 'static) {
        let messages = self.tasks.messages();
        self.lanes.of(about).add(&self.store, messages, work);
    }
}
