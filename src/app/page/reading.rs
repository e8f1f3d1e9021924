//! What of a page can be read elsewhere: the text that is open, whole.

use super::Page;
use crate::app::route::EntityTab;

impl Page {
    /// The text that is open, without its colours; `None` where there is none.
    pub fn text(&self) -> Option<String> {
        let lines: Vec<String> = match self {
            Self::Docs(page) => {
                let lines = page.sheet.as_ref()?.layout.lines.iter();
                let text = |line: &crate::techdocs::Line| {
                    let runs = line.runs.iter().map(|run| run.text.as_str());
                    runs.collect::<String>().trim_end().to_owned()
                };
                lines.map(text).collect()
            }
            Self::Entity(page) if page.tab == EntityTab::Raw => page.raw.clone(),
            Self::Run(page) => page
                .selected_log()
                .map(|(_, line)| line.to_owned())
                .collect(),
            Self::Runs(page) => {
                let lines = page.selected_log().iter();
                lines.map(|(.., line)| line.clone()).collect()
            }
            _ => return None,
        };
        (!lines.is_empty()).then(|| lines.join("\n") + "\n")
    }
}
