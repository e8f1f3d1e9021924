//! The lines that open, set and close a block between slashes.

use serde_yaml::Value;

use super::super::unindented;

/// An opening line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening<'l> {
    pub(super) slashes: usize,
    pub(super) name: &'l str,
    /// What stands behind `|`, where something does.
    pub(super) argument: Option<&'l str>,
}

/// What a line opens.
pub(super) fn opening(line: &str) -> Option<Opening<'_>> {
    let body = unindented(line, 3)?;
    let behind = body.trim_start_matches('/');
    let slashes = body.len() - behind.len();
    let (name, argument) = match behind.split_once('|') {
        Some((name, argument)) => (name, Some(argument.trim_matches(' '))),
        None => (behind, None),
    };
    let name = name.trim_matches(' ');
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    (slashes >= 3 && !name.is_empty() && name.chars().all(is_name)).then_some(Opening {
        slashes,
        name,
        argument,
    })
}

/// Where the line stands that ends a block of so many slashes, and where what is behind it begins.
pub(super) fn closing(text: &str, slashes: usize) -> Option<(usize, usize)> {
    let mut at = 0;
    for line in text.split('\n') {
        let body = unindented(line, 3).map(|body| body.trim_end_matches(' '));
        if body.is_some_and(|body| body.len() == slashes && body.bytes().all(|byte| byte == b'/')) {
            return Some((at, at + line.len() + 1));
        }
        at += line.len() + 1;
    }
    None
}

/// What is set in the lines that `text` begins with, each indented, and how many bytes they take; `None` where they are
/// no settings.
pub(super) fn parted(text: &str, slashes: usize) -> Option<(Value, usize)> {
    let end = closing(text, slashes).map_or(text.len(), |(start, _)| start);
    let head = text.get(..end)?;
    let is_set = |line: &&str| {
        let body = line
            .strip_prefix("    ")
            .map(|line| line.trim_start_matches(' '));
        body.is_some_and(|body| !body.trim().is_empty())
    };
    let lines: Vec<&str> = head.split_inclusive('\n').take_while(is_set).collect();
    let set = lines.concat();
    if set.is_empty() {
        return Some((Value::Null, 0));
    }
    let yaml = crate::techdocs::markdown::snippet::dedented(&set);
    match serde_yaml::from_str(&yaml) {
        Ok(value @ (Value::Mapping(_) | Value::Null)) => Some((value, set.len())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_lines_have_a_name_and_an_argument() {
        let of = |line| opening(line).map(|it| (it.slashes, it.name, it.argument));
        assert_eq!(of("/// note"), Some((3, "note", None)));
        assert_eq!(of("  //// tab | A b "), Some((4, "tab", Some("A b"))));
        assert_eq!(of("///"), None);
        assert_eq!(of("// note"), None);
        assert_eq!(closing("a\n///\nb", 3), Some((2, 6)));
        assert_eq!(closing("a\n////\nb", 3), None);
    }

    #[test]
    fn settings_are_yaml_or_the_block_is_none() {
        let of = |text| parted(text, 3).map(|(value, length)| (value.is_mapping(), length));
        assert_eq!(of("    open: true\na"), Some((true, 15)));
        assert_eq!(of("a"), Some((false, 0)));
        assert_eq!(of("    no settings\n"), None);
        assert_eq!(of("///\n    a: b"), Some((false, 0)));
    }
}
