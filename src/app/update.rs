//! The one function that changes the model.

use std::sync::Arc;

use super::chord::Chord;
use super::command::{Command, Context};
use super::cursor::Cursor;
use super::cx::{Cx, Request};
use super::effect::Effect;
use super::key::{Key, KeyCode};
use super::keymap::Meaning;
use super::message::{Answer, Asker, Edit, Msg};
use super::model::Model;
use super::notice::Notice;
use super::overlay::Overlay;
use super::overlay::finder::{Aim, Finder, Outcome, SIGN};
use super::overlay::help::Help;
use super::page::Page;
use super::page::catalog::View;
use super::route::{About, Route};
use super::task::TaskEvent;
use crate::catalog::EntityRef;

/// The exit code of a portal that was interrupted.
const INTERRUPTED: u8 = 130;
/// How many pages back one can go.
const HISTORY: usize = 100;

/// Changes the model; returns what it asks of the world. Total and without I/O.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut requests = Vec::new();
    match msg {
        Msg::Key(key) => on_key(model, key, &mut requests),
        Msg::Paste(text) => on_edit(model, &Edit::Paste(text), &mut requests),
        Msg::Command(command) => on_command(model, command, &mut requests),
        Msg::Resize(columns, rows) => {
            model.shared.size = (columns, rows);
            let (pages, _, mut cx) = model.parts(&mut requests);
            for page in pages {
                if let Page::Docs(docs) = page {
                    docs.resized(&mut cx);
                }
            }
        }
        Msg::Tick(now) => model.shared.now = now,
        Msg::Task(event) => on_task(model, event),
        Msg::Answer(answer) => on_answer(model, &answer, &mut requests),
    }
    carry_out(model, requests)
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

    /// The context whose keys are in force, and whether letters are text.
    pub fn focus(&self) -> (Context, bool) {
        match &self.overlay {
            Some(overlay) => (overlay.context(), true),
            None => (self.page().context(), self.page().typing()),
        }
    }

    /// Opens the first page; call once before the first drawing.
    pub fn start(&mut self, route: Route) -> Vec<Effect> {
        // Home lies below a place one begins with, so that there is a way out of it. A preview is all there is.
        let first = match route {
            Route::Home | Route::Preview { .. } => vec![Request::Replace(route)],
            _ => vec![Request::Replace(Route::Home), Request::Go(route)],
        };
        let personal = Request::Effect(Effect::LoadPersonal);
        carry_out(self, first.into_iter().chain([personal]).collect())
    }
}

