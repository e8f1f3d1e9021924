//! Work on docs that is done beside the event loop: reading a page, laying it out, colouring its code.

use std::sync::Arc;

use crate::techdocs::highlight::{Highlighted, highlight};
use crate::techdocs::layout::lay_out;
use crate::techdocs::picture::Picture;
use crate::techdocs::{Book, Document, Layout, Reading};

/// How many blocks of code one answer brings at most, so that the first colours come soon.
pub const CODES_AT_ONCE: usize = 8;

/// Work to be done; `generation` comes back with the answer.
#[derive(Debug, Clone)]
pub enum DocsWork {
    /// Read a page and lay it out.
    Read {
        /// The number of the question.
        generation: u64,
        /// The site.
        book: Arc<Book>,
        /// The page's path.
        path: String,
        /// The columns it has.
        width: u16,
        /// What the reader has chosen.
        reading: Reading,
        /// How many lines are wanted at first; of a long page no more than its beginning is read for them.
        until: usize,
        /// The number of the question that brought the beginning of the page, where that is on the screen.
        begun: Option<u64>,
    },
    /// Lay a page out to its end.
    LayOut {
        /// The number of the question.
        generation: u64,
        /// The page.
        document: Arc<Document>,
        /// The columns it has.
        width: u16,
        /// What the reader has folded and chosen.
        reading: Reading,
        /// Its lines so far, of which those that stay the same are kept.
        before: Arc<Layout>,
    },
    /// Colour blocks of code.
    Colour {
        /// The number of the question that read the page.
        generation: u64,
        /// The page.
        document: Arc<Document>,
        /// Which of its blocks of code.
        codes: Vec<usize>,
    },
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum DocsDone {
    /// A page was read and laid out; `None` where the site has no such page.
    Read {
        /// The number of the question.
        generation: u64,
        /// The page.
        page: Option<(Arc<Document>, Arc<Layout>)>,
        /// The number of the question that brought its beginning, if one did.
        begun: Option<u64>,
    },
    /// A page was laid out.
    LaidOut {
        /// The number of the question.
        generation: u64,
        /// The lines.
        layout: Arc<Layout>,
    },
    /// Images were read.
    Images {
        /// The number of the question that read the page.
        generation: u64,
        /// Each image's index with what came of it.
        images: Vec<ReadImage>,
    },
    /// Blocks of code were coloured.
    Coloured {
        /// The number of the question that read the page.
        generation: u64,
        /// Each block's index and colours.
        colours: Vec<(usize, Arc<Highlighted>)>,
    },
}

/// An image's index and what came of reading it: the image, why it is not shown, or nothing where its file is not there.
pub type ReadImage = (usize, Option<Result<Arc<Picture>, String>>);

impl DocsWork {
    /// Does the work. It takes from a millisecond to a few hundred: call it in a worker.
    pub fn perform(self) -> DocsDone {
        match self {
            Self::Read {
                generation,
                book,
                path,
                width,
                reading,
                until,
                begun,
            } => {
                let wants_all = until == usize::MAX;
                let beginning = if wants_all {
                    None
                } else {
                    book.beginning(&path)
                };
                let document = beginning.or_else(|| book.document(&path));
                let page = document.map(|document| {
                    let mut layout = lay_out(&document, width, &reading, &Layout::default(), until);
                    layout.whole &= !document.is_beginning;
                    (Arc::new(document), Arc::new(layout))
                });
                DocsDone::Read {
                    generation,
                    page,
                    begun,
                }
            }
            Self::LayOut {
                generation,
                document,
                width,
                reading,
                before,
            } => DocsDone::LaidOut {
                generation,
                layout: Arc::new(lay_out(&document, width, &reading, &before, usize::MAX)),
            },
            Self::Colour {
                generation,
                document,
                codes,
            } => {
                let colour = |at: &usize| {
                    let code = document.codes.get(*at)?;
                    let language = code.language.as_deref()?;
                    Some((*at, Arc::new(highlight(language, &code.text)?)))
                };
                DocsDone::Coloured {
                    generation,
                    colours: codes.iter().filter_map(colour).collect(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(book: &Arc<Book>, until: usize) -> (Arc<Document>, Arc<Layout>) {
        let work = DocsWork::Read {
            generation: 1,
            book: book.clone(),
            path: "index.md".to_owned(),
            width: 80,
            reading: Reading::default(),
            until,
            begun: None,
        };
        match work.perform() {
            DocsDone::Read {
                page: Some(page), ..
            } => page,
            _ => Default::default(),
        }
    }

    #[test]
    fn a_long_page_begins_as_it_goes_on() {
        let part = "## Part\n\nSee [the end], or *do* it[^1]:\n\n```sh\n# Run\n\n# It\n```\n\n";
        let text = format!(
            "# A\n\n{}[the end]: b.md\n\n[^1]: Note\n",
            part.repeat(3_000)
        );
        let book = Book::new("x", "", [("index.md".to_owned(), text)].into());
        let book = Arc::new(book);
        let (first, screen) = read(&book, 100);
        let (whole, all) = read(&book, usize::MAX);
        assert!(first.is_beginning && !screen.whole && screen.lines.len() >= 100);
        assert!(!whole.is_beginning && all.whole);
        let mut lines = screen.lines.iter().zip(all.lines.iter());
        assert!(lines.all(|(first, whole)| first == whole));
        assert!(first.blocks.len() < whole.blocks.len());
    }
}
