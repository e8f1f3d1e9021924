//! The beginning of a long page, for the first screen: read alone, it looks as it does in the whole page.
//!
//! The page is cut before a heading that stands in no fence, no HTML and no comment; what the rest defines for all of the
//! page (references, footnotes, abbreviations) is put below what is kept.

use super::fence;
use super::options::Options;

/// The shortest page of which the beginning is read first, in bytes; shorter ones are read as soon.
const LONG: usize = 96 << 10;
/// How much is kept at least, in bytes: more than a screen shows.
const LEAST: usize = 16 << 10;
/// How much is kept at most.
const MOST: usize = 48 << 10;
/// How much of the rest is put below it.
const DEFINITIONS: usize = 64 << 10;

/// The text of a long page up to a place where it can be cut, with what the rest defines below it, and how many lines the
/// first part has. `None`: the page is short, or cannot be cut.
pub(super) fn of(text: &str, options: &Options) -> Option<(String, u32)> {
    // What stands between slashes goes over headings.
    if text.len() < LONG || options.blocks.any() {
        return None;
    }
    let mut fence = fence::Tracker::default();
    let mut comments = 0_usize;
    let (mut at, mut cut) = (0, None);
    let mut was_empty = false;
    for line in text
        .get(..text.floor_char_boundary(MOST))?
        .split_inclusive('\n')
    {
        let body = line.trim_end();
        let is_code = fence.is_code(body);
        if !is_code {
            if was_empty && comments == 0 && at >= LEAST && body.starts_with('#') {
                cut = Some(at);
                break;
            }
            comments = (comments + line.matches("<!--").count())
                .saturating_sub(line.matches("-->").count());
        }
        was_empty = body.is_empty();
        at += line.len();
    }
    let (kept, rest) = text.split_at_checked(cut?)?;
    let lines = memchr::memchr_iter(b'\n', kept.as_bytes()).count();
    let lines = u32::try_from(lines).ok()?;
    let mut kept = kept.to_owned();
    let mut fence = fence::Tracker::default();
    for line in rest.lines() {
        if !fence.is_code(line) && is_definition(line) && line.len() < DEFINITIONS {
            kept.push_str(line);
            kept.push_str("\n\n");
        }
        if kept.len() > MOST + DEFINITIONS {
            return None;
        }
    }
    Some((kept, lines))
}

/// Whether a line defines a reference, a footnote or an abbreviation.
fn is_definition(line: &str) -> bool {
    let body = line.trim_start_matches(' ');
    let label = body.strip_prefix('*').unwrap_or(body).strip_prefix('[');
    line.len() - body.len() <= 3 && label.is_some_and(|label| label.contains("]:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(first: &str, last: &str) -> String {
        let filler = "words of a page\n\n## Part\n\n".repeat(6_000);
        format!("{first}\n\n{filler}{last}\n")
    }

    #[test]
    fn a_long_page_is_cut_before_a_heading_and_keeps_what_it_defines() {
        let options = Options::default();
        let text = page("# A\n\n[b]", "[b]: c\n\n```\n[d]: e\n```\n\n*[F]: g");
        let (kept, lines) = of(&text, &options).unwrap_or_default();
        assert!(kept.starts_with("# A\n\n[b]") && kept.len() < MOST);
        let last = usize::try_from(lines).unwrap_or_default();
        assert_eq!(text.lines().nth(last), Some("## Part"));
        assert!(kept.ends_with("page\n\n[b]: c\n\n*[F]: g\n\n"));
        assert_eq!(of("# A\n", &options), None);
        assert_eq!(of(&page("```", ""), &options), None);
        assert_eq!(of(&page("<!--", "-->"), &options), None);
    }
}
