//! Whenever answers come, and in whatever order: in the end the portal is where it would be had each come at once.
//!
//! The same keys are pressed twice: once each is answered before the next is pressed; and once answers are late, overtake
//! each other and come twice, searches are cancelled by newer ones, and the same catalog comes anew in between.

use std::collections::VecDeque;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use stagedoor::app::command::{Command, Context};
use stagedoor::app::keymap::Meaning;
use stagedoor::app::message::{Answer, Asker, Msg};
use stagedoor::app::{About, Effect, Key, Overlay, Page, Route};
use stagedoor::ui::Theme;

use crate::any::{key, routes};
use crate::screen::{Screen, text_of};
use crate::world::{Came, World};

/// How far the way back is compared.
const BACK: usize = 6;

/// Keys that leave, and those that go by what was drawn.
const DRAWN_OR_LEFT: [&str; 7] = ["esc", "q", "ctrl-c", "pgup", "pgdn", "ctrl-u", "ctrl-d"];

/// What a user does.
#[derive(Clone)]
enum Act {
    Press(String),
    Resize(u16, u16),
}

impl std::fmt::Debug for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Press(key) => write!(f, "{key}"),
            Self::Resize(columns, rows) => write!(f, "{columns}×{rows}"),
        }
    }
}

/// Answers of one worker that are on their way.
struct Coming {
    of: Asked,
    answers: VecDeque<Msg>,
}

/// What is cancelled by a newer question of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Search(Asker),
    Facts,
    /// The record, which does one thing after the other.
    Record,
    Other,
}

/// A portal before a world whose answers come when the test says so.
struct Portal {
    screen: Screen,
    world: World,
    coming: Vec<Coming>,
    /// What others were told.
    outside: Vec<String>,
}

impl Portal {
    fn open(route: Route, size: (u16, u16)) -> Self {
        let world = World::acme();
        let mut portal = Self {
            screen: Screen::cold(world.company.clone(), route, size),
            world,
            coming: Vec::new(),
            outside: Vec::new(),
        };
        portal.ask();
        portal
    }

