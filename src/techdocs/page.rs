//! A page as it is kept, Markdown or a finished site's HTML → [`Document`].

use super::document::Document;
use super::html::{self, Facts};
use super::markdown::{self, Files, Options};

/// How much of a page is read for its title, in bytes.
const TOP: usize = 16 << 10;

/// Reads a page. Never fails: what is not understood is shown as it stands.
pub fn parse(text: &str) -> Document {
    parse_with(text, &Options::default(), Files::NONE)
}

/// Reads a page of a site that says so of its Markdown. `files` gives the text of what the page includes.
pub fn parse_with(text: &str, options: &Options, files: Files<'_>) -> Document {
    if html::is_page(text) {
        html::parse(text)
    } else {
        markdown::parse_with(text, options, files)
    }
}

/// The beginning of a long page, for the first screen; `None` where the page is read as soon, or only as a whole.
pub fn beginning(text: &str, options: &Options, files: Files<'_>) -> Option<Document> {
    if html::is_page(text) {
        return None;
    }
    markdown::beginning(text, options, files)
}

/// The facts of a page. Of a site that names `techdocs-core` they are what TechDocs makes with all that the site turns on;
/// of any other what TechDocs alone would make, so that facts of any two sites compare. A page without a heading of level
/// 1 gets its `title` for one, as the theme gives it.
pub fn facts(text: &str, title: &str, options: &Options, files: Files<'_>) -> Facts {
    let alone = Options::default();
    let options = if options.techdocs { options } else { &alone };
    let html = if html::is_page(text) {
        text.to_owned()
    } else {
        markdown::render(text, options, files).html
    };
    let mut facts = html::facts(&html);
    if !html.contains("<h1") {
        let words = title.split_whitespace().map(str::to_owned);
        facts.words.splice(0..0, words);
        facts.headings.insert(0, (1, None, title.to_owned()));
    }
    facts
}

/// The title that a page gives itself: its front matter's, else its first heading if that is of level 1.
///
/// Only the top of the page is read, so that a whole site's titles cost little.
pub fn title(text: &str) -> Option<String> {
    let mut end = text.len().min(TOP);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let top = text.get(..end).unwrap_or_default();
    if html::is_page(text) {
        markdown::title_of(&html::parse(top))
    } else {
        markdown::title(top)
    }
}
