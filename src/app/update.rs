//! The one function that changes the model.

mod held;
mod lasting;
mod mouse;
pub(super) mod personal;
mod requests;
mod travel;
mod undo;
mod work;

use super::chord::Chord;
use super::command::{Command, Context, Danger};
use super::cursor::Cursor;
use super::cx::{Cx, Request};
use super::effect::Effect;
use super::key::{Key, KeyCode};
use super::keymap::Meaning;
use super::message::{Answer, Asker, Edit, Msg};
use super::model::Model;
use super::notice::Notice;
use super::overlay::finder::{Aim, Finder, Outcome, SIGN};
use super::overlay::help::Help;
use super::overlay::{Confirm, Overlay};
use super::page::Page;
use super::page::catalog::View;
use super::route::{About, Route};

/// The exit code of a portal that was interrupted.
const INTERRUPTED: u8 = 130;

/// Changes the model; returns what it asks of the world. Total and without I/O.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let Some(msg) = held::hold(model, msg) else {
        return Vec::new();
    };
    let mut effects = apply(model, msg);
    while let Some(msg) = held::release(model) {
        effects.extend(apply(model, msg));
    }
    effects
}

fn apply(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut requests = Vec::new();
    match msg {
        Msg::Key(key) => on_key(model, key, &mut requests),
        Msg::Paste(text) => on_edit(model, &Edit::Paste(text), &mut requests),
        Msg::Command(command) => on_command(model, command, &mut requests),
        Msg::Pointed(pointed) => mouse::pointed(model, pointed, &mut requests),
        Msg::Returned => mouse::returned(model, &mut requests),
        Msg::Resize(columns, rows) => {
            model.shared.size = (columns, rows);
            model.each_page(&mut requests, |page, cx| {
                if let Page::Docs(docs) = page {
                    docs.resized(cx);
                }
            });
        }
        Msg::Tick(now) => model.shared.now = now,
        Msg::Task(event) => work::on_task(model, event),
        Msg::Answer(answer) => on_answer(model, &answer, &mut requests),
    }
    let mut effects = requests::carry_out(model, requests);
    effects.extend(lasting::changed(model));
    effects
}

impl Model {
    /// The pages and the overlay, and the context they are called with.
    fn parts<'a>(
        &'a mut self,
        requests: &'a mut Vec<Request>,
    ) -> (&'a mut Vec<Page>, &'a mut Option<Overlay>, Cx<'a>) {
        let cx = Cx {
            shared: &self.shared,
            drawn: self.drawn,
            requests,
            generation: &mut self.generation,
        };
        (&mut self.pages, &mut self.overlay, cx)
    }

    /// Calls every page that is there: those one came through, those one came back from, and those of runs.
    fn each_page(
        &mut self,
        requests: &mut Vec<Request>,
        mut call: impl FnMut(&mut Page, &mut Cx<'_>),
    ) {
        let mut cx = Cx {
            shared: &self.shared,
            drawn: self.drawn,
            requests,
            generation: &mut self.generation,
        };
        let pages = self.pages.iter_mut().chain(&mut self.ahead);
        for page in pages.chain(&mut self.parked) {
            call(page, &mut cx);
        }
    }

    /// What is still to be kept when the portal ends: call last.
    pub fn end(&mut self) -> Vec<Effect> {
        lasting::left(self)
    }

    /// The context whose keys are in force, and whether letters are text.
    pub fn focus(&self) -> (Context, bool) {
        match &self.overlay {
            Some(overlay) => (overlay.context(), overlay.typing()),
            None => (self.page().context(), self.page().typing()),
        }
    }

    /// What is to be asked before a command is carried out.
    fn question(&self, command: Command) -> Option<&'static str> {
        let (context, _) = self.focus();
        if context == Context::Confirm || self.why_not(command).is_some() {
            return None;
        }
        // To stop a run is what it is, wherever that is done.
        let command = if self.stops_run(command) {
            Command::RunCancel
        } else {
            command
        };
        match command.info().danger {
            Danger::Asks(question) => Some(question),
            Danger::AsksWhileRunning(question) => self.is_running().then_some(question),
            Danger::None | Danger::AsksInTerminal => None,
        }
    }

    /// Whether a command that cancels work would stop a run.
    fn stops_run(&self, command: Command) -> bool {
        let task = match (command, self.page()) {
            (Command::CancelTask, _) => self.cancellable(),
            (Command::ActivityCancel, Page::Activity(page)) => page.task(&self.shared),
            _ => None,
        };
        task.is_some_and(|task| task.run.is_some())
    }

    /// Whether a template is being run, on whatever page.
    fn is_running(&self) -> bool {
        let pages = self.pages.iter().chain(&self.ahead);
        let mut pages = pages.chain(&self.parked);
        pages.any(|page| matches!(page, Page::Run(run) if run.ended.is_none()))
    }

    /// Opens the first page; call once before the first drawing.
    pub fn start(&mut self, route: Route) -> Vec<Effect> {
        let left = (route == Route::Home).then_some(Request::Effect(Effect::LoadLeft));
        // Home lies below a place one begins with, so that there is a way out of it. A preview is all there is.
        let first = match route {
            Route::Home | Route::Preview { .. } => vec![Request::Replace(route)],
            _ => vec![Request::Replace(Route::Home), Request::Go(route)],
        };
        let kept = [Effect::LoadLasting, Effect::LoadOwn, Effect::LoadPersonal];
        let kept = kept.map(Request::Effect);
        requests::carry_out(self, first.into_iter().chain(kept).chain(left).collect())
    }
}

