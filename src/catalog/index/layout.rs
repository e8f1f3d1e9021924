//! How the bytes of an index lie: a header, a table of sections, and the sections, each a run of equal numbers or of
//! text. Numbers are in the machine's own byte order; every section begins at a multiple of eight.
//!
//! The header has a digest of itself, and behind the sections stand those of their bytes, block by block
//! ([`super::blocks`]). What is not as it was written reads as empty, and the index says that it is damaged.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytemuck::{AnyBitPattern, NoUninit};
use xxhash_rust::xxh3::xxh3_64;

use super::blocks::{self, Blocks};
use super::{Bytes, Facet, IndexError, SharedBytes};

/// Written in the machine's byte order, so that a file from a machine with the other order is not taken for ours.
const MAGIC: u64 = u64::from_be_bytes(*b"stagedor");
/// Raised with every change to the sections, to [`Facet`], to the order of relation types, to what is taken of an entity or to
/// how text is folded: rows of this program are merged into an older snapshot of the same version.
const VERSION: u64 = 8;
/// The words before the table: magic, version, length of all, number of rows, the digest of header and table with a zero in
/// its own place, the length of the sections, the digest of the digests of their blocks.
const HEAD: usize = 7;
/// The place of the first digest.
const DIGEST: usize = 4;
/// The words and the bytes of header and table.
const HEADER_WORDS: usize = HEAD + 2 * Section::COUNT;
const HEADER_LEN: usize = HEADER_WORDS * 8;

/// One run of equal numbers, by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Section(usize);

/// Texts, one behind another: a section of where each begins (and one more, the end of the last), and one of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Texts(usize);

impl Section {
    /// `u64` a row: the characters of the name.
    pub(super) const NAME_MASKS: Self = Self(0);
    /// `u64` a row: the characters of the title.
    pub(super) const TITLE_MASKS: Self = Self(1);
    /// `u32` a row: how many findings.
    pub(super) const PROBLEMS: Self = Self(2);
    /// `u8` a row: whether it has docs.
    pub(super) const DOCS: Self = Self(3);
    /// `u32` a row: rows, ordered by reference.
    pub(super) const BY_REF: Self = Self(4);
    /// `u32` a row and one more: where its relations begin.
    pub(super) const RELATION_STARTS: Self = Self(5);
    /// `u8` a relation: its place in `RelationType::ALL`.
    pub(super) const RELATION_TYPES: Self = Self(6);
    /// `u32` a relation: a row, or with [`MISSING`] set a number in [`Texts::MISSING`].
    pub(super) const RELATION_TARGETS: Self = Self(7);
    /// `u32` a row and one more: where its tags begin among the codes of [`Facet::Tag`].
    pub(super) const TAG_STARTS: Self = Self(8);
    /// `u8` a row: how many of the findings are errors, up to 255.
    pub(super) const ERRORS: Self = Self(9);
    /// `u64` a row: the characters with which words of the name start.
    pub(super) const NAME_STARTS: Self = Self(24);
    /// `u64` a row: the characters with which words of the title start.
    pub(super) const TITLE_STARTS: Self = Self(25);
    /// `u32` a word of [`Texts::WORDS`] and one more: where its rows begin in [`Section::WORD_ROWS`].
    pub(super) const WORD_ROW_STARTS: Self = Self(26);
    /// Bytes: the rows of each word, packed ([`super::words`]).
    pub(super) const WORD_ROWS: Self = Self(27);
    /// `u64` a run of [`Texts::RUNS`]: where words start in it.
    pub(super) const RUN_BEGINS: Self = Self(30);
    /// `u32` a run and one more: where its places begin in [`Section::RUN_PLACES`].
    pub(super) const RUN_PLACE_STARTS: Self = Self(31);
    /// Bytes: the places of each run, packed ([`super::runs`]).
    pub(super) const RUN_PLACES: Self = Self(32);
    const COUNT: usize = Texts::FACETS + Facet::ALL.len() * PER_FACET;

    /// `u32` a row (for tags: a tag of a row): the number of its value, or [`NO_VALUE`].
    pub(super) const fn codes(facet: Facet) -> Self {
        Self(facet_base(facet))
    }

    /// `u32` a value and one more: where its rows begin.
    pub(super) const fn posting_starts(facet: Facet) -> Self {
        Self(facet_base(facet) + 1)
    }

    /// `u32`: the rows of the first value, of the second, and so on, each in order.
    pub(super) const fn postings(facet: Facet) -> Self {
        Self(facet_base(facet) + 2)
    }
}

