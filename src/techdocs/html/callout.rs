//! Admonitions, details and content tabs, as pymdownx writes them.

use super::blocks::Reader;
use super::tree::{Element, Node};
use crate::catalog::text::one_line;
use crate::techdocs::document::{Admonition, BlockKind, Tabs};

impl Reader {
    /// `<div class="admonition note"><p class="admonition-title">…`, `<details class="note"><summary>…`.
    pub(super) fn admonition(&mut self, element: &Element<'_>) -> BlockKind {
        let folds = element.name == "details";
        let is_title =
            |inner: &Element<'_>| inner.name == "summary" || inner.is("admonition-title");
        let mut name = element.classes().filter(|class| *class != "admonition");
        let name = name.next().unwrap_or_default().to_owned();
        let title = element.elements().find(|inner| is_title(inner));
        let title = title.map(|title| self.spans(title)).unwrap_or_default();
        let fold = folds.then(|| {
            self.folds += 1;
            self.folds - 1
        });
        let mut blocks = Vec::new();
        // The title may stand anywhere; it is no block.
        for part in element
            .children
            .split(|node| node.element().is_some_and(is_title))
        {
            blocks.extend(self.blocks(part));
        }
        BlockKind::Admonition(Admonition {
            name,
            title,
            fold,
            open: !folds || element.has("open"),
            blocks,
        })
    }

    /// `<div class="tabbed-set">`, its labels in a row or each before its content; `None` where it has no tab.
    pub(super) fn tabs(&mut self, element: &Element<'_>) -> Option<BlockKind> {
        let rows = element.elements().filter(|inner| inner.is("tabbed-labels"));
        let labels = rows.chain([element]).flat_map(Element::elements);
        let labels: Vec<String> = labels
            .filter(|inner| inner.name == "label")
            .map(|label| one_line(&label.text(&|_| false)))
            .collect();
        let contents = element
            .elements()
            .filter(|inner| inner.is("tabbed-content"));
        let panes: Vec<&[Node<'_>]> = contents
            .flat_map(|content| {
                let mut blocks = content
                    .elements()
                    .filter(|inner| inner.is("tabbed-block"))
                    .peekable();
                if blocks.peek().is_some() {
                    blocks.map(|block| block.children.as_slice()).collect()
                } else {
                    vec![content.children.as_slice()]
                }
            })
            .collect();
        if panes.is_empty() {
            return None;
        }
        let known = &mut self.document.tab_labels;
        let group = u32::try_from(known.len()).unwrap_or(u32::MAX);
        let label = |at: usize| labels.get(at).cloned().unwrap_or_default();
        known.push((0..panes.len()).map(label).collect());
        let mut tabs = Vec::with_capacity(panes.len());
        for (at, pane) in panes.into_iter().enumerate() {
            tabs.push((label(at), self.blocks(pane)));
        }
        Some(BlockKind::Tabs(Tabs { group, tabs }))
    }
}
