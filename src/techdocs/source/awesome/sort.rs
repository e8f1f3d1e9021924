//! Sort keys of names: letter by letter, or with numbers by their value.

/// What a name is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// A number, by how many digits it has and what they are.
    Number(usize, String),
    /// Anything else.
    Text(String),
}

/// The key of `text`; `natural` takes runs of digits for numbers, as `natsort` does.
pub(super) fn key(text: &str, natural: bool, ignore_case: bool) -> Vec<Part> {
    let text = if ignore_case {
        text.to_lowercase()
    } else {
        text.to_owned()
    };
    if !natural {
        return vec![Part::Text(text)];
    }
    let chars: Vec<char> = text.chars().collect();
    let runs = chars.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let part = |run: &[char]| {
        let run: String = run.iter().collect();
        if run.starts_with(|c: char| c.is_ascii_digit()) {
            let digits = run.trim_start_matches('0').to_owned();
            Part::Number(digits.len(), digits)
        } else {
            Part::Text(run)
        }
    };
    let mut parts: Vec<Part> = runs.map(part).collect();
    // A name that begins with a number is compared by it alone with others that do.
    if matches!(parts.first(), Some(Part::Number(..))) {
        parts.insert(0, Part::Text(String::new()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_by_their_value() {
        let mut names = ["v10", "v9", "10a", "2a", "V1"];
        names.sort_by_key(|name| key(name, true, true));
        assert_eq!(names, ["2a", "10a", "V1", "v9", "v10"]);
    }
}
