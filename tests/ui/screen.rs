//! A screen without a terminal: keys go in, text comes out, and the world's part is played by a small company.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use stagedoor::app::message::{Answer, Asker, Msg};
use stagedoor::app::model::{Model, Shared};
use stagedoor::app::pointer::{Act, Pointed};
use stagedoor::app::{Effect, Key, KeyCode, Route, update};
use stagedoor::search::{Query, find};
use stagedoor::ui::{self, Theme};

use crate::company::Company;

/// The time on every screen: 2026-03-01 12:00.
pub(crate) const NOW: u64 = 1_772_366_400;

/// A portal over a company, on a screen of some size.
pub(crate) struct Screen {
    pub(crate) model: Model,
    pub(crate) company: Company,
    /// What was asked of the world and is not the company's to answer.
    pub(crate) effects: Vec<Effect>,
    /// The links that the last drawing has.
    pub(crate) links: Vec<ui::Link>,
    buffer: Buffer,
}

impl Screen {
    /// The portal at `route`, on a screen of `columns` and `rows`, settled.
    pub(crate) fn open(company: Company, route: Route, (columns, rows): (u16, u16)) -> Self {
        let mut screen = Self::cold(company, route, (columns, rows));
        screen.settle();
        screen
    }

    /// The same before anything was answered: the first frame.
    pub(crate) fn cold(company: Company, route: Route, (columns, rows): (u16, u16)) -> Self {
        let mut model = Model::new(Shared {
            personal: Arc::new(company.personal.clone()),
            sources: Arc::new(company.sources.clone()),
            organization: "Acme".to_owned(),
            ..Shared::new(company.index.clone(), (columns, rows), NOW)
        });
        let effects = model.start(route);
        let mut screen = Self {
            model,
            company,
            effects,
            links: Vec::new(),
            buffer: Buffer::default(),
        };
        screen.draw();
        crate::keys::follow(&mut screen.model, &screen.buffer);
        screen
    }

    /// Presses keys, parted by spaces, and waits for what comes of each.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let key: Key = key.parse().expect(key);
            self.send(Msg::Key(key));
            self.settle();
        }
        self
    }

    /// Types text into the field that has the focus.
    pub(crate) fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Msg::Key(Key::plain(KeyCode::Char(c))));
            self.settle();
        }
        self
    }

    /// Sends a message and draws.
    pub(crate) fn send(&mut self, msg: Msg) {
        let is_resize = matches!(msg, Msg::Resize(..));
        let effects = update(&mut self.model, msg);
        self.effects.extend(effects);
        self.draw();
        // Another size has the same texts.
        if !is_resize {
            crate::keys::follow(&mut self.model, &self.buffer);
        }
    }

    /// Gives the screen another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.send(Msg::Resize(columns, rows));
    }

    /// Answers what the company can answer, until nothing is asked any more.
    pub(crate) fn settle(&mut self) {
        loop {
            let mut answers = Vec::new();
            for effect in std::mem::take(&mut self.effects) {
                match answer(&self.company, &effect) {
                    Some(answer) => answers.push(answer),
                    None => self.effects.push(effect),
                }
            }
            if answers.is_empty() {
                return;
            }
            for answer in answers {
                self.send(Msg::Answer(answer));
            }
        }
    }

    fn draw(&mut self) {
        let (columns, rows) = self.model.shared.size;
        let area = Rect::new(0, 0, columns, rows);
        self.buffer = Buffer::empty(area);
        let output = ui::draw(&self.model, &Theme::terminal(), area, &mut self.buffer);
        self.model.drawn = output.drawn;
        self.model.hits = output.hits;
        self.links = output.links;
    }

    /// Does something with the mouse.
    pub(crate) fn point(&mut self, act: Act, (x, y): (u16, u16)) {
        self.send(Msg::Pointed(Pointed { x, y, act }));
        self.settle();
    }

    /// Clicks on the first letter of `text`, which is on the screen.
    pub(crate) fn click(&mut self, text: &str) -> &mut Self {
        let at = self.place_of(text);
        self.point(Act::Press, at);
        self.point(Act::Release, at);
        self
    }

    /// Where `text` begins on the screen, the first time.
    pub(crate) fn place_of(&self, text: &str) -> (u16, u16) {
        let columns = self.buffer.area.width;
        let starts = self.buffer.area.positions();
        let found = starts.filter(|at| {
            let row = (at.x..columns).map(|x| self.buffer[(x, at.y)].symbol());
            let rest: String = row.take(text.chars().count()).collect();
            rest == text
        });
        let at = found.into_iter().next();
        at.map(|at| (at.x, at.y)).expect(text)
    }

    /// The screen as this theme draws it.
    pub(crate) fn drawn_in(&self, theme: &Theme) -> Buffer {
        let (columns, rows) = self.model.shared.size;
        let area = Rect::new(0, 0, columns, rows);
        let mut buffer = Buffer::empty(area);
        ui::draw(&self.model, theme, area, &mut buffer);
        buffer
    }

    /// The screen as text, without spaces at the ends of lines.
    pub(crate) fn text(&self) -> String {
        text_of(&self.buffer)
    }
}

/// What the company answers, if it can.
pub(crate) fn answer(company: &Company, effect: &Effect) -> Option<Answer> {
    match effect {
        Effect::LoadEntity(entity_ref) => Some(Answer::Entity(
            entity_ref.clone(),
            Ok(company.details.get(entity_ref).cloned()),
        )),
        Effect::LoadTemplate(template) => Some(Answer::Template(
            template.clone(),
            Ok(company.details.get(template).cloned()),
        )),
        Effect::LoadDraft(template) => Some(Answer::Draft(template.clone(), None)),
        Effect::AskFacts { entity_ref, .. } => Some(Answer::Facts(
            entity_ref.clone(),
            crate::facts::told(entity_ref),
        )),
        Effect::ReadExcerpt { place, .. } => {
            Some(Answer::Excerpt(place.clone(), Company::excerpt(place)))
        }
        Effect::Api(work) => Some(Answer::ApiDone(work.clone().perform())),
        Effect::LoadProblems => Some(Answer::Problems(Ok(company.problems.clone()))),
        Effect::Search {
            asker,
            generation,
            index,
            query,
            context,
            limit,
        } => {
            let found = find(index, &Query::parse(query), context, *limit, &|| false);
            Some(Answer::Found {
                asker: *asker,
                generation: *generation,
                found: Arc::new(found),
                texts: match asker {
                    Asker::Finder => Some(crate::texts::said(query)),
                    _ => None,
                },
            })
        }
        _ => None,
    }
}

/// What is drawn as text, without spaces at the ends of lines.
pub(crate) fn text_of(buffer: &Buffer) -> String {
    let columns = usize::from(buffer.area.width.max(1));
    let mut text = String::new();
    for row in buffer.content().chunks(columns) {
        let mut line = String::new();
        let mut skip = 0;
        for cell in row {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
