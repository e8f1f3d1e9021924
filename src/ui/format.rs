//! Numbers, ages and references in words.

/// A number with thousands apart: `12,751`.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 problem`, `3 problems`.
pub fn counted(number: usize, noun: &str) -> String {
    let many = match noun {
        _ if number == 1 => noun.to_owned(),
        _ if noun.ends_with('y') => format!("{}ies", noun.trim_end_matches('y')),
        _ => format!("{noun}s"),
    };
    format!("{} {many}", count(number))
}

/// How long ago `then` was, both in seconds since 1970: `just now`, `4 min ago`, `yesterday`.
pub fn age(then: u64, now: u64) -> String {
    let seconds = now.saturating_sub(then);
    match seconds {
        0..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        86_400..172_800 => "yesterday".to_owned(),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// A full reference as a person writes it where `kind` is expected: `group:default/team-a` → `team-a`.
pub fn short_ref<'a>(full: &'a str, kind: &str) -> &'a str {
    let rest = full
        .strip_prefix(kind)
        .and_then(|rest| rest.strip_prefix(':'))
        .unwrap_or(full);
    rest.strip_prefix("default/").unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ages_are_read_at_a_glance() {
        assert_eq!(count(0), "0");
        assert_eq!(count(12_751), "12,751");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(counted(1, "entity"), "1 entity");
        assert_eq!(counted(12, "entity"), "12 entities");
        assert_eq!(age(100, 100), "just now");
        assert_eq!(age(0, 7_300), "2 h ago");
        assert_eq!(age(100, 0), "just now");
        assert_eq!(short_ref("group:default/team-a", "group"), "team-a");
        assert_eq!(short_ref("user:default/jane", "group"), "user:default/jane");
    }
}
