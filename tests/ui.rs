//! Every page as text at the three sizes it is designed for, at every size there can be, and under any sequence of keys.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "ui/any.rs"]
mod any;
#[path = "ui/behaviour.rs"]
mod behaviour;
#[path = "ui/company.rs"]
mod company;
#[path = "ui/docs.rs"]
mod docs;
#[path = "ui/facts.rs"]
mod facts;
#[path = "ui/generated.rs"]
mod generated;
#[path = "ui/marks.rs"]
mod marks;
#[path = "ui/pages.rs"]
mod pages;
#[path = "ui/problems.rs"]
mod problems;
#[path = "ui/reader.rs"]
mod reader;
#[path = "ui/relations.rs"]
mod relations;
#[path = "ui/runs.rs"]
mod runs;
#[path = "ui/screen.rs"]
mod screen;
#[path = "ui/texts.rs"]
mod texts;
#[path = "ui/views.rs"]
mod views;
#[path = "ui/wizard.rs"]
mod wizard;
