//! The findings alone, in the order in which a person goes through files.

use super::{Ingested, Options, Reader, Root, ingest};
use crate::catalog::Problem;

/// What is wrong with a set of files.
#[derive(Debug, Default)]
pub struct Lint {
    /// The findings, by file, line and column.
    pub problems: Vec<Problem>,
    /// How many files were read.
    pub files: usize,
    /// How many of them were left out as templates of descriptors.
    pub templated: usize,
}

/// Checks `roots` and all they lead to, as [`ingest`] reads them.
pub fn lint(roots: &[Root], reader: &dyn Reader, options: &Options) -> Lint {
    ingest(roots, reader, options).into()
}

impl From<Ingested> for Lint {
    fn from(ingested: Ingested) -> Self {
        let mut problems = ingested.problems;
        problems.sort_by(|a, b| (&a.place, a.level, a.rule).cmp(&(&b.place, b.level, b.rule)));
        Self {
            problems,
            files: ingested.files,
            templated: ingested.templated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::tests::Files;
    use crate::ingest::{Found, Location, Standing};

    #[test]
    fn findings_come_in_the_order_of_the_file() {
        let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n  tags: [Bad]\nspec:\n  type: x\n  owner: g\n";
        let root = Root {
            source: "a".to_owned(),
            location: Location::file("/a.yaml"),
            files: None,
            found: Found::Named,
            standing: Standing::default(),
        };
        let lint = lint(
            &[root],
            &Files::new(&[("/a.yaml", text)]),
            &Options::default(),
        );
        let places: Vec<_> = lint
            .problems
            .iter()
            .map(|p| format!("{} {}", p.place, p.rule.code()))
            .collect();
        assert_eq!(
            places,
            [
                "/a.yaml:5:10 field-format",
                "/a.yaml:6:1 kind-schema",
                "/a.yaml:8:10 dangling-reference"
            ]
        );
    }
}