    fn send(&mut self, msg: Msg) {
        self.screen.send(msg);
        self.ask();
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Press(key) => {
                let key: Key = key.parse().expect(key);
                self.send(Msg::Key(key));
            }
            Act::Resize(columns, rows) => self.send(Msg::Resize(*columns, *rows)),
        }
    }

    /// Hands what the portal asks for to the world.
    fn ask(&mut self) {
        for effect in std::mem::take(&mut self.screen.effects) {
            let of = match &effect {
                Effect::Search { asker, .. } => Asked::Search(*asker),
                Effect::LookUp { .. } => Asked::Search(Asker::Offers),
                Effect::AskFacts { .. } | Effect::StopFacts => Asked::Facts,
                Effect::LoadPersonal | Effect::LoadOwn | Effect::SaveQuery { .. } => Asked::Record,
                _ => Asked::Other,
            };
            if !matches!(of, Asked::Other | Asked::Record) {
                self.coming.retain(|coming| coming.of != of);
            }
            match self.world.carry_out(&effect) {
                Came::Nothing => {}
                Came::Outside(said) => self.outside.push(said),
                Came::AtOnce(msg) => self.send(msg),
                Came::Later(answers) => {
                    let answers = answers.into();
                    self.coming.push(Coming { of, answers });
                }
            }
        }
    }

    /// The next answer of one that is on its way comes.
    fn comes(&mut self, at: usize) {
        let is_record = |coming: &Coming| coming.of == Asked::Record;
        let first = self.coming.iter().position(is_record);
        let in_turn = first.filter(|_| self.coming.get(at).is_some_and(is_record));
        let at = in_turn.unwrap_or(at);
        let Some(coming) = self.coming.get_mut(at) else {
            return;
        };
        let answer = coming.answers.pop_front();
        if coming.answers.is_empty() {
            self.coming.remove(at);
        }
        if let Some(answer) = answer {
            self.send(answer);
        }
    }

    /// All that is on its way comes, in order.
    fn settle(&mut self) {
        while !self.coming.is_empty() {
            self.comes(0);
        }
    }

    /// Whether a key would wait for what is on its way.
    fn waits(&self) -> bool {
        let model = &self.screen.model;
        let awaits = |command| {
            model
                .page()
                .awaits(Some(command), &model.shared, model.drawn)
        };
        !model.held.is_empty()
            || match &model.overlay {
                Some(Overlay::Finder(finder)) => finder.is_awaited(),
                Some(_) => false,
                None => awaits(Command::Open),
            }
    }

    /// What takes a host is not waited for by keys: who acts on it has seen it.
    fn wait_for_hosts(&mut self, act: &Act) {
        let Act::Press(key) = act else {
            return;
        };
        let key: Key = key.parse().expect(key);
        let model = &self.screen.model;
        let (context, typing) = model.focus();
        let meaning = model.keymap.meaning(context, typing, &[key]);
        let leads_elsewhere = |command: Command| {
            // Whether a run goes on is asked about before these.
            let asks = matches!(command, Command::Back | Command::Quit | Command::CancelTask);
            command.info().context == Context::Global && !asks
        };
        if matches!(meaning, Meaning::Command(command) if leads_elsewhere(command)) {
            return;
        }
        // The form may be nothing but its review, and what a run would make is found out by hosts.
        let accepts = matches!(act, Act::Press(key) if key == "enter" || key == "ctrl-n");
        let is_slow = |coming: &Coming| {
            let is_slow = |msg: &Msg| match msg {
                Msg::Answer(answer) => match answer {
                    Answer::Draft(..) | Answer::Template(..) => accepts,
                    Answer::Offered { .. }
                    | Answer::Planned { .. }
                    | Answer::Generated(..)
                    | Answer::LastAnswers(..)
                    | Answer::DocsAt { .. }
                    | Answer::RunEvent { .. }
                    | Answer::RunEnded { .. } => true,
                    _ => false,
                },
                _ => false,
            };
            coming.of == Asked::Facts || coming.answers.iter().any(is_slow)
        };
        while let Some(at) = self.coming.iter().position(is_slow) {
            self.comes(at);
        }
    }

    /// What comes is late, overtakes, comes twice; the same catalog comes anew.
    fn be_late(&mut self, dice: &mut Dice) {
        let how = dice.roll();
        if how < 64 {
            return self.settle();
        }
        for _ in 0..how % 4 {
            if !self.coming.is_empty() {
                self.comes(dice.roll() % self.coming.len());
            }
        }
        match dice.roll() % 16 {
            1 | 2 => {
                let index = self.world.company.index.clone();
                self.send(Msg::Answer(Answer::Index(index)));
            }
            3 | 4 => self.twice(dice.roll()),
            _ => {}
        }
    }

    /// Another page has asked for the same: it comes twice.
    fn twice(&mut self, which: usize) {
        let is_read = |coming: &&Coming| match coming.answers.front() {
            Some(Msg::Answer(answer)) => matches!(
                answer,
                Answer::Entity(..)
                    | Answer::Problems(_)
                    | Answer::Docs(..)
                    | Answer::Draft(..)
                    | Answer::Runs(_)
                    | Answer::RunLog(..)
                    | Answer::Excerpt(..)
                    | Answer::Generated(..)
                    | Answer::DocsDone(_)
                    | Answer::ApiDone(_)
                    | Answer::Found { .. }
            ),
            _ => false,
        };
        let reads: Vec<&Coming> = self.coming.iter().filter(is_read).collect();
        if reads.is_empty() {
            return;
        }
        let read = reads[which % reads.len()];
        let (of, answers) = (read.of, read.answers.clone());
        self.coming.push(Coming { of, answers });
    }

    /// What is seen, without what was said last.
    fn seen(&mut self) -> (String, ratatui::buffer::Buffer) {
        self.screen.model.notice = None;
        let buffer = self.screen.drawn_in(&Theme::terminal());
        (text_of(&buffer), buffer)
    }
}

/// Where chance decides; all zeros let everything come at once.
struct Dice(Vec<u8>, usize);

impl Dice {
    fn roll(&mut self) -> usize {
        let number = self.0.get(self.1 % self.0.len().max(1)).copied();
        self.1 += 1;
        usize::from(number.unwrap_or(0))
    }
}

/// Does `acts` where each is answered before the next; those that were done before the portal was left.
fn at_once(route: Route, size: (u16, u16), acts: &[Act]) -> (Portal, usize) {
    let mut portal = Portal::open(route, size);
    portal.settle();
    for (at, act) in acts.iter().enumerate() {
        let before = portal.outside.len();
        portal.act(act);
        portal.settle();
        if portal
            .outside
            .iter()
            .skip(before)
            .any(|said| said.starts_with("Quit"))
        {
            portal.outside.truncate(before);
            return (portal, at);
        }
    }
    (portal, acts.len())
}

/// Does them while answers are late.
fn late(route: Route, size: (u16, u16), acts: &[Act], dice: Vec<u8>) -> Portal {
    let mut dice = Dice(dice, 0);
    let mut portal = Portal::open(route, size);
    portal.be_late(&mut dice);
    for act in acts {
        // Whoever leaves waits for nothing, and has given up what they typed ahead. How far a page is, only a drawing knows.
        if portal.waits() && matches!(act, Act::Press(key) if DRAWN_OR_LEFT.contains(&key.as_str()))
        {
            portal.settle();
        }
        portal.wait_for_hosts(act);
        portal.act(act);
        portal.be_late(&mut dice);
    }
    portal.settle();
    portal
}

