//! Full text over sections of docs; beside it SQLite's `LIKE` over the same texts, as one would write it without an index.

use std::time::Instant;

use rusqlite::Connection;
use stagedoor::catalog::EntityRef;
use stagedoor::store::{Page, Section, Store};

use crate::report::{Budget, Report, millis};

/// As many sections as the finder asks for.
const LIMIT: usize = 30;
/// How many words a section has, and how many there are of each page.
const WORDS: usize = 90;
const SECTIONS: usize = 8;
/// How many pages one entity has.
const PAGES: usize = 25;
/// How many different words there are, the first of them as often as words of a language are.
const VOCABULARY: usize = 30_000;
/// How often each kind of question is asked, each time with other words.
const ASKED: usize = 200;
/// How often the peer is asked: it takes as long for every question.
const ASKED_OF_PEER: usize = 10;

/// What the words of one question are like: how common each is, counted from the most common word.
type Ranks = &'static [usize];

/// How the words of a question are written.
type Written = fn(&[String]) -> String;

/// One kind of question: what it is called, its words, and how it is written.
const QUESTIONS: [(&str, Ranks, Written); 9] = [
    ("one common word", &[5], |words| words.join(" ")),
    ("one word", &[400], |words| words.join(" ")),
    ("one rare word", &[12_000], |words| words.join(" ")),
    ("two words", &[60, 400], |words| words.join(" ")),
    ("two common words", &[3, 9], |words| words.join(" ")),
    ("three words", &[40, 300, 900], |words| words.join(" ")),
    ("the beginning of a word", &[300], |words| begun(words, 3)),
    ("two letters", &[300], |words| begun(words, 2)),
    ("a phrase", &[20, 90], |words| {
        format!("\"{}\"", words.join(" "))
    }),
];

pub(crate) fn run(report: &mut Report) {
    for size in [10_000, 100_000] {
        let vocabulary = vocabulary();
        let store = Store::temporary().expect("a folder");
        let peer = Connection::open_in_memory().expect("memory");
        peer.execute_batch("CREATE TABLE section (text TEXT NOT NULL); BEGIN")
            .expect("a table");
        fill(&store, &peer, &vocabulary, size);
        peer.execute_batch("COMMIT").expect("written");
        for (kind, ranks, write) in QUESTIONS {
            let questions: Vec<String> = (0..ASKED)
                .map(|number| write(&words(&vocabulary, ranks, number)))
                .collect();
            // Pages that lie on the disk are read once.
            ask(&store, &questions[0]);
            let times = questions.iter().map(|question| ask(&store, question));
            let name = format!("full text: {kind}");
            report.samples(&name, size, Budget::P99(millis(2.0)), times.collect());
        }
        let question = words(&vocabulary, &[60, 400], 0);
        let times = (0..ASKED_OF_PEER).map(|_| like(&peer, &question));
        let name = "SQLite LIKE over the same texts, two words";
        report.samples(name, size, Budget::None, times.collect());
    }
}

fn begun(words: &[String], letters: usize) -> String {
    words.concat().chars().take(letters).collect()
}

fn ask(store: &Store, question: &str) -> std::time::Duration {
    let started = Instant::now();
    std::hint::black_box(store.search_docs(question, None, LIMIT).expect("an answer"));
    started.elapsed()
}

fn like(peer: &Connection, words: &[String]) -> std::time::Duration {
    let all = vec!["text LIKE ?"; words.len()].join(" AND ");
    let sql =
        format!("SELECT rowid, text FROM section WHERE {all} ORDER BY length(text) LIMIT {LIMIT}");
    let patterns = words.iter().map(|word| format!("%{word}%"));
    let started = Instant::now();
    let mut select = peer.prepare(&sql).expect("SQL");
    let rows = select
        .query_map(rusqlite::params_from_iter(patterns), |row| {
            row.get::<_, i64>(0)
        })
        .expect("an answer");
    std::hint::black_box(rows.count());
    started.elapsed()
}

/// Numbers that look as if they were thrown, the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % most.max(1)
    }

    /// The place of a word, the first ones as often as in a language (Zipf's law).
    fn word(&mut self) -> usize {
        let mut most = 1;
        while most < VOCABULARY && self.below(8) > 0 {
            most = most * 2 + 1;
        }
        self.below(most.min(VOCABULARY))
    }
}

/// Words that can be spoken, all of them different.
fn vocabulary() -> Vec<String> {
    const ONSETS: [&str; 20] = [
        "b", "c", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "br", "cl", "dr",
        "gr", "st", "tr",
    ];
    const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ea", "ou", "io"];
    let syllable = |number: usize| {
        let (onset, vowel) = (number % ONSETS.len(), number / ONSETS.len() % VOWELS.len());
        format!("{}{}", ONSETS[onset], VOWELS[vowel])
    };
    let syllables = ONSETS.len() * VOWELS.len();
    let word = |number: usize| {
        // Neighbours are not to begin alike.
        let mixed = number * 7_919 % (syllables * syllables * syllables);
        let (first, rest) = (mixed % syllables, mixed / syllables);
        let (second, third) = (rest % syllables, rest / syllables);
        format!("{}{}{}", syllable(first), syllable(second), syllable(third))
    };
    (1..=VOCABULARY).map(word).collect()
}

/// Words of these ranks, each time others near them.
fn words(vocabulary: &[String], ranks: Ranks, number: usize) -> Vec<String> {
    let near = |rank: &usize| vocabulary[rank + number * rank / 100 / 4].clone();
    ranks.iter().map(near).collect()
}

/// Writes `size` sections.
fn fill(store: &Store, peer: &Connection, vocabulary: &[String], size: usize) {
    let mut dice = Dice(7);
    let mut insert = peer
        .prepare("INSERT INTO section (text) VALUES (?1)")
        .expect("a table");
    let mut text = |words: usize| {
        let words = (0..words).map(|_| vocabulary[dice.word()].as_str());
        words.collect::<Vec<_>>().join(" ")
    };
    for site in 0..size / SECTIONS / PAGES {
        let mut pages = Vec::new();
        for page in 0..PAGES {
            let sections: Vec<Section> = (0..SECTIONS)
                .map(|number| Section {
                    heading: text(3),
                    anchor: format!("s{number}"),
                    text: text(WORDS),
                })
                .collect();
            for section in &sections {
                insert.execute([&section.text]).expect("written");
            }
            pages.push(Page {
                path: format!("p{page}.md"),
                title: text(3),
                sections,
                ..Page::default()
            });
        }
        let entity = EntityRef::new("component", "default", &format!("site-{site}"));
        store.put_site(&entity, "", "1", &pages).expect("written");
    }
}
