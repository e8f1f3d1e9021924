//! Which repositories are read, as Backstage's providers decide it.

use regress::Regex;

use crate::config::Filters;
use crate::config::provider::anchored;
use crate::host::HostError;
use crate::host::repositories::Repository;

/// Filters, ready to be applied.
pub(super) struct Filter<'a> {
    filters: &'a Filters,
    name: Option<Regex>,
    path: Option<Regex>,
    project: Option<Regex>,
    groups: Vec<Regex>,
}

impl<'a> Filter<'a> {
    /// The filters with their regular expression compiled.
    pub(super) fn new(filters: &'a Filters) -> Result<Self, HostError> {
        let compile = |pattern: &str| {
            Regex::new(pattern).map_err(|error| HostError::Failed {
                place: pattern.to_owned(),
                reason: format!("is no regular expression: {error}"),
            })
        };
        Ok(Self {
            filters,
            name: filters
                .repository
                .as_ref()
                .map(|name| compile(&anchored(name)))
                .transpose()?,
            path: filters.path.as_deref().map(compile).transpose()?,
            project: filters.project.as_deref().map(compile).transpose()?,
            groups: filters
                .groups
                .iter()
                .map(|pattern| compile(pattern))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Whether `repository` is read.
    pub(super) fn passes(&self, repository: &Repository) -> bool {
        let Filters {
            exclude,
            topics_all,
            topics_include,
            topics_exclude,
            visibility,
            allow_forks,
            allow_archived,
            ..
        } = self.filters;
        let has = |topic: &String| repository.topics.contains(topic);
        (*allow_archived || !repository.is_archived)
            && (*allow_forks || !repository.is_fork)
            && repository.branch.is_some()
            && self
                .name
                .as_ref()
                .is_none_or(|name| name.find(repository.short_name()).is_some())
            && self
                .path
                .as_ref()
                .is_none_or(|path| path.find(&repository.name).is_some())
            && self.project.as_ref().is_none_or(|project| {
                let key = repository.project.as_deref();
                key.is_some_and(|key| project.find(key).is_some())
            })
            && self.is_in_group(&repository.name)
            && !exclude.contains(&repository.name)
            && topics_all.iter().all(has)
            && (visibility.is_empty()
                || visibility
                    .iter()
                    .any(|wanted| wanted.eq_ignore_ascii_case(&repository.visibility)))
            && (topics_include.is_empty() || topics_include.iter().any(has))
            && !topics_exclude.iter().any(has)
    }

    /// Whether one of the groups around the repository matches a pattern: Backstage's GitLab provider chooses groups so,
    /// and reads all that is below them.
    fn is_in_group(&self, name: &str) -> bool {
        let mut around = name
            .match_indices('/')
            .filter_map(|(end, _)| name.get(..end));
        self.groups.is_empty()
            || around.any(|group| self.groups.iter().any(|it| it.find(group).is_some()))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn repository(name: &str) -> Repository {
        Repository {
            name: format!("acme/{name}"),
            visibility: "PRIVATE".to_owned(),
            topics: vec!["go".to_owned(), "old".to_owned()],
            branch: Some("main".to_owned()),
            ..Repository::default()
        }
    }

    fn passes(change: impl FnOnce(&mut Filters), repository: &Repository) -> bool {
        let mut filters = Filters::default();
        change(&mut filters);
        Filter::new(&filters).unwrap().passes(repository)
    }

    #[test]
    fn names_match_whole_as_backstage_anchors_them() {
        let cases = [
            ("svc-.*", "svc-a", true),
            ("svc", "svc-a", false),
            ("^svc", "svc", true),
            // The anchors bind to the first and the last alternative.
            ("a|b", "axe", true),
            ("a|b", "tub", true),
            ("a|b", "cab2", false),
        ];
        for (pattern, name, expected) in cases {
            let set = |filters: &mut Filters| filters.repository = Some(pattern.to_owned());
            assert_eq!(passes(set, &repository(name)), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn archived_and_empty_ones_are_left_out_and_forks_kept() {
        let plain = repository("a");
        let archived = Repository {
            is_archived: true,
            ..plain.clone()
        };
        let fork = Repository {
            is_fork: true,
            ..plain.clone()
        };
        let empty = Repository {
            branch: None,
            ..plain.clone()
        };
        let usual = |repository: &Repository| passes(|_| {}, repository);
        assert_eq!(
            [&plain, &archived, &fork, &empty].map(usual),
            [true, false, true, false]
        );
        assert!(passes(|filters| filters.allow_archived = true, &archived));
        assert!(!passes(|filters| filters.allow_forks = false, &fork));
    }

    #[test]
    fn paths_match_anywhere_and_groups_at_any_depth() {
        let deep = Repository {
            name: "acme/shop/web/svc-a".to_owned(),
            ..repository("")
        };
        for (pattern, expected) in [("svc", true), ("shop/web", true), ("^svc", false)] {
            let set = |filters: &mut Filters| filters.path = Some(pattern.to_owned());
            assert_eq!(passes(set, &deep), expected, "{pattern}");
        }
        for (pattern, expected) in [("^acme/shop$", true), ("web$", true), ("svc-a", false)] {
            let set = |filters: &mut Filters| filters.groups = vec![pattern.to_owned()];
            assert_eq!(passes(set, &deep), expected, "{pattern}");
        }
    }

    #[test]
    fn topics_and_visibility_are_told_apart() {
        let texts = |texts: &[&str]| {
            texts
                .iter()
                .map(|&text| text.to_owned())
                .collect::<Vec<_>>()
        };
        let of = |include: &[&str], exclude: &[&str]| {
            let set = |filters: &mut Filters| {
                filters.topics_include = texts(include);
                filters.topics_exclude = texts(exclude);
            };
            passes(set, &repository("a"))
        };
        assert!(of(&["go", "rust"], &[]) && !of(&["rust"], &[]));
        assert!(!of(&["go"], &["old"]) && of(&[], &["rust"]));
        let visible = |wanted: &[&str]| {
            passes(
                |filters| filters.visibility = texts(wanted),
                &repository("a"),
            )
        };
        assert!(visible(&["private", "public"]) && !visible(&["public"]));
    }
}
