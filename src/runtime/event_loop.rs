//! The event loop: everything that is ready is applied before one frame is drawn; nothing runs while nothing happens.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use ratatui::layout::Rect;
use termprofile::TermProfile;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior};

use super::RuntimeError;
use super::effects::{Away, Effects, Outcome};
use super::launch::{Launch, now};
use super::look::{self, Look, Watched};
use super::pace::Pace;
use super::rest::Rest;
use super::signals::{Ended, Signals, Told};
use crate::app::{Model, Msg, Notice, update};
use crate::catalog::text::cut;
use crate::config::Config;
use crate::config::look::ThemeChoice;
use crate::store::Store;
use crate::techdocs::picture::Protocol;
use crate::term::{self, Beside, Capability, Events, Form, Known, Screen};
use crate::{input, ui};

/// How often it is checked that the terminal is still there.
pub(super) const WATCH: Duration = Duration::from_secs(1);
/// How late an answer of the terminal may come that the shell would take for keys.
const LATEST: Duration = Duration::from_secs(5);
/// Messages that may wait; workers wait beyond that.
const QUEUE: usize = 1_024;
/// How long the first frame waits for a first reading of local sources.
const FIRST: Duration = Duration::from_millis(150);

/// What is always said in a title, and the most columns of one.
const PROGRAM: &str = "stagedoor";
const TITLE: usize = 80;

/// What the loop waits for.
enum Next {
    Message(Msg),
    Frame,
    Refresh,
    Watch,
    Woken,
    Ended(Ended),
}

