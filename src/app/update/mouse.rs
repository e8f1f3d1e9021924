//! What the mouse does, by what the last drawing said of where things are.

use super::on_command;
use crate::app::command::Command;
use crate::app::cx::Request;
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::notice::Notice;
use crate::app::overlay::Overlay;
use crate::app::pointer::{Act, Part, Pointed, Target, target_at};

/// How many lines a turn of the wheel moves.
const TURN: usize = 3;
/// How old what is known may be when the user comes back to the terminal, in seconds.
const FRESH: u64 = 60;

/// Something was done with the mouse.
pub(super) fn pointed(model: &mut Model, pointed: Pointed, requests: &mut Vec<Request>) {
    let target = target_at(&model.hits, pointed.x, pointed.y);
    match pointed.act {
        Act::Press => {
            model.notice = None;
            model.pending.clear();
            model.dragged = None;
            if let Some(target) = target {
                press(model, target, requests);
            }
        }
        Act::Drag => {
            if let Some(end) = model.dragged {
                // The line takes a column, and leaves one free behind it.
                let aside = end.saturating_sub(pointed.x + 2);
                model.shared.lasting.choices.aside = Some(aside);
            }
        }
        Act::Release => model.dragged = None,
        Act::WheelUp => turn(model, Command::Up, target, requests),
        Act::WheelDown => turn(model, Command::Down, target, requests),
    }
}

fn press(model: &mut Model, target: Target, requests: &mut Vec<Request>) {
    match target {
        Target::Command(command) => on_command(model, command, requests),
        Target::Edge(end) => model.dragged = Some(end),
        Target::Item(Part::Over, at) => {
            let (_, overlay, mut cx) = model.parts(requests);
            if let Some(Overlay::Finder(finder)) = overlay
                && finder.point(at, &mut cx)
            {
                on_command(model, Command::Open, requests);
            }
        }
        Target::Chip(at) | Target::Offer(at) if model.overlay.is_some() => {
            let (_, overlay, mut cx) = model.parts(requests);
            if let Some(Overlay::Finder(finder)) = overlay {
                match target {
                    Target::Chip(_) => finder.choose(at, &mut cx),
                    _ => finder.complete(at, &mut cx),
                }
            }
        }
        _ if model.overlay.is_some() => {}
        target => {
            let (pages, _, mut cx) = model.parts(requests);
            let opens = pages
                .last_mut()
                .is_some_and(|page| page.point(target, &mut cx));
            if opens {
                on_command(model, Command::Open, requests);
            }
        }
    }
}

/// The wheel was turned: what is below the pointer gets the focus and moves.
fn turn(model: &mut Model, way: Command, target: Option<Target>, requests: &mut Vec<Request>) {
    if let (Some(Target::Item(part, _) | Target::Part(part)), None) = (target, &model.overlay) {
        let (pages, _, mut cx) = model.parts(requests);
        if let Some(page) = pages.last_mut() {
            page.point(Target::Part(part), &mut cx);
        }
    }
    for _ in 0..TURN {
        on_command(model, way, requests);
    }
}

/// Takes the mouse, or leaves it to the terminal.
pub(super) fn toggle(model: &mut Model, requests: &mut Vec<Request>) {
    let taken = !model.shared.mouse;
    model.shared.mouse = taken;
    requests.push(Request::Effect(Effect::TakeMouse(taken)));
    model.notice = Some(Notice::info(if taken {
        "A click selects, a second one opens, the wheel scrolls."
    } else {
        "The mouse is the terminal's again: select text as anywhere."
    }));
}

/// The user came back: what is not fresh is asked for, where that is due.
pub(super) fn returned(model: &mut Model, requests: &mut Vec<Request>) {
    let tried = model.shared.sources.iter().filter_map(|it| it.last_tried);
    let is_old = tried
        .max()
        .is_some_and(|then| then.saturating_add(FRESH) <= model.shared.now);
    if is_old && !model.shared.syncing {
        model.shared.syncing = true;
        requests.push(Request::Effect(Effect::Sync { all: false }));
    }
}
