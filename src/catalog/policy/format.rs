//! The forms of names, namespaces, tags and keys (`CommonValidatorFunctions`, `KubernetesValidatorFunctions`).

const LONGEST: usize = 63;
const LONGEST_PREFIX: usize = 253;

/// `^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$`, at most 63.
pub(super) fn is_object_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= LONGEST
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// `^[a-z0-9]+(?:\-+[a-z0-9]+)*$`, at most 63: a DNS label, a namespace.
pub(super) fn is_dns_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    let lower = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    bytes.len() <= LONGEST
        && bytes.first().is_some_and(lower)
        && bytes.last().is_some_and(lower)
        && bytes.iter().all(|b| lower(b) || *b == b'-')
}

/// DNS labels parted by dots, at most 253.
pub(super) fn is_dns_subdomain(text: &str) -> bool {
    text.len() <= LONGEST_PREFIX && text.split('.').all(is_dns_label)
}

/// `[prefix/]suffix`, as in `backstage.io/v1alpha1`.
pub(super) fn is_api_version(text: &str) -> bool {
    with_prefix(text, |suffix| {
        (1..=LONGEST).contains(&suffix.len()) && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// `^[a-zA-Z][a-z0-9A-Z]*$`, at most 63.
pub(super) fn is_kind(text: &str) -> bool {
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// `[prefix/]name`, the key of a label or an annotation.
pub(super) fn is_key(text: &str) -> bool {
    with_prefix(text, is_object_name)
}

/// Empty, or a name: the value of a label.
pub(super) fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_object_name(text)
}

/// `^[a-z0-9:+#]+(\-[a-z0-9:+#]+)*$`, at most 63.
pub(super) fn is_tag(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text.split('-').all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| {
                    b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b':' | b'+' | b'#')
                })
        })
}

/// What is nearest to `text` among tags and namespaces: in lower case, with single dashes for what else is between words.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9' | ':' | '+' | '#') => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Whether a WHATWG URL parser takes it for an absolute URL.
pub(super) fn is_url(text: &str) -> bool {
    url::Url::parse(text).is_ok()
}

fn with_prefix(text: &str, suffix: impl Fn(&str) -> bool) -> bool {
    match text.split_once('/') {
        Some((prefix, rest)) => is_dns_subdomain(prefix) && suffix(rest),
        None => suffix(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_backstage_has_them() {
        for good in ["a", "A.b_c-d", "a..b__c", "x".repeat(63).as_str()] {
            assert!(is_object_name(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a b", "ä", "x".repeat(64).as_str(), "a/b"] {
            assert!(!is_object_name(bad), "{bad}");
        }
    }

    #[test]
    fn namespaces_are_labels() {
        assert!(is_dns_label("my--ns"));
        for bad in ["My", "-a", "a-", "a.b", ""] {
            assert!(!is_dns_label(bad), "{bad}");
        }
    }

    #[test]
    fn tags_and_keys() {
        for good in ["java", "c++", "c#", "a:b", "a-b"] {
            assert!(is_tag(good), "{good}");
        }
        for bad in ["Java", "v1.2", "a_b", "a--b", "-a", ""] {
            assert!(!is_tag(bad), "{bad}");
        }
        assert!(is_key("backstage.io/techdocs-ref") && is_key("Plain_Key"));
        assert!(!is_key("Foo.com/x") && !is_key("a/b/c") && !is_key("/x"));
        assert!(is_api_version("backstage.io/v1alpha1") && is_api_version("v1"));
        assert!(!is_api_version("backstage.io/") && !is_api_version("a/b/c"));
    }

    #[test]
    fn urls_are_absolute() {
        assert!(is_url("mailto:a@b.c") && is_url("https://x.y/z") && is_url("javascript:0"));
        assert!(!is_url("/foo") && !is_url("https://{{ a }}") && !is_url("x.y"));
    }
}