/// Opens the portal; returns its exit code when it ends. The terminal is as it was before, however it ends.
#[expect(
    clippy::too_many_lines,
    reason = "one loop, from the first frame to the last"
)]
pub async fn run(launch: Launch) -> Result<ExitCode, RuntimeError> {
    let capability = Capability::detect()?;
    let profile = look::profile(launch.colors, capability.profile);
    let (config, env) = (&launch.session.config, &launch.session.env);
    let is_light = matches!(config.look.theme, ThemeChoice::Either { .. }) && term::is_light();
    let mut look = Look::of(config, env, profile, is_light).heard(launch.accessible);
    let mut look_files = Watched::new(Look::files(config, env));
    let store = Store::open(&launch.session.dir)?;
    // Looked through on a worker once it is on screen.
    let quick = store.quick_index();
    let is_checked = quick.is_none();
    let index = quick.map_or_else(|| store.index(), Ok)?;
    let size = terminal_size();
    let mut model = launch.model(index, size);
    let remote = capability.remote;
    wear(&look, (profile, remote), &mut model);
    let (sender, mut receiver) = mpsc::channel(QUEUE);
    let mut effects = Effects::new(&launch, store, sender, remote);
    effects.show_pictures(look.pictures);
    let mut signals = Signals::new().map_err(RuntimeError::Terminal)?;

    let mut first = model.start(launch.route.clone());
    first.extend(Effects::opening(&mut model));
    let mut outcome = Outcome::default();
    if model.shared.index.is_empty() {
        outcome = effects.perform(std::mem::take(&mut first), &mut model);
        wait_for_entities(&mut model, &mut receiver, &mut effects).await;
    }

    term::install_panic_hook();
    let known = Known::here();
    model.shared.mouse = look.mouse.unwrap_or(!remote);
    let session = term::Session::enter(known, model.shared.mouse);
    let session = session.map_err(RuntimeError::Terminal)?;
    let mut screen = Screen::new(io::stdout(), size);
    screen.tell(told(known, &look));
    let mut events = Some(Events::new());
    let mut pace = Pace::new(remote);
    let mut strays = input::Strays::default();
    let mut rest = Rest::default();
    let begun = Instant::now();
    let mut watch = tokio::time::interval(WATCH);
    watch.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut refresh = refresh_timer(&launch);
    let code = loop {
        match std::mem::take(&mut outcome) {
            Outcome::Continue => {}
            Outcome::Quit(code) => break code,
            Outcome::Redraw => screen.invalidate(),
            Outcome::Send(sequence) => screen.send(&sequence).map_err(RuntimeError::Terminal)?,
            Outcome::Mouse(taken) => session.take_mouse(taken).map_err(RuntimeError::Terminal)?,
            Outcome::Away(away) => {
                // The reader goes first: two readers would share the keys between them.
                close(&mut events);
                outcome = give_away(away, &session, &mut model, &mut screen, &mut effects)?;
                events = Some(Events::new());
                pace.want();
            }
        }
        if matches!(outcome, Outcome::Continue) && effects.asks_for_graphics() {
            // As above: the answers are not for it.
            close(&mut events);
            let (graphics, typed) = term::ask_graphics(look.pictures.form(), remote);
            events = Some(Events::new());
            let mut asked = effects.got_graphics(graphics);
            for message in input::typed(&typed) {
                asked.extend(apply(&mut model, message, &mut screen));
            }
            outcome = effects.perform(asked, &mut model);
            pace.want();
            continue;
        }
        let Some(reader) = events.as_mut() else {
            break 0;
        };
        let due = pace.due();
        if due.is_none() && receiver.is_empty() && effects.are_done() {
            rest.begins();
        }
        let next = tokio::select! {
            biased;
            told = signals.next() => match told {
                Told::Ended(ended) => Next::Ended(ended),
                Told::Woken => Next::Woken,
            },
            Some(message) = receiver.recv() => Next::Message(message),
            event = reader.next() => match event {
                Some(Ok(event)) if term::owes_an_answer() && strays.take(&event) => continue,
                Some(Ok(event)) => {
                    rest.hears(&event);
                    match input::message(event) {
                        Some(message) => Next::Message(message),
                        None => continue,
                    }
                }
                Some(Err(_)) | None => Next::Ended(Ended::HungUp),
            },
            () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now).into()), if due.is_some() => Next::Frame,
            _ = watch.tick() => Next::Watch,
            () = ring(&mut refresh) => Next::Refresh,
        };
        if effects.forget_if_damaged(&mut model) {
            pace.want();
        }
        match next {
            Next::Message(message) => {
                rest.ends();
                let mut asked = apply(&mut model, Msg::Tick(now()), &mut screen);
                asked.extend(apply(&mut model, message, &mut screen));
                while let Ok(message) = receiver.try_recv() {
                    asked.extend(apply(&mut model, message, &mut screen));
                }
                outcome = effects.perform(asked, &mut model);
                pace.want();
            }
            Next::Frame => {
                rest.ends();
                let before = screen.sent();
                let drawn = screen.draw(|area: Rect, buffer| {
                    let mut output = ui::draw(&model, &look.theme, area, buffer);
                    if effects.forget_if_damaged(&mut model) {
                        buffer.reset();
                        output = ui::draw(&model, &look.theme, area, buffer);
                    }
                    let images = output.images.iter().map(image).collect();
                    let links = output.links.into_iter().map(link).collect();
                    let beside = Beside {
                        cursor: output.cursor,
                        images,
                        links,
                        title: title(&model),
                    };
                    (beside, (output.drawn, output.hits))
                });
                (model.drawn, model.hits) = drawn.map_err(RuntimeError::Terminal)?;
                pace.drawn(Instant::now(), screen.sent() - before);
                effects.watch_files();
                if !first.is_empty() {
                    // Whatever takes a worker or a file would have held up the first frame.
                    if !is_checked {
                        effects.check(model.shared.index.clone());
                    }
                    outcome = effects.perform(std::mem::take(&mut first), &mut model);
                }
            }
            Next::Refresh => {
                let due = Effects::again(&mut model);
                outcome = effects.perform(due, &mut model);
                pace.want();
            }
            Next::Watch if term::is_alive() => {
                effects.follow(&model);
                if look_files.changed()
                    && look_again(&launch, (profile, remote, is_light), &mut look, &mut model)
                {
                    effects.show_pictures(look.pictures);
                    screen.tell(told(known, &look));
                    screen.invalidate();
                    if let Some(mouse) = look.mouse.filter(|mouse| *mouse != model.shared.mouse) {
                        model.shared.mouse = mouse;
                        outcome = Outcome::Mouse(mouse);
                    }
                    look_files = Watched::new(Look::files(config, env));
                    pace.want();
                }
            }
            Next::Woken => {
                session.wake().map_err(RuntimeError::Terminal)?;
                screen.invalidate();
                pace.want();
            }
            // The terminal is gone: there is nobody to tell.
            Next::Watch => break Ended::HungUp.code(),
            Next::Ended(ended) => break ended.code(),
        }
    };
    effects.stop();
    if term::owes_an_answer() && begun.elapsed() < LATEST && code != Ended::HungUp.code() {
        close(&mut events);
        term::hear_out();
    }
    drop(session);
    if let Some(link) = model
        .page()
        .link()
        .filter(|_| !model.shared.index.is_empty())
    {
        effects.remember_place(&link);
    }
    let kept = model.end();
    effects.perform(kept, &mut model);
    effects.written().await;
    Ok(ExitCode::from(code))
}

/// What the terminal is told of what it understands: links are as the user wants them.
fn told(known: Known, look: &Look) -> Known {
    Known {
        links: look.links.unwrap_or(known.links),
        ..known
    }
}

/// The window's title: what is open. It stays while something is typed, which is on the way to what will be.
fn title(model: &Model) -> Option<String> {
    let (_, typing) = model.focus();
    if typing {
        return None;
    }
    let mut words = model.page().crumbs(&model.shared);
    words.retain(|word| word != PROGRAM);
    words.reverse();
    words.truncate(2);
    words.push(PROGRAM.to_owned());
    Some(cut(&words.join(" · "), TITLE))
}

