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
        /// How many lines are wanted at first.
        until: usize,
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
            } => {
                let page = book.document(&path).map(|document| {
                    let layout = lay_out(&document, width, &reading, &Layout::default(), until);
                    (Arc::new(document), Arc::new(layout))
                });
                DocsDone::Read { generation, page }
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
