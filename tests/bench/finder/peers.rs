//! The same letters typed into what else is at hand: `fzf --filter` over a line for each entity, and SQLite's `LIKE` over
//! the same lines.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use stagedoor::catalog::Index;

use crate::report::{Budget, Report};

/// What a list of entities shows of one, on one line.
fn lines(index: &Index) -> impl Iterator<Item = String> {
    index.rows().filter_map(|row| index.summary(row)).map(|it| {
        [
            it.name,
            it.title,
            it.kind,
            it.entity_type,
            it.owner,
            it.system,
            it.tags,
            it.description,
        ]
        .join(" ")
    })
}

/// Types `typed` letter by letter into the peers.
pub(super) fn run(report: &mut Report, index: &Index, typed: &str) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("lines");
    let mut file = BufWriter::new(File::create(&path).expect("a file"));
    for line in lines(index) {
        writeln!(file, "{line}").expect("written");
    }
    file.flush().expect("written");
    let texts: Vec<&str> = (1..=typed.len())
        .filter_map(|end| typed.get(..end))
        .collect();

    let name = format!("fzf --filter, typing {typed:?}");
    match texts.iter().map(|text| fzf(&path, text)).collect() {
        Ok(times) => report.samples(&name, index.len(), Budget::None, times),
        Err(error) => report.skipped(&name, &format!("fzf cannot be run: {error}")),
    }
    let table = table(index);
    let times = texts.iter().map(|text| like(&table, text)).collect();
    let name = format!("SQLite LIKE, typing {typed:?}");
    report.samples(&name, index.len(), Budget::None, times);
}

/// The whole process: nothing of it stays from key to key.
fn fzf(lines: &Path, text: &str) -> std::io::Result<Duration> {
    let started = Instant::now();
    let mut child = Command::new("fzf")
        .args(["--filter", text])
        .stdin(File::open(lines)?)
        .stdout(Stdio::null())
        .spawn()?;
    child.wait()?;
    Ok(started.elapsed())
}

fn table(index: &Index) -> Connection {
    let table = Connection::open_in_memory().expect("memory");
    table
        .execute_batch("CREATE TABLE entity (line TEXT NOT NULL); BEGIN")
        .expect("a table");
    let mut insert = table
        .prepare("INSERT INTO entity (line) VALUES (?1)")
        .expect("a table");
    for line in lines(index) {
        insert.execute([line]).expect("written");
    }
    drop(insert);
    table.execute_batch("COMMIT").expect("written");
    table
}

/// The shortest lines with all words, as many as the finder lists.
fn like(table: &Connection, text: &str) -> Duration {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|it| format!("%{it}%"))
        .collect();
    let all = vec!["line LIKE ?"; words.len()].join(" AND ");
    let sql = format!(
        "SELECT rowid FROM entity WHERE {all} ORDER BY length(line) LIMIT {}",
        super::LIMIT
    );
    let started = Instant::now();
    let mut select = table.prepare(&sql).expect("SQL");
    let rows = select
        .query_map(rusqlite::params_from_iter(&words), |row| {
            row.get::<_, i64>(0)
        })
        .expect("an answer");
    std::hint::black_box(rows.count());
    started.elapsed()
}
