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
        let slug = slugify(text, false);
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

/// `markdown.extensions.toc.slugify`: without punctuation, white space and `-` as one `-`; decomposed and ASCII only
/// unless `unicode`.
pub(super) fn slugify(text: &str, unicode: bool) -> String {
    let is_kept = |c: &char| match c {
        '_' | '-' => true,
        c if c.is_whitespace() => true,
        c if unicode => c.is_alphanumeric(),
        c => c.is_ascii_alphanumeric(),
    };
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        match compatible(c).filter(|_| !unicode) {
            Some(letters) => kept.extend(letters.chars().filter(is_kept)),
            None if unicode => kept.extend(Some(c).filter(is_kept)),
            None => kept.extend(Some(decomposed(c)).filter(is_kept)),
        }
    }
    let mut slug = String::with_capacity(kept.len());
    for c in kept.trim().chars() {
        if c.is_whitespace() || c == '-' {
            if !slug.ends_with('-') {
                slug.push('-');
            }
        } else {
            slug.extend(c.to_lowercase());
        }
    }
    slug
}

/// The letter or digit that a character is a form of, without its marks.
fn decomposed(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '⁰' | '₀' => '0',
        '¹' | '₁' => '1',
        '²' | '₂' => '2',
        '³' | '₃' => '3',
        '⁴'..='⁹' => char::from_u32(u32::from(c) - 0x2074 + u32::from('4')).unwrap_or(c),
        '₄'..='₉' => char::from_u32(u32::from(c) - 0x2084 + u32::from('4')).unwrap_or(c),
        '①'..='⑨' => char::from_u32(u32::from(c) - 0x2460 + u32::from('1')).unwrap_or(c),
        'ª' => 'a',
        'º' => 'o',
        'ⅰ' => 'i',
        'ℓ' => 'l',
        // These have no decomposition.
        'ø' | 'Ø' | 'đ' | 'Đ' | 'ł' | 'Ł' | 'ı' | 'ħ' | 'Ħ' => c,
        c => nucleo::chars::normalize(c),
    }
}

/// The characters that a sign is made of in Unicode's compatibility decomposition, where they are several.
fn compatible(c: char) -> Option<&'static str> {
    Some(match c {
        '™' => "TM",
        '℠' => "SM",
        '№' => "No",
        '℅' => "co",
        '℃' => "C",
        '℉' => "F",
        '¼' => "14",
        '½' => "12",
        '¾' => "34",
        '⅓' => "13",
        '⅔' => "23",
        '⅕' => "15",
        '⅖' => "25",
        '⅗' => "35",
        '⅘' => "45",
        '⅙' => "16",
        '⅚' => "56",
        '⅛' => "18",
        '⅜' => "38",
        '⅝' => "58",
        '⅞' => "78",
        '⑩' => "10",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ĳ' => "ij",
        'ǆ' => "dz",
        '㎏' => "kg",
        '㎡' => "m2",
        'Ⅱ' => "II",
        'Ⅲ' => "III",
        'Ⅳ' => "IV",
        'Ⅵ' => "VI",
        _ => return None,
    })
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
        assert_eq!(
            (slugs.of("a"), slugs.of("a"), slugs.of("a")),
            ("a".into(), "a_1".into(), "a_2".into())
        );
    }
}
