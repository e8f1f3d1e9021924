//! Patterns for files as the npm packages `globby` 11 and `fast-glob` read them: `!` excludes from what stands before it, a
//! plain folder means everything in it, braces and extended groups (`@(a|b)`) are understood.

mod pattern;

use pattern::Pattern;

/// What the patterns of an action say about its files.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// What is taken, each with what is left out of it.
    tasks: Vec<(Pattern, Vec<Pattern>)>,
}

impl Patterns {
    /// Reads `patterns` as `globby` does with `dot: true`; `is_folder` tells which paths are folders. The error names what
    /// is no pattern.
    pub(super) fn new(patterns: &[&str], is_folder: impl Fn(&str) -> bool) -> Result<Self, String> {
        let mut tasks = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            if pattern.starts_with('!') {
                continue;
            }
            let behind = patterns.get(index..).unwrap_or_default();
            let left = behind.iter().filter_map(|other| other.strip_prefix('!'));
            let left = left
                .map(|other| Pattern::new(other, true))
                .collect::<Result<_, _>>()?;
            tasks.push((Self::taken(pattern, &is_folder)?, left));
        }
        Ok(Self { tasks })
    }

    /// Reads one pattern as `globby` does where only this one is given: a leading `!` is a character like others.
    pub(super) fn one(pattern: &str, is_folder: impl Fn(&str) -> bool) -> Result<Self, String> {
        let taken = Self::taken(pattern, &is_folder)?;
        Ok(Self {
            tasks: vec![(taken, Vec::new())],
        })
    }

    /// Reads one pattern as `fast-glob` does, which finds files in folders only where the pattern says so.
    pub(super) fn plain(pattern: &str, dot: bool) -> Result<Self, String> {
        Ok(Self {
            tasks: vec![(Pattern::new(pattern, dot)?, Vec::new())],
        })
    }

    fn taken(pattern: &str, is_folder: &impl Fn(&str) -> bool) -> Result<Pattern, String> {
        let path = pattern.trim_start_matches("./").trim_end_matches('/');
        if matches!(path, "" | ".") {
            Pattern::new("**", true)
        } else if is_folder(path) {
            Pattern::new(&format!("{path}/**"), true)
        } else {
            Pattern::new(pattern, true)
        }
    }

    /// Whether `path` is meant. Folders end with `/`.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.tasks.iter().any(|(take, leave)| {
            take.matches(path) && !leave.iter().any(|pattern| pattern.matches_part(path))
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn taken<'a>(patterns: &[&str], paths: &[&'a str]) -> Vec<&'a str> {
        let folders = [".github", "docs", "docs/img"];
        let patterns = Patterns::new(patterns, |path| folders.contains(&path)).unwrap();
        let taken = paths.iter().filter(|path| patterns.matches(path));
        taken.copied().collect()
    }

    #[test]
    fn a_folder_means_what_is_in_it_and_a_star_does_not() {
        let paths = ["README.md", ".github/ci.yaml", "docs/a.md", "docs/img/x"];
        assert_eq!(taken(&[".github"], &paths), [".github/ci.yaml"]);
        assert_eq!(taken(&["./docs/"], &paths), ["docs/a.md", "docs/img/x"]);
        assert_eq!(taken(&["*"], &paths), ["README.md"]);
        assert_eq!(taken(&["docs/*"], &paths), ["docs/a.md"]);
        assert_eq!(taken(&["**"], &paths), paths);
        assert_eq!(taken(&["**/*.md"], &paths), ["README.md", "docs/a.md"]);
        assert_eq!(taken(&["/README.md"], &paths), [""; 0]);
    }

    #[test]
    fn what_is_left_out_counts_for_the_patterns_before_it() {
        let paths = ["a.md", "b.md", "docs/c.md"];
        assert_eq!(taken(&["**", "!docs"], &paths), ["a.md", "b.md"]);
        assert_eq!(taken(&["!a.md", "**"], &paths), paths);
        assert_eq!(taken(&["!a.md"], &paths), [""; 0]);
        assert_eq!(
            taken(&["*", "!a.md", "docs/*"], &paths),
            ["b.md", "docs/c.md"]
        );
    }

    #[test]
    fn fast_glob_finds_hidden_files_only_if_told() {
        let hidden = Patterns::plain("**/*.env", true).unwrap();
        let shown = Patterns::plain("**/*.env", false).unwrap();
        let named = Patterns::plain(".env", false).unwrap();
        assert!(hidden.matches("a/.env") && !shown.matches("a/.env") && named.matches(".env"));
        assert!(shown.matches("a/x.env") && !shown.matches(".a/x.env"));
        assert!(!Patterns::plain("docs", true).unwrap().matches("docs/a.md"));
    }
}
