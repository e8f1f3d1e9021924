//! Globs over paths with `/`, as Backstage's readers understand them: `*`, `**`, `?`, `[…]`, `{…}`.

use globset::{GlobBuilder, GlobMatcher};

use super::HostError;
use crate::config::source::is_glob;

/// The folder in front of the first wildcard of `pattern`, without slashes at its ends: only that has to be looked
/// through.
pub(super) fn folder(pattern: &str) -> String {
    let parts: Vec<&str> = pattern
        .split('/')
        .take_while(|part| !is_glob(part))
        .collect();
    parts.join("/").trim_matches('/').to_owned()
}

/// A compiled glob.
#[derive(Debug, Clone)]
pub(super) struct Glob {
    matcher: GlobMatcher,
    dots: bool,
}

impl Glob {
    /// Compiles `pattern`, which is relative to the folder below which it is looked for.
    pub(super) fn new(pattern: &str) -> Result<Self, HostError> {
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
        let glob = GlobBuilder::new(pattern)
            .literal_separator(true)
            .backslash_escape(true)
            .build()
            .map_err(|error| HostError::Failed {
                place: pattern.to_owned(),
                reason: format!("is no glob: {}", error.kind()),
            })?;
        Ok(Self {
            matcher: glob.compile_matcher(),
            dots: pattern.split('/').any(|part| part.starts_with('.')),
        })
    }

    /// Whether `path` matches. Files and folders whose names begin with a dot match only a pattern that names one.
    pub(super) fn matches(&self, path: &str) -> bool {
        (self.dots || !path.split('/').any(|part| part.starts_with('.')))
            && self.matcher.is_match(path)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn globs_match_as_backstage_has_them() {
        let cases = [
            ("*.yaml", "a.yaml", true),
            ("*.yaml", "x/a.yaml", false),
            ("**/*.yaml", "a.yaml", true),
            ("**/*.yaml", "x/y/a.yaml", true),
            ("./*/c.{yaml,yml}", "x/c.yml", true),
            ("**/c.yaml", ".hidden/c.yaml", false),
            (".backstage/*.yaml", ".backstage/c.yaml", true),
            ("a?[bc].yaml", "axb.yaml", true),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(
                Glob::new(pattern).unwrap().matches(path),
                expected,
                "{pattern} {path}"
            );
        }
        assert!(Glob::new("[").is_err());
    }
}
