//! The first run: it waits for keys, has what was chosen tried, and draws, until something is taken.

use crossterm::event::Event;
use tokio_util::sync::CancellationToken;

use super::RuntimeError;
use super::event_loop::WATCH;
use super::look::{self, Look};
use super::signals::{Ended, Signals};
use crate::app::Msg;
use crate::app::welcome::{Step, Told, Want, Welcome};
use crate::config::{Config, Env};
use crate::input;
use crate::term::{Events, Inline};
use crate::ui;

/// How the first run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// This shall be shown.
    This(Want),
    /// The user left: the exit code says how.
    Nothing(u8),
}

/// 128 + SIGINT, as shells have it for what its user left.
const LEFT: u8 = 130;

/// Asks below the prompt what shall be shown; `attempt` tries it.
pub(crate) async fn run(
    mut welcome: Welcome,
    (config, env): (&Config, &Env),
    colors: Option<bool>,
    attempt: impl AsyncFn(Want, CancellationToken) -> Result<Told, String>,
) -> Result<Chosen, RuntimeError> {
    let mut inline = Inline::open(ui::welcome::ROWS)?;
    let profile = look::profile(colors, inline.profile());
    let look = Look::of(config, env, profile, false);
    let mut signals = Signals::new().map_err(RuntimeError::Terminal)?;
    let mut events = Events::new();
    let mut watch = tokio::time::interval(WATCH);
    let mut trying: Option<(Want, CancellationToken)> = None;
    loop {
        inline
            .draw(|area, buffer| ui::welcome::draw(&welcome, &look.theme, area, buffer))
            .map_err(RuntimeError::Terminal)?;
        let work = trying.clone();
        let attempted = async {
            match work {
                Some((want, cancel)) => attempt(want, cancel).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(attempted);
        // What is tried goes on while keys come that do not end it.
        let step = loop {
            let event = tokio::select! {
                biased;
                ended = signals.ended() => return Ok(Chosen::Nothing(ended.code())),
                told = &mut attempted => {
                    trying = None;
                    welcome.tried(told);
                    break Step::Stay;
                }
                event = events.next() => event,
                _ = watch.tick() => {
                    if inline.is_alive() {
                        continue;
                    }
                    None
                }
            };
            let Some(Ok(event)) = event else {
                return Ok(Chosen::Nothing(Ended::HungUp.code()));
            };
            let step = step(&mut welcome, &mut inline, event);
            if step != Step::Stay || trying.is_none() {
                break step;
            }
        };
        match step {
            Step::Stay => {}
            Step::Try(want) => trying = Some((want, CancellationToken::new())),
            Step::Stop => {
                if let Some((_, cancel)) = trying.take() {
                    cancel.cancel();
                }
            }
            Step::Take(want) => return Ok(Chosen::This(want)),
            Step::Leave => return Ok(Chosen::Nothing(LEFT)),
        }
    }
}

fn step(welcome: &mut Welcome, inline: &mut Inline, event: Event) -> Step {
    match input::message(event) {
        Some(Msg::Key(key)) => return welcome.key(key),
        Some(Msg::Paste(text)) => welcome.paste(&text),
        Some(Msg::Resize(..)) => inline.resize(ui::welcome::ROWS),
        _ => {}
    }
    Step::Stay
}
