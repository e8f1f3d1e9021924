//! `literate-nav`: navs in Markdown (`SUMMARY.md`), folders and patterns in place of pages. As mkdocs-literate-nav 0.6
//! resolves them.

use std::collections::BTreeSet;

use super::Sources;
use super::files::walk_key;
use crate::techdocs::config::Literate;
use crate::techdocs::config::nav::{Complaint, Line, MAX_DEPTH, Said};
use crate::techdocs::html::{ListItem, last_list};
use crate::techdocs::markdown::{self, Files, Options};
use crate::techdocs::path;

/// The nav that `lines` are once folders and patterns are resolved, or the one that the root's file of navs gives.
pub(super) fn resolve(
    sources: &Sources,
    told: &Literate,
    lines: Option<Vec<Line>>,
    complaints: &mut Vec<Complaint>,
) -> Option<Vec<Line>> {
    let mut pages: Vec<&str> = sources.pages.keys().map(String::as_str).collect();
    pages.sort_by(|a, b| walk_key(a).cmp(&walk_key(b)));
    let mut reader = Reader {
        sources,
        told,
        folders: folders(&pages),
        pages,
        seen: BTreeSet::new(),
        complaints,
    };
    if lines.is_none() || reader.has_file("") {
        let nav = reader.folder("", &[]);
        if !nav.is_empty() {
            return Some(nav);
        }
    }
    let lines = lines?;
    let wild = lines.into_iter().map(|line| reader.written(line)).collect();
    Some(reader.resolved(wild, &[String::new()]))
}

/// A line before its patterns are resolved.
struct Wild {
    title: Option<String>,
    target: Aim,
}

/// What a line aims at.
enum Aim {
    /// A page or an address.
    Text(String),
    /// A folder, by its own nav; as it was written, too.
    Folder(String, String),
    /// All that matches, with or without folders alone; what is shown where nothing does.
    Pattern {
        pattern: String,
        folders_only: bool,
        fallback: Option<String>,
    },
    Section(Vec<Wild>),
}

struct Reader<'a> {
    sources: &'a Sources,
    told: &'a Literate,
    pages: Vec<&'a str>,
    /// The folders that hold pages, in the order in which they are met.
    folders: Vec<String>,
    /// What is named somewhere, which no pattern adds again.
    seen: BTreeSet<String>,
    complaints: &'a mut Vec<Complaint>,
}

