//! YAML as npm `yaml` reads it, which is what Backstage uses: a stream of documents, each a JSON value with the place of
//! every node in it.
//!
//! The stream is split here and each document parsed for itself, so that a broken one does not cost the others. Where
//! `saphyr-parser` means something else than npm `yaml`, npm's meaning is restored.

mod load;
mod marks;
mod scalar;
mod split;
mod tabs;

use std::borrow::Cow;

use serde_json::Value;

use super::Limits;

pub(crate) use marks::{Mark, Marks, size};

/// One document of a stream.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its content; text and keys are cleaned.
    pub(crate) value: Value,
    /// Where each node of it stands.
    pub(crate) marks: Marks,
    /// Its first line in the file, from 1.
    pub(crate) line: u32,
    /// Whether a key in it begins with `$`, as those of placeholders do.
    pub(crate) dollar_keys: bool,
}

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure<'a> {
    /// Where.
    pub(crate) mark: Mark,
    /// What is wrong.
    pub(crate) message: String,
    /// Whether a limit of ours was reached; the YAML itself may be fine.
    pub(crate) limit: bool,
    /// The text of the document.
    pub(crate) text: &'a str,
    /// The first line of that text in the file, from 1.
    pub(crate) line: u32,
}

/// The documents of `text`, one at a time. Documents without content are left out.
pub(crate) fn documents<'a>(
    text: &'a str,
    limits: &'a Limits,
) -> impl Iterator<Item = Result<Document, Failure<'a>>> + 'a {
    split::split(text)
        .map(|piece| document(piece, limits))
        .filter(|result| !matches!(result, Ok(document) if document.value.is_null()))
}