fn on_key(model: &mut Model, key: Key, requests: &mut Vec<Request>) {
    model.notice = None;
    let (context, typing) = model.focus();
    let mut pressed = std::mem::take(&mut model.pending);
    pressed.push(key);
    match model.shared.keymap.meaning(context, typing, &pressed) {
        Meaning::Command(command) => on_command(model, command, requests),
        Meaning::Prefix => model.pending = pressed,
        Meaning::Nothing if pressed.len() > 1 => {
            // Esc leaves a chord; any other key was meant for something.
            if key.code != KeyCode::Esc
                && let Some(chord) = Chord::of(&pressed)
            {
                model.notice = Some(Notice::info(format!("{chord} is bound to nothing here.")));
            }
        }
        Meaning::Nothing => {
            if let Some(edit) = edit_of(key).filter(|_| typing) {
                on_edit(model, &edit, requests);
            }
        }
    }
}

/// What a key does to a text field.
pub(crate) fn edit_of(key: Key) -> Option<Edit> {
    if let Some(c) = key.typed() {
        return Some(Edit::Insert(c));
    }
    Some(match (key.code, key.ctrl || key.alt) {
        (KeyCode::Backspace, false) => Edit::Backspace,
        (KeyCode::Backspace | KeyCode::Char('w'), true) => Edit::DeleteWord,
        (KeyCode::Delete, false) | (KeyCode::Char('d'), true) => Edit::Delete,
        (KeyCode::Char('u'), true) => Edit::DeleteLine,
        (KeyCode::Char('k'), true) => Edit::DeleteToEnd,
        (KeyCode::Left, false) => Edit::Left,
        (KeyCode::Right, false) => Edit::Right,
        (KeyCode::Left, true) => Edit::WordLeft,
        (KeyCode::Right, true) => Edit::WordRight,
        (KeyCode::Home, _) | (KeyCode::Char('a'), true) => Edit::Home,
        (KeyCode::End, _) => Edit::End,
        _ => return None,
    })
}

fn on_edit(model: &mut Model, edit: &Edit, requests: &mut Vec<Request>) {
    let (pages, overlay, mut cx) = model.parts(requests);
    match overlay {
        Some(Overlay::Finder(finder)) => finder.edit(edit, &mut cx),
        // The key that opened it closes it.
        Some(Overlay::Help(help)) if *edit == Edit::Insert('?') && help.field.text().is_empty() => {
            *overlay = None;
        }
        Some(Overlay::Help(help)) => {
            help.field.apply(edit);
            help.cursor = Cursor::default();
        }
        Some(Overlay::Confirm(_)) => {}
        None => {
            if let Some(page) = pages.last_mut().filter(|page| page.typing()) {
                page.edit(edit, &mut cx);
            }
        }
    }
}

/// Carries out a command, or asks whether it is meant.
fn on_command(model: &mut Model, command: Command, requests: &mut Vec<Request>) {
    match model.question(command) {
        Some(question) => {
            model.overlay = Some(Overlay::Confirm(Confirm { command, question }));
        }
        None => carry_out(model, command, requests),
    }
}

fn carry_out(model: &mut Model, command: Command, requests: &mut Vec<Request>) {
    if model.overlay.is_some() && on_overlay_command(model, command, requests) {
        return;
    }
    if model.overlay.is_none() {
        if let Some(reason) = model.why_not(command) {
            model.notice = Some(Notice::info(reason));
            return;
        }
        let (pages, _, mut cx) = model.parts(requests);
        let page = pages.last_mut();
        if page.is_some_and(|page| page.command(command, &mut cx)) {
            return;
        }
    }
    on_global_command(model, command, requests);
}

