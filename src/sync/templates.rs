//! What is wrong with templates beyond what the catalog's own rules say: whether they could run.

use rayon::prelude::*;

use super::reader::HostReader;
use crate::catalog::{Place, Problem, Rule};
use crate::ingest::Located;
use crate::scaffolder::check::{self, Finding, Spot};

/// The findings about `templates`, whose files `reader` reads.
pub(super) fn check(templates: &[&Located], reader: &HostReader<'_>) -> Vec<Problem> {
    templates
        .par_iter()
        .flat_map_iter(|template| {
            let findings = check::check(&template.body);
            let missing = missing(template, reader);
            findings
                .into_iter()
                .map(|finding| problem(template, finding))
                .chain(missing)
                .collect::<Vec<_>>()
        })
        .collect()
}

fn problem(template: &Located, finding: Finding) -> Problem {
    let mut problem = Problem::new(
        finding.rule,
        place(template, &finding.spot),
        finding.message,
    );
    problem.level = finding.level;
    problem
        .over(u32::try_from(finding.length).unwrap_or(u32::MAX))
        .suggesting(finding.suggestion)
        .about(template.entity_ref.clone())
}

fn place(template: &Located, spot: &Spot) -> Place {
    match spot {
        Spot::Node(pointer) => template.place(pointer),
        Spot::Key(pointer) => template.place_of_key(pointer),
        Spot::Inside(pointer, offset) => template.place_inside(pointer, *offset),
    }
}

/// The skeletons beside `template` that are not there, where that can be seen without asking a host.
fn missing(template: &Located, reader: &HostReader<'_>) -> Vec<Problem> {
    let sources = check::sources(&template.body).into_iter();
    sources
        .filter(|source| reader.has(&template.location, &source.path) == Some(false))
        .map(|source| {
            let message = format!("There is nothing at '{}' beside the template.", source.path);
            let place = template.place(&source.pointer);
            Problem::new(Rule::TemplateMissingSource, place, message)
                .over(u32::try_from(source.path.chars().count()).unwrap_or(u32::MAX))
                .about(template.entity_ref.clone())
        })
        .collect()
}
