//! Every page as text at the three sizes it is designed for, at every size there can be, and under any sequence of keys.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

#[path = "ui/accessible.rs"]
mod accessible;
#[path = "ui/activity.rs"]
mod activity;
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
#[path = "ui/going_on.rs"]
mod going_on;
#[path = "ui/keys.rs"]
mod keys;
#[path = "ui/lasting.rs"]
mod lasting;
#[path = "ui/late.rs"]
mod late;
#[path = "ui/looks.rs"]
mod looks;
#[path = "ui/marks.rs"]
mod marks;
#[path = "ui/mouse.rs"]
mod mouse;
#[path = "ui/narrowing.rs"]
mod narrowing;
#[path = "ui/order.rs"]
mod order;
#[path = "ui/pages.rs"]
mod pages;
#[path = "ui/palette.rs"]
mod palette;
#[path = "ui/picture.rs"]
mod picture;
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
#[path = "support/svg.rs"]
#[expect(
    dead_code,
    reason = "a part of it is for the pictures of the real binary"
)]
mod svg;
#[path = "ui/texts.rs"]
mod texts;
#[path = "ui/views.rs"]
mod views;
#[path = "ui/welcome.rs"]
mod welcome;
#[path = "ui/wizard.rs"]
mod wizard;
#[path = "ui/world.rs"]
mod world;