/// Compares two portals, here and on the way back.
fn compare(at_once: &mut Portal, late: &mut Portal) -> Result<(), TestCaseError> {
    prop_assert!(late.screen.model.held.is_empty(), "keys are held for ever");
    for back in 0..BACK {
        let is_log = matches!(late.screen.model.page(), Page::Activity(_));
        let ((text, looks), (other, others)) = (at_once.seen(), late.seen());
        // What was said, and in which order, is the only thing that may differ.
        if !is_log {
            prop_assert_eq!(
                &text,
                &other,
                "{} back:\n{}\nlate:\n{}",
                back,
                &text,
                &other
            );
            prop_assert!(
                looks == others,
                "{} back, the colours differ:\n{}",
                back,
                text
            );
            for sign in ["Loading…", "searching…"] {
                prop_assert!(!other.contains(sign), "{} for ever:\n{}", sign, other);
            }
        }
        for portal in [&mut *at_once, &mut *late] {
            portal.act(&Act::Press("esc".to_owned()));
            portal.settle();
        }
    }
    let told = |portal: &Portal| -> Vec<String> {
        let all = portal.outside.iter();
        let heard = all.filter(|said| !said.starts_with("copy the message"));
        heard.cloned().collect()
    };
    prop_assert_eq!(told(at_once), told(late));
    Ok(())
}

/// Keys that lead somewhere, and any.
fn acts() -> impl Strategy<Value = Vec<Act>> {
    let ways = [
        "/ p a y enter",
        "/ p a y down down enter",
        "/ s e r v i c e enter",
        "/ p a g i n g enter",
        "/ p o s t down enter",
        ": r u n s enter",
        "/ f r a u d enter",
        "C i p a y enter down enter",
        "C f down space",
        "C b z",
        "C v enter n e w enter",
        "C c space",
        "C a * Z",
        "tab enter",
        "down enter",
        "tab tab down enter",
        "v down down enter",
        "d n n",
        "d s down enter",
        "d o down enter",
        "d f w o r d s enter",
        "d n n n n pgdn pgdn down",
        "r pgdn",
        "s f p a y",
        "T down",
        "T enter a u enter p a y enter",
        "ctrl-n",
        "x y z enter",
        "ctrl-y",
        "ctrl-e",
        "U down enter",
        "P tab down enter",
        "P m",
        "P f t a g enter",
        "H tab down enter",
        "backspace",
        "F",
        "backspace backspace",
        "d r v 1 enter",
        "T down m",
        "m down",
        "* *",
        "R",
        "i p",
        "p c h e c k enter",
        "P o",
        "b b",
    ];
    let way = proptest::sample::select(ways.to_vec()).prop_map(str::to_owned);
    let size = proptest::sample::select(vec![(120, 40), (80, 24), (100, 30)]);
    let act = prop_oneof![
        4 => way.prop_map(|keys| keys.split(' ').map(|key| Act::Press(key.to_owned())).collect()),
        4 => key().prop_map(|key| vec![Act::Press(key)]),
        1 => size.prop_map(|(columns, rows)| vec![Act::Resize(columns, rows)]),
    ];
    proptest::collection::vec(act, 0..10).prop_map(|acts: Vec<Vec<Act>>| acts.concat())
}

fn places() -> impl Strategy<Value = Route> {
    let mut places = routes();
    places.extend([
        Route::Wizard {
            template: "template:service".parse().unwrap(),
        },
        Route::Docs {
            entity_ref: "component:payment-gateway".parse().unwrap(),
            page: Some("long.md".to_owned()),
            anchor: None,
            words: "words".to_owned(),
        },
    ]);
    proptest::sample::select(places)
}

fn docs(page: Option<&str>) -> Route {
    Route::Docs {
        entity_ref: "component:payment-gateway".parse().unwrap(),
        page: page.map(str::to_owned),
        anchor: None,
        words: String::new(),
    }
}

fn wizard() -> Route {
    Route::Wizard {
        template: "template:service".parse().unwrap(),
    }
}

impl Portal {
    fn settled(route: Route) -> Self {
        let mut portal = Self::open(route, (120, 40));
        portal.settle();
        portal
    }

    /// Presses keys, each answered before the next.
    fn press(&mut self, keys: &str) -> &mut Self {
        self.press_ahead(keys, true);
        self
    }

    /// Presses keys; only where `settles` it is waited for what comes of each.
    fn press_ahead(&mut self, keys: &str, settles: bool) {
        for key in keys.split(' ') {
            self.act(&Act::Press(key.to_owned()));
            if settles {
                self.settle();
            }
        }
    }

    /// The same catalog comes anew.
    fn swap(&mut self) {
        let index = self.world.company.index.clone();
        self.send(Msg::Answer(Answer::Index(index)));
    }

    fn text(&self) -> String {
        self.screen.text()
    }