/// Carries out a command of the overlay; whether it did.
fn on_overlay_command(model: &mut Model, command: Command, requests: &mut Vec<Request>) -> bool {
    let len = match &model.overlay {
        Some(Overlay::Help(help)) => help.lines(&model.shared.keymap).len(),
        _ => 0,
    };
    let (_, overlay, mut cx) = model.parts(requests);
    let rows = cx.drawn.overlay_rows;
    let outcome = match overlay {
        Some(Overlay::Finder(finder)) => finder.command(command, &mut cx),
        Some(Overlay::Help(help)) => match command {
            Command::Back | Command::Help | Command::Open | Command::WizardHelp => Outcome::Close,
            _ if scroll(&mut help.cursor, command, len, rows) => Outcome::Stay,
            _ => Outcome::Ignored,
        },
        Some(Overlay::Confirm(confirm)) => match command {
            Command::ConfirmYes => {
                let agreed = confirm.command;
                model.overlay = None;
                carry_out(model, agreed, requests);
                return true;
            }
            Command::ConfirmNo | Command::Back => Outcome::Close,
            _ => Outcome::Ignored,
        },
        None => return false,
    };
    match outcome {
        Outcome::Stay => true,
        Outcome::Close => {
            model.overlay = None;
            true
        }
        Outcome::Run(command) => {
            model.overlay = None;
            on_command(model, command, requests);
            true
        }
        Outcome::Ignored => false,
    }
}

/// Moves a text without a selected line: the cursor stands for its top line.
fn scroll(cursor: &mut Cursor, command: Command, len: usize, rows: usize) -> bool {
    let tops = len.saturating_sub(rows) + 1;
    let moved = cursor.apply(command, tops, rows);
    cursor.top = cursor.selected;
    moved
}

fn on_global_command(model: &mut Model, command: Command, requests: &mut Vec<Request>) {
    match command {
        Command::Find => open_finder(model, "", None, requests),
        Command::Palette => open_finder(model, &SIGN.to_string(), None, requests),
        Command::Help | Command::WizardHelp => {
            let context = model.page().context();
            model.overlay = Some(Overlay::Help(Box::new(Help::open(context))));
        }
        Command::Back if model.pages.len() > 1 => requests.push(Request::Back),
        Command::Back | Command::HomeLeave | Command::Quit => {
            requests.push(Request::Effect(Effect::Quit(0)));
        }
        Command::Interrupt => requests.push(Request::Effect(Effect::Quit(INTERRUPTED))),
        Command::Previous => requests.push(Request::Back),
        Command::Forward => requests.push(Request::Forward),
        Command::Undo => undo::last(model, requests),
        Command::GoHome => requests.push(Request::Go(Route::Home)),
        Command::GoCatalog => requests.push(Request::Go(Route::Catalog {
            query: String::new(),
        })),
        Command::GoTemplates => requests.push(Request::Go(Route::Templates)),
        Command::GoRuns => requests.push(Request::Go(Route::Runs)),
        Command::GoProblems => requests.push(Request::Go(Route::Problems {
            about: About::Everything,
        })),
        Command::GoActivity => requests.push(Request::Go(Route::Activity)),
        Command::CopyPlace => {
            if let Some(link) = model.page().link() {
                requests.push(Request::Effect(Effect::Copy {
                    text: format!("stagedoor open {}", quoted(&link)),
                    what: "command",
                }));
            }
        }
        Command::Sync => {
            model.shared.syncing = true;
            requests.push(Request::Effect(Effect::Sync { all: true }));
        }
        Command::CancelTask => {
            let task = model.cancellable();
            requests.extend(task.map(|task| Request::Cancel(task.id)));
        }
        Command::Pager => {
            if let Some(text) = model.page().text() {
                requests.push(Request::Effect(Effect::ReadText(text)));
            } else {
                let said =
                    "There is no text here: a page of docs, YAML or the log of a run is one.";
                model.notice = Some(Notice::info(said));
            }
        }
        Command::Mouse => mouse::toggle(model, requests),
        Command::Redraw => requests.push(Request::Effect(Effect::Redraw)),
        Command::Suspend => requests.push(Request::Effect(Effect::Suspend)),
        _ => {}
    }
}

