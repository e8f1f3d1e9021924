//! `awesome-pages`: navs in files beside the pages (`.pages`), and `...` for the rest. As mkdocs-awesome-pages-plugin 2.10
//! arranges them.

mod meta;
mod rest;
mod sort;

use std::collections::BTreeMap;

use super::{Sources, files};
use crate::techdocs::config::nav::{self, Complaint, Line, Said};
use crate::techdocs::config::{Awesome, Sorting};
use crate::techdocs::{NavItem, Target, page, path};
use meta::{Entry, Meta};
use rest::Rest;

/// A line of the nav while it is arranged.
#[derive(Debug, Clone)]
struct Node {
    /// What it is called, where that was said.
    title: Option<String>,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Page(String),
    Url(String),
    Section(Section),
}

#[derive(Debug, Clone, Default)]
struct Section {
    nodes: Vec<Node>,
    /// Whether the nav of `mkdocs.yml` has it, so that no file of a folder changes it.
    is_explicit: bool,
    /// Whether a file of a folder made it.
    is_virtual: bool,
    /// The folder that it stands for.
    folder: Option<String>,
    meta: Meta,
}

/// The nav of the site, whose `mkdocs.yml` has the nav `lines`; `texts` are those of the files that arrange folders, by
/// their path in the site.
pub(super) fn arrange(
    sources: &Sources,
    told: &Awesome,
    texts: &BTreeMap<String, String>,
    lines: Option<Vec<Line>>,
    complaints: &mut Vec<Complaint>,
) -> Vec<NavItem> {
    let mut reader = Reader {
        sources,
        told,
        texts,
        complaints,
    };
    let mut nodes = reader.begin(lines);
    let (_, meta) = reader.gather(&mut nodes);
    let nodes = reader.children(nodes, told.collapse, &meta);
    items(nodes)
}

struct Reader<'a> {
    sources: &'a Sources,
    told: &'a Awesome,
    texts: &'a BTreeMap<String, String>,
    complaints: &'a mut Vec<Complaint>,
}

