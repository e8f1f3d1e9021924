//! The model as its users drive it: keys in, effects and pages out.

use super::*;
use crate::app::message::{FullText, Origin, Passage, SourceState};
use crate::app::notice::Tone;
use crate::app::task::{Task, TaskId};
use crate::app::{EntityTab, Shared};
use crate::catalog::{Index, Row};
use crate::search::complete::What;
use crate::search::{Completion, Field, Found, Hit};

fn model() -> Model {
    let mut model = Model::new(Shared::new(Index::empty(), (120, 40), 1_000));
    model.start(Route::Home);
    model
}

fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    keys.split(' ')
        .filter_map(|key| key.parse().ok())
        .flat_map(|key| update(model, Msg::Key(key)))
        .collect()
}

#[test]
fn q_at_home_ends_with_0_and_ctrl_c_anywhere_with_130() {
    let mut model = model();
    assert!(matches!(press(&mut model, "q")[..], [Effect::Quit(0)]));
    press(&mut model, "C /");
    assert!(matches!(
        press(&mut model, "ctrl-c")[..],
        [Effect::Quit(INTERRUPTED)]
    ));
}

#[test]
fn esc_is_one_level_out() {
    let mut model = model();
    press(&mut model, "C P /");
    assert!(matches!(model.overlay, Some(Overlay::Finder(_))));
    press(&mut model, "esc");
    assert!(model.overlay.is_none());
    assert!(matches!(model.page(), Page::Problems(_)));
    press(&mut model, "esc");
    assert!(matches!(model.page(), Page::Catalog(_)));
    press(&mut model, "esc");
    assert!(matches!(model.page(), Page::Home(_)));
    assert_eq!(model.pages.len(), 1);
}

#[test]
fn the_finder_asks_with_each_letter_and_drops_late_answers() {
    let mut model = model();
    press(&mut model, "/");
    let asked = press(&mut model, "p a");
    let numbers: Vec<u64> = asked
        .iter()
        .filter_map(|effect| match effect {
            Effect::Search { generation, .. } => Some(*generation),
            _ => None,
        })
        .collect();
    assert_eq!(numbers.len(), 2);
    let answered = |model: &Model| match &model.overlay {
        Some(Overlay::Finder(finder)) => finder.is_answered(),
        _ => panic!("the finder is open"),
    };
    assert!(
        !answered(&model),
        "nothing is said to be missing before it was looked for"
    );
    let answer = |total: usize, generation: u64| {
        let found = Arc::new(Found {
            total,
            ..Found::default()
        });
        Msg::Answer(Answer::Found {
            asker: Asker::Finder,
            generation,
            found,
            texts: Arc::default(),
        })
    };
    update(&mut model, answer(2, numbers[1]));
    update(&mut model, answer(1, numbers[0]));
    assert!(answered(&model));
    let Some(Overlay::Finder(finder)) = &model.overlay else {
        panic!("the finder is open")
    };
    assert_eq!(finder.found.total, 2);
    assert_eq!(finder.field.text(), "pa");
}

#[test]
fn labels_that_the_record_knows_are_offered_for_what_stands_in_the_field() {
    let mut model = model();
    press(&mut model, "/");
    let asked = press(&mut model, "l a b e l : t");
    let Some(Effect::Search { generation, .. }) = asked.last() else {
        panic!("it asks")
    };
    let offered = |generation: u64, label: &str| {
        let completion = Completion {
            span: 6..7,
            text: label.to_owned(),
            label: label.to_owned(),
            what: What::Key,
            count: Some(4),
            hint: "",
        };
        Msg::Answer(Answer::Entries {
            generation,
            completions: vec![completion],
        })
    };
    let generation = *generation;
    let looked_up = update(
        &mut model,
        Msg::Answer(Answer::Found {
            asker: Asker::Finder,
            generation,
            found: Arc::default(),
            texts: Arc::default(),
        }),
    );
    let [Effect::LookUp { generation, .. }] = looked_up.as_slice() else {
        panic!("it asks the record: {looked_up:?}")
    };
    update(&mut model, offered(*generation, "tier="));
    // An answer to what stood there before is late.
    update(&mut model, offered(generation - 1, "team="));
    press(&mut model, "right");
    let Some(Overlay::Finder(finder)) = &model.overlay else {
        panic!("the finder is open")
    };
    assert_eq!(finder.field.text(), "label:tier=");
}

