//! HTML's character references, for text that does not pass through the Markdown parser.

use crate::catalog::text::clean;

/// `text` with `&amp;`, `&#8594;` and the like resolved; unknown names stay.
pub(in crate::techdocs) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('&') {
        out.push_str(before);
        let name = tail
            .split_once(';')
            .map(|(name, _)| name)
            .filter(|name| name.len() <= 10);
        if let Some((name, character)) = name.and_then(|name| Some((name, character(name)?))) {
            out.push(character);
            rest = tail.get(name.len() + 1..).unwrap_or_default();
        } else {
            out.push('&');
            rest = tail;
        }
    }
    out.push_str(rest);
    clean(&out).into_owned()
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "larr" => '←',
        "rarr" => '→',
        "uarr" => '↑',
        "darr" => '↓',
        "times" => '×',
        "middot" => '·',
        "bull" => '•',
        "laquo" => '«',
        "raquo" => '»',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_and_cannot_smuggle_controls() {
        assert_eq!(
            decoded("a &lt;b&gt; &amp;&nbsp;&#x2192; &no; & &#27;[31m"),
            "a <b> &\u{a0}→ &no; & [31m"
        );
    }
}
