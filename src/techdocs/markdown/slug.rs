//! The ids of headings, as Python-Markdown's `toc` makes them.

use std::collections::HashSet;
use std::fmt::Write as _;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// The ids that a page has given so far.
#[derive(Debug, Default)]
pub(in crate::techdocs) struct Slugs {
    taken: HashSet<String>,
}

impl Slugs {
    /// The id of a heading with this text: ASCII letters and digits in lower case, other runs as `-`, and `_1`, `_2`
    /// where it was given before.
    pub(in crate::techdocs) fn of(&mut self, text: &str) -> String {
        let slug = slugify(text, "-", false);
        self.unique(slug)
    }

    /// The id that the author asked for, or one like it if it was given before.
    pub(in crate::techdocs) fn unique(&mut self, slug: String) -> String {
        unique(slug, &mut self.taken)
    }
}

/// `markdown.extensions.toc.unique`: `slug`, with `_1`, `_2` where it is taken or empty.
pub(super) fn unique(mut slug: String, taken: &mut HashSet<String>) -> String {
    while slug.is_empty() || taken.contains(&slug) {
        let counted = slug
            .rsplit_once('_')
            .and_then(|(stem, number)| Some((stem, number.parse::<u64>().ok()?)));
        slug = match counted {
            Some((stem, number)) => format!("{stem}_{}", number.saturating_add(1)),
            None => format!("{slug}_1"),
        };
    }
    taken.insert(slug.clone());
    slug
}

/// How ids are made of the words of a heading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SlugStyle {
    /// By which function.
    pub maker: Maker,
    /// What stands between words; `-` where empty.
    pub separator: String,
}

/// The functions that make ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Maker {
    /// `markdown.extensions.toc.slugify`: ASCII letters in lower case.
    #[default]
    Ascii,
    /// `markdown.extensions.toc.slugify_unicode`: letters of all scripts in lower case.
    Unicode,
    /// `pymdownx.slugs.slugify`: every space is a separator.
    Pymdownx {
        /// What becomes of capitals.
        case: Case,
        /// Whether what is not ASCII is written as `%C3%A4`.
        percent: bool,
    },
}

/// What becomes of capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Case {
    /// They stay.
    #[default]
    Kept,
    /// They become small.
    Lower,
    /// Those of ASCII become small.
    LowerAscii,
}

impl SlugStyle {
    /// The id of a heading with this text, whether it was given before or not.
    pub(super) fn slug(&self, text: &str) -> String {
        let separator = match self.separator.as_str() {
            "" => "-",
            separator => separator,
        };
        match self.maker {
            Maker::Ascii => slugify(text, separator, false),
            Maker::Unicode => slugify(text, separator, true),
            Maker::Pymdownx { case, percent } => pymdownx(text, separator, case, percent),
        }
    }
}

/// `markdown.extensions.toc.slugify`: without punctuation, white space and separators as one separator; decomposed and
/// ASCII only unless `unicode`.
fn slugify(text: &str, separator: &str, unicode: bool) -> String {
    let is_kept = |c: &char| matches!(c, '_' | '-') || c.is_whitespace() || c.is_alphanumeric();
    let kept: String = if unicode || text.is_ascii() {
        text.chars().filter(is_kept).collect()
    } else {
        let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
        let ascii = decomposed.chars().filter(char::is_ascii);
        ascii.filter(is_kept).collect()
    };
    let mut slug = String::with_capacity(kept.len());
    let mut parts = false;
    for c in kept.trim().chars() {
        if c.is_whitespace() || separator.contains(c) {
            parts = true;
            continue;
        }
        if std::mem::take(&mut parts) {
            slug.push_str(separator);
        }
        slug.extend(c.to_lowercase());
    }
    if parts {
        slug.push_str(separator);
    }
    slug
}

/// `python-slugify`'s: ASCII letters and digits in lower case, anything else between them as one `-`.
pub(in crate::techdocs) fn words(text: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let mut slug = String::with_capacity(text.len());
    for c in decomposed.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if c.is_ascii() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// `pymdownx.slugs.slugify`: composed, without punctuation, each space a separator.
fn pymdownx(text: &str, separator: &str, case: Case, percent: bool) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let mut slug = String::with_capacity(text.len());
    for c in composed.trim().chars() {
        match c {
            ' ' => slug.push_str(separator),
            '-' | '_' => slug.push(c),
            c if !c.is_alphanumeric() => {}
            c if case == Case::Lower => slug.extend(c.to_lowercase()),
            c if case == Case::LowerAscii => slug.push(c.to_ascii_lowercase()),
            c => slug.push(c),
        }
    }
    if !percent || slug.is_ascii() {
        return slug;
    }
    let mut encoded = String::with_capacity(slug.len() * 3);
    for byte in slug.bytes() {
        if byte.is_ascii() {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
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
        assert_eq!(slugs.of("½ ™ ² ﬁne ℅ Ａ"), "12-tm-2-fine-co-a");
        assert_eq!(slugs.of("漢字"), "_1");
        assert_eq!(slugs.of("Żmij ℹ️ ᵻ ㎏"), "zmij-i-kg");
        assert_eq!(
            (slugs.of("a"), slugs.of("a"), slugs.of("a")),
            ("a".into(), "a_1".into(), "a_2".into())
        );
    }
    #[test]
    fn a_site_may_make_ids_otherwise() {
        let of = |maker, separator: &str, text| {
            let separator = separator.to_owned();
            SlugStyle { maker, separator }.slug(text)
        };
        let case = |case| Maker::Pymdownx {
            case,
            percent: false,
        };
        assert_eq!(of(Maker::Unicode, "", "Über  uns - 漢字!"), "über-uns-漢字");
        assert_eq!(of(Maker::Ascii, "_", "A b - c_ d"), "a_b_-_c_d");
        assert_eq!(of(case(Case::Kept), "", "A  b - Ü?"), "A--b---Ü");
        assert_eq!(of(case(Case::Lower), "", "A b Ü?"), "a-b-ü");
        assert_eq!(of(case(Case::LowerAscii), "", "A b Ü?"), "a-b-Ü");
        let percent = Maker::Pymdownx {
            case: Case::Lower,
            percent: true,
        };
        assert_eq!(of(percent, "", "a ü"), "a-%C3%BC");
    }
}
