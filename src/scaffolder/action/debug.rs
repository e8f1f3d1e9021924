//! `debug:*`.

use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::scaffolder::js;

use super::{ActionError, Input, LogLevel, Outputs, Task};

type Result = std::result::Result<Outputs, ActionError>;

/// The longest wait; Backstage's own bound.
const MAX_WAIT: Duration = Duration::from_mins(10);
/// How often a wait asks whether to stop.
const TICK: Duration = Duration::from_millis(50);
/// The most of a file that is written into the log.
const MAX_SHOWN: usize = 64 << 10;

pub(super) fn log(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let shown = js::stringify(&Json::Object(input.values().clone()), "  ");
    (task.log)(LogLevel::Info, &shown);
    if let Some(message) = input.text("message")?.filter(|text| !text.is_empty()) {
        (task.log)(LogLevel::Info, message);
    }
    let list = input.get("listWorkspace");
    if list.is_none_or(|list| *list == Json::Bool(false)) {
        return Ok(Outputs::new());
    }
    let contents = list.and_then(Json::as_str) == Some("with-contents");
    let mut lines = vec!["Workspace:".to_owned()];
    for entry in task.workspace.tree() {
        if entry.path.ends_with('/') {
            continue;
        }
        lines.push(format!("  - {}", entry.path));
        if contents && entry.target.is_none() {
            let bytes = task.workspace.read(&entry.path)?;
            let head = bytes.get(..MAX_SHOWN).unwrap_or(&bytes);
            let text = String::from_utf8_lossy(head);
            lines.extend(text.lines().map(|line| format!("      {line}")));
        }
    }
    (task.log)(LogLevel::Info, &lines.join("\n"));
    Ok(Outputs::new())
}

pub(super) fn wait(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let mut seconds = 0.0;
    for (key, factor) in [("minutes", 60.0), ("seconds", 1.0), ("milliseconds", 0.001)] {
        seconds += input.number(key)?.unwrap_or(0.0) * factor;
    }
    let wait = Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|wait| *wait <= MAX_WAIT)
        .ok_or_else(|| input.error("waits between nothing and ten minutes"))?;
    pause(task, wait, &seconds.to_string())?;
    Ok(Outputs::new())
}

/// Waits for `wait`, which is `seconds` in words, unless the user stops it.
pub(super) fn pause(
    task: &mut Task<'_>,
    wait: Duration,
    seconds: &str,
) -> std::result::Result<(), ActionError> {
    let end = Instant::now() + wait;
    (task.log)(LogLevel::Info, &format!("Waiting {seconds} seconds"));
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        task.go_on()?;
        std::thread::sleep(left.min(TICK));
    }
    Ok(())
}