impl Reader<'_> {
    fn file(&self, folder: &str) -> String {
        path::joined(folder, &self.told.file).unwrap_or_default()
    }

    fn has_file(&self, folder: &str) -> bool {
        self.sources.pages.contains_key(&self.file(folder))
    }

    /// The nav of `folder`, which `above` led to: what its file says, else all that it holds.
    fn folder(&mut self, folder: &str, above: &[String]) -> Vec<Line> {
        let mut stack = vec![folder.to_owned()];
        stack.extend_from_slice(above);
        let index = self.index(folder).filter(|_| self.told.implicit_index);
        let file = self.file(folder);
        let text = self.sources.pages.get(&file).map(|page| page.text.clone());
        if let Some(text) = text {
            // Its lists are indented as Python-Markdown has it by itself.
            let options = Options {
                list_indent: 4,
                ..Options::default()
            };
            let (text, marked) = mark(&text);
            let html = markdown::render(&text, &options, Files::NONE).html;
            if let Some(list) = last_list(&html, marked.then_some(MARK)) {
                if index.as_deref() != Some(file.as_str()) {
                    self.seen.insert(file);
                }
                let first = index.map(|index| Wild {
                    title: None,
                    target: Aim::Pattern {
                        pattern: index,
                        folders_only: false,
                        fallback: None,
                    },
                });
                let list = self.list(list, folder, first);
                return self.resolved(list, &stack);
            }
        }
        let all = Aim::Pattern {
            pattern: path::joined(folder, "*").unwrap_or_default(),
            folders_only: false,
            fallback: None,
        };
        let all = Wild {
            title: None,
            target: all,
        };
        self.resolved(vec![all], &stack)
    }

    fn index(&self, folder: &str) -> Option<String> {
        let is_index = |page: &&&str| path::is_index(page) && path::folder(page) == folder;
        self.pages
            .iter()
            .rfind(is_index)
            .map(|page| (*page).to_owned())
    }

    /// The lines of a list of the Markdown in `folder`.
    fn list(&mut self, items: Vec<ListItem>, folder: &str, first: Option<Wild>) -> Vec<Wild> {
        let mut lines: Vec<Wild> = first.into_iter().collect();
        for item in items {
            let link = item.href.as_deref().map(|href| self.linked(folder, href));
            let title = item.text;
            let target = if item.items.is_empty() {
                link
            } else {
                let first = link.map(|target| Wild {
                    title: None,
                    target,
                });
                if let Some(Wild {
                    target: Aim::Text(path),
                    ..
                }) = &first
                {
                    self.seen.insert(path.clone());
                }
                Some(Aim::Section(self.list(item.items, folder, first)))
            };
            lines.extend(match target {
                Some(target @ Aim::Pattern { .. }) => Some(Wild {
                    title: None,
                    target,
                }),
                Some(target) => Some(Wild {
                    title: Some(title),
                    target,
                }),
                None if title.contains('*') => Some(Wild {
                    title: None,
                    target: pattern(folder, &title),
                }),
                None => {
                    let message = format!(
                        "'{title}' in {} is neither a link nor has lines below it.",
                        self.file(folder)
                    );
                    self.complaints.push(Complaint {
                        message,
                        text: String::new(),
                    });
                    None
                }
            });
        }
        lines
    }

    /// What `link`, in `folder`, aims at.
    fn linked(&mut self, folder: &str, link: &str) -> Aim {
        if path::is_url(link) {
            return Aim::Text(link.to_owned());
        }
        let target = path::joined(folder, link.trim_start_matches('/')).unwrap_or_default();
        self.seen.insert(target.clone());
        if link.ends_with('/') && self.folders.contains(&target) {
            return Aim::Folder(target, link.to_owned());
        }
        Aim::Text(target)
    }

    /// A line of the nav of `mkdocs.yml`.
    fn written(&mut self, line: Line) -> Wild {
        let Line { title, said } = line;
        let target = match said {
            Said::Section(lines) => {
                Aim::Section(lines.into_iter().map(|line| self.written(line)).collect())
            }
            Said::Text(text) if text.contains('*') => pattern("", &text),
            Said::Text(text) if title.is_some() => self.linked("", &text),
            Said::Text(text) => Aim::Text(text),
        };
        Wild { title, target }
    }

    /// `lines` with what their folders and patterns stand for.
    fn resolved(&mut self, lines: Vec<Wild>, stack: &[String]) -> Vec<Line> {
        for line in &lines {
            if let Aim::Text(text) = &line.target {
                self.seen.insert(text.clone());
            }
        }
        let mut resolved = Vec::new();
        for Wild { title, target } in lines {
            match (title, target) {
                (title, Aim::Text(text)) => resolved.push(Line {
                    title,
                    said: Said::Text(text),
                }),
                (title, Aim::Section(lines)) => {
                    let lines = self.resolved(lines, stack);
                    resolved.extend((!lines.is_empty()).then_some(Line {
                        title,
                        said: Said::Section(lines),
                    }));
                }
                (title, Aim::Folder(folder, written)) => {
                    if stack.contains(&folder) || stack.len() > MAX_DEPTH {
                        let said = Said::Text(written);
                        resolved.push(Line { title, said });
                        continue;
                    }
                    let lines = self.folder(&folder, stack);
                    resolved.extend((!lines.is_empty()).then_some(Line {
                        title,
                        said: Said::Section(lines),
                    }));
                }
                (
                    Some(title),
                    Aim::Pattern {
                        pattern,
                        folders_only,
                        fallback,
                    },
                ) => {
                    let lines = self.matching(&pattern, folders_only, None, stack);
                    let said = if lines.is_empty() {
                        fallback.map(Said::Text)
                    } else {
                        Some(Said::Section(lines))
                    };
                    resolved.extend(said.map(|said| Line {
                        title: Some(title),
                        said,
                    }));
                }
                (
                    None,
                    Aim::Pattern {
                        pattern,
                        folders_only,
                        fallback,
                    },
                ) => resolved.extend(self.matching(&pattern, folders_only, fallback, stack)),
            }
        }
        resolved
    }

    /// The pages and folders that `pattern` matches, but for those that were named or matched before.
    fn matching(
        &mut self,
        pattern: &str,
        folders_only: bool,
        fallback: Option<String>,
        stack: &[String],
    ) -> Vec<Line> {
        let matches = |path: &&str| fits(pattern, path);
        let pages: Vec<String> = self
            .pages
            .iter()
            .copied()
            .filter(|page| matches(page))
            .map(str::to_owned)
            .collect();
        let folders: Vec<String> = self
            .folders
            .iter()
            .filter(|folder| matches(&folder.as_str()))
            .cloned()
            .collect();
        if pages.is_empty() && folders.is_empty() {
            return fallback.map(Line::text).into_iter().collect();
        }
        let mut lines = Vec::new();
        for page in pages {
            if folders_only || self.seen.contains(&page) {
                continue;
            }
            lines.push(Line::text(page.clone()));
            self.seen.insert(page);
        }
        for folder in folders {
            if self.seen.contains(&folder) {
                continue;
            }
            if !stack.contains(&folder) && stack.len() <= MAX_DEPTH {
                let below = self.folder(&folder, stack);
                if !below.is_empty() {
                    lines.push(Line::section(path::title(path::file_name(&folder)), below));
                }
            }
            self.seen.insert(folder);
        }
        lines
    }
}

