//! Numbers, ages and references in words.

pub use crate::catalog::entity_ref::short_ref;
pub use crate::catalog::text::{capitalized, count, counted};

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

/// The same where there is little room: `now`, `4 min`, `3 h`, `2 d`.
pub fn brief(then: u64, now: u64) -> String {
    match now.saturating_sub(then) {
        0..60 => "now".to_owned(),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..86_400 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// A span of time, in the unit that says enough: `3 s`, `2 min`.
pub fn span(seconds: u64) -> String {
    match seconds {
        0 => "less than 1 s".to_owned(),
        1..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
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
        assert_eq!(
            (brief(9, 0), brief(0, 7_300)),
            ("now".to_owned(), "2 h".to_owned())
        );
        assert_eq!(capitalized("über x"), "Über x");
        assert_eq!(short_ref("group:default/team-a", "group"), "team-a");
        assert_eq!(short_ref("user:default/jane", "group"), "user:default/jane");
    }
}
