//! Fenced code: its opening line and what is said on it.

use crate::techdocs::document::Code;

/// The opening line of fenced code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fence<'a> {
    mark: char,
    length: usize,
    /// What is said behind the marks.
    pub(super) info: &'a str,
}

/// The fence that `body`, a line without indentation, opens.
pub(super) fn open(body: &str) -> Option<Fence<'_>> {
    let mark = body.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = body.trim_start_matches(mark);
    let length = body.len() - info.len();
    let info = info.trim();
    let is_inline = mark == '`' && info.contains('`');
    (length >= 3 && !is_inline).then_some(Fence { mark, length, info })
}

impl Fence<'_> {
    /// Whether `body` ends the code.
    pub(super) fn is_closed_by(&self, body: &str) -> bool {
        let body = body.trim_end();
        body.len() >= self.length && body.chars().all(|c| c == self.mark)
    }
}

/// The code whose opening line says `info`: `yaml`, `yaml title="x" hl_lines="1 3-4"`, `{ .yaml .annotate }`,
/// `rust,ignore`.
pub(super) fn code(info: &str, text: String) -> Code {
    let mut code = Code {
        text,
        ..Code::default()
    };
    let braced = info.contains('{');
    let info = info.replace(['{', '}'], " ");
    for (at, word) in words(&info).into_iter().enumerate() {
        if let Some((key, value)) = word.split_once('=') {
            match key {
                "title" => code.title = Some(value.to_owned()).filter(|title| !title.is_empty()),
                "hl_lines" => code.marked = marked(value),
                _ => {}
            }
        } else if code.language.is_none() && (at == 0 || braced) {
            let name = word.trim_start_matches('.');
            let name = name.split(',').next().unwrap_or(name).to_lowercase();
            let is_language = !name.is_empty() && !name.starts_with(['#', ':', '"']);
            code.language = is_language.then_some(name);
        }
    }
    code
}

/// The words of `info`; quotation marks hold a value together and are dropped.
fn words(info: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for c in info.chars() {
        match quote {
            Some(mark) if c == mark => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            Some(_) | None => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The line numbers of `1 3-4`.
fn marked(value: &str) -> Vec<u32> {
    let mut lines = Vec::new();
    for part in value.split([' ', ',']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        if let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) {
            lines.extend((first..=last).take(1_000));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_said_on_a_fence_is_understood() {
        let of = |info: &str| {
            let code = code(info, String::new());
            (
                code.language.unwrap_or_default(),
                code.title.unwrap_or_default(),
                code.marked,
            )
        };
        assert_eq!(of("yaml"), ("yaml".into(), String::new(), vec![]));
        assert_eq!(
            of("YAML title=\"a b.yml\" hl_lines=\"1 3-4\""),
            ("yaml".into(), "a b.yml".into(), vec![1, 3, 4])
        );
        assert_eq!(
            of("{ .py .annotate linenums=\"1\" }"),
            ("py".into(), String::new(), vec![])
        );
        assert_eq!(of("{.toml title='x'}"), ("toml".into(), "x".into(), vec![]));
        assert_eq!(of("rust,ignore"), ("rust".into(), String::new(), vec![]));
        assert_eq!(of(""), (String::new(), String::new(), vec![]));
        assert!(open("``` a`b").is_none() && open("~~").is_none() && open("~~~ a`b").is_some());
    }
}