fn on_key(model: &mut Model, key: Key, requests: &mut Vec<Request>) {
    model.notice = None;
    let (context, typing) = model.focus();
    let mut pressed = std::mem::take(&mut model.pending);
    pressed.push(key);
    match model.keymap.meaning(context, typing, &pressed) {
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
pub(super) fn edit_of(key: Key) -> Option<Edit> {
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
        None => {
            if let Some(page) = pages.last_mut().filter(|page| page.typing()) {
                page.edit(edit, &mut cx);
            }
        }
    }
}

fn on_command(model: &mut Model, command: Command, requests: &mut Vec<Request>) {
    if model.overlay.is_some() && on_overlay_command(model, command, requests) {
        return;
    }
    if model.overlay.is_none() {
        if let Some(reason) = model.page().why_not(command, &model.shared) {
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
        Some(Overlay::Help(help)) => help.lines(&model.keymap).len(),
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
        Command::GoHome => requests.push(Request::Go(Route::Home)),
        Command::GoCatalog => requests.push(Request::Go(Route::Catalog {
            query: String::new(),
        })),
        Command::GoTemplates => requests.push(Request::Go(Route::Templates)),
        Command::GoRuns => requests.push(Request::Go(Route::Runs)),
        Command::GoProblems => requests.push(Request::Go(Route::Problems {
            about: About::Everything,
        })),
        Command::CopyPlace => match model.page().link() {
            Some(link) => requests.push(Request::Effect(Effect::Copy {
                text: format!("stagedoor open {}", quoted(&link)),
                what: "command",
            })),
            None => {
                model.notice = Some(Notice::info(
                    "A run has no place to come back to; the page of runs has.",
                ));
            }
        },
        Command::Sync if !model.shared.syncing => {
            model.shared.syncing = true;
            requests.push(Request::Effect(Effect::Sync { all: true }));
        }
        Command::Sync => model.notice = Some(Notice::info("It is being refreshed already.")),
        Command::CancelTask => match model.tasks.last() {
            Some(task) => requests.push(Request::Effect(Effect::Cancel(task.id))),
            None => model.notice = Some(Notice::info("Nothing is running in the background.")),
        },
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

fn on_task(model: &mut Model, event: TaskEvent) {
    match event {
        TaskEvent::Started(task) => model.tasks.push(task),
        TaskEvent::Progress(id, progress) => {
            if let Some(task) = model.tasks.iter_mut().find(|task| task.id == id) {
                task.progress = progress;
            }
        }
        TaskEvent::Ended(id, result) => {
            model.tasks.retain(|task| task.id != id);
            match result {
                Ok(Some(text)) => model.notice = Some(Notice::done(text)),
                Ok(None) => {}
                Err(text) => model.notice = Some(Notice::failed(text)),
            }
        }
    }
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
            model.shared.personal = personal.clone();
            refresh(model, requests);
            return;
        }
        Answer::View(text) => {
            let view = View::parse(text);
            if view != model.shared.view {
                model.shared.view = view;
                refresh(model, requests);
            }
            return;
        }
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
        Answer::Unwatched(text) => model.notice = Some(Notice::info(text.clone())),
        Answer::FileEdited(Err(text)) => model.notice = Some(Notice::failed(text.clone())),
        Answer::Copied(result) | Answer::Said(result) => {
            model.notice = Some(match result {
                Ok(text) => Notice::done(text.clone()),
                Err(text) => Notice::failed(text.clone()),
            });
        }
        _ => {}
    }
    let (pages, overlay, mut cx) = model.parts(requests);
    let mut outcome = Outcome::Stay;
    if let Some(Overlay::Finder(finder)) = overlay {
        let cx = &mut cx;
        match answer {
            Answer::Found {
                asker: Asker::Finder,
                generation,
                found,
                texts,
            } => outcome = finder.found(*generation, found, texts, cx),
            Answer::Texts { generation, texts } => finder.texts(*generation, texts, cx),
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
    for page in pages {
        page.answer(answer, &mut cx);
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
    let (pages, overlay, mut cx) = model.parts(requests);
    for page in pages {
        page.refresh(&mut cx);
    }
    if let Some(Overlay::Finder(finder)) = overlay {
        finder.forget();
        finder.search(&mut cx);
    }
}

/// Carries out what pages asked for, and what that leads to, and returns what is left for the world.
fn carry_out(model: &mut Model, requests: Vec<Request>) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut queue = std::collections::VecDeque::from(requests);
    while let Some(request) = queue.pop_front() {
        let mut more = Vec::new();
        match request {
            Request::Effect(effect) => effects.push(effect),
            Request::Say(notice) => model.notice = Some(notice),
            Request::Go(route) => {
                leave(model, &mut more);
                go(model, route, &mut more);
            }
            Request::Replace(route) => {
                leave(model, &mut more);
                model.pages.pop();
                go(model, route, &mut more);
            }
            Request::FindPath { from, scope } => {
                open_finder(model, "", Some(Aim { from, scope }), &mut more);
            }
            Request::Back => {
                if model.pages.len() > 1 {
                    leave(model, &mut more);
                    model.pages.pop();
                    come_back(model, &mut more);
                }
            }
            Request::SetView(view) => {
                effects.push(Effect::SaveView(view.to_string()));
                model.shared.view = view;
                refresh(model, &mut more);
            }
            Request::KeepDraft(template, Some(answers)) => {
                model.shared.drafts.insert(template, *answers);
            }
            Request::KeepDraft(template, None) => {
                model.shared.drafts.remove(&template);
                model.generation += 1;
                effects.push(Effect::SaveDraft(template, model.generation, None));
            }
            Request::ToggleStar(entity_ref) => {
                effects.push(toggle_star(model, entity_ref));
                refresh(model, &mut more);
            }
            Request::SetStars(refs, starred) => {
                let others = refs.into_iter();
                let others = others.filter(|it| model.shared.is_starred(it) != starred);
                for entity_ref in others.collect::<Vec<_>>() {
                    effects.push(toggle_star(model, entity_ref));
                }
                refresh(model, &mut more);
            }
        }
        // What a request leads to comes before what was asked for after it.
        for request in more.into_iter().rev() {
            queue.push_front(request);
        }
    }
    effects
}

/// The page on the screen is about to be left.
fn leave(model: &mut Model, requests: &mut Vec<Request>) {
    let (pages, _, mut cx) = model.parts(requests);
    if let Some(Page::Entity(entity)) = pages.last() {
        entity.left(&mut cx);
    }
}

/// The page that is the last now is on the screen again.
fn come_back(model: &mut Model, requests: &mut Vec<Request>) {
    let (pages, _, mut cx) = model.parts(requests);
    if let Some(Page::Entity(entity)) = pages.last_mut() {
        entity.shown(&mut cx);
    }
}

fn go(model: &mut Model, route: Route, requests: &mut Vec<Request>) {
    if route == Route::Home {
        model.pages.clear();
    } else if let Route::Entity { entity_ref, .. }
    | Route::Relations { entity_ref, .. }
    | Route::Operation { entity_ref, .. } = &route
    {
        requests.push(Request::Effect(Effect::SaveVisit(entity_ref.clone())));
        let personal = Arc::make_mut(&mut model.shared.personal);
        personal.visits.retain(|visited| visited != entity_ref);
        personal.visits.insert(0, entity_ref.clone());
        *personal.heat.entry(entity_ref.clone()).or_default() += 1.0;
    }
    model.overlay = None;
    let (pages, _, mut cx) = model.parts(requests);
    pages.push(Page::open(route, &mut cx));
    if pages.len() > HISTORY {
        pages.remove(1);
    }
}

fn toggle_star(model: &mut Model, entity_ref: EntityRef) -> Effect {
    let stars = &mut Arc::make_mut(&mut model.shared.personal).stars;
    let starred = if let Some(at) = stars.iter().position(|star| *star == entity_ref) {
        stars.remove(at);
        false
    } else {
        stars.push(entity_ref.clone());
        true
    };
    Effect::SaveStar(entity_ref, starred)
}

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod tests;