/// A link that is seen, as the terminal takes it.
fn link(shown: ui::Link) -> term::Link {
    let ui::Link { area, url } = shown;
    term::Link { area, url }
}

/// An image that is seen, as the terminal takes it.
fn image(shown: &ui::Shown) -> term::Image {
    term::Image {
        key: shown.graphic.digest,
        form: match shown.graphic.protocol {
            Protocol::Kitty => Form::Kitty,
            Protocol::Iterm => Form::Iterm,
            Protocol::Sixel => Form::Sixel,
        },
        data: shown.graphic.data.clone(),
        size: shown.graphic.cells,
        at: shown.at,
        above: shown.above,
    }
}

/// The keys of `look` are in force from now on; what of them could not be followed is said.
fn wear(look: &Look, (profile, remote): (TermProfile, bool), model: &mut Model) {
    model.shared.keymap = look.keymap.clone();
    model.shared.accessible = look.theme.is_spoken();
    model.shared.images = look.pictures.seen(profile, remote);
    model.pending.clear();
    let more = look.faults.len().saturating_sub(1);
    if let Some(first) = look.faults.first() {
        let rest = if more > 0 {
            format!(" (and {more} more: stagedoor keys --check)")
        } else {
            String::new()
        };
        model.say(Notice::failed(format!("{first}{rest}")));
    }
}

/// The configuration has changed: the look it asks for now, where it can be read; else the last good one stays and the
/// reason is said. Whether anything is new on the screen.
fn look_again(
    launch: &Launch,
    (profile, remote, is_light): (TermProfile, bool, bool),
    look: &mut Look,
    model: &mut Model,
) -> bool {
    let session = &launch.session;
    match Config::load(&session.config.files, &session.env) {
        Ok(config) => {
            let new = Look::of(&config, &session.env, profile, is_light);
            let new = new.heard(launch.accessible);
            if new == *look {
                return false;
            }
            *look = new;
            model.say(Notice::done("Theme and keys are read again."));
            wear(look, (profile, remote), model);
        }
        Err(error) => model.say(Notice::failed(error.to_string())),
    }
    true
}

/// Rings whenever hosts are to be asked again; `None` where the user wants to be asked.
fn refresh_timer(launch: &Launch) -> Option<Interval> {
    let every = launch.session.config.refresh;
    if every.is_zero() || launch.session.offline {
        return None;
    }
    let mut timer = tokio::time::interval_at(tokio::time::Instant::now() + every, every);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    Some(timer)
}

/// Waits until the timer rings; for ever where there is none.
async fn ring(timer: &mut Option<Interval>) {
    match timer {
        Some(timer) => drop(timer.tick().await),
        None => std::future::pending().await,
    }
}

/// Leaves the terminal to `away` until it ends, and draws anew; returns what comes of what it did.
fn give_away<W: io::Write>(
    away: Away,
    session: &term::Session,
    model: &mut Model,
    screen: &mut Screen<W>,
    effects: &mut Effects,
) -> Result<Outcome, RuntimeError> {
    term::Session::leave();
    let said = away.run();
    session.resume().map_err(RuntimeError::Terminal)?;
    let (columns, rows) = terminal_size();
    apply(model, Msg::Resize(columns, rows), screen);
    screen.invalidate();
    let asked = said.map(|message| apply(model, message, screen));
    Ok(effects.perform(asked.unwrap_or_default(), model))
}

/// Stops reading what the terminal sends.
fn close(events: &mut Option<Events>) {
    if events.take().is_some_and(|events| !events.close()) {
        tracing::warn!("the terminal is still read: a sequence of it has no end");
    }
}

fn apply<W: io::Write>(
    model: &mut Model,
    message: Msg,
    screen: &mut Screen<W>,
) -> Vec<crate::app::Effect> {
    if let Msg::Resize(columns, rows) = message {
        screen.resize((columns, rows));
    }
    update(model, message)
}

/// Applies messages until there is a catalog, but not for long: a first reading of local sources mostly ends in time
/// for the first frame, which is then not empty.
async fn wait_for_entities(
    model: &mut Model,
    receiver: &mut mpsc::Receiver<Msg>,
    effects: &mut Effects,
) {
    let until = tokio::time::Instant::now() + FIRST;
    while model.shared.index.is_empty() {
        let Ok(Some(message)) = tokio::time::timeout_at(until, receiver.recv()).await else {
            return;
        };
        let asked = update(model, message);
        let _ = effects.perform(asked, model);
    }
}

/// The terminal's size in columns and rows; the classic one where it does not say.
fn terminal_size() -> (u16, u16) {
    match crossterm::terminal::size() {
        Ok((columns, rows)) if columns > 0 && rows > 0 => (columns, rows),
        _ => (80, 24),
    }
}