    /// The line under the cursor.
    fn selected(&self) -> String {
        let text = self.text();
        let line = text.lines().find(|line| line.contains('▌'));
        line.and_then(|line| line.split('▌').nth(1))
            .unwrap_or_default()
            .to_owned()
    }
}

#[test]
fn answers_of_before_are_there_however_early_the_template_is() {
    let mut portal = Portal::open(wizard(), (120, 40));
    // A preview of the same template was asked for before.
    let template = "template:service".parse().unwrap();
    let detail = portal.world.company.details.get(&template).cloned();
    portal.send(Msg::Answer(Answer::Entity(
        template.clone(),
        Ok(detail.clone()),
    )));
    portal.send(Msg::Answer(Answer::Template(template, Ok(detail))));
    portal.settle();
    assert!(
        portal.text().contains("▌au") || portal.text().contains(" au"),
        "{}",
        portal.text()
    );
    assert!(portal.screen.model.notice.is_some(), "it says so");
}

#[test]
fn what_is_typed_before_a_form_is_there_is_meant_for_it() {
    let mut portal = Portal::open(wizard(), (120, 40));
    portal.press_ahead("/ H q", false);
    portal.settle();
    assert!(matches!(portal.screen.model.page(), Page::Wizard(_)));
    assert!(portal.text().contains("/Hq"), "{}", portal.text());
}

#[test]
fn the_cursors_of_finder_picker_and_groups_stay_when_the_catalog_is_swapped() {
    let ways = [
        (Route::Home, "/ p a y down down"),
        (Route::Home, "C b z down"),
        (wizard(), "enter p a y down"),
    ];
    for (route, keys) in ways {
        let mut portal = Portal::settled(route);
        portal.press(keys);
        let before = portal.text();
        portal.swap();
        portal.settle();
        assert_eq!(portal.text(), before, "{keys}");
    }
}

#[test]
fn a_page_that_is_about_to_come_is_not_lost_when_the_screen_changes_its_size() {
    let mut portal = Portal::settled(docs(None));
    portal.press_ahead("n", false);
    portal.act(&Act::Resize(100, 30));
    portal.settle();
    assert!(portal.text().contains("make run"), "{}", portal.text());
    portal.press_ahead("n n b", false);
    portal.settle();
    assert!(portal.text().contains("› Paging"), "{}", portal.text());
}

#[test]
fn the_end_of_a_long_page_is_its_end_however_early_one_goes_there() {
    let mut portal = Portal::open(docs(Some("long.md")), (120, 30));
    portal.press_ahead("G", false);
    portal.settle();
    assert!(portal.text().contains("The end"), "{}", portal.text());
}

#[test]
fn where_an_address_leads_is_followed_by_the_page_that_asked_and_only_while_it_is_looked_at() {
    let mut portal = Portal::settled(docs(None));
    portal.press("n").press("u d");
    let pages = portal.screen.model.pages.len();
    portal.press("b").press("p tab tab tab");
    portal.press_ahead("enter", false);
    portal.press_ahead("H", false);
    portal.settle();
    assert!(
        matches!(portal.screen.model.page(), Page::Home(_)),
        "nobody is taken away: {pages}"
    );
}

#[test]
fn what_was_visited_is_first_at_home_and_the_cursor_stays_on_what_it_is_on() {
    let mut portal = Portal::settled(Route::Home);
    portal.press("/ f r a u d enter H");
    let text = portal.text();
    let recent = text
        .lines()
        .skip_while(|line| !line.contains("Recent"))
        .nth(1);
    assert!(
        recent.is_some_and(|line| line.contains("fraud-rules")),
        "{text}"
    );
    portal.press("right tab tab down down");
    let before = portal.selected();
    portal.press("/ e v e n t s enter H");
    let after = portal.selected();
    assert_eq!(before, after);
}

#[test]
fn keys_for_what_is_being_read_wait_for_it() {
    for (route, keys) in [
        (
            Route::Problems {
                about: About::Everything,
            },
            "down enter",
        ),
        (Route::Runs, "down enter"),
        (docs(None), "n n"),
        (Route::Home, "tab down enter"),
    ] {
        let mut ahead = Portal::open(route.clone(), (120, 40));
        ahead.press_ahead(keys, false);
        ahead.settle();
        let mut portal = Portal::settled(route);
        portal.press(keys);
        assert_eq!(ahead.seen().0, portal.seen().0, "{keys}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn answers_may_come_in_any_order(
        route in places(),
        acts in acts(),
        size in proptest::sample::select(vec![(120, 40), (80, 24)]),
        dice in proptest::collection::vec(any::<u8>(), 1..80),
    ) {
        let (mut at_once, done) = at_once(route.clone(), size, &acts);
        let mut late = late(route, size, &acts[..done], dice);
        compare(&mut at_once, &mut late)?;
    }
}
