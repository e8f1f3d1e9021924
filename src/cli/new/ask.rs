//! Asking for answers line by line, on a terminal. The portal's wizard is the comfortable way.

use std::io::{self, BufRead, IsTerminal, Write};

use color_eyre::eyre::Result;

use crate::catalog::text::one_line;
use crate::cli::exit::{Exit, Failure};
use crate::scaffolder::form::{self, Field, FieldKind, RepoUrlOptions};
use crate::scaffolder::template::Page;
use crate::scaffolder::{Answers, Template};

/// How often a wrong answer may be corrected before the run is given up.
const TRIES: usize = 20;

/// Whether somebody is there to answer.
pub(in crate::cli) fn can() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for the fields of `page` that are wrong or missing and `is_wanted` by their path, until none is.
pub(super) fn page(
    page: &Page,
    answers: &mut Answers,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<()> {
    let mut stderr = io::stderr().lock();
    writeln!(stderr, "{}", one_line(&page.title))?;
    for _ in 0..TRIES {
        let errors = form::check(page, answers);
        let fields = form::fields(page, answers);
        let mut wanted = errors.iter().filter(|error| is_wanted(&error.path));
        let next = wanted.find_map(|error| {
            let field = fields.iter().find(|field| field.path == error.path)?;
            Some((field, error))
        });
        let Some((field, error)) = next else {
            return Ok(());
        };
        // A secret typed here would stay on the screen.
        if field.secret || matches!(field.kind, FieldKind::Text { secret: true, .. }) {
            return Err(Failure::usage(format!("{}: {}", field.name, error.message))
                .help("secrets are given by --values FILE")
                .into());
        }
        let answer = answer(field, &error.message, &mut stderr)?;
        match field.kind.parse(&answer) {
            Ok(value) => form::set(page, field, value, answers),
            Err(message) => writeln!(stderr, "    {}", one_line(&message))?,
        }
    }
    Ok(())
}

fn answer(field: &Field, error: &str, stderr: &mut impl Write) -> Result<String> {
    if !field.help.is_empty() {
        writeln!(stderr, "  {}", one_line(&field.help))?;
    }
    if let FieldKind::Choice(choices) | FieldKind::MultiChoice(choices) = &field.kind {
        let labels: Vec<String> = choices
            .iter()
            .map(|choice| one_line(&choice.label))
            .collect();
        writeln!(stderr, "  one of: {}", labels.join(", "))?;
    }
    if let FieldKind::RepoUrl(options) = &field.kind {
        writeln!(stderr, "  as in {}", example(options))?;
    }
    write!(
        stderr,
        "  {} ({}): ",
        one_line(&field.title),
        one_line(error)
    )?;
    stderr.flush()?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(Failure::new(Exit::Interrupted, "no more answers").into());
    }
    Ok(line.trim().to_owned())
}

/// What the place of a repository looks like at the first host that the author allows.
fn example(options: &RepoUrlOptions) -> String {
    let first = |allowed: &[String], or: &str| {
        let first = allowed.first().map_or(or, String::as_str);
        one_line(first)
    };
    let host = first(&options.hosts, "github.com");
    let project = || first(&options.projects, "PROJECT");
    let place = match host.as_str() {
        "dev.azure.com" => {
            let organization = first(&options.organizations, "ORGANIZATION");
            format!("organization={organization}&project={}", project())
        }
        "bitbucket.org" => format!("workspace=WORKSPACE&project={}", project()),
        _ => format!("owner={}", first(&options.owners, "OWNER")),
    };
    format!("{host}?{place}&repo={}", first(&options.repos, "NAME"))
}

/// Shows all answers and asks whether to run.
pub(super) fn confirm(template: &Template, answers: &Answers) -> Result<bool> {
    let mut stderr = io::stderr().lock();
    writeln!(stderr, "{}", one_line(&template.title))?;
    for row in form::review(template, answers) {
        let (label, value) = (one_line(&row.label), one_line(&row.value));
        writeln!(stderr, "  {label:28} {value}")?;
    }
    write!(stderr, "Run {} steps? [Y/n] ", template.steps.len())?;
    stderr.flush()?;
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line)?;
    Ok(read > 0 && !line.trim().to_lowercase().starts_with('n'))
}

/// Asks whether the repository shall remember what it was made from; `default` is meant by an empty answer.
pub(super) fn remember(default: bool) -> Result<bool> {
    let hint = if default { "Y/n" } else { "y/N" };
    confirmed(
        &format!("Remember the answers in the repository, for updates of the template? [{hint}] "),
        default,
    )
}

/// Asks a question of yes or no; `default` is meant by an empty answer.
pub(in crate::cli) fn confirmed(question: &str, default: bool) -> Result<bool> {
    Ok(match letter(question)? {
        Letter::None => default,
        Letter::End => false,
        Letter::Some(first) => first == 'y',
    })
}

/// What was answered to a question of one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Letter {
    /// This one, in lower case.
    Some(char),
    /// Enter alone.
    None,
    /// Nothing more will come.
    End,
}

/// Asks for one letter.
pub(in crate::cli) fn letter(question: &str) -> Result<Letter> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question}")?;
    stderr.flush()?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Ok(Letter::End);
    }
    let first = line.trim().to_lowercase().chars().next();
    Ok(first.map_or(Letter::None, Letter::Some))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_as_its_host_has_it() {
        let at = |host: &str| {
            example(&RepoUrlOptions {
                hosts: vec![host.to_owned()],
                owners: vec!["acme".to_owned()],
                ..RepoUrlOptions::default()
            })
        };
        assert_eq!(at("git.acme.dev"), "git.acme.dev?owner=acme&repo=NAME");
        let azure = "dev.azure.com?organization=ORGANIZATION&project=PROJECT&repo=NAME";
        assert_eq!(at("dev.azure.com"), azure);
        let cloud = "bitbucket.org?workspace=WORKSPACE&project=PROJECT&repo=NAME";
        assert_eq!(at("bitbucket.org"), cloud);
    }
}