impl Texts {
    /// A row's name as written.
    pub(super) const NAMES: Self = Self(10);
    /// A row's name in lower case, as in its reference.
    pub(super) const FOLDED_NAMES: Self = Self(12);
    /// A row's title.
    pub(super) const TITLES: Self = Self(14);
    /// A row's title in lower case.
    pub(super) const FOLDED_TITLES: Self = Self(16);
    /// The beginning of a row's description.
    pub(super) const DESCRIPTIONS: Self = Self(18);
    /// A row's tags, parted by spaces.
    pub(super) const TAGS: Self = Self(20);
    /// References that point to nothing.
    pub(super) const MISSING: Self = Self(22);
    /// The words of all descriptions, each once, folded.
    pub(super) const WORDS: Self = Self(28);
    /// The runs of all names and titles, each once, folded.
    pub(super) const RUNS: Self = Self(33);
    const FACETS: usize = 35;
    /// Those with a text for each row.
    const OF_ROWS: [Self; 6] = [
        Self::NAMES,
        Self::FOLDED_NAMES,
        Self::TITLES,
        Self::FOLDED_TITLES,
        Self::DESCRIPTIONS,
        Self::TAGS,
    ];

    /// The values of a facet, in order.
    pub(super) const fn values(facet: Facet) -> Self {
        Self(facet_base(facet) + 3)
    }
}

/// Codes, where postings begin, postings, where values begin, values.
const PER_FACET: usize = 5;

const fn facet_base(facet: Facet) -> usize {
    Texts::FACETS + facet as usize * PER_FACET
}

/// The code of a row without a value.
pub(super) const NO_VALUE: u32 = u32::MAX;
/// Set in a relation's target that is no row.
pub(super) const MISSING: u32 = 1 << 31;

/// `number` as the layout keeps it.
pub(super) fn narrow(number: usize) -> Result<u32, IndexError> {
    u32::try_from(number).map_err(|_| IndexError::TooLarge)
}

/// Lays sections out, one behind another.
pub(super) struct Writer {
    bytes: Vec<u8>,
    table: [(u64, u64); Section::COUNT],
    rows: usize,
}

impl Writer {
    /// An empty layout of an index of `rows` rows.
    pub(super) fn new(rows: usize) -> Self {
        Self {
            bytes: vec![0; HEADER_LEN],
            table: [(HEADER_LEN as u64, 0); Section::COUNT],
            rows,
        }
    }

    /// Appends a section.
    pub(super) fn section<T: NoUninit>(&mut self, section: Section, items: &[T]) {
        self.raw(section.0, bytemuck::cast_slice(items));
    }

    /// Appends texts.
    pub(super) fn texts<'a>(
        &mut self,
        texts: Texts,
        items: impl Iterator<Item = &'a str>,
    ) -> Result<(), IndexError> {
        let mut starts = vec![0_u32];
        let mut text = String::new();
        for item in items {
            text.push_str(item);
            starts.push(narrow(text.len())?);
        }
        self.run(texts, &starts, text.as_bytes());
        Ok(())
    }

    /// Appends texts that lie in one run already, with where each begins and the end of the last.
    pub(super) fn run(&mut self, texts: Texts, starts: &[u32], text: &[u8]) {
        self.raw(texts.0, bytemuck::cast_slice(starts));
        self.raw(texts.0 + 1, text);
    }

    fn raw(&mut self, at: usize, section: &[u8]) {
        if let Some(entry) = self.table.get_mut(at) {
            *entry = (self.bytes.len() as u64, section.len() as u64);
        }
        self.bytes.extend_from_slice(section);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    /// Appends the digests, and fills in header and table.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let body = self.bytes.get(HEADER_LEN..).unwrap_or_default();
        let (len, digests) = (body.len() as u64, blocks::digests(body));
        self.bytes.extend_from_slice(bytemuck::cast_slice(&digests));
        let head: [u64; HEAD] = [
            MAGIC,
            VERSION,
            self.bytes.len() as u64,
            self.rows as u64,
            0,
            len,
            xxh3_64(bytemuck::cast_slice(&digests)),
        ];
        let table = self.table.iter().flat_map(|&(at, len)| [at, len]);
        let mut words = [0; HEADER_WORDS];
        for (to, from) in words.iter_mut().zip(head.into_iter().chain(table)) {
            *to = from;
        }
        words[DIGEST] = digest(words);
        for (to, from) in self.bytes.iter_mut().zip(bytemuck::cast_slice(&words)) {
            *to = *from;
        }
        self.bytes
    }
}

/// The digest of a header, whatever stands in the place of its digest.
fn digest(mut words: [u64; HEADER_WORDS]) -> u64 {
    words[DIGEST] = 0;
    xxh3_64(bytemuck::cast_slice(&words))
}

/// A checked layout: every section is known to lie within the bytes and to have the length it should.
pub(super) struct Layout {
    bytes: SharedBytes,
    table: [Entry; Section::COUNT],
    rows: usize,
    digest: u64,
    /// Where the sections lie.
    body: Range<usize>,
    blocks: Blocks,
}