impl Reader<'_> {
    /// The nav before files of folders change it: that of `mkdocs.yml` with the rest in place of each `...`, else that of
    /// all pages.
    fn begin(&mut self, lines: Option<Vec<Line>>) -> Vec<Node> {
        let all = || of_items(files::nest(&self.sources.in_nav()), false);
        let Some(lines) = lines else {
            return all();
        };
        let mut rests = Vec::new();
        rest::find(&lines, &mut rests);
        if rests.is_empty() {
            return of_items(nav::items(lines, self.complaints), true);
        }
        rests.sort_by_key(Rest::is_all);
        let mut named = Vec::new();
        rest::named(&lines, &mut named);
        let mut blocks = rest::blocks(all(), &named, &rests);
        rest::inserted(lines, &rests, &mut blocks, self.complaints)
    }

    /// Reads the file of each folder that is a section of `nodes`; gives the folder that `nodes` themselves stand for,
    /// and its file.
    fn gather(&mut self, nodes: &mut [Node]) -> (Option<String>, Meta) {
        let mut folders: Vec<String> = Vec::new();
        for node in nodes {
            match &mut node.kind {
                Kind::Url(_) => {}
                Kind::Page(page) => folders.push(path::folder(page).to_owned()),
                Kind::Section(section) => {
                    let (folder, meta) = self.gather(&mut section.nodes);
                    if section.is_explicit {
                        continue;
                    }
                    if let Some(folder) = &folder {
                        folders.push(path::folder(folder).to_owned());
                    }
                    section.folder = folder;
                    section.meta = meta;
                }
            }
        }
        let folder = folders
            .first()
            .filter(|first| folders.iter().all(|folder| folder == *first))
            .cloned();
        let meta = folder.as_deref().map(|folder| self.meta(folder));
        (folder, meta.unwrap_or_default())
    }

    fn meta(&mut self, folder: &str) -> Meta {
        let file = path::joined(folder, &self.told.filename).unwrap_or_default();
        let Some(text) = self.texts.get(&file) else {
            return Meta::default();
        };
        Meta::read(text).unwrap_or_else(|reason| {
            let message = format!("{file} cannot be used: {reason}.");
            self.complaints.push(Complaint {
                message,
                text: String::new(),
            });
            Meta::default()
        })
    }

    fn children(&mut self, mut nodes: Vec<Node>, collapse: bool, meta: &Meta) -> Vec<Node> {
        self.sort(&mut nodes, meta.sorting.or(self.told.sorting));
        let nodes = match &meta.nav {
            Some(entries) => self.named(nodes, entries),
            None => nodes,
        };
        self.sections(nodes, collapse)
    }

    fn sections(&mut self, nodes: Vec<Node>, collapse: bool) -> Vec<Node> {
        let mut kept = Vec::with_capacity(nodes.len());
        for mut node in nodes {
            let Kind::Section(section) = node.kind else {
                kept.push(node);
                continue;
            };
            if section.is_virtual {
                let nodes = self.sections(section.nodes, collapse);
                node.kind = Kind::Section(Section { nodes, ..section });
                kept.push(node);
                continue;
            }
            let Section {
                nodes,
                is_explicit,
                meta,
                ..
            } = section;
            if meta.hide {
                continue;
            }
            let collapse = meta.collapse_single_pages.unwrap_or(collapse);
            let title = meta.title.clone().or(node.title);
            let mut nodes = self.children(nodes, collapse, &meta);
            if !is_explicit && nodes.is_empty() {
                continue;
            }
            let gives_way = !is_explicit && meta.collapse.unwrap_or(collapse) && nodes.len() == 1;
            if gives_way {
                kept.append(&mut nodes);
            } else {
                let section = Section {
                    nodes,
                    ..Section::default()
                };
                kept.push(Node {
                    title,
                    kind: Kind::Section(section),
                });
            }
        }
        kept
    }

    fn sort(&self, nodes: &mut [Node], by: Sorting) {
        if nodes.len() < 2
            || (by.descending.is_none() && by.natural.is_none() && by.by_title.is_none())
        {
            return;
        }
        let key = |node: &Node| {
            let text = if by.by_title == Some(true) {
                self.title(node)
            } else {
                node.name().unwrap_or_default().to_owned()
            };
            let ignores = by.ignore_case == Some(true);
            sort::key(&text, by.natural == Some(true), ignores)
        };
        if by.descending == Some(true) {
            nodes.sort_by_cached_key(|node| std::cmp::Reverse(key(node)));
        } else {
            nodes.sort_by_cached_key(key);
        }
    }

    /// What a node is called once the site is built.
    fn title(&self, node: &Node) -> String {
        if let Kind::Section(section) = &node.kind
            && let Some(title) = &section.meta.title
        {
            return title.clone();
        }
        if let Some(title) = &node.title {
            return title.clone();
        }
        match &node.kind {
            Kind::Page(page) => {
                let source = self.sources.pages.get(page);
                let own = source.and_then(|source| page::title(&source.text));
                own.unwrap_or_else(|| path::default_title(page))
            }
            Kind::Url(url) => url.clone(),
            Kind::Section(_) => String::new(),
        }
    }

    /// The nodes among `nodes` that `entries` name, in their order.
    fn named(&mut self, nodes: Vec<Node>, entries: &[Entry]) -> Vec<Node> {
        let mut rests = Vec::new();
        meta::rests(entries, &mut rests);
        rests.sort_by_key(Rest::is_all);
        let mut left: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
        // What is named anywhere is no part of the rest.
        let arranged = self.place(entries, &mut left);
        let mut blocks: Vec<Vec<Node>> = rests.iter().map(|_| Vec::new()).collect();
        for node in left.into_iter().flatten() {
            let at = rests.iter().position(|rest| rest.matches(node.name()));
            if let Some(block) = at.and_then(|at| blocks.get_mut(at)) {
                block.push(node);
            }
        }
        filled(arranged, &rests, &mut blocks)
    }

    fn place(&mut self, entries: &[Entry], left: &mut [Option<Node>]) -> Vec<Placed> {
        let mut placed = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry {
                Entry::Rest(rest) => placed.push(Placed::Rest(rest.clone())),
                Entry::Section(title, entries) => {
                    let inner = self.place(entries, left);
                    placed.push(Placed::Section(title.clone(), inner));
                }
                Entry::Line(title, value) => {
                    let is_it = |node: &&mut Option<Node>| {
                        node.as_ref().is_some_and(|node| node.name() == Some(value))
                    };
                    let found = left.iter_mut().rfind(is_it).and_then(Option::take);
                    match (found, title) {
                        (Some(mut node), _) => {
                            node.title = title.clone().or(node.title);
                            placed.push(Placed::Node(node));
                        }
                        (None, Some(title)) => placed.push(Placed::Node(Node {
                            title: Some(title.clone()),
                            kind: Kind::Url(value.clone()),
                        })),
                        (None, None) => self.complaints.push(Complaint {
                            message: format!(
                                "A {} names '{value}', which is not in its folder.",
                                self.told.filename
                            ),
                            text: String::new(),
                        }),
                    }
                }
            }
        }
        placed
    }
}

