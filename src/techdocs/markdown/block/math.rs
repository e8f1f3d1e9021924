//! Formulas that stand alone: pymdownx' `arithmatex`.

use super::Parser;
use crate::techdocs::markdown::chunk::Chunk;
use crate::techdocs::markdown::dom::{Id, Text};
use crate::techdocs::markdown::write::escaped;

impl Parser<'_> {
    /// `BlockArithmatexProcessor`: `$$…$$`, `\[…\]`, `\begin{…}…\end{…}`, each a block by itself.
    pub(super) fn formula(&mut self, parent: Id, block: &Chunk) -> bool {
        let Some(formula) = formula(block.text()).filter(|_| self.options.math) else {
            return false;
        };
        let line = self.line(block);
        let text = self.stash.html(escaped(&format!("\\[{formula}\\]")));
        let element = self.tree.append(parent, "div", line);
        let element = self.tree.edit(element);
        element.set("class", "arithmatex");
        element.text = Text::atomic(text);
        true
    }
}

/// The formula that `text` is as a whole.
fn formula(text: &str) -> Option<&str> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.trim_end_matches(' ');
    for (open, close) in [("$$", "$$"), ("\\[", "\\]")] {
        let inner = text
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner {
            let ends = inner.contains(close) || inner.ends_with('\\') || inner.trim().is_empty();
            return (!ends).then_some(inner);
        }
    }
    let name = text.strip_prefix("\\begin{")?.split_once('}')?.0;
    let is_name = name.chars().all(|c| c.is_ascii_alphabetic() || c == '*');
    (is_name && !name.is_empty() && text.ends_with(&format!("\\end{{{name}}}"))).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::formula;

    #[test]
    fn only_whole_blocks_are_formulas() {
        assert_eq!(formula("$$\nx^2\n$$"), Some("\nx^2\n"));
        assert_eq!(formula("\\[ x \\]"), Some(" x "));
        assert_eq!(
            formula("\\begin{align*}a\\end{align*}"),
            Some("\\begin{align*}a\\end{align*}")
        );
        for text in [
            "$$x$$ and more",
            "$$x$$ $$y$$",
            "$$$$",
            "$x$",
            "  $$x$$",
            "\\begin{a b}\\end{a b}",
        ] {
            assert_eq!(formula(text), None, "{text}");
        }
    }
}
