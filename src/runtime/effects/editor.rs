//! The user's editor: which it is, how it is told the line, and which files it may be given.

use std::path::{Component, Path};
use std::process::Command;

use crate::catalog::Place;
use crate::config::Source;

/// How editors are told where to begin: their names, and their arguments with what stands for file, line and column.
const EDITORS: &[(&[&str], &[&str])] = &[
    (
        &[
            "vi",
            "vim",
            "nvim",
            "view",
            "nano",
            "pico",
            "mg",
            "ne",
            "joe",
            "kak",
            "micro",
            "emacs",
            "emacsclient",
        ],
        &["+{line}", "{file}"],
    ),
    (&["hx", "helix", "zed", "subl"], &["{file}:{line}:{column}"]),
    (
        &["code", "code-insiders", "codium", "cursor", "windsurf"],
        &["-g", "{file}:{line}:{column}"],
    ),
];

/// What is started where neither `$VISUAL` nor `$EDITOR` says anything.
const FALLBACK: &str = "vi";

/// Opens `place` in `$VISUAL`, else `$EDITOR`, else vi, and waits for its end.
pub(super) fn open(place: &Place) -> Result<(), String> {
    let set = |name| std::env::var(name).ok();
    let line = command_line(set("VISUAL").as_deref(), set("EDITOR").as_deref(), place);
    let Some((program, arguments)) = line.split_first() else {
        return Err("No editor is known. Set $EDITOR to your editor.".to_owned());
    };
    match Command::new(program).args(arguments).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} ended with {status}.")),
        Err(error) => Err(format!(
            "{program} cannot be started: {error}. Set $EDITOR to your editor."
        )),
    }
}

/// The program and its arguments for `place`. An editor that nobody knows is given the file alone.
fn command_line(visual: Option<&str>, editor: Option<&str>, place: &Place) -> Vec<String> {
    let chosen = [visual, editor].into_iter().flatten().map(words);
    let mut line = chosen
        .into_iter()
        .find(|words| !words.is_empty())
        .unwrap_or_else(|| vec![FALLBACK.to_owned()]);
    let program = line.first().map_or("", String::as_str);
    let name = program.rsplit('/').next().unwrap_or(program);
    let known = EDITORS.iter().find(|(names, _)| names.contains(&name));
    // A name that begins with a sign would be taken for an option.
    let file = if place.file.starts_with(['-', '+']) {
        format!("./{}", place.file)
    } else {
        place.file.clone()
    };
    match known.filter(|_| place.line > 0) {
        Some((_, arguments)) => line.extend(arguments.iter().map(|argument| {
            argument
                .replace("{line}", &place.line.to_string())
                .replace("{column}", &place.column.max(1).to_string())
                .replace("{file}", &file)
        })),
        None => line.push(file),
    }
    line
}

/// The words of a command, as a shell parts them: by spaces, but not within quotes nor after a backslash.
pub(super) fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(chars.next()),
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Whether `file` is one of `sources`, or below a folder of them, links followed.
pub(super) fn is_of_a_source(file: &str, sources: &[Source]) -> bool {
    let Ok(file) = Path::new(file).canonicalize() else {
        return false;
    };
    sources.iter().any(|source| {
        let folder = match source {
            Source::Folder(path) => path.clone(),
            Source::File(path) => path.parent().unwrap_or(path).to_owned(),
            Source::Glob(path) => path.components().take_while(is_plain).collect(),
            _ => return false,
        };
        // What a descriptor leads to may lie anywhere in its work tree.
        let root = work_tree(&folder).canonicalize();
        root.is_ok_and(|root| file.starts_with(root))
    })
}

/// Whether a part of a glob has no wildcards.
fn is_plain(part: &Component<'_>) -> bool {
    let text = part.as_os_str().to_string_lossy();
    !text.contains(['*', '?', '[', '{'])
}

/// Why such a file is not opened, and what to do.
pub(super) fn refusal(file: &str) -> String {
    format!(
        "{file} is in none of the catalog's folders, or is gone, so it is not opened here. A refresh looks again."
    )
}

/// The root of the Git work tree around `folder`, or `folder` itself.
fn work_tree(folder: &Path) -> &Path {
    let root = folder.ancestors().find(|above| above.join(".git").exists());
    root.unwrap_or(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_editor_is_told_the_line_in_its_own_way() {
        let place = |line, column| Place {
            file: "/w/a b.yaml".to_owned(),
            line,
            column,
        };
        let at = place(12, 5);
        for (visual, editor, place, expected) in [
            (None, None, &at, &["vi", "+12", "/w/a b.yaml"][..]),
            (None, Some("nvim"), &at, &["nvim", "+12", "/w/a b.yaml"]),
            (
                None,
                Some("/usr/bin/nano -l"),
                &at,
                &["/usr/bin/nano", "-l", "+12", "/w/a b.yaml"],
            ),
            (Some("hx"), Some("vi"), &at, &["hx", "/w/a b.yaml:12:5"]),
            (Some("  "), Some("kak"), &at, &["kak", "+12", "/w/a b.yaml"]),
            (
                None,
                Some("code --wait"),
                &at,
                &["code", "--wait", "-g", "/w/a b.yaml:12:5"],
            ),
            (
                None,
                Some("'/opt/my editor/subl' -n"),
                &at,
                &["/opt/my editor/subl", "-n", "/w/a b.yaml:12:5"],
            ),
            (
                None,
                Some("emacsclient -a \"\" -t"),
                &at,
                &["emacsclient", "-a", "", "-t", "+12", "/w/a b.yaml"],
            ),
            (None, Some("zed"), &place(3, 0), &["zed", "/w/a b.yaml:3:1"]),
            (None, Some("vim"), &place(0, 0), &["vim", "/w/a b.yaml"]),
            (
                None,
                Some("frobnicate"),
                &at,
                &["frobnicate", "/w/a b.yaml"],
            ),
        ] {
            assert_eq!(command_line(visual, editor, place), expected);
        }
    }

    #[test]
    fn a_file_name_is_never_an_option() {
        let place = Place {
            file: "-c:!rm.yaml".to_owned(),
            line: 1,
            column: 1,
        };
        let line = command_line(None, Some("vi"), &place);
        assert_eq!(line, ["vi", "+1", "./-c:!rm.yaml"]);
    }

    #[test]
    #[expect(clippy::unwrap_used, reason = "tests")]
    fn only_files_of_local_sources_are_opened() {
        let work = tempfile::tempdir().unwrap();
        let catalog = work.path().join("catalog");
        std::fs::create_dir(&catalog).unwrap();
        let inside = catalog.join("a.yaml");
        let outside = work.path().join("b.yaml");
        let link = catalog.join("link.yaml");
        for file in [&inside, &outside] {
            std::fs::write(file, "").unwrap();
        }
        std::os::unix::fs::symlink(&outside, &link).unwrap();
        let opens = |file: &Path, source: Source| is_of_a_source(file.to_str().unwrap(), &[source]);
        assert!(opens(&inside, Source::Folder(catalog.clone())));
        assert!(opens(&inside, Source::Glob(catalog.join("*.yaml"))));
        assert!(opens(&inside, Source::File(inside.clone())));
        assert!(!opens(&outside, Source::Folder(catalog.clone())));
        assert!(!opens(&link, Source::Folder(catalog.clone())));
        assert!(!opens(&inside, Source::Demo));
        assert!(!opens(&catalog.join("gone.yaml"), Source::Folder(catalog)));
    }
}