fn document<'a>(piece: split::Piece<'a>, limits: &Limits) -> Result<Document, Failure<'a>> {
    let first = load::load(piece.text, limits);
    let loaded = match first {
        Err(failure) if !failure.limit && piece.text.contains('\t') => {
            match tabs::without_separating_tabs(piece.text) {
                Cow::Owned(text) => load::load(&text, limits).map_err(|_| failure),
                Cow::Borrowed(_) => Err(failure),
            }
        }
        result => result,
    };
    match loaded {
        Ok(load::Loaded {
            value,
            mut marks,
            dollar_keys,
        }) => {
            marks.shift(piece.line);
            Ok(Document {
                value,
                marks,
                line: piece.line + piece.lead + 1,
                dollar_keys,
            })
        }
        Err(failure) => Err(Failure {
            mark: Mark {
                line: failure.mark.line + piece.line,
                ..failure.mark
            },
            message: failure.message,
            limit: failure.limit,
            text: piece.text,
            line: piece.line.saturating_add(1),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Vec<Result<Value, String>> {
        documents(text, &Limits::default())
            .map(|d| d.map(|d| d.value).map_err(|f| f.message))
            .collect()
    }

    fn one(text: &str) -> Value {
        let mut all = read(text);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
            .unwrap_or_else(|message| json!({ "error": message }))
    }

    #[test]
    fn scalars_mean_what_npm_yaml_means() {
        let text = "a: yes\nb: on\nc: 0777\nd: 08\ne: 0b11\nf: 1_000\ng: .inf\nh: 2024-01-02\ni: 0o17\nj: 0xff\n\
                    k: 1.0\nl: +12\nm: ~\nn: '1'\no: !!str 1\np: !custom 5\nq: -0\nr: 1e3\ns: .5\nt: TRUE\nu: .\nw: 1.e2\n";
        assert_eq!(
            one(text),
            json!({"a":"yes","b":"on","c":777,"d":8,"e":"0b11","f":"1_000","g":null,"h":"2024-01-02","i":15,"j":255,
                   "k":1,"l":12,"m":null,"n":"1","o":"1","p":"5","q":0,"r":1000,"s":0.5,"t":true,"u":".","w":100})
        );
        assert_eq!(
            one("n: 12345678901234567890")
                .pointer("/n")
                .and_then(Value::as_f64),
            Some(1.234_567_890_123_456_8e19)
        );
    }

    #[test]
    fn merge_keys_stay_and_aliases_work() {
        assert_eq!(
            one("b: &b {x: 1}\nc:\n  <<: *b\n  y: 2\nd: *b\n"),
            json!({"b":{"x":1},"c":{"<<":{"x":1},"y":2},"d":{"x":1}})
        );
    }

    #[test]
    fn a_bad_document_costs_only_itself() {
        let all = read("a: 1\n---\na: [\n---\nb: 2\n...\n# only a comment\n---\n");
        assert_eq!(all.len(), 3);
        assert_eq!(all.first(), Some(&Ok(json!({"a":1}))));
        assert!(matches!(all.get(1), Some(Err(_))));
        assert_eq!(all.get(2), Some(&Ok(json!({"b":2}))));
    }

    #[test]
    fn markers_inside_indented_blocks_do_not_split() {
        assert_eq!(
            one("a: |\n  x\n  ---\n  y\nb: 1\n"),
            json!({"a":"x\n---\ny\n","b":1})
        );
    }

    #[test]
    fn duplicate_keys_are_an_error() {
        assert!(matches!(read("a: 1\na: 2\n").first(), Some(Err(_))));
        assert!(matches!(read("a: {b: 1, b: 2}\n").first(), Some(Err(_))));
    }

    #[test]
    fn tabs_may_part_a_key_from_its_value() {
        assert_eq!(
            one("a:\t1\nb: \t'x\ty'\nc: |\n  k:\tv\n"),
            json!({"a":1,"b":"x\ty","c":"k:\tv\n"})
        );
    }

    #[test]
    fn windows_line_ends_and_byte_order_marks_are_fine() {
        assert_eq!(
            one("\u{feff}a: 1\r\nb: |\r\n  x\r\n  y\r\n"),
            json!({"a":1,"b":"x\ny\n"})
        );
    }

    #[test]
    fn unfinished_template_braces_become_odd_keys() {
        assert_eq!(
            one("name: {{ x }}\n"),
            json!({"name":{"{\"x\":null}":null}})
        );
    }

    #[test]
    fn bombs_meet_a_limit() {
        let level = |(this, last): (char, char)| {
            let item = format!("*{last},");
            format!("{this}: &{this} [{}]\n", item.repeat(9))
        };
        let levels = "bcdefghij".chars().zip("abcdefghi".chars()).map(level);
        let text = format!("a: &a [x,x,x,x,x,x,x,x,x]\n{}", levels.collect::<String>());
        assert!(matches!(documents(&text, &Limits::default()).next(), Some(Err(f)) if f.limit));
        let deep = "[".repeat(10_000);
        assert!(matches!(
            documents(&deep, &Limits::default()).next(),
            Some(Err(_))
        ));
        let deep = "- ".repeat(10_000);
        assert!(matches!(documents(&deep, &Limits::default()).next(), Some(Err(f)) if f.limit));
        let long = format!(
            "a: &a {}\nb: [{}]\n",
            "x".repeat(1 << 20),
            "*a,".repeat(100)
        );
        assert!(matches!(documents(&long, &Limits::default()).next(), Some(Err(f)) if f.limit));
    }

    #[test]
    fn every_node_has_its_place() {
        let text = "# lead\n---\na:\n  - x\n  - {y: 1}\nb/c: q\n";
        let document = documents(text, &Limits::default())
            .next()
            .and_then(Result::ok);
        let at = |pointer: &str| {
            document
                .as_ref()
                .map(|d| d.marks.find(&d.value, pointer))
                .map(|m| (m.line, m.column))
        };
        assert_eq!(at("/a"), Some((3, 1)), "a collection stands at its key");
        assert_eq!(at("/a/0"), Some((4, 5)));
        assert_eq!(at("/a/1/y"), Some((5, 9)));
        assert_eq!(at("/b~1c"), Some((6, 6)));
        assert_eq!(
            at("/a/missing"),
            Some((3, 1)),
            "what is not there stands at what holds it"
        );
        assert_eq!(document.map(|d| d.line), Some(2));
    }
}
