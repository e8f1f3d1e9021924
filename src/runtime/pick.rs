//! The picker for shells: it waits for keys, has the question answered, and draws, until something is chosen.

use crossterm::event::Event;

use super::RuntimeError;
use super::event_loop::WATCH;
use super::look::{self, Look};
use super::signals::{Ended, Signals};
use crate::app::Msg;
use crate::app::pick::{PickView, Picker, Step};
use crate::catalog::{Index, Row};
use crate::input;
use crate::search::{Context, Found};
use crate::sync::Session;
use crate::term::{Events, Inline};
use crate::ui;

/// How many rows it takes, where the terminal has them.
const ROWS: u16 = 14;

/// How the picker was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picked {
    /// This entity was chosen.
    Entity(Row),
    /// Nothing was: the exit code says why.
    Nothing(u8),
}

/// 128 + SIGINT, as shells have it for what its user left.
const LEFT: u8 = 130;

/// What is picked from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// The configuration, for looks and keys.
    pub(crate) session: &'a Session,
    /// The catalog.
    pub(crate) index: &'a Index,
    /// What is starred, among others.
    pub(crate) known: &'a Context,
    /// What stands in the field at first.
    pub(crate) query: &'a str,
    /// What choosing does, for the footer: "take its folder".
    pub(crate) takes: &'a str,
    /// Whether colours are wanted; `None` asks the terminal's environment.
    pub(crate) colors: Option<bool>,
}

/// Shows the picker below the prompt until something is chosen; `ask` answers what stands in its field.
pub(crate) async fn run(
    wanted: &Wanted<'_>,
    mut ask: impl FnMut(&str) -> Found,
) -> Result<Picked, RuntimeError> {
    let mut inline = Inline::open(ROWS)?;
    let profile = look::profile(wanted.colors, inline.profile());
    let look = Look::of(&wanted.session.config, &wanted.session.env, profile, false);
    let view = &PickView {
        index: wanted.index,
        known: wanted.known,
        keymap: &look.keymap,
        takes: wanted.takes,
    };
    let mut picker = Picker::new(wanted.query);
    let mut signals = Signals::new().map_err(RuntimeError::Terminal)?;
    let mut events = Events::new();
    let mut watch = tokio::time::interval(WATCH);
    picker.answer(ask(picker.field.text()));
    loop {
        inline
            .draw(|area, buffer| ui::pick::draw(&picker, view, &look.theme, area, buffer))
            .map_err(RuntimeError::Terminal)?;
        let mut event = tokio::select! {
            biased;
            ended = signals.ended() => return Ok(Picked::Nothing(ended.code())),
            event = events.next() => event,
            _ = watch.tick() => {
                if inline.is_alive() {
                    continue;
                }
                None
            }
        };
        // Of letters that came together only the last question is answered.
        let mut asked = false;
        loop {
            let Some(Ok(known)) = event else {
                return Ok(Picked::Nothing(Ended::HungUp.code()));
            };
            match step(&mut picker, view, &mut inline, known) {
                Step::Stay => {}
                Step::Ask => asked = true,
                Step::Choose(_) if asked => {
                    picker.answer(ask(picker.field.text()));
                    let first = picker.found.hits.first();
                    if let Some(hit) = first {
                        return Ok(Picked::Entity(hit.row));
                    }
                    asked = false;
                }
                Step::Choose(row) => return Ok(Picked::Entity(row)),
                Step::Leave => return Ok(Picked::Nothing(LEFT)),
            }
            // Asked with this task's own waker: the stream remembers the first that asked, and wakes no other.
            event = tokio::select! {
                biased;
                event = events.next() => event,
                () = std::future::ready(()) => break,
            };
        }
        if asked {
            picker.answer(ask(picker.field.text()));
        }
    }
}

fn step(picker: &mut Picker, view: &PickView<'_>, inline: &mut Inline, event: Event) -> Step {
    let height = usize::from(ui::pick::list_height(inline.area().height));
    match input::message(event) {
        Some(Msg::Key(key)) => picker.key(key, view.keymap, height),
        Some(Msg::Paste(text)) => picker.paste(&text),
        Some(Msg::Resize(..)) => {
            inline.resize(ROWS);
            Step::Stay
        }
        _ => Step::Stay,
    }
}
