//! Pages of documentation: a megabyte of them read and laid out, the slowest page of real sites, pages made to be slow;
//! beside them MkDocs and `rich` where they are installed.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use stagedoor::techdocs::layout::{Reading, layout};
use stagedoor::techdocs::{Book, markdown};

use super::report::{Budget, Report, millis};

/// The width of a page on a wide terminal, in columns.
const WIDTH: u16 = 100;
/// How many pages the site has, as many as that of Argo CD.
const PAGES: usize = 455;

pub(crate) fn run(report: &mut Report) {
    let page = long_page(1 << 20);
    let first = Budget::Median(millis(30.0));
    report.time("read a page", page.len(), first, 20, || {
        markdown::parse(&page)
    });
    let document = markdown::parse(&page);
    report.time("lay it out whole", page.len(), Budget::None, 20, || {
        layout(&document, WIDTH, &Reading::default())
    });
    let pages = (0..PAGES).map(|number| (format!("p{number}.md"), long_page(6_600)));
    let texts: std::collections::BTreeMap<String, String> = pages.collect();
    let size = texts.values().map(String::len).sum();
    report.time("open a site: nav and titles", size, Budget::None, 5, || {
        Book::new("site", "", texts.clone())
    });
    let second = Budget::Median(millis(1000.0));
    report.time("read all of its pages", size, second, 3, || {
        texts
            .values()
            .map(|text| markdown::parse(text).headings.len())
            .sum::<usize>()
    });
    if let Some(slowest) = slowest_real_page() {
        let (name, text) = &slowest;
        let budget = Budget::Median(millis(10.0));
        let name = format!("slowest real page: {name}");
        report.time(&name, text.len(), budget, 20, || markdown::parse(text));
    }
    for (name, text) in hostile_pages() {
        report.time(name, text.len(), Budget::Median(millis(1000.0)), 1, || {
            markdown::parse(&text)
        });
    }
    others(report, &page, &texts);
}

/// A page as people write them, of about so many bytes.
fn long_page(bytes: usize) -> String {
    let mut text = String::from("# Operations\n\n");
    let mut part = 0;
    while text.len() < bytes {
        part += 1;
        let _ = write!(
            text,
            "## Step {part}: roll the *gateway* out\n\nThe `gateway` reads [its configuration](config-{part}.md) when it starts, and \
             again on **every** change of the file; see also <https://acme.dev/runbooks/{part}>. It keeps what it read \
             last, so that a broken file changes nothing - the log says which line is wrong.\n\n- one thing to look at\n- \
             another one, with `code` in it\n  - and one below it\n\n1. stop\n2. start\n\n!!! note \"Mind the order\"\n    The \
             queue comes first. It is drained within {part} seconds.\n\n    ```yaml title=\"gateway.yaml\"\n    name: gateway\n    \
             replicas: {part}\n    ```\n\n| option | meaning | default |\n|--------|---------|--------:|\n| `retries` | how \
             often it tries again | {part} |\n| `timeout` | how long it waits | 30 s |\n\n=== \"Linux\"\n\n    ```bash\n    \
             systemctl restart gateway --now\n    ```\n\n=== \"macOS\"\n\n    Use the menu.\n\n> Quoted from the handbook.\n\n"
        );
    }
    text.truncate(bytes);
    text
}

/// Pages that make readers slow.
fn hostile_pages() -> Vec<(&'static str, String)> {
    let lists: Vec<String> = (0..1000)
        .map(|depth| " ".repeat(depth * 2) + "- item")
        .collect();
    vec![
        ("hostile: 250,000 headings", "#\n".repeat(250_000)),
        (
            "hostile: 30,000 headings of one name",
            "## Name\n\n".repeat(30_000),
        ),
        ("hostile: 1,000 nested lists", lists.join("\n")),
        (
            "hostile: unclosed fences",
            "```\na\n\n~~~~\n".repeat(80_000),
        ),
        (
            "hostile: unclosed tags",
            "<div markdown><p>a".repeat(50_000),
        ),
        ("hostile: brackets", "[".repeat(1 << 20)),
        ("hostile: emphasis", "*a _b **c ".repeat(100_000)),
        ("hostile: quotations", "> ".repeat(500_000)),
        ("hostile: 50 MB", "word ".repeat(10 << 20)),
    ]
}

/// The page of the real sites at hand that takes longest.
fn slowest_real_page() -> Option<(String, String)> {
    let shared = std::env::var_os("STAGEDOOR_SHARED")?;
    let mut slowest: Option<(Duration, String, String)> = None;
    for entry in walkdir::WalkDir::new(Path::new(&shared).join("corpus/docs")) {
        let entry = entry.ok()?;
        if entry
            .path()
            .extension()
            .is_none_or(|extension| extension != "md")
        {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).ok()?;
        let started = Instant::now();
        markdown::parse(&text);
        let taken = started.elapsed();
        if slowest
            .as_ref()
            .is_none_or(|(longest, _, _)| taken > *longest)
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            slowest = Some((taken, name, text));
        }
    }
    slowest.map(|(_, name, text)| (name, text))
}

/// What others take for the same, where they are installed: `STAGEDOOR_PYTHON` names a Python that has them.
fn others(report: &mut Report, page: &str, texts: &std::collections::BTreeMap<String, String>) {
    let python = std::env::var_os("STAGEDOOR_PYTHON").unwrap_or_else(|| "python3".into());
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::create_dir(root.join("docs")).expect("a folder");
    std::fs::write(root.join("page.md"), page).expect("a page");
    for (name, text) in texts {
        std::fs::write(root.join("docs").join(name), text).expect("a page");
    }
    let config = "site_name: x\nplugins: [techdocs-core]\n";
    std::fs::write(root.join("mkdocs.yml"), config).expect("a site");
    let size = texts.values().map(String::len).sum();
    let runs: [(&str, usize, &[&str]); 2] = [
        (
            "rich, the page of a megabyte",
            page.len(),
            &["-m", "rich.markdown", "page.md"],
        ),
        (
            "mkdocs build, the site",
            size,
            &["-m", "mkdocs", "build", "-q"],
        ),
    ];
    for (name, size, arguments) in runs {
        let started = Instant::now();
        let done = Command::new(&python)
            .args(arguments)
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if done.is_ok_and(|status| status.success()) {
            report.samples(name, size, Budget::None, vec![started.elapsed()]);
        } else {
            println!("{name}: not installed");
        }
    }
}
