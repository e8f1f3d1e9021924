//! Docs are read: a site of one's own, in the terminal.

use std::fs;

use crate::pty::{Exit, Pty};

const INDEX: &str = "# Ledger

Books every payment. See [how it runs](run.md#at-night) and [the vault](component:default/vault).

=== \"Linux\"

    Of penguins.

=== \"macOS\"

    Of apples.

```sh
make ledger
```

![A dot](dot.svg)
";
const RUN: &str = "# Running it\n\nBy day it is calm.\n\n## At night\n\nThe night is long and the word penumbra stands here, penumbra twice, penumbra thrice.\n";
const DOT: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"32\"><rect width=\"80\" height=\"32\" fill=\"red\"/></svg>";

fn entity(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec: {{type: service, lifecycle: production, owner: team}}\n"
    )
}

#[test]
fn docs_are_opened_followed_searched_and_copied_from() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    for (path, text) in [
        ("ledger/catalog-info.yaml", entity("ledger").as_str()),
        ("ledger/docs/index.md", INDEX),
        ("ledger/docs/run.md", RUN),
        ("ledger/docs/dot.svg", DOT),
        ("vault/catalog-info.yaml", entity("vault").as_str()),
        ("vault/docs/index.md", "# Vault\n\nDeep below.\n"),
    ] {
        fs::create_dir_all(at(path).parent().unwrap()).unwrap();
        fs::write(at(path), text).unwrap();
    }
    let source = folder.path().to_str().unwrap();
    let mut portal = Pty::portal(["--offline", "--source", source])
        .env("COLORTERM", "truecolor")
        .size(100, 40)
        .open();
    portal.wait_for("stagedoor").settle();
    portal
        .press("/")
        .type_text("ledger")
        .wait_for("component")
        .settle();
    portal.press("enter").wait_for("Relations").settle();
    portal.press("d").wait_for("Books every payment");
    portal.wait_for("▀▀▀▀▀▀▀▀▀▀");
    // A link to a heading of another page, and back.
    portal.press("tab").press("enter").wait_for("penumbra");
    portal.press("b").wait_for("Books every payment");
    // A tab is shown.
    portal.wait_for("Of penguins");
    // The link that was followed has the focus again.
    portal.press("tab").press("tab").press("tab").press("enter");
    portal.wait_for("Of apples").wait_gone("Of penguins");
    portal.press("y").wait_for("Copied the code.");
    // Words are found on the next page, and walked.
    portal.press("n").wait_for("By day it is calm");
    portal.press("f").type_text("penumbra").wait_for("1 of 3");
    portal.press("enter").wait_for("2 of 3");
    portal.press("esc").wait_gone("2 of 3");
    portal.press("b").wait_for("Books every payment").settle();
    // A link to another entity leads there, from there to its docs, and one comes back to where it was followed.
    portal.press("tab").press("tab").press("enter");
    portal.wait_for("vault").wait_for("Relations").settle();
    portal.press("d").wait_for("Deep below");
    portal.press("b").wait_for("Relations");
    portal.press("esc").wait_for("Books every payment");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}
