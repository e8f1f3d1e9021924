//! What is typed ahead: keys that act on what is listed or read wait until that is what was asked for, in the finder and on
//! the page, and whatever is typed after them waits with them. The answer takes milliseconds; acting on what was there before
//! would be wrong, and doing nothing would lose a key. Nothing waits for a host.

use crate::app::command::{Command, Context};
use crate::app::keymap::Meaning;
use crate::app::message::Msg;
use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::pointer::Act;

/// Keeps `msg` if it must wait, else gives it back.
pub(super) fn hold(model: &mut Model, msg: Msg) -> Option<Msg> {
    // A click may lead to where what was typed is not meant.
    if matches!(&msg, Msg::Pointed(pointed) if pointed.act == Act::Press) {
        model.held.clear();
    }
    if !matches!(msg, Msg::Key(_) | Msg::Paste(_)) {
        return Some(msg);
    }
    if matches!(
        command(model, &msg),
        Some(Command::Back | Command::Interrupt)
    ) {
        model.held.clear();
        return Some(msg);
    }
    if model.held.is_empty() && !waits(model, &msg) {
        return Some(msg);
    }
    model.held.push_back(msg);
    None
}

/// The next of what was kept that need not wait any longer.
pub(super) fn release(model: &mut Model) -> Option<Msg> {
    let next = model.held.front()?;
    if waits(model, next) {
        return None;
    }
    model.held.pop_front()
}

fn waits(model: &Model, msg: &Msg) -> bool {
    let command = command(model, msg);
    match &model.overlay {
        Some(Overlay::Finder(finder)) => {
            finder.is_awaited() && command.is_some_and(|it| it.info().context != Context::Global)
        }
        Some(_) => false,
        None => model.page().awaits(command, &model.shared, model.drawn),
    }
}

/// The command that a key means where it is pressed now.
fn command(model: &Model, msg: &Msg) -> Option<Command> {
    let Msg::Key(key) = msg else {
        return None;
    };
    let (context, typing) = model.focus();
    let pressed = [model.pending.as_slice(), &[*key]].concat();
    match model.shared.keymap.meaning(context, typing, &pressed) {
        Meaning::Command(command) => Some(command),
        Meaning::Prefix | Meaning::Nothing => None,
    }
}