#[test]
fn late_texts_come_below_what_is_in_sight() {
    let mut model = model();
    press(&mut model, "/");
    let asked = press(&mut model, "p");
    let Some(Effect::Search { generation, .. }) = asked.first() else {
        panic!("it asks")
    };
    let generation = *generation;
    let hit = |row: u32, field: Field| Hit {
        row: Row(row),
        score: 1,
        field,
        name_matches: Vec::new(),
        title_matches: Vec::new(),
    };
    let found = Arc::new(Found {
        hits: vec![hit(0, Field::Name), hit(1, Field::Description)],
        total: 2,
        ..Found::default()
    });
    update(
        &mut model,
        Msg::Answer(Answer::Found {
            asker: Asker::Finder,
            generation,
            found,
            texts: Arc::default(),
        }),
    );
    press(&mut model, "down");
    let passage = Passage {
        origin: Origin::Elsewhere {
            source: "wiki".to_owned(),
            url: "https://wiki.acme.dev/1".to_owned(),
        },
        title: String::new(),
        heading: String::new(),
        text: String::new(),
    };
    let texts = Arc::new(FullText {
        passages: vec![passage.clone(), passage],
        described: Vec::new(),
        silent: Vec::new(),
    });
    let late = |generation: u64| {
        Msg::Answer(Answer::Texts {
            generation,
            texts: Arc::clone(&texts),
        })
    };
    update(&mut model, late(generation - 1));
    update(&mut model, late(generation));
    let Some(Overlay::Finder(finder)) = &model.overlay else {
        panic!("the finder is open")
    };
    assert_eq!(finder.rows.len(), 4);
    // Both rows were in sight, so both stay where they are.
    assert_eq!(finder.cursor.selected, 1);
    assert_eq!(finder.hit(1).map(|hit| hit.field), Some(Field::Description));
    assert!(finder.passage(2).is_some());
}

#[test]
fn letters_are_text_in_a_field_and_commands_elsewhere() {
    let mut model = model();
    press(&mut model, ": q u i t");
    let Some(Overlay::Finder(finder)) = &model.overlay else {
        panic!("the finder is open")
    };
    assert_eq!(finder.field.text(), ">quit");
    assert!(matches!(press(&mut model, "enter")[..], [Effect::Quit(0)]));
}

#[test]
fn visits_and_stars_are_kept() {
    let mut model = model();
    let entity_ref = EntityRef::new("component", "default", "x");
    let route = Route::Entity {
        entity_ref: entity_ref.clone(),
        tab: EntityTab::Overview,
    };
    let effects = carry_out(
        &mut model,
        vec![Request::Go(route), Request::ToggleStar(entity_ref.clone())],
    );
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::SaveVisit(visited) if *visited == entity_ref))
    );
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::SaveStar(_, true)))
    );
    assert!(model.shared.is_starred(&entity_ref));
    assert_eq!(
        model.shared.personal.visits,
        std::slice::from_ref(&entity_ref)
    );
    carry_out(&mut model, vec![Request::ToggleStar(entity_ref.clone())]);
    assert!(!model.shared.is_starred(&entity_ref));
}

#[test]
fn history_is_bounded_and_home_is_never_lost() {
    let mut model = model();
    for _ in 0..(HISTORY * 2) {
        press(&mut model, "C P");
    }
    assert_eq!(model.pages.len(), HISTORY);
    assert!(matches!(model.pages[0], Page::Home(_)));
    press(&mut model, "H");
    assert_eq!(model.pages.len(), 1);
}

#[test]
fn a_refresh_is_asked_for_once_at_a_time() {
    let mut model = model();
    assert!(matches!(
        press(&mut model, "R")[..],
        [Effect::Sync { all: true }]
    ));
    assert!(press(&mut model, "R").is_empty());
    assert!(model.notice.is_some(), "and says so");
    let sources = Arc::new(vec![SourceState::default()]);
    update(&mut model, Msg::Answer(Answer::Sources(sources)));
    assert_eq!(press(&mut model, "R").len(), 1);
}

#[test]
fn tasks_come_and_go_and_a_failure_is_said() {
    let mut model = model();
    let id = TaskId(7);
    let task = Task {
        id,
        title: "Reading".into(),
        progress: String::new(),
    };
    update(&mut model, Msg::Task(TaskEvent::Started(task)));
    update(
        &mut model,
        Msg::Task(TaskEvent::Progress(id, "1 of 2".into())),
    );
    assert_eq!(model.tasks[0].progress, "1 of 2");
    assert!(matches!(
        press(&mut model, "X")[..],
        [Effect::Cancel(TaskId(7))]
    ));
    update(
        &mut model,
        Msg::Task(TaskEvent::Ended(id, Err("no network".into()))),
    );
    assert!(model.tasks.is_empty());
    assert_eq!(
        model.notice.as_ref().map(|notice| notice.tone),
        Some(Tone::Failed)
    );
    press(&mut model, "down");
    assert_eq!(model.notice, None);
}
