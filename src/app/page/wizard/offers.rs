//! What a field offers beside the catalog's entities: tags by how often they are used, owners and branches of hosts.

use crate::catalog::Index;
use crate::catalog::index::{Facet, Selection};
use crate::scaffolder::Answers;
use crate::scaffolder::form::repo_url::RepoUrl;
use crate::scaffolder::form::{FieldKind, TagOptions};
use crate::scaffolder::lookup::Question;

use super::repo::RepoHost;

/// The tags of the catalog: by how many entities have them, with the counts, where the author wants so; else by name.
pub(super) fn tags(index: &Index, options: &TagOptions) -> (Vec<String>, Vec<usize>) {
    let mut selection = Selection::default();
    for kind in &options.kinds {
        selection.toggle(Facet::Kind, kind);
    }
    let mut all = index.facet_counts(Facet::Tag, &index.select(&selection));
    let mut counts = Vec::new();
    if options.counts {
        all.sort_by_key(|tag| std::cmp::Reverse(tag.count));
        counts.extend(all.iter().map(|tag| tag.count));
    } else {
        all.sort_by_key(|tag| tag.value);
    }
    let names = all.into_iter().map(|tag| tag.value.to_owned());
    (names.collect(), counts)
}

/// What to ask a host for a field of `kind`.
pub(super) fn question(
    kind: &FieldKind,
    answers: &Answers,
    hosts: &[RepoHost],
) -> Option<Question> {
    match kind {
        FieldKind::Branch(_) => {
            let text = answers.parameters.get("repoUrl")?.as_str()?;
            let repo = RepoUrl::read(text);
            repo.missing().is_none().then_some(Question::Branches(repo))
        }
        FieldKind::RepoOwner { host, .. } if !host.is_empty() => {
            Some(Question::Owners(host.clone()))
        }
        FieldKind::RepoOwner { .. } => match hosts {
            [only] => Some(Question::Owners(only.name.clone())),
            _ => None,
        },
        _ => None,
    }
}