/// A section in the table.
#[derive(Default)]
struct Entry {
    /// Where it lies.
    span: Range<usize>,
    /// Whether all of it was found to be as it was written.
    sound: AtomicBool,
}

/// Bytes that had to be copied, because they did not begin at a multiple of eight.
struct Aligned(Vec<u64>);

impl Bytes for Aligned {
    fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

impl Layout {
    /// Reads and checks header and table.
    pub(super) fn open(bytes: SharedBytes) -> Result<Self, IndexError> {
        let bytes = aligned(bytes);
        let all = bytes.bytes();
        let head: [u64; HEADER_WORDS] = all
            .get(..HEADER_LEN)
            .and_then(|head| bytemuck::try_cast_slice::<u8, u64>(head).ok())
            .and_then(|head| head.try_into().ok())
            .ok_or(IndexError::Damaged("it ends within its header"))?;
        let word = |at: usize| head.get(at).copied().unwrap_or_default();
        let number = |at: usize| usize::try_from(word(at)).unwrap_or(usize::MAX);
        if (word(0), word(1)) != (MAGIC, VERSION) {
            return Err(IndexError::Version);
        }
        if word(DIGEST) != digest(head) {
            return Err(IndexError::Damaged("its header was changed"));
        }
        if number(2) != all.len() {
            return Err(IndexError::Damaged("its length is not the one it states"));
        }
        let body = HEADER_LEN..HEADER_LEN.saturating_add(number(5));
        let digests = all.get(body.end..).unwrap_or_default();
        if xxh3_64(digests) != word(6) || digests.len() != 8 * blocks::count(body.len()) {
            return Err(IndexError::Damaged("its digests were changed"));
        }
        let mut table: [Entry; Section::COUNT] = std::array::from_fn(|_| Entry::default());
        for (at, entry) in table.iter_mut().enumerate() {
            let (start, len) = (number(HEAD + 2 * at), number(HEAD + 2 * at + 1));
            let end = start.saturating_add(len);
            if start % 8 != 0 || start < body.start || end > body.end {
                return Err(IndexError::Damaged("a section lies outside of it"));
            }
            entry.span = start..end;
        }
        let layout = Self {
            table,
            rows: number(3),
            digest: word(DIGEST),
            body,
            blocks: Blocks::new(bytemuck::try_cast_slice(digests).unwrap_or_default()),
            bytes,
        };
        if layout.lengths_agree() {
            Ok(layout)
        } else {
            Err(IndexError::Damaged("a section has the wrong length"))
        }
    }

    /// The digest of the header, and so of all that it states.
    pub(super) fn digest(&self) -> u64 {
        self.digest
    }

    /// Whether anything that was read by now is not as it was written, or the bytes were changed since they were opened.
    pub(super) fn is_damaged(&self) -> bool {
        self.blocks.are_damaged() || !self.bytes.are_unchanged()
    }

    /// Compares everything that was not read yet.
    pub(super) fn read_all(&self) {
        let body = self.body();
        self.blocks.are_sound(body, &(0..body.len()));
    }

    /// The bytes of the sections.
    fn body(&self) -> &[u8] {
        let all = self.bytes.bytes();
        all.get(self.body.clone()).unwrap_or_default()
    }

    fn lengths_agree(&self) -> bool {
        let rows = self.rows;
        let is = |section: Section, size: usize, count: usize| {
            count.checked_mul(size) == Some(self.len_of(section.0))
        };
        let relations = self.len_of(Section::RELATION_TYPES.0);
        rows < MISSING as usize
            && is(Section::NAME_MASKS, 8, rows)
            && is(Section::TITLE_MASKS, 8, rows)
            && is(Section::NAME_STARTS, 8, rows)
            && is(Section::TITLE_STARTS, 8, rows)
            && self.len_of(Section::WORD_ROW_STARTS.0) == self.len_of(Texts::WORDS.0)
            && self.len_of(Section::RUN_PLACE_STARTS.0) == self.len_of(Texts::RUNS.0)
            && is(Section::RUN_BEGINS, 8, self.text_count(Texts::RUNS))
            && is(Section::PROBLEMS, 4, rows)
            && is(Section::ERRORS, 1, rows)
            && is(Section::DOCS, 1, rows)
            && is(Section::BY_REF, 4, rows)
            && is(Section::RELATION_STARTS, 4, rows + 1)
            && is(Section::RELATION_TARGETS, 4, relations)
            && is(Section::TAG_STARTS, 4, rows + 1)
            && Texts::OF_ROWS
                .iter()
                .all(|texts| is(Section(texts.0), 4, rows + 1))
            && Facet::ALL.iter().all(|&facet| {
                let values = self.len_of(Texts::values(facet).0);
                (facet == Facet::Tag || is(Section::codes(facet), 4, rows))
                    && self.len_of(Section::posting_starts(facet).0) == values
            })
    }

