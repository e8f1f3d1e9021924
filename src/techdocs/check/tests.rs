//! What is found in small sites, and what is not.

use super::*;
use crate::techdocs::assemble;
use crate::techdocs::source::tests;

/// The findings in a site of these pages, which has no other files than `logo.png` in its docs.
fn found(config: &str, pages: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<String> = pages
        .iter()
        .map(|(path, _)| format!("docs/{path}"))
        .collect();
    let config = format!("site_name: x\n{config}");
    let mut texts = vec![("mkdocs.yml", config.as_str()), ("docs/logo.png", "")];
    texts.extend(
        files
            .iter()
            .zip(pages)
            .map(|(file, (_, text))| (file.as_str(), *text)),
    );
    let sources = assemble(&tests::texts(&texts), Config::absent("x")).unwrap_or_default();
    let read = read_pages(&sources, &Options::default());
    let named = |page: &ReadPage<'_>| format!("docs/{}", page.path);
    let files: Vec<String> = read.iter().map(named).collect();
    let pages = read.iter().zip(&files);
    let checked: Vec<CheckedPage<'_>> = pages.map(|(page, file)| page.called(file)).collect();
    let problems = check(&CheckedSite {
        sources: &sources,
        pages: &checked,
    });
    let line = |problem: &Problem| {
        let meant = problem
            .suggestion
            .as_ref()
            .map(|meant| format!(" → {meant}"));
        let level = match problem.level {
            Level::Info => " (info)",
            _ => "",
        };
        format!(
            "{} {}{level}{}",
            problem.place,
            problem.message,
            meant.unwrap_or_default()
        )
    };
    problems.iter().map(line).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn what_the_nav_names_in_vain_is_found_where_it_stands() {
    assert_eq!(
        found(
            "nav:\n- index.md\n- Ops:\n  - Off: old/gone.md\n  - Gone: ./indx.md\n  - Sub: sub/\n",
            &[("index.md", "# A")]
        ),
        [
            "mkdocs.yml:5:10 The nav names 'old/gone.md', but there is no such page.",
            "mkdocs.yml:6:11 The nav names 'indx.md', but there is no such page. → index.md",
            "mkdocs.yml:7:10 The nav names 'sub', but there is no such page.",
        ]
    );
}

#[test]
fn pages_that_plugins_make_are_missed_gently() {
    let config = "nav:\n- index.md\n- api.md\nplugins:\n- techdocs-core\n- gen-files:\n    scripts: [a.py]\n";
    assert_eq!(
        found(config, &[("index.md", "[a](b.md)"), ("c.md", "# C")]),
        [
            "mkdocs.yml:4:3 The nav names 'api.md', but there is no such page, unless the plugin 'gen-files' makes it. (info)",
            "docs/index.md:1:5 The link to 'b.md' leads to no page, unless the plugin 'gen-files' makes it. (info)",
        ]
    );
}

#[test]
fn pages_without_a_line_in_the_nav_are_told() {
    let pages = [
        ("index.md", "# A"),
        ("a.md", "# A"),
        ("drafts/b.md", "# B"),
        ("c.md", "# C"),
    ];
    assert_eq!(
        found("nav:\n- A: a.md\nnot_in_nav: |\n  drafts/\n", &pages),
        [
            "docs/c.md:1:1 The nav does not name 'c.md'. (info)",
            "docs/index.md:1:1 The nav does not name 'index.md'. (info)",
        ]
    );
    assert_eq!(found("", &pages), NOTHING);
}

#[test]
fn links_that_lead_nowhere_are_found_and_no_others() {
    let page = "# A\n\n[ok](b.md#b) [ok](b/) [ok](/catalog) [ok](https://a.dev) [ok](logo.png) <a@b.dev> [ok]({{ x }})\n\n\
                [gone](c.md) and [gone](c.md)\nand [out](../README.md) [x][y] ![no](x.png) [file](x.pdf) [up](/b.md)\n\n\
                [y]: guide/b.md 'title'\n";
    assert_eq!(
        found("", &[("index.md", page), ("b.md", "# B")]),
        [
            "docs/index.md:6:38 There is no image at 'x.png'.",
            "docs/index.md:3:19 'b/' is an address of the finished site: MkDocs leaves it as it stands and does not see when it breaks. (info) → b.md",
            "docs/index.md:3:28 '/catalog' begins at the root of the portal, not of these docs. (info)",
            "docs/index.md:5:8 The link to 'c.md' leads to no page.",
            "docs/index.md:5:25 The link to 'c.md' leads to no page.",
            "docs/index.md:6:11 The link to '../README.md' leads out of the docs folder, which is all that is built.",
            "docs/index.md:8:6 The link to 'guide/b.md' leads to no page. → b.md",
            "docs/index.md:6:52 The link to 'x.pdf' leads to no file.",
            "docs/index.md:6:64 '/b.md' begins at the root of the portal, not of these docs. (info) → b.md",
        ]
    );
}

#[test]
fn anchors_are_those_of_python_markdown_and_of_the_author() {
    let target = "# Set-up & Run\n\n## Twice\n\n## Twice\n\n## Own {#mine}\n\n<a id=\"html\"></a> <a name='old'></a>\n\n\
                  Text[^1]\n{: #para }\n\n[^1]: Note.\n";
    let links = "[1](b.md#set-up-run) [2](b.md#twice_1) [3](b.md#mine) [4](b.md#html) [5](b.md#old) [6](b.md#para) \
                 [7](b.md#fn:1) [8](#top) [9](b.md#twice-1) [10](#nothing)";
    assert_eq!(
        found("", &[("a.md", links), ("b.md", target)]),
        [
            "docs/a.md:1:118 There is nothing called '#top' on this page. (info)",
            "docs/a.md:1:128 There is nothing called '#twice-1' on b.md. → #twice_1",
            "docs/a.md:1:147 There is nothing called '#nothing' on this page.",
        ]
    );
    // What is filled in while the site is built may hold anything.
    for (plugin, filled_in) in [
        ("mkdocstrings", "::: acme.module"),
        ("macros", "{{ macro() }}"),
    ] {
        let pages = [("a.md", "[1](b.md#x)"), ("b.md", filled_in)];
        let config = format!("plugins: [{plugin}]\n");
        assert_eq!(found(&config, &pages), NOTHING);
        assert_eq!(found("", &pages).len(), 1);
    }
    assert_eq!(
        found("", &[("a.md", "[1](b.md#x)"), ("b.md", "--8<-- \"x.md\"")]),
        [
            "docs/a.md:1:5 There is nothing called '#x' on b.md.",
            "docs/b.md:1:9 The page includes 'x.md', but there is no such file."
        ]
    );
}

#[test]
fn settings_are_checked_by_name_and_shape() {
    let page = [("index.md", "# A")];
    assert_eq!(
        found(
            "doc_dir: docs\nplugins: techdocs-core\nextra: {a: 1}\ncustom: 1\n",
            &page
        ),
        [
            "mkdocs.yml:2:1 MkDocs has no setting 'doc_dir'. → docs_dir",
            "mkdocs.yml:3:1 'plugins' must be a list or a mapping.",
        ]
    );
    assert_eq!(
        found("docs_dir: handbook\n", &[]),
        ["mkdocs.yml:2:1 There is no folder 'handbook' with pages."]
    );
    assert_eq!(
        found("docs_dir: ../x\n", &page),
        [
            "mkdocs.yml:2:1 docs_dir '../x' lies outside the folder of this file; 'docs' is read instead."
        ]
    );
}

#[test]
fn a_config_that_is_no_yaml_is_no_more_than_a_warning() {
    let site = |config| {
        let tree = tests::texts(&[("mkdocs.yml", config)]);
        let sources = assemble(&tree, Config::absent("x")).unwrap_or_default();
        check(&CheckedSite {
            sources: &sources,
            pages: &[],
        })
    };
    let problems = site("nav: [");
    assert!(
        matches!(&problems[..], [problem] if problem.level == Level::Warning),
        "{problems:?}"
    );
    assert_eq!(
        site("nav: []\n")[0].message,
        "There is no site_name, without which MkDocs builds nothing."
    );
    assert_eq!(site(""), []);
    assert_eq!(site("site_name: {{ cookiecutter.name }}\n"), []);
}

#[test]
fn a_lost_character_is_told_once_a_page() {
    assert_eq!(
        found("", &[("index.md", "# A\n\ncaf\u{fffd} \u{fffd}\n\u{fffd}")]),
        [
            "docs/index.md:3:4 A character was lost here. If the file is not UTF-8, MkDocs builds nothing of the site. (info)"
        ]
    );
}