/// What stands in the place of the remark before a list that is the nav.
const MARK: &str = "nav-marker-of-this-page";

/// `text` with a paragraph in place of the last `<!--nav-->`, and whether it has one.
fn mark(text: &str) -> (String, bool) {
    let mut marked = false;
    let mut lines: Vec<&str> = text.lines().collect();
    if let Some(line) = lines.iter_mut().rfind(|line| line.trim() == "<!--nav-->") {
        *line = MARK;
        marked = true;
    }
    let mut text = lines.join("\n");
    if marked {
        text = text.replacen(MARK, &format!("{MARK}\n"), 1);
    }
    (text, marked)
}

/// The pattern `text` of `folder`.
fn pattern(folder: &str, text: &str) -> Aim {
    Aim::Pattern {
        pattern: path::joined(folder, text.trim_start_matches('/')).unwrap_or_default(),
        folders_only: text.ends_with('/'),
        fallback: Some(text.to_owned()),
    }
}

/// The folders that hold `pages`, each with those above it, in the order in which they are met.
fn folders(pages: &[&str]) -> Vec<String> {
    let mut folders = Vec::new();
    let mut known = BTreeSet::new();
    for page in pages {
        let mut folder = path::folder(page);
        loop {
            if known.insert(folder) {
                folders.push(folder.to_owned());
            }
            if folder.is_empty() {
                break;
            }
            folder = path::folder(folder);
        }
    }
    folders
}

/// Whether `path` matches `pattern` part by part, as `fnmatch` has it.
fn fits(pattern: &str, path: &str) -> bool {
    let (patterns, parts) = (pattern.split('/'), path.split('/'));
    patterns.clone().count() == parts.clone().count()
        && !path.is_empty()
        && patterns.zip(parts).all(|(pattern, part)| {
            let glob = globset::GlobBuilder::new(pattern)
                .backslash_escape(false)
                .build();
            glob.is_ok_and(|glob| glob.compile_matcher().is_match(part))
        })
}