/// `text` as a shell takes it for one word.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@#%+,=".contains(c);
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn open_finder(model: &mut Model, query: &str, aim: Option<Aim>, requests: &mut Vec<Request>) {
    let context = model.page().context();
    let (_, overlay, mut cx) = model.parts(requests);
    let finder = Finder::open(query, aim, context, &mut cx);
    *overlay = Some(Overlay::Finder(Box::new(finder)));
}

fn on_answer(model: &mut Model, answer: &Answer, requests: &mut Vec<Request>) {
    match answer {
        Answer::Index(index) => {
            model.shared.index = index.clone();
            refresh(model, requests);
            // Groups may have changed, and with them what is mine.
            requests.push(Request::Effect(Effect::LoadPersonal));
            return;
        }
        Answer::Personal(personal) => {
            if personal::came(model, requests) {
                match personal {
                    Ok(personal) => model.shared.personal = personal.clone(),
                    Err(error) => model.say(Notice::failed(error.clone())),
                }
                refresh(model, requests);
            }
            return;
        }
        Answer::View(text) => {
            let view = View::parse(text);
            // What was chosen meanwhile stays.
            if view != model.shared.view && model.shared.view == View::default() {
                model.shared.view = view;
                refresh(model, requests);
            }
            return;
        }
        Answer::Left(link) => travel::offer(model, link),
        Answer::Lasting(kept) => model.shared.lasting.restore(kept),
        Answer::Saved(own) => model.shared.own = own.clone(),
        Answer::Sources(sources) => {
            model.shared.sources = sources.clone();
            model.shared.syncing = false;
        }
        Answer::FileEdited(Ok(())) | Answer::FilesChanged => {
            // What is wrong with it may be right now.
            model.shared.syncing = true;
            requests.push(Request::Effect(Effect::Sync { all: false }));
        }
        Answer::Exported(text) => requests.push(Request::Effect(Effect::Copy {
            text: text.clone(),
            what: "list",
        })),
        Answer::Unwatched(text) => model.say(Notice::info(text.clone())),
        Answer::FileEdited(Err(text)) => model.say(Notice::failed(text.clone())),
        Answer::Copied(result) | Answer::Said(result) => {
            model.say(match result {
                Ok(text) => Notice::done(text.clone()),
                Err(text) => Notice::failed(text.clone()),
            });
        }
        _ => {}
    }
    let (_, overlay, mut cx) = model.parts(requests);
    let mut outcome = Outcome::Stay;
    if let Some(Overlay::Finder(finder)) = overlay {
        let cx = &mut cx;
        match answer {
            Answer::Found {
                asker: Asker::Finder,
                generation,
                found,
                texts,
            } => outcome = finder.found(*generation, found, texts.as_ref(), cx),
            Answer::Texts { generation, texts } => {
                outcome = finder.texts(*generation, texts, cx);
            }
            Answer::Entries {
                generation,
                completions,
            } => finder.offers.take(*generation, completions),
            Answer::Entity(entity_ref, Ok(detail)) => {
                finder.entity(entity_ref, detail.as_ref(), cx);
            }
            _ => {}
        }
    }
    let is_of_page_in_sight = matches!(
        answer,
        Answer::Edited(_) | Answer::LastAnswers(..) | Answer::DocsAt { .. }
    );
    if is_of_page_in_sight {
        // Whoever asked was looked at; other pages have not asked, and nobody is taken from one to another.
        let (pages, _, mut cx) = model.parts(requests);
        if let Some(page) = pages.last_mut() {
            page.answer(answer, &mut cx);
        }
    } else {
        model.each_page(requests, |page, cx| page.answer(answer, cx));
    }
    match outcome {
        Outcome::Close => model.overlay = None,
        Outcome::Run(command) => {
            model.overlay = None;
            on_command(model, command, requests);
        }
        Outcome::Stay | Outcome::Ignored => {}
    }
}

/// Rows or stars are new: everything that shows them asks again, the pages one came through too.
fn refresh(model: &mut Model, requests: &mut Vec<Request>) {
    model.each_page(requests, Page::refresh);
    let (pages, overlay, mut cx) = model.parts(requests);
    match pages.last_mut() {
        Some(Page::Catalog(catalog)) => catalog.shown(&mut cx),
        Some(Page::Wizard(wizard)) => wizard.shown(&mut cx),
        _ => {}
    }
    if let Some(Overlay::Finder(finder)) = overlay {
        finder.search_again(&mut cx);
    }
}

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod tests;
