//! Pages of documentation: a megabyte of them read and laid out, the slowest page of real sites, pages made to be slow;
//! beside them MkDocs and `rich` where they are installed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use stagedoor::app::page::docs::DocsWork;
use stagedoor::techdocs::layout::{Reading, lay_out, layout};
use stagedoor::techdocs::{Book, markdown, section};

use super::hostile;
use super::process::stagedoor;
use super::report::{Budget, Report, millis};

/// The width of a page on a wide terminal, in columns.
const WIDTH: u16 = 100;
/// How many lines are laid out for the first screen.
const SCREEN: usize = 120;
/// How many pages the site has, as many as that of Argo CD.
const PAGES: usize = 455;
/// How large the pages are that are made to be slow, in repetitions of what makes them slow.
const HOSTILE: usize = 50_000;

pub(crate) fn run(report: &mut Report) {
    let page = long_page(1 << 20);
    first_screen(report, "first screen of a megabyte", &page, 30.0);
    report.time("read all of it", page.len(), Budget::None, 20, || {
        markdown::parse(&page)
    });
    let document = markdown::parse(&page);
    report.time("lay it out whole", page.len(), Budget::None, 20, || {
        layout(&document, WIDTH, &Reading::default())
    });
    let open = layout(&document, WIDTH, &Reading::default());
    let mut folded = Reading::default();
    folded.sections.insert(1);
    report.time(
        "fold a section of it",
        page.len(),
        Budget::Median(millis(2.0)),
        50,
        || lay_out(&document, WIDTH, &folded, &open, usize::MAX),
    );
    if let Some((name, text)) = slowest_real_page() {
        first_screen(report, &format!("slowest real page: {name}"), &text, 10.0);
    }
    site(report, &page);
    for (name, text) in hostile::pages(HOSTILE) {
        let name = format!("hostile: {name}");
        report.time(&name, text.len(), Budget::Median(millis(1000.0)), 1, || {
            markdown::parse(&text)
        });
    }
    let endless = "word ".repeat(10 << 20);
    let second = Budget::Median(millis(1000.0));
    report.time("hostile: 50 MB", endless.len(), second, 1, || {
        markdown::parse(&endless)
    });
}

/// The first screen of a page, as the reader asks for it.
fn first_screen(report: &mut Report, name: &str, page: &str, most: f64) {
    let texts = [("index.md".to_owned(), page.to_owned())];
    let book = Arc::new(Book::new("page", "", texts.into()));
    let budget = Budget::Median(millis(most));
    report.time(name, page.len(), budget, 20, || {
        let work = DocsWork::Read {
            generation: 0,
            book: book.clone(),
            path: "index.md".to_owned(),
            width: WIDTH,
            reading: Reading::default(),
            until: SCREEN,
            begun: None,
        };
        work.perform()
    });
}

/// A whole site: opened, and read for its nav, outlines and full text, by itself and by the program, beside what MkDocs and
/// `rich` take.
fn site(report: &mut Report, page: &str) {
    let pages = (0..PAGES).map(|number| (format!("p{number}.md"), long_page(6_600)));
    let texts: BTreeMap<String, String> = pages.collect();
    let size = texts.values().map(String::len).sum();
    report.time("open a site: nav and titles", size, Budget::None, 5, || {
        Book::new("site", "", texts.clone())
    });
    let second = Budget::Median(millis(1000.0));
    report.time("read its pages: outlines, words", size, second, 3, || {
        let words = texts.values().map(|text| {
            let document = markdown::parse(text);
            document.headings.len() + section::sections(&document).len()
        });
        words.sum::<usize>()
    });
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("catalog");
    std::fs::create_dir_all(root.join("docs")).expect("a folder");
    for (name, text) in &texts {
        std::fs::write(root.join("docs").join(name), text).expect("a page");
    }
    let config = "site_name: x\nplugins: [techdocs-core]\n";
    std::fs::write(root.join("mkdocs.yml"), config).expect("a site");
    let entity = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: x\n  annotations:\n    \
        backstage.io/techdocs-ref: dir:.\nspec: {type: service, lifecycle: production, owner: x}\n";
    std::fs::write(root.join("catalog-info.yaml"), entity).expect("an entity");
    let name = "stagedoor: nav, outlines, full text";
    match stagedoor(folder.path(), &["sync"]) {
        Ok(ended) => {
            report.samples(name, size, second, vec![ended.took]);
            report.at_most("its peak memory", size, ended.peak_mib, "MiB", 60.0);
        }
        Err(why) => report.skipped(name, &why),
    }
    std::fs::write(root.join("page.md"), page).expect("a page");
    let build: &[&str] = &["-m", "mkdocs", "build", "-q"];
    other(
        report,
        "mkdocs build with techdocs-core",
        size,
        build,
        &root,
    );
    let rich: &[&str] = &["-m", "rich.markdown", "page.md"];
    other(
        report,
        "rich: the page of a megabyte",
        page.len(),
        rich,
        &root,
    );
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

/// The page of the real sites at hand that takes longest as a whole.
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

/// What another program takes for the same in `folder`, where it is installed: `STAGEDOOR_PYTHON` names a Python that has it.
fn other(report: &mut Report, name: &str, size: usize, arguments: &[&str], folder: &Path) {
    let python = std::env::var_os("STAGEDOOR_PYTHON").unwrap_or_else(|| "python3".into());
    let started = Instant::now();
    let done = Command::new(python)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if done.is_ok_and(|status| status.success()) {
        report.samples(name, size, Budget::None, vec![started.elapsed()]);
    } else {
        report.skipped(name, "not installed");
    }
}
