//! The search against regress, which finds the same as long as it ends.

#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::{Pattern, TooLong};

const STEPS: u64 = 1_000_000;

/// All places where `pattern` is found in `text`, with their groups.
fn all(pattern: &str, flags: &str, text: &str) -> Vec<Vec<Option<std::ops::Range<usize>>>> {
    let pattern = Pattern::new(pattern, flags).unwrap();
    let (mut from, mut found) = (0, Vec::new());
    while let Some(one) = pattern.find(text, from, &mut STEPS.clone()).unwrap() {
        from = Pattern::behind(&one, text);
        found.push(one.groups);
    }
    found
}

fn by_regress(pattern: &str, flags: &str, text: &str) -> Vec<Vec<Option<std::ops::Range<usize>>>> {
    let regex = regress::Regex::with_flags(pattern, flags).unwrap();
    let groups = |found: regress::Match| found.groups().collect();
    regex.find_iter(text).map(groups).collect()
}

#[test]
fn what_would_never_end_is_ended() {
    let long = "a".repeat(64);
    for pattern in [
        "(a+)+$!",
        "(a|aa)+!",
        "(?:a*)*!",
        "^(?:(?:a?){60}){60}!",
        "(a*)*\\1!",
        "(?=(a+)+!)",
        "(?<=!(a+)+)$",
    ] {
        let pattern = Pattern::new(pattern, "").unwrap();
        let found = pattern.find(&long, 0, &mut STEPS.clone());
        assert_eq!(found, Err(TooLong), "{pattern:?}");
    }
    let many = "ab".repeat(2_000_000);
    let pattern = Pattern::new("(?:a|b)*!", "").unwrap();
    assert_eq!(pattern.find(&many, 0, &mut u64::MAX.clone()), Err(TooLong));
}

#[test]
fn what_nests_too_deeply_is_no_pattern() {
    let deep = format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(Pattern::new(&deep, "").is_none());
    for broken in ["(", ")", "[a", "a**", "(?<n", "*", "(?<n>a)(?<n>b)", "\\"] {
        assert!(Pattern::new(broken, "").is_none(), "{broken}");
    }
}

#[test]
fn it_finds_what_javascript_finds() {
    let text = "Foo-bar_2 fÖö\r\n\tx{2}  aab aba ##a1b22\nline two\u{2028}ſK😀é";
    for pattern in [
        r"[^a-zA-Z0-9]+",
        r"(\w)(\d)?",
        r"(?<word>\w+)[-_](?<rest>\w+)",
        r"(a)|(b)",
        r"(?:(a)|(b))*",
        r"(z)?(a\1)",
        r"^.*?$",
        r"\bl\w+\b|\B2",
        r"x{2}|x\{2}|{",
        r"(?<=b)a|(?<!a)b",
        r"(?<=(\w)(\w))a",
        r"(?=(a+))a*b\1",
        r"(?!a)\w\s*",
        r"(\d+)+?b",
        r"[\s\S]",
        r"[^]{3,5}?",
        r"\x61\u0062|\101|\0|\cJ",
        r"(?:a{2}|b{1,}){0,3}?",
        r"(a*)*|(b*)+",
        r"(?:a?)*?b",
        r"]|}|a{,2}",
        r"\k<x>|k",
        r"((a)(b)?)+",
        r"ö|É|ſ|k",
        r"(a)\1?b",
        r"",
    ] {
        for flags in ["", "i", "m", "s", "im"] {
            let (ours, theirs) = (all(pattern, flags, text), by_regress(pattern, flags, text));
            assert_eq!(ours, theirs, "/{pattern}/{flags}");
        }
    }
    for pattern in [
        r"\p{Lu}\p{L}*",
        r"\u{1F600}|\ud83d\ude00",
        r"[^\P{L}a-z]",
        r"(.)\s?",
    ] {
        let (ours, theirs) = (all(pattern, "u", text), by_regress(pattern, "u", text));
        assert_eq!(ours, theirs, "/{pattern}/u");
    }
}

fn pattern() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\b", "\\B", "^", "$", "\\1", "\\2", "\n", "é",
    ]);
    atom.prop_map(str::to_owned)
        .prop_recursive(4, 24, 4, |inner| {
            let quantifier = prop::sample::select(vec![
                "*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}?", "{0}",
            ]);
            let around = prop::sample::select(vec!["(", "(?:", "(?=", "(?!", "(?<=", "(?<!"]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(|all| all.concat()),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(?:{a}|{b})")),
                (around, inner.clone()).prop_map(|(around, inner)| format!("{around}{inner})")),
                (inner, quantifier).prop_map(|(inner, count)| format!("({inner}){count}")),
            ]
        })
}

proptest! {
    #[test]
    fn it_finds_what_regress_finds(
        pattern in pattern(),
        flags in prop::sample::select(vec!["", "i", "m"]),
        text in "[aAbcé\n]{0,7}",
    ) {
        prop_assume!(regress::Regex::with_flags(&pattern, flags).is_ok());
        prop_assert_eq!(all(&pattern, flags, &text), by_regress(&pattern, flags, &text));
    }
}
