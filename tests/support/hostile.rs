//! Pages that are made to be slow: tests count the work that they make, `cargo bench` times it.

use std::fmt::Write as _;

/// What each page is made of, by its name, and the page in a size that `scale` says.
pub(crate) fn pages(scale: usize) -> Vec<(&'static str, String)> {
    let repeated = |piece: &str| piece.repeat(scale);
    let each = |line: &dyn Fn(usize) -> String, lines: usize| {
        (0..lines).fold(String::new(), |mut page, at| {
            let _ = writeln!(page, "{}", line(at));
            page
        })
    };
    // What lies within each other is as long as it is deep.
    let deep = scale.div_ceil(10).min(1_000);
    vec![
        ("headings", repeated("#\n")),
        ("headings of one name", repeated("## Name\n\n")),
        (
            "nested lists",
            each(&|depth| " ".repeat(depth * 2) + "- item", deep),
        ),
        ("lists parted by lines", repeated("- a\n\n")),
        ("unclosed fences", repeated("```\na\n\n~~~~\n")),
        ("unclosed tags", repeated("<div markdown><p>a\n")),
        ("unclosed tags on one line", repeated("<div markdown><p>a")),
        ("unclosed spans", repeated("<a <b <i\n\n")),
        ("unclosed comments", repeated("<!-- a\n\n")),
        ("brackets", repeated("[[[[")),
        ("links", repeated("[a](")),
        ("emphasis", repeated("*a _b **c ")),
        ("ticks", repeated("`a ``b ```c ")),
        ("quotations", repeated("> > ")),
        (
            "nested quotations",
            each(&|depth| "> ".repeat(depth) + "a", deep),
        ),
        (
            "admonitions",
            each(&|depth| " ".repeat(depth * 4) + "!!! note", deep),
        ),
        ("table", repeated("||") + "\n" + &repeated("|-")),
        (
            "footnotes",
            each(&|at| format!("[^{at}]: a[^{at}]\n"), scale),
        ),
        (
            "abbreviations",
            each(&|at| format!("*[A{at}]: b\n\nA{at}\n"), scale),
        ),
        (
            "references",
            each(&|at| format!("[a{at}]: b\n[a{at}]\n"), scale),
        ),
        ("definitions", repeated("a\n:   b\n\n")),
        ("critic", repeated("{++a{--b{~~c")),
        ("attributes", repeated("# a {: ")),
        ("references to characters", repeated("&a&#1;&amp")),
    ]
}
