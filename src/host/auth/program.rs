//! Asking other programs for a token: never with anything secret among their arguments, never waiting long, never letting
//! them ask the user.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use crate::config::{Env, Secret};

/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// The most that is read of what it says, in bytes.
const MOST: u64 = 64 << 10;

/// Kept from asking anybody: each tool has its own word for it.
const QUIET: &[(&str, &str)] = &[
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", ""),
    ("SSH_ASKPASS", ""),
    ("GCM_INTERACTIVE", "never"),
    ("GH_PROMPT_DISABLED", "1"),
    ("GH_NO_UPDATE_NOTIFIER", "1"),
    ("NO_PROMPT", "1"),
];

/// What the program and arguments `words` print when they are told `input`. Nothing where the program is not there, fails,
/// or takes too long: another step of the chain may know more.
pub(super) async fn said(words: &[&str], input: &str, env: &Env) -> Option<Secret> {
    let (program, arguments) = words.split_first()?;
    // Where no path is set, there are no programs.
    env.get("PATH")?;
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(env.variables())
        .envs(QUIET.iter().copied())
        .current_dir(env.cwd())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // In a group of its own: what reads the terminal stops there, and its children end with it.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    let answer = tokio::time::timeout(PATIENCE, talk(&mut child, input)).await;
    if answer.is_err() {
        tracing::warn!(program, "did not answer in time and was ended");
        if let Some(group) = group {
            // It may have ended just now, which is as good.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    let text = String::from_utf8(answer.ok()??).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| Secret::new(text))
}

async fn talk(child: &mut Child, input: &str) -> Option<Vec<u8>> {
    let mut stdin = child.stdin.take()?;
    // One that ends without listening has said all it has to say.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    let mut bytes = Vec::new();
    let stdout = child.stdout.take()?;
    stdout.take(MOST).read_to_end(&mut bytes).await.ok()?;
    child.wait().await.ok()?.success().then_some(bytes)
}
