//! Sites in memory: what tests of this and of other modules read, and what bad ones do.

use super::*;

/// Files by their path.
pub(in crate::techdocs) fn texts(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let file = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    files.iter().map(file).collect()
}

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let sources = assemble(&texts(files), Config::absent("x")).unwrap_or_default();
    let problems = sources.problems.iter();
    problems
        .map(|problem| format!("{} {}", problem.place, problem.message))
        .collect()
}

#[test]
fn loops_and_ways_out_are_told_and_cost_only_themselves() {
    let found = problems(&[
        (
            "mkdocs.yml",
            "INHERIT: a.yml\nsite_name: x\nnav:\n- A: '!include ./s/mkdocs.yml'\n- B: '!include ../../out/mkdocs.yml'\n- C: '!include /etc/mkdocs.yml'\n- D: '!include gone/mkdocs.yml'\n- ../up.md\n- index.md\n",
        ),
        ("a.yml", "INHERIT: mkdocs.yml\n"),
        (
            "s/mkdocs.yml",
            "site_name: s\nnav:\n- index.md\n- Again: '!include ./mkdocs.yml'\n- Root: '!include ../mkdocs.yml'\n",
        ),
        ("s/docs/index.md", ""),
        ("docs/index.md", ""),
    ]);
    let told = found.join("\n");
    for part in [
        "INHERIT 'mkdocs.yml' leads back",
        "'!include s/mkdocs.yml' leads back to itself",
        "'!include ../../out/mkdocs.yml' names a file that is not there",
        "'!include /etc/mkdocs.yml' does not name",
        "mkdocs.yml:7:16 '!include gone/mkdocs.yml' names a file that is not there",
        "mkdocs.yml:8:3 The nav's '../up.md' leads out of docs_dir.",
    ] {
        assert!(told.contains(part), "{part} in\n{told}");
    }
}

#[test]
fn bombs_are_no_sites() {
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\n\
                d: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e, *e]\n\
                g: &g [*f, *f, *f, *f, *f, *f, *f, *f]\nnav: [*g, *g, *g, *g, *g, *g, *g, *g]\n";
    let found = problems(&[("mkdocs.yml", bomb), ("docs/index.md", "")]);
    assert_eq!(found.len(), 1, "{found:?}");
    let deep = format!("nav: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(problems(&[("mkdocs.yml", &deep)]).len(), 1);
    let objects = "site_name: !!python/object/apply:os.system ['rm -rf /']\nnav: !!python/object:x.Y {a: b.md}\n";
    let sources = assemble(&texts(&[("mkdocs.yml", objects)]), Config::absent("x"));
    assert_eq!(sources.unwrap_or_default().config.site_name, "x");
}

#[test]
fn a_nav_of_a_hundred_thousand_lines_is_read_whole() {
    let mut config = "site_name: x\nnav:\n".to_owned();
    for number in 0..100_000 {
        let number = number.to_string();
        config.extend(["- T", &number, ": p", &number, ".md\n"]);
    }
    let sources = assemble(&texts(&[("mkdocs.yml", &config)]), Config::absent("x"));
    let nav = sources.unwrap_or_default().config.nav.unwrap_or_default();
    assert_eq!(nav.len(), 100_000);
}

#[test]
fn what_is_kept_is_enough() {
    let tree = texts(&[
        (
            "mkdocs.yml",
            "INHERIT: base.yml\nsite_name: x\nnav:\n- One: a.md\n- '!include s/mkdocs.yml'\nmarkdown_extensions:\n- toc:\n    slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n",
        ),
        (
            "base.yml",
            "repo_url: https://acme.dev/x\nedit_uri: e\nmarkdown_extensions: [pymdownx.keys]\nplugins:\n- redirects:\n    redirect_maps: {old.md: a.md}\n",
        ),
        ("docs/a.md", "--8<-- \"parts/x.txt\"\n"),
        ("parts/x.txt", "included\n"),
        ("s/mkdocs.yml", "site_name: sub\n"),
        ("s/docs/index.md", "# Sub\n"),
    ]);
    let sources = assemble(&tree, Config::absent("x")).unwrap_or_default();
    let kept = sources.kept();
    let (config, problems) = Config::parse("mkdocs.yml", &kept);
    assert_eq!(problems, []);
    assert_eq!(config.nav, sources.config.nav);
    assert_eq!(config.plugins, sources.config.plugins);
    assert_eq!(config.edit_bases, sources.config.edit_bases);
    assert_eq!(
        config.included.get("parts/x.txt").map(String::as_str),
        Some("included\n")
    );
    let options = crate::techdocs::markdown::Options::read(&kept);
    assert_ne!(
        options.slugs,
        crate::techdocs::markdown::Options::default().slugs
    );
    assert_eq!(
        sources.included("docs/a.md").as_deref(),
        Some("--8<-- \"parts/x.txt\"\n")
    );
}
