//! The pages about findings: an index, and one page a rule with the examples by which the rule is tested.

use std::fmt::Write;
use std::path::Path;

use stagedoor::catalog::Rule;
use stagedoor::catalog::problem::{Level, RuleInfo, Theme};

use super::{cell, expect_file, expect_page, root};

/// `text` with a capital letter.
fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

/// The table of the rules for which `belongs` holds.
fn table(page: &mut String, belongs: impl Fn(&RuleInfo) -> bool) {
    page.push_str("\n| code | what is wrong | what to do |\n|---|---|---|\n");
    for info in Rule::ALL
        .iter()
        .map(|rule| rule.info())
        .filter(|info| belongs(info))
    {
        writeln!(
            page,
            "| [`{0}`](problems/{0}.md) | {1} | {2} |",
            info.code,
            cell(info.title),
            cell(info.remedy)
        )
        .unwrap();
    }
}

#[test]
fn index() {
    let mut page = String::from(
        "# Problems\n\nWhat `stagedoor lint` and the Problems screen find, by how bad it is and by what it is about.\n",
    );
    let levels = [
        (Level::Error, "Errors", "Backstage would refuse it."),
        (
            Level::Warning,
            "Warnings",
            "The descriptor itself is fine, but something is not as its author meant.",
        ),
        (
            Level::Info,
            "Good to know",
            "Nothing is wrong, but somebody may want to know.",
        ),
    ];
    for (level, title, means) in levels {
        write!(page, "\n## {title}\n\n{means}\n").unwrap();
        table(&mut page, |info| info.level == level);
    }
    page.push_str("\n## By theme\n");
    for theme in Theme::ALL {
        write!(page, "\n### {}\n", theme.title()).unwrap();
        table(&mut page, |info| info.theme == *theme);
    }
    page.push_str("\n## Mended by `lint --fix`\n\n");
    for info in Rule::ALL.iter().map(|rule| rule.info()) {
        if let Some(fix) = info.fix {
            writeln!(page, "- [`{0}`](problems/{0}.md): {fix}.", info.code).unwrap();
        }
    }
    expect_page("reference/problems.md", &page);
}

#[test]
fn a_page_a_rule() {
    for rule in Rule::ALL {
        let info = rule.info();
        let mut page = format!(
            "# {}\n\n`{}` · {} · {}\n\n{}\n\n## What Backstage does\n\n{}\n\n## What to do\n\n{}\n",
            capital(info.title),
            info.code,
            info.level,
            info.theme.title(),
            info.why,
            info.backstage,
            info.remedy
        );
        if let Some(fix) = info.fix {
            writeln!(page, "\n`stagedoor lint --fix` {fix}.").unwrap();
        }
        let examples = root().join("tests/fixtures/lint").join(info.code);
        if examples.is_dir() {
            page.push_str("\n## Wrong\n");
            example(&mut page, &examples.join("bad"));
            page.push_str("\n## Right\n");
            example(&mut page, &examples.join("good"));
        }
        expect_page(&format!("reference/problems/{}.md", info.code), &page);
    }
}

/// The files below `folder`, each in a block of its own.
fn example(page: &mut String, folder: &Path) {
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.unwrap();
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path().strip_prefix(folder).unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let language = match path.extension().and_then(|extension| extension.to_str()) {
            Some("md") => "markdown",
            Some("json") => "json",
            _ => "yaml",
        };
        let end = if text.ends_with('\n') { "" } else { "\n" };
        write!(
            page,
            "\n`{}`\n\n~~~{language}\n{text}{end}~~~\n",
            path.display()
        )
        .unwrap();
    }
}

#[test]
fn the_nav_has_every_page() {
    const FIRST: &str = "      - Problems:\n";
    const INDENT: &str = "          - ";
    let file = Path::new("mkdocs.yml");
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    let (before, after) = text.split_once(FIRST).unwrap();
    let rest: String = after
        .split_inclusive('\n')
        .skip_while(|line| line.starts_with(INDENT))
        .collect();
    let mut nav = format!("{before}{FIRST}{INDENT}All of them: reference/problems.md\n");
    for rule in Rule::ALL {
        writeln!(nav, "{INDENT}{0}: reference/problems/{0}.md", rule.code()).unwrap();
    }
    expect_file(file, &(nav + &rest));
}
