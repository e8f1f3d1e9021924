//! `exclude_docs`, `draft_docs` and `not_in_nav`: patterns as in `.gitignore`.

use globset::{Glob, GlobBuilder, GlobMatcher};

/// A list of patterns; the last one that matches counts.
#[derive(Debug, Default)]
pub(in crate::techdocs) struct Patterns(Vec<Pattern>);

#[derive(Debug)]
struct Pattern {
    /// It, and what lies below it.
    globs: [GlobMatcher; 2],
    /// Whether it takes back what one before it said.
    negated: bool,
}

impl Patterns {
    /// Reads `text`, a pattern a line. What is no pattern matches nothing.
    pub(in crate::techdocs) fn read(text: &str) -> Self {
        Self(text.lines().filter_map(Pattern::read).collect())
    }

    /// Whether `path` matches.
    pub(in crate::techdocs) fn matches(&self, path: &str) -> bool {
        let last = self.0.iter().rfind(|pattern| pattern.matches(path));
        last.is_some_and(|pattern| !pattern.negated)
    }
}

impl Pattern {
    fn read(line: &str) -> Option<Self> {
        let line = line.trim_end();
        let (negated, pattern) = match line.strip_prefix('!') {
            Some(pattern) => (true, pattern),
            None => (false, line),
        };
        if pattern.is_empty() || pattern.starts_with('#') {
            return None;
        }
        // A mark that stands for itself.
        let pattern = match pattern.strip_prefix('\\') {
            Some(rest) if rest.starts_with(['#', '!']) => rest,
            _ => pattern,
        };
        let inner = pattern.trim_end_matches('/');
        let root = if inner.contains('/') {
            inner.trim_start_matches('/').to_owned()
        } else {
            format!("**/{inner}")
        };
        let below = glob(&format!("{root}/**"))?;
        // With a slash at its end it means only folders.
        let itself = if pattern.ends_with('/') {
            below.clone()
        } else {
            glob(&root)?
        };
        Some(Self {
            globs: [itself.compile_matcher(), below.compile_matcher()],
            negated,
        })
    }

    fn matches(&self, path: &str) -> bool {
        self.globs.iter().any(|glob| glob.is_match(path))
    }
}

fn glob(pattern: &str) -> Option<Glob> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_gitignore() {
        let patterns =
            Patterns::read("# no\ndrafts/\n/internal.md\n*.tmp.md\n!keep.tmp.md\nold/**/x.md\n");
        for path in [
            "drafts/a.md",
            "a/drafts/b/c.md",
            "internal.md",
            "a/b.tmp.md",
            "old/a/b/x.md",
        ] {
            assert!(patterns.matches(path), "{path}");
        }
        for path in ["drafts.md", "a/internal.md", "keep.tmp.md", "x.md"] {
            assert!(!patterns.matches(path), "{path}");
        }
    }
}
