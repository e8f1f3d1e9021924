//! What is wrong with a docs site: its `mkdocs.yml`, its nav, and the links between its pages.

use std::collections::HashSet;

use super::path::{folder, normal};
use super::{Config, Document, LinkTarget, Page, Site};
use crate::catalog::{Level, Place, Problem, Rule};

/// A page of a site, read.
#[derive(Debug, Clone, Copy)]
pub struct CheckedPage<'a> {
    /// Its path relative to `docs_dir`.
    pub path: &'a str,
    /// Its file, as findings shall name it.
    pub file: &'a str,
    /// What it says.
    pub document: &'a Document,
}

/// Checks the site that the `mkdocs.yml` at `file` with the text `config` (empty where there is none) makes of `pages`.
///
/// Nothing of it is worse than a warning: Backstage's catalog takes the entity all the same. Links that begin with `/`
/// are left alone, as MkDocs does: on a portal they lead to its other pages.
pub fn check(file: &str, config: &str, pages: &[CheckedPage<'_>]) -> Vec<Problem> {
    let (parsed, mut problems) = Config::parse(file, config);
    for problem in &mut problems {
        problem.level = problem.level.max(Level::Warning);
    }
    let untitled = pages.iter().map(|page| Page {
        path: page.path.to_owned(),
        title: String::new(),
    });
    let (site, missing) = Site::build(&parsed, untitled.collect());
    for path in missing {
        let (line, column) = position(config, &path);
        let place = Place {
            file: file.to_owned(),
            line,
            column,
        };
        let message = format!("The nav names '{path}', but there is no such page.");
        problems.push(Problem::new(Rule::Docs, place, message));
    }
    let known: HashSet<&str> = pages.iter().map(|page| page.path).collect();
    for page in pages {
        for link in &page.document.links {
            if leads_somewhere(&site, &known, page.path, &link.href) {
                continue;
            }
            let place = Place {
                file: page.file.to_owned(),
                line: link.line,
                column: 0,
            };
            let message = format!("The link to '{}' leads to no page.", link.href.trim());
            problems.push(Problem::new(Rule::Docs, place, message));
        }
    }
    problems
}

fn leads_somewhere(site: &Site, known: &HashSet<&str>, from: &str, href: &str) -> bool {
    let href = href.trim();
    let path = href.split(['#', '?']).next().unwrap_or_default();
    let as_written = normal(folder(from), path);
    // Most links name a page as it is; only the others are worth the search.
    href.starts_with('/')
        || as_written.is_some_and(|path| known.contains(path.as_str()))
        || !matches!(site.resolve(from, href), LinkTarget::Missing(_))
}

/// Where the nav of `config` names `path`, from 1; zeros where it writes it in another way.
fn position(config: &str, path: &str) -> (u32, u32) {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let count = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
    for (number, line) in config.lines().enumerate() {
        let Some((before, after)) = line.split_once(path) else {
            continue;
        };
        let before_dot = before.strip_suffix("./").unwrap_or(before);
        if !before_dot.ends_with(is_part) && !after.starts_with(is_part) {
            return (count(number), count(before_dot.chars().count()));
        }
    }
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::techdocs::markdown;

    fn found(config: &str, pages: &[(&str, &str)]) -> Vec<String> {
        let documents: Vec<Document> = pages.iter().map(|page| markdown::parse(page.1)).collect();
        let pages: Vec<CheckedPage<'_>> = pages
            .iter()
            .zip(&documents)
            .map(|((path, _), document)| CheckedPage {
                path,
                file: path,
                document,
            })
            .collect();
        check("mkdocs.yml", config, &pages)
            .iter()
            .map(|problem| format!("{}: {}", problem.place, problem.message))
            .collect()
    }

    #[test]
    fn what_the_nav_names_in_vain_is_found_where_it_stands() {
        assert_eq!(
            found(
                "nav:\n- index.md\n- Ops:\n  - Off: old/gone.md\n  - Gone: ./gone.md\n",
                &[("index.md", "# A")]
            ),
            [
                "mkdocs.yml:4:10: The nav names 'old/gone.md', but there is no such page.",
                "mkdocs.yml:5:11: The nav names 'gone.md', but there is no such page.",
            ]
        );
    }

    #[test]
    fn links_that_lead_nowhere_are_found_and_no_others() {
        let page = "# A\n\n[ok](b.md#x) [ok](b/) [ok](/catalog) [ok](https://a.dev) [ok](x.png)\n\n[gone](c.md)\n";
        assert_eq!(
            found("", &[("index.md", page), ("b.md", "# B")]),
            ["index.md:5: The link to 'c.md' leads to no page."]
        );
    }

    #[test]
    fn a_config_that_is_no_yaml_is_no_more_than_a_warning() {
        let problems = check("mkdocs.yml", "nav: [", &[]);
        assert!(
            matches!(&problems[..], [problem] if problem.level == Level::Warning),
            "{problems:?}"
        );
    }
}
