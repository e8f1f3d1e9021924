//! The drawing of the repositories that came from a template.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::generated::Generated;
use crate::scaffolder::memory::short;
use crate::scaffolder::update::{Generated as Repository, Standing};
use crate::ui::Surface;
use crate::ui::text::{Pen, cut_middle, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{Keys, Output, Role, Theme, format};

/// Columns of how a repository stands, and of the two revisions.
const STANDING: usize = 18;
const REVISIONS: usize = 19;
/// Rows below the list for what is to be said of the selected one.
const BELOW: u16 = 4;

/// Draws the page.
pub fn draw(
    page: &Generated,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let mut output = Output::default();
    let lines: &[&str] = match &page.found {
        None => &["Looking at the repositories that came from it …"],
        Some(Err(error)) => &[error.as_str()],
        Some(Ok(all)) if all.is_empty() => &[
            "No repository is known to have come from this template.",
            "",
            "Found are those that runs of this machine made, and those of entities whose annotation \
             backstage.io/source-template names it. `stagedoor template drift --search` looks into every repository of \
             the catalog.",
        ],
        Some(Ok(_)) => &[],
    };
    let mut row = 0;
    for (at, line) in lines.iter().enumerate() {
        row += u16::from(line.is_empty());
        for part in wrap(line, usize::from(area.width)) {
            let role = if at == 0 { Role::Text } else { Role::Dim };
            Pen::new(buffer, theme, area, row).write(&part, role);
            row += 1;
        }
    }
    if page.all().is_empty() {
        return output;
    }
    let count = format::count(page.listed.len());
    let (area, cursor) = field::above(&page.narrow, &count, theme, area, buffer);
    output.cursor = cursor;
    if page.listed.is_empty() {
        let keys = Keys::of(shared, page.context(), page.typing());
        field::nothing("No repository", keys, theme, area, buffer);
        return output;
    }
    let revisions = !shared.narrow();
    let mut pen = Pen::new(buffer, theme, area, 0);
    let name = pen
        .left()
        .saturating_sub(STANDING + if revisions { REVISIONS } else { 0 });
    pen.column_of("repository", name, Role::Dim)
        .column_of("", STANDING, Role::Dim);
    if revisions {
        pen.write("made from → newest", Role::Dim);
    }
    let list = Rect {
        height: area.height.saturating_sub(BELOW + 1),
        ..pane::below(area, 1)
    };
    let window = page
        .cursor
        .window(page.listed.len(), usize::from(list.height));
    for (row, at) in (0..).zip(window) {
        let Some(one) = page.at(at) else { break };
        let mut pen = Pen::new(buffer, theme, list, row).on_spot(Some(at));
        if at == page.cursor.selected {
            pen = pen.on_cursor(true);
        }
        let (words, role) = standing(one);
        let repository = cut_middle(&one.repository, name.saturating_sub(2));
        pen.column_of(&repository, name, Role::Text)
            .column_of(&words, STANDING, role);
        if let Some((old, new)) = one.revisions.as_ref().filter(|_| revisions) {
            let text = format!("{} → {}", short(old), short(new));
            pen.write(&text, Role::Dim);
        }
    }
    if let Some(one) = page.selected() {
        let below = pane::below(area, area.height.saturating_sub(BELOW - 1));
        for (row, line) in (0..).zip(wrap(&said(one), usize::from(area.width))) {
            Pen::new(buffer, theme, below, row).write(&line, Role::Dim);
        }
    }
    output.drawn.page_rows = usize::from(list.height);
    output
}

fn standing(one: &Repository) -> (String, Role) {
    let standing = one.standing();
    let role = match standing {
        Standing::Current => Role::Good,
        Standing::Behind => Role::Accent,
        Standing::Forgotten => Role::Dim,
        Standing::Elsewhere | Standing::Unknown => Role::Bad,
    };
    let words = match one.behind {
        Some(1..) if one.proposed.is_some() => one.words().to_owned(),
        Some(1) => "1 revision behind".to_owned(),
        Some(behind) if behind > 0 => format!("{behind} behind"),
        _ => standing.words().to_owned(),
    };
    (words, role)
}

/// What is to be known of the selected one.
fn said(one: &Repository) -> String {
    match (&one.error, one.standing()) {
        (Some(error), _) => error.clone(),
        (None, Standing::Current) => {
            "Nothing changed in the template since it was made or last updated.".to_owned()
        }
        (None, Standing::Behind) if one.proposed.is_some() => {
            let place = one.proposed.as_deref().unwrap_or_default();
            format!("Its update is proposed and not merged yet: {place}")
        }
        (None, Standing::Behind) => {
            "An update renders both revisions with the answers of then, merges what changed, and proposes it on a branch; it \
             shows the changes and asks first."
                .to_owned()
        }
        (None, Standing::Elsewhere) => {
            "The commit it remembers is not in the template's past; `stagedoor template update --from COMMIT` begins at \
             another."
                .to_owned()
        }
        (None, Standing::Forgotten | Standing::Unknown) => {
            "It has no .stagedoor-answers.yaml, which remembers the template, its revision and the answers.".to_owned()
        }
    }
}
