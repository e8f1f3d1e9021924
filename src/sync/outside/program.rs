//! Actions that are programs of the user's own: input as JSON on standard input, output as JSON on standard output. What they say
//! on standard error is theirs to say. They are bounded in time and size, and end with everything that they have begun.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Map, Value};

use crate::config::Env;
use crate::scaffolder::outside::{OutsideError, ProgramCall};

/// How long a program may take.
const PATIENCE: Duration = Duration::from_mins(10);
/// How often a running one is looked at.
const TICK: Duration = Duration::from_millis(20);
/// The most that is read of what it gives, and of what it says.
const MAX_OUTPUT: u64 = 8 << 20;
const MAX_WORDS: u64 = 64 << 10;

/// Runs the program and arguments `words` for `call`.
pub(super) fn run(
    words: &[String],
    call: &mut ProgramCall<'_>,
    env: &Env,
) -> Result<Map<String, Value>, OutsideError> {
    let name = call.action;
    let failed = |why: String| OutsideError::Failed(format!("{name}: {why}"));
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed("stagedoor.actions names no program".to_owned()));
    };
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(env.variables())
        .current_dir(call.workspace)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|error| failed(format!("{program} cannot be started: {error}")))?;
    let input = Value::Object(call.input.clone()).to_string();
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (status, output, words) = std::thread::scope(|scope| {
        scope.spawn(move || {
            // One that ends without listening has said all it has to say.
            stdin.map(|mut stdin| stdin.write_all(input.as_bytes()))
        });
        let output = scope.spawn(move || text(stdout, MAX_OUTPUT));
        let words = scope.spawn(move || text(stderr, MAX_WORDS));
        let status = wait(&mut child, call.stop);
        (status, output.join(), words.join())
    });
    let words = words.unwrap_or_default();
    for line in words.lines() {
        (call.log)(line);
    }
    let status = status.map_err(failed)?;
    if !status.success() {
        let last = words.lines().rev().find(|line| !line.trim().is_empty());
        let last = last.map_or_else(String::new, |line| format!(": {}", line.trim()));
        return Err(failed(format!("{program} ended with {status}{last}")));
    }
    let output = output.unwrap_or_default();
    if output.trim().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_str(&output) {
        Ok(Value::Object(output)) => Ok(output),
        Ok(_) => Err(failed(format!(
            "{program} must print a JSON object, or nothing"
        ))),
        Err(error) => Err(failed(format!("{program} printed no JSON: {error}"))),
    }
}

fn text(from: Option<impl Read>, most: u64) -> String {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        // What was read until something went wrong is worth having; the rest is read so that nobody waits to be heard.
        let _ = from.by_ref().take(most).read_to_end(&mut bytes);
        let _ = std::io::copy(&mut from, &mut std::io::sink());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Waits for its end, which comes at the latest when it has had its time or the user stops the run.
fn wait(child: &mut Child, stop: &dyn Fn() -> bool) -> Result<std::process::ExitStatus, String> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(status);
        }
        let is_late = began.elapsed() > PATIENCE;
        if is_late || stop() {
            if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
                // It may have ended just now, which is as good.
                let _ = kill_process_group(group, Signal::KILL);
            }
            let _ = child.wait();
            return Err(if is_late {
                format!(
                    "it took longer than {} minutes and was ended",
                    PATIENCE.as_secs() / 60
                )
            } else {
                "stopped".to_owned()
            });
        }
        std::thread::sleep(TICK);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;

    fn call(script: &str, stop: &dyn Fn() -> bool) -> (Result<Value, String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let words = ["/bin/sh", "-c", script].map(str::to_owned);
        let input = json!({ "name": "lamp" });
        let mut said = Vec::new();
        let mut log = |line: &str| said.push(line.to_owned());
        let env = Env::fixed(Path::new("/"), &[("PATH", "/usr/bin:/bin")]);
        let given = run(
            &words,
            &mut ProgramCall {
                action: "acme:light",
                input: input.as_object().unwrap(),
                workspace: folder.path(),
                stop,
                log: &mut log,
            },
            &env,
        );
        let given = given.map(Value::Object).map_err(|error| error.to_string());
        (given, said)
    }

    #[test]
    fn a_program_is_given_json_and_gives_json() {
        let (given, said) = call(
            "echo working >&2; printf '{\"was\": %s}' \"$(cat)\"",
            &|| false,
        );
        assert_eq!(given, Ok(json!({ "was": { "name": "lamp" } })));
        assert_eq!(said, ["working"]);
        assert_eq!(call("exit 0", &|| false).0, Ok(json!({})));
    }

    #[test]
    fn what_goes_wrong_is_said() {
        for (script, words) in [
            ("echo no oil >&2; exit 3", "no oil"),
            ("echo 7", "must print a JSON object"),
            ("echo {", "printed no JSON"),
        ] {
            let error = call(script, &|| false).0.unwrap_err();
            assert!(
                error.starts_with("acme:light") && error.contains(words),
                "{error}"
            );
        }
        // It ends with what it has begun.
        let (given, _) = call("sleep 600 & sleep 600", &|| true);
        assert!(given.unwrap_err().contains("stopped"));
    }
}
