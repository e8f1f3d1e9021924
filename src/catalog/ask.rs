//! What a query may ask of entities that the index does not hold: any field, and when they changed. The record answers.

use super::filter::Condition;

/// One such question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// Which entities have this field.
    Field(Condition),
    /// Which entities changed then.
    Updated(Updated),
}

/// A time span before now: within the last seven days, or before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Updated {
    /// How long ago, in seconds.
    pub seconds: u64,
    /// Whether what changed since is meant, or what did not.
    pub since: bool,
}

/// What is typed of a label or an annotation: its key, or with `key` one of the values that stand under that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries {
    /// `labels` or `annotations`, of an entity's metadata.
    pub of: &'static str,
    /// The key whose values are wanted, in lower case.
    pub key: Option<String>,
    /// What has to stand in the key or the value, in lower case.
    pub typed: String,
}

impl Updated {
    /// Reads `<7d`, `>2w` or `7d`, which is the same as `<7d`. Units are h, d, w, m (30 days) and y.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text} is no span of time; write updated:<7d for the last seven days, updated:>4w for before that, \
                 with h, d, w, m or y"
            )
        };
        let (since, span) = match text.strip_prefix(['<', '>']) {
            Some(rest) => (text.starts_with('<'), rest),
            None => (true, text),
        };
        let span = span.strip_prefix('=').unwrap_or(span).trim();
        let (number, unit) = span
            .char_indices()
            .find(|(_, c)| !c.is_ascii_digit())
            .and_then(|(at, _)| span.split_at_checked(at))
            .ok_or_else(wrong)?;
        let hours: u64 = match unit {
            "h" => 1,
            "d" => 24,
            "w" => 7 * 24,
            "m" | "mo" => 30 * 24,
            "y" => 365 * 24,
            _ => return Err(wrong()),
        };
        let number: u64 = number.parse().map_err(|_| wrong())?;
        Ok(Self {
            seconds: number.saturating_mul(hours * 3600),
            since,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_read() {
        let of = |text: &str| {
            Updated::parse(text)
                .ok()
                .map(|it| (it.since, it.seconds / 3600))
        };
        assert_eq!(of("<7d"), Some((true, 168)));
        assert_eq!(of("7d"), Some((true, 168)));
        assert_eq!(of(">=2w"), Some((false, 336)));
        assert_eq!(of("12h"), Some((true, 12)));
        for text in ["", "<", "7", "d", "yesterday", "<7 fortnights", "7é"] {
            assert_eq!(of(text), None, "{text}");
        }
        assert!(of("99999999999999999999d").is_none());
        assert!(of("9999999999999999999y").is_some());
    }
}
