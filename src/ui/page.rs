//! The drawing of the page on the screen.

pub mod activity;
pub mod catalog;
pub mod docs;
pub mod entity;
pub mod generated;
pub mod home;
pub mod problems;
pub mod run;
pub mod runs;
pub mod templates;
pub mod wizard;

use ratatui::layout::Rect;

use super::{Output, Theme};
use crate::app::{Model, Page};
use crate::ui::Surface;

/// Draws the page on the screen into `area`.
pub fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Surface) -> Output {
    let shared = &model.shared;
    match model.page() {
        Page::Home(page) => home::draw(page, shared, theme, area, buffer),
        Page::Catalog(page) => catalog::draw(page, shared, theme, area, buffer),
        Page::Entity(page) => entity::draw(page, shared, theme, area, buffer),
        Page::Docs(page) => docs::draw(page, shared, theme, area, buffer),
        Page::Templates(page) => templates::draw(page, shared, theme, area, buffer),
        Page::Generated(page) => generated::draw(page, shared, theme, area, buffer),
        Page::Wizard(page) => wizard::draw(page, shared, theme, area, buffer),
        Page::Run(page) => run::draw(page, shared, theme, area, buffer),
        Page::Runs(page) => runs::draw(page, shared, theme, area, buffer),
        Page::Problems(page) => problems::draw(page, shared, theme, area, buffer),
        Page::Activity(page) => activity::draw(page, model, theme, area, buffer),
    }
}
