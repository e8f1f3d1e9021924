//! What a page is given while it handles a message: the shared state to look at, and a list to put requests on.

use super::command::Command;
use super::effect::Effect;
use super::lasting::Choice;
use super::message::Asker;
use super::model::{Drawn, Shared};
use super::notice::Notice;
use super::page::catalog::View;
use super::page::entity::Scope;
use super::route::Route;
use super::task::TaskId;
use super::undo::{Before, Change};
use crate::catalog::{EntityRef, Place};
use crate::scaffolder::Answers;

/// What a page asks for.
#[derive(Debug)]
pub enum Request {
    /// Something of the world.
    Effect(Effect),
    /// Go to another place.
    Go(Route),
    /// Go to another place in place of this page, so that going back skips it.
    Replace(Route),
    /// Go back.
    Back,
    /// Go forward again.
    Forward,
    /// Carry out a command that is not the page's own.
    Command(Command),
    /// Cancel work in the background.
    Cancel(TaskId),
    /// Go to the page of a run of this portal, by its number; to the page of runs where that is gone.
    ShowRun(u64),
    /// Remember a change, so that it can be undone.
    Undoable(Change),
    /// Ask for the end of a path that begins at an entity.
    FindPath {
        /// Where it begins.
        from: EntityRef,
        /// What is followed.
        scope: Scope,
    },
    /// Say something.
    Say(Notice),
    /// Say where one is, and which key leads elsewhere; not worth to be read again.
    Hint {
        /// What is said, without its full stop.
        said: String,
        /// The command that leads elsewhere.
        way: Command,
        /// Where, as in "goes home".
        leads: &'static str,
    },
    /// Show something in another way from now on.
    Choose(Choice),
    /// Star an entity, or take its star away.
    ToggleStar(EntityRef),
    /// Star all of these entities, or take their stars away.
    SetStars(Vec<EntityRef>, bool),
    /// Show the catalog's table in another way, and keep that.
    SetView(View),
    /// Keep what was answered in a template's form, or forget it.
    KeepDraft(EntityRef, Option<Box<Answers>>),
}

/// The context of one call of a page's `update` functions.
#[derive(Debug)]
pub struct Cx<'a> {
    /// What every page may look at.
    pub shared: &'a Shared,
    /// What the last drawing measured.
    pub drawn: Drawn,
    /// What the page asks for, in order.
    pub requests: &'a mut Vec<Request>,
    /// The number of the last question.
    pub generation: &'a mut u64,
}

impl Cx<'_> {
    /// Asks for something of the world.
    pub fn effect(&mut self, effect: Effect) {
        self.requests.push(Request::Effect(effect));
    }

    /// Goes to another place.
    pub fn go(&mut self, route: Route) {
        self.requests.push(Request::Go(route));
    }

    /// Says something to the user.
    pub fn say(&mut self, notice: Notice) {
        self.requests.push(Request::Say(notice));
    }

    /// Remembers how something was, so that it can be undone; `did` says what was done.
    pub fn undoable(&mut self, did: impl Into<String>, before: Before) {
        self.requests
            .push(Request::Undoable(Change::new(did, before)));
    }

    /// A number for a question, so that a late answer can be told from the current one.
    pub fn next_generation(&mut self) -> u64 {
        *self.generation += 1;
        *self.generation
    }

    /// Searches the index; returns the question's number, which the answer will carry.
    pub fn search(&mut self, asker: Asker, query: &str, limit: usize) -> u64 {
        let generation = self.next_generation();
        self.effect(Effect::Search {
            asker,
            generation,
            index: self.shared.index.clone(),
            query: query.to_owned(),
            context: self.shared.personal.clone(),
            limit,
        });
        generation
    }

    /// Opens a place in the user's editor or, if it is not on this machine, in a browser.
    pub fn open_place(&mut self, place: &Place) {
        let Place { file, line, column } = place;
        if file.starts_with("demo:") {
            self.say(Notice::info(
                "This file is part of the built-in demo, so there is nothing to edit.",
            ));
        } else if file.contains("://") {
            // GitHub, GitLab and Gitea all take the line so.
            self.effect(Effect::OpenUrl(match line {
                0 => file.clone(),
                line => format!("{file}#L{line}"),
            }));
        } else {
            self.effect(Effect::EditFile {
                file: file.clone(),
                line: *line,
                column: *column,
            });
        }
    }
}
