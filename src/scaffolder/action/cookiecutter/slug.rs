//! Slugs as `python-slugify` makes them (its "legacy" way, which is its default).

use std::sync::LazyLock;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use regex::{Regex, Replacer};

/// How a slug is made; the fields are Python's arguments.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an argument of its own in Python"
)]
pub(super) struct Slug {
    /// The most letters; 0 for any number.
    pub(super) max_length: usize,
    /// Only whole words are kept of what is too long.
    pub(super) word_boundary: bool,
    /// The first word that does not fit ends it.
    pub(super) save_order: bool,
    /// Letters become small.
    pub(super) lowercase: bool,
    /// Letters of all scripts stay.
    pub(super) allow_unicode: bool,
    /// What stands between words; `-` by default.
    pub(super) separator: Option<String>,
    /// What is no part of a word, as a regular expression.
    pub(super) pattern: Option<String>,
    /// Words that are left out.
    pub(super) stopwords: Vec<String>,
    /// Texts and what stands in their place, before and after.
    pub(super) replacements: Vec<(String, String)>,
}

static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"([0-9]),([0-9])").ok());
static REFERENCES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"&(#[0-9]+|#x[0-9a-fA-F]+|amp|lt|gt|quot|nbsp|copy|reg|eacute|uuml|ouml|auml|szlig);",
    )
    .ok()
});

/// The slug of `text`.
pub(super) fn slugify(text: &str, how: &Slug) -> Result<String, String> {
    let replaced = |mut text: String| {
        for (old, new) in &how.replacements {
            text = text.replace(old, new);
        }
        text
    };
    let text = replaced(text.to_owned()).replace('\'', "-");
    let text = if how.allow_unicode {
        composed(&text)
    } else {
        deunicode::deunicode(&decomposed(&text))
    };
    let text = dereferenced(&text);
    let text = if how.allow_unicode {
        composed(&text)
    } else {
        decomposed(&text)
    };
    let text = if how.lowercase {
        text.to_lowercase()
    } else {
        text
    };
    let text = without_commas(text.replace('\'', ""));
    let disallowed = how.pattern.as_deref().unwrap_or(if how.allow_unicode {
        r"[\W_]+"
    } else {
        "[^-a-zA-Z0-9]+"
    });
    let disallowed = Regex::new(disallowed)
        .map_err(|_| format!("{disallowed:?} is no pattern that is known here"))?;
    let text = disallowed.replace_all(&text, "-");
    let words = text.split('-').filter(|word| !word.is_empty());
    let is_left_out = |word: &&str| {
        how.stopwords.iter().any(|stop| {
            if how.lowercase {
                stop.to_lowercase() == **word
            } else {
                *stop == **word
            }
        })
    };
    let words: Vec<&str> = words.filter(|word| !is_left_out(word)).collect();
    let text = replaced(words.join("-"));
    let text = truncated(&text, how);
    Ok(match &how.separator {
        Some(separator) => text.replace('-', separator),
        None => text,
    })
}

fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc()
        .normalize(text)
        .into_owned()
}

fn decomposed(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfkd()
        .normalize(text)
        .into_owned()
}

/// `text` without the commas within numbers.
fn without_commas(text: String) -> String {
    let Some(numbers) = &*NUMBERS else {
        return text;
    };
    // Twice: what stands between two commas is seen once only.
    let once = numbers.replace_all(&text, "$1$2").into_owned();
    numbers.replace_all(&once, "$1$2").into_owned()
}

/// `text` with the references to characters that HTML has, the frequent ones, in letters.
fn dereferenced(text: &str) -> String {
    struct Letter;
    impl Replacer for Letter {
        fn replace_append(&mut self, found: &regex::Captures<'_>, out: &mut String) {
            let name = found.get(1).map_or("", |name| name.as_str());
            let code = match name.strip_prefix('#') {
                Some(hex) if hex.starts_with('x') => hex
                    .get(1..)
                    .and_then(|hex| u32::from_str_radix(hex, 16).ok()),
                Some(number) => number.parse().ok(),
                None => None,
            };
            let letter = match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "nbsp" => Some('\u{a0}'),
                "copy" => Some('©'),
                "reg" => Some('®'),
                "eacute" => Some('é'),
                "uuml" => Some('ü'),
                "ouml" => Some('ö'),
                "auml" => Some('ä'),
                "szlig" => Some('ß'),
                _ => code.and_then(char::from_u32),
            };
            match letter {
                Some(letter) => out.push(letter),
                None => out.push_str(found.get(0).map_or("", |all| all.as_str())),
            }
        }
    }
    match &*REFERENCES {
        Some(references) => references.replace_all(text, Letter).into_owned(),
        None => text.to_owned(),
    }
}

/// `text` cut to its greatest length (`smart_truncate`).
fn truncated(text: &str, how: &Slug) -> String {
    let length = |text: &str| text.chars().count();
    let cut = || text.chars().take(how.max_length).collect::<String>();
    let text_is_short = how.max_length == 0 || length(text) < how.max_length;
    if text_is_short {
        return text.to_owned();
    }
    if !how.word_boundary {
        return cut().trim_matches('-').to_owned();
    }
    if !text.contains('-') {
        return cut();
    }
    let mut kept = String::new();
    for word in text.split('-').filter(|word| !word.is_empty()) {
        let next = length(&kept) + length(word);
        if next < how.max_length {
            kept.extend([word, "-"]);
        } else if next == how.max_length {
            kept.push_str(word);
            break;
        } else if how.save_order {
            break;
        }
    }
    if kept.is_empty() {
        kept = cut();
    }
    kept.trim_matches('-').to_owned()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_python_slugify() {
        let plain = || Slug {
            lowercase: true,
            ..Slug::default()
        };
        let of = |text: &str| slugify(text, &plain()).unwrap();
        assert_eq!(of("Hello,  World & Co."), "hello-world-co");
        assert_eq!(of("1,000,000 Boats"), "1000000-boats");
        assert_eq!(of("Ærøskøbing's Straße"), "aeroskobing-s-strasse");
        assert_eq!(of("a &amp; b &#65;"), "a-b-a");
        let words = Slug {
            max_length: 9,
            word_boundary: true,
            separator: Some("_".to_owned()),
            stopwords: vec!["The".to_owned()],
            ..plain()
        };
        assert_eq!(slugify("the quick brown fox", &words).unwrap(), "quick_fox");
        let unicode = Slug {
            allow_unicode: true,
            ..plain()
        };
        assert_eq!(slugify("Über Straße_1", &unicode).unwrap(), "über-straße-1");
    }
}
