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
use stagedoor::app::{Effect, Key, Overlay, Page, Route};
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
pub(crate) enum Act {
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
pub(crate) struct Portal {
    pub(crate) screen: Screen,
    pub(crate) world: World,
    coming: Vec<Coming>,
    /// What others were told.
    outside: Vec<String>,
}

impl Portal {
    pub(crate) fn open(route: Route, size: (u16, u16)) -> Self {
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

    pub(crate) fn send(&mut self, msg: Msg) {
        self.screen.send(msg);
        self.ask();
    }

    pub(crate) fn act(&mut self, act: &Act) {
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
    pub(crate) fn settle(&mut self) {
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
        let meaning = model.shared.keymap.meaning(context, typing, &[key]);
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
    pub(crate) fn seen(&mut self) -> (String, ratatui::buffer::Buffer) {
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
