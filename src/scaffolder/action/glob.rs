//! Patterns as the npm package `globby` reads them: `!` excludes, a plain folder means everything in it.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// A set of patterns.
#[derive(Debug)]
pub(super) struct Patterns {
    take: GlobSet,
    leave: GlobSet,
}

impl Patterns {
    /// Reads `patterns`; the error names the one that is none.
    pub(super) fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let (mut take, mut leave) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for pattern in patterns {
            let (set, pattern) = match pattern.strip_prefix('!') {
                Some(rest) => (&mut leave, rest),
                None => (&mut take, pattern),
            };
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            for form in [pattern.to_owned(), format!("{pattern}/**")] {
                let glob = GlobBuilder::new(&form)
                    .literal_separator(true)
                    .build()
                    .map_err(|error| format!("{pattern:?} is no pattern: {error}"))?;
                set.add(glob);
            }
        }
        let build = |set: &GlobSetBuilder| set.build().map_err(|error| error.to_string());
        Ok(Self {
            take: build(&take)?,
            leave: build(&leave)?,
        })
    }

    /// Whether `path` is meant. A trailing `/` of a folder does not matter.
    pub(super) fn matches(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.take.is_match(path) && !self.leave.is_match(path)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_and_leave() {
        let patterns = Patterns::new([".github", "*.md", "!LICENSE.md", "deep/**/*.txt"]).unwrap();
        for path in [
            ".github/workflows/ci.yaml",
            "README.md",
            "deep/a/b.txt",
            "deep/c.txt",
        ] {
            assert!(patterns.matches(path), "{path}");
        }
        for path in ["LICENSE.md", "docs/README.md", "x.txt"] {
            assert!(!patterns.matches(path), "{path}");
        }
    }
}
