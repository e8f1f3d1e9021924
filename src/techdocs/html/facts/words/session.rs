//! Sessions: lines with a prompt are code, the others what it says.

use super::{Class, Out, rules};

/// Lines of a shell; a command may go on over several.
pub(super) fn shell(code: &str, out: &mut Out) {
    let mut command = String::new();
    let mut goes_on = false;
    for line in code.split_inclusive('\n') {
        if let Some((prompt, rest)) = prompt(line) {
            run(&mut command, out);
            out.push(Class::Prompt, prompt);
            rest.clone_into(&mut command);
            goes_on = command.ends_with("\\\n");
        } else if goes_on {
            let line = line.strip_prefix("> ").unwrap_or(line);
            command.push_str(line);
            goes_on = command.ends_with("\\\n");
        } else {
            run(&mut command, out);
            out.push(Class::Plain, line);
        }
        if !goes_on {
            run(&mut command, out);
        }
    }
    run(&mut command, out);
}

fn run(command: &mut String, out: &mut Out) {
    rules::read(&std::mem::take(command), "bash", out);
    out.end();
}

/// A line's prompt, and the command behind it.
fn prompt(line: &str) -> Option<(&str, &str)> {
    let at = line.find(['$', '#', '%', '❯'])?;
    let head = line.get(..at)?;
    let words = head.split_whitespace().count();
    let is_prompt = head.trim().is_empty()
        || head.starts_with("sh")
        || (head.starts_with('[') || head.contains(['@', ':'])) && words <= 2
        || (head.starts_with('(') && words == 1);
    if !is_prompt {
        return None;
    }
    let sign = line.get(at..)?.chars().next()?;
    let behind = line.get(at + sign.len_utf8()..)?;
    let rest = behind.trim_start_matches([' ', '\t']);
    line.split_at_checked(line.len() - rest.len())
}

/// Lines of Python.
pub(super) fn python(code: &str, out: &mut Out) {
    for line in code.split_inclusive('\n') {
        let prompts = [">>> ", "... ", ">>>\n", "...\n"];
        if let Some(rest) = prompts.iter().find_map(|prompt| line.strip_prefix(prompt)) {
            out.push(Class::Prompt, line.get(..3).unwrap_or_default());
            out.end();
            rules::read(rest, "python", out);
            out.end();
        } else {
            out.push(Class::Plain, line);
        }
    }
}
