//! The text of a piece of HTML: enough to find words in it and to show some lines.

/// Tags that end a line.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "tr",
    "table",
    "ul",
    "ol",
    "pre",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
];

/// The longest name of an entity, and more.
const LONGEST: usize = 12;

/// `html` without its tags, entities decoded, a line for each block.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        decode(before, &mut text);
        if let Some(data) = tag.strip_prefix("![CDATA[") {
            let (inside, after) = data.split_once("]]>").unwrap_or((data, ""));
            text.push_str(inside);
            rest = after;
            continue;
        }
        // A `<` that begins no tag is a `<`.
        let begins = tag.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        let Some((inside, after)) = tag.split_once('>').filter(|_| begins) else {
            text.push('<');
            rest = tag;
            continue;
        };
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        if BLOCKS.contains(&name.as_str()) && !text.ends_with('\n') && !text.is_empty() {
            text.push('\n');
        }
        rest = after;
    }
    decode(rest, &mut text);
    text.trim().to_owned()
}

/// Adds `text` with its entities as characters.
fn decode(text: &str, to: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        to.push_str(before);
        let decoded = after
            .split_once(';')
            .filter(|(name, _)| name.len() < LONGEST);
        let decoded = decoded.and_then(|(name, after)| Some((entity(name)?, after)));
        let (c, behind) = decoded.unwrap_or(('&', after));
        to.push(c);
        rest = behind;
    }
    to.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "rarr" => '→',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_go_and_blocks_are_lines() {
        for (html, text) in [
            (
                "<h1>On call</h1><p>Who is <b>next</b>?<br/>Ask.</p>",
                "On call\nWho is next?\nAsk.",
            ),
            (
                "a &lt;b&gt; &amp; c&nbsp;d &#228;&#x26; &unknown; &",
                "a <b> & c d ä& &unknown; &",
            ),
            ("1 < 2 and 2 > 1", "1 < 2 and 2 > 1"),
            (
                "<ac:structured-macro><![CDATA[x < y]]></ac:structured-macro> z",
                "x < y z",
            ),
            ("<p", "<p"),
            ("plain\ntext", "plain\ntext"),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(html in "\\PC{0,60}|[<>&;/!a-c\\[\\]#x1CDAT ]{0,60}") {
            let _ = plain(&html);
        }
    }
}