    fn len_of(&self, at: usize) -> usize {
        self.table.get(at).map_or(0, |entry| entry.span.len())
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The bytes of a section; none where they are damaged.
    fn raw(&self, at: usize) -> &[u8] {
        self.slice(at, 0..self.len_of(at))
    }

    /// Some bytes of a section; none where they are damaged, or where it does not have them all.
    fn slice(&self, at: usize, part: Range<usize>) -> &[u8] {
        let Some(entry) = self.table.get(at) else {
            return &[];
        };
        let is_whole = part.len() == entry.span.len();
        let start = entry.span.start.saturating_add(part.start);
        let end = entry.span.start.saturating_add(part.end);
        if start > end || end > entry.span.end {
            return &[];
        }
        if !entry.sound.load(Ordering::Relaxed) {
            let range = start - HEADER_LEN..end - HEADER_LEN;
            if !self.blocks.are_sound(self.body(), &range) {
                return &[];
            }
            if is_whole {
                entry.sound.store(true, Ordering::Relaxed);
            }
        }
        self.bytes.bytes().get(start..end).unwrap_or_default()
    }

    /// The numbers of a section.
    pub(super) fn section<T: AnyBitPattern>(&self, section: Section) -> &[T] {
        bytemuck::try_cast_slice(self.raw(section.0)).unwrap_or_default()
    }

    /// Some numbers of a section; none where it does not have them all.
    pub(super) fn numbers<T: AnyBitPattern>(&self, section: Section, at: Range<usize>) -> &[T] {
        let size = size_of::<T>();
        let bytes = at.start.saturating_mul(size)..at.end.saturating_mul(size);
        bytemuck::try_cast_slice(self.slice(section.0, bytes)).unwrap_or_default()
    }

    /// The number at `at` of a section; zero if it has none there.
    pub(super) fn number<T: AnyBitPattern + Default>(&self, section: Section, at: usize) -> T {
        let number = self.numbers(section, at..at.saturating_add(1));
        number.first().copied().unwrap_or_default()
    }

    /// The text at `at`; empty if there is none, or none that is text.
    pub(super) fn text(&self, texts: Texts, at: usize) -> &str {
        let bytes = self.slice(texts.0 + 1, self.range(Section(texts.0), at));
        str::from_utf8(bytes).unwrap_or_default()
    }

    /// The length of the text at `at`, in bytes.
    pub(super) fn text_len(&self, texts: Texts, at: usize) -> usize {
        self.range(Section(texts.0), at).len()
    }

    /// All texts in one run, with where each begins and the end of the last.
    pub(super) fn run(&self, texts: Texts) -> (&[u32], &[u8]) {
        (self.section(Section(texts.0)), self.raw(texts.0 + 1))
    }

    /// The number of the texts that are `wanted`, in any case.
    pub(super) fn find_folded(&self, texts: Texts, wanted: &str) -> Vec<usize> {
        let text = self.raw(texts.0 + 1);
        let spans = self.section::<u32>(Section(texts.0)).windows(2);
        let folded = wanted.to_lowercase();
        let same = |span: &[u32]| {
            let [start, end] = *span else { return false };
            let found = text.get(start as usize..end as usize).unwrap_or_default();
            found.eq_ignore_ascii_case(wanted.as_bytes())
                || (!found.is_ascii()
                    && str::from_utf8(found).is_ok_and(|text| text.to_lowercase() == folded))
        };
        let found = spans.enumerate().filter(|(_, span)| same(span));
        found.map(|(at, _)| at).collect()
    }

    /// How many texts there are.
    pub(super) fn text_count(&self, texts: Texts) -> usize {
        (self.len_of(texts.0) / 4).saturating_sub(1)
    }

    /// What lies from start `at` to the next; empty if there is no such start.
    pub(super) fn range(&self, starts: Section, at: usize) -> Range<usize> {
        match self.numbers::<u32>(starts, at..at.saturating_add(2)) {
            [start, end] => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// The part of a section that lies from start `at` to the next.
    pub(super) fn part<T: AnyBitPattern>(
        &self,
        section: Section,
        starts: Section,
        at: usize,
    ) -> &[T] {
        self.numbers(section, self.range(starts, at))
    }
}

/// The bytes themselves if they begin at a multiple of eight (mapped files and large vectors do), else a copy that does.
fn aligned(bytes: SharedBytes) -> SharedBytes {
    let all = bytes.bytes();
    if bytemuck::try_cast_slice::<u8, u64>(all.get(..HEADER_LEN).unwrap_or_default()).is_ok() {
        return bytes;
    }
    let words = all.chunks_exact(8).filter_map(|chunk| {
        let word = <[u8; 8]>::try_from(chunk).ok()?;
        Some(u64::from_ne_bytes(word))
    });
    Arc::new(Aligned(words.collect()))
}