/// A node in its place, or the place of the rest.
enum Placed {
    Node(Node),
    Section(String, Vec<Placed>),
    Rest(Rest),
}

/// `placed` with the `blocks` that belong to `rests` in their places.
fn filled(placed: Vec<Placed>, rests: &[Rest], blocks: &mut [Vec<Node>]) -> Vec<Node> {
    let mut nodes = Vec::with_capacity(placed.len());
    for placed in placed {
        match placed {
            Placed::Node(node) => nodes.push(node),
            Placed::Section(title, inner) => nodes.push(Node {
                title: Some(title),
                kind: Kind::Section(Section {
                    nodes: filled(inner, rests, blocks),
                    is_virtual: true,
                    ..Section::default()
                }),
            }),
            Placed::Rest(rest) => {
                let at = rests.iter().position(|other| *other == rest);
                let block = at.and_then(|at| blocks.get_mut(at));
                nodes.append(&mut block.map(std::mem::take).unwrap_or_default());
            }
        }
    }
    nodes
}

impl Node {
    /// The name of its file or folder.
    fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Page(page) => Some(path::file_name(page)),
            Kind::Url(_) => None,
            Kind::Section(section) => section.folder.as_deref().map(path::file_name),
        }
    }
}

/// Nodes of what the nav of `mkdocs.yml` has, or of the nav of all pages.
fn of_items(items: Vec<NavItem>, is_explicit: bool) -> Vec<Node> {
    let node = |item: NavItem| Node {
        title: Some(item.title).filter(|title| !title.is_empty()),
        kind: match item.target {
            Target::Page(page) => Kind::Page(page),
            Target::Url(url) => Kind::Url(url),
            Target::Section(items) => Kind::Section(Section {
                nodes: of_items(items, is_explicit),
                is_explicit,
                ..Section::default()
            }),
        },
    };
    items.into_iter().map(node).collect()
}

/// Nodes of a line that stands for no rest.
fn of_line(line: Line, complaints: &mut Vec<Complaint>) -> Vec<Node> {
    of_items(nav::items(vec![line], complaints), true)
}

fn items(nodes: Vec<Node>) -> Vec<NavItem> {
    let item = |node: Node| NavItem {
        title: node.title.unwrap_or_default(),
        target: match node.kind {
            Kind::Page(page) => Target::Page(page),
            Kind::Url(url) => url_or_page(url),
            Kind::Section(section) => Target::Section(items(section.nodes)),
        },
    };
    nodes.into_iter().map(item).collect()
}

/// A line of a `.pages` may lead anywhere; what is no address is a page that is not there.
fn url_or_page(url: String) -> Target {
    let page = path::normal("", &url).filter(|page| !path::is_url(&url) && !page.is_empty());
    page.map_or(Target::Url(url), Target::Page)
}

/// Whether a line is a place for the rest.
fn rest_of(line: &Line) -> Option<Rest> {
    match &line.said {
        Said::Text(text) if line.title.is_none() => Rest::read(text),
        _ => None,
    }
}
