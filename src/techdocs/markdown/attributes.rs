//! Attribute lists: `{: #id .class key="value" }`, as the scanner of `attr_list` reads them.

/// The attributes that `text` gives, classes under the key `.`, and what is left from the first `}` on.
pub(super) fn list(text: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(' ');
        let end = rest.find([' ', '=', '}']).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if word.is_empty() {
            let left = rest.find('}').and_then(|at| rest.get(at..));
            return (found, left.unwrap_or_default());
        }
        let Some(value) = behind.strip_prefix('=') else {
            found.push(named(word));
            rest = behind;
            continue;
        };
        let quoted = ['"', '\''].into_iter().find_map(|quote| {
            let (value, behind) = value.strip_prefix(quote)?.split_once(quote)?;
            Some((value.trim_matches(quote), behind))
        });
        let end = value.find([' ', '=', '}']).unwrap_or(value.len());
        let bare = value
            .split_at_checked(end)
            .filter(|(value, _)| !value.is_empty());
        if let Some((value, behind)) = quoted.or(bare) {
            found.push((word.to_owned(), value.to_owned()));
            rest = behind;
        } else {
            found.push(named(word));
            rest = behind;
            // The scanner stops at what it does not know.
            let left = rest.find('}').and_then(|at| rest.get(at..));
            return (found, left.unwrap_or_default());
        }
    }
}

/// `.class`, `#id` or a word.
fn named(word: &str) -> (String, String) {
    if let Some(class) = word.strip_prefix('.') {
        (".".to_owned(), class.to_owned())
    } else if let Some(id) = word.strip_prefix('#') {
        ("id".to_owned(), id.to_owned())
    } else {
        (word.to_owned(), word.to_owned())
    }
}
