//! The ids of headings, as Python-Markdown's `toc` makes them.

use std::collections::HashSet;

/// The ids that a page has given so far.
#[derive(Debug, Default)]
pub(in crate::techdocs) struct Slugs {
    taken: HashSet<String>,
}

impl Slugs {
    /// The id of a heading with this text: ASCII letters and digits in lower case, other runs as `-`, and `_1`, `_2`
    /// where it was given before.
    pub(in crate::techdocs) fn of(&mut self, text: &str) -> String {
        let slug = slugify(text);
        self.unique(slug)
    }

    /// The id that the author asked for, or one like it if it was given before.
    pub(in crate::techdocs) fn unique(&mut self, mut slug: String) -> String {
        while slug.is_empty() || self.taken.contains(&slug) {
            let counted = slug
                .rsplit_once('_')
                .and_then(|(stem, number)| Some((stem, number.parse::<u64>().ok()?)));
            slug = match counted {
                Some((stem, number)) => format!("{stem}_{}", number.saturating_add(1)),
                None => format!("{slug}_1"),
            };
        }
        self.taken.insert(slug.clone());
        slug
    }
}

/// `markdown.extensions.toc.slugify`: decomposed, ASCII only, without punctuation, white space and `-` as one `-`.
fn slugify(text: &str) -> String {
    let is_kept =
        |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || c.is_whitespace();
    let kept: String = text
        .chars()
        .map(nucleo::chars::normalize)
        .filter(is_kept)
        .collect();
    let mut slug = String::with_capacity(kept.len());
    for c in kept.trim().chars() {
        if c.is_whitespace() || c == '-' {
            if !slug.ends_with('-') {
                slug.push('-');
            }
        } else {
            slug.push(c.to_ascii_lowercase());
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_python_markdown() {
        let mut slugs = Slugs::default();
        assert_eq!(slugs.of("Hello, World! & Co. v1.2"), "hello-world-co-v12");
        assert_eq!(slugs.of("Naïve café"), "naive-cafe");
        assert_eq!(slugs.of("Unicode 漢字 heading"), "unicode-heading");
        assert_eq!(slugs.of("snake_case - here"), "snake_case-here");
        assert_eq!(slugs.of("⚠ Neutral, because …"), "neutral-because");
        assert_eq!(slugs.of("漢字"), "_1");
        assert_eq!(
            (slugs.of("a"), slugs.of("a"), slugs.of("a")),
            ("a".into(), "a_1".into(), "a_2".into())
        );
    }
}
