//! The model as its users drive it: keys in, effects and pages out.

use super::requests::carry_out;
use super::travel::HISTORY;
use super::*;
use std::sync::Arc;

use crate::app::message::{FullText, Origin, Passage, SourceState};
use crate::app::notice::Tone;
use crate::app::task::{Task, TaskEvent, TaskId};
use crate::app::{EntityTab, Shared};
use crate::catalog::EntityRef;
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
            texts: Some(Arc::default()),
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
            texts: Some(Arc::default()),
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
    model.drawn.overlay_rows = 2;
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
            texts: None,
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
    // The key waited for the texts, though not for its place: both rows were in sight, so both stay where they are.
    assert_eq!(finder.cursor.selected, 1);
    assert_eq!(finder.hit(1).map(|hit| hit.field), Some(Field::Description));
    assert!(finder.passage(2).is_some());
}

#[test]
fn keys_typed_ahead_of_the_answer_act_on_what_was_asked_for() {
    let mut model = model();
    press(&mut model, "/");
    // Enter would open a row of an older answer, and the rest would be typed into the field.
    let asked = press(&mut model, "p enter / q");
    let [Effect::Search { generation, .. }] = asked[..] else {
        panic!("it asks once, and waits: {asked:?}")
    };
    let origin = Origin::Docs {
        entity_ref: EntityRef::new("component", "default", "x"),
        page: "index.md".to_owned(),
        anchor: String::new(),
    };
    let passage = Passage {
        origin,
        title: String::new(),
        heading: String::new(),
        text: String::new(),
    };
    let rows = Answer::Found {
        asker: Asker::Finder,
        generation,
        found: Arc::default(),
        texts: None,
    };
    update(&mut model, Msg::Answer(rows));
    assert!(matches!(model.page(), Page::Home(_)), "texts may be first");
    let texts = Arc::new(FullText {
        passages: vec![passage],
        ..FullText::default()
    });
    update(&mut model, Msg::Answer(Answer::Texts { generation, texts }));
    assert!(matches!(model.page(), Page::Docs(_)));
    let Some(Overlay::Finder(finder)) = &model.overlay else {
        panic!("the finder was opened again")
    };
    assert_eq!(finder.field.text(), "q");
}

#[test]
fn keys_for_rows_of_the_table_wait_for_them_and_others_do_not() {
    let mut model = model();
    let asked = press(&mut model, "C i p");
    let Some(Effect::Search { generation, .. }) = asked.last() else {
        panic!("it asks: {asked:?}")
    };
    let generation = *generation;
    press(&mut model, "enter S");
    assert_eq!(model.held.len(), 2);
    let found = Answer::Found {
        asker: Asker::Catalog,
        generation,
        found: Arc::default(),
        texts: None,
    };
    update(&mut model, Msg::Answer(found));
    assert!(model.held.is_empty());
    let Page::Catalog(catalog) = model.page() else {
        panic!("it is still there")
    };
    assert!(catalog.field().is_none() && catalog.reversed);
    // Nobody waits for rows to leave.
    press(&mut model, "i x enter esc esc");
    assert!(model.held.is_empty());
    assert!(matches!(model.page(), Page::Home(_)));
}

#[test]
fn of_pages_that_wait_for_a_search_only_the_one_in_sight_asks() {
    let searches = |effects: &[Effect]| {
        let is_search = |effect: &&Effect| matches!(effect, Effect::Search { .. });
        effects.iter().filter(is_search).count()
    };
    let mut model = model();
    let catalog = |query: &str| {
        Request::Go(Route::Catalog {
            query: query.to_owned(),
        })
    };
    carry_out(&mut model, vec![catalog("orders")]);
    carry_out(&mut model, vec![catalog("bills")]);
    let mut requests = Vec::new();
    refresh(&mut model, &mut requests);
    // The later of two would cancel the earlier, whose page would stay empty.
    assert_eq!(searches(&carry_out(&mut model, requests)), 1);
    assert_eq!(searches(&press(&mut model, "backspace")), 1);
}

#[test]
fn nobody_waits_long_for_a_form_that_comes_from_a_host() {
    let mut model = model();
    let template = EntityRef::new("template", "default", "beacon");
    carry_out(&mut model, vec![Request::Go(Route::Wizard { template })]);
    press(&mut model, "f1");
    assert_eq!(model.held.len(), 1, "it is meant for the form");
    assert!(model.overlay.is_none());
    let later = model.shared.now + 2;
    update(&mut model, Msg::Tick(later));
    assert!(matches!(model.overlay, Some(Overlay::Help(_))));
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
    let task = Task::new(id, "Reading".into(), 900);
    update(&mut model, Msg::Task(TaskEvent::Started(task)));
    update(
        &mut model,
        Msg::Task(TaskEvent::Progress(id, "1 of 2".into())),
    );
    assert_eq!(model.shared.tasks[0].progress, "1 of 2");
    assert!(matches!(
        press(&mut model, "X")[..],
        [Effect::Cancel(TaskId(7))]
    ));
    update(
        &mut model,
        Msg::Task(TaskEvent::Ended(id, Err("no network".into()))),
    );
    assert!(model.shared.tasks.is_empty());
    assert_eq!(
        model.notice.as_ref().map(|notice| notice.tone),
        Some(Tone::Failed)
    );
    press(&mut model, "down");
    assert_eq!(model.notice, None);
}

#[test]
fn back_and_forward_lead_over_every_page_as_it_was_left() {
    let mut model = model();
    press(&mut model, "C P backspace");
    assert!(matches!(model.page(), Page::Catalog(_)));
    press(&mut model, "F");
    assert!(matches!(model.page(), Page::Problems(_)));
    press(&mut model, "F");
    assert_eq!(
        model.notice.as_ref().map(|notice| notice.text.as_str()),
        Some("There is no page to go forward to.")
    );
    // Home is all the way back; the way forward stays.
    press(&mut model, "H F F");
    assert!(matches!(model.page(), Page::Problems(_)));
    // Whoever goes elsewhere from the middle has nothing ahead.
    press(&mut model, "backspace T");
    assert!(model.ahead.is_empty());
    press(&mut model, "H backspace");
    assert!(model.notice.is_some(), "back from home leaves nothing");
}

#[test]
fn an_entity_is_found_on_the_tab_that_was_turned_to() {
    let mut model = model();
    let route = || Route::Entity {
        entity_ref: EntityRef::new("component", "default", "x"),
        tab: EntityTab::Overview,
    };
    let tab = |model: &Model| match model.page() {
        Page::Entity(entity) => entity.tab,
        other => panic!("{other:?}"),
    };
    carry_out(&mut model, vec![Request::Go(route())]);
    let x = EntityRef::new("component", "default", "x");
    update(&mut model, Msg::Answer(Answer::Entity(x, Ok(None))));
    press(&mut model, "r");
    assert_eq!(tab(&model), EntityTab::Raw);
    press(&mut model, "esc");
    carry_out(&mut model, vec![Request::Go(route())]);
    assert_eq!(tab(&model), EntityTab::Raw);
    press(&mut model, "esc F");
    assert_eq!(tab(&model), EntityTab::Raw);
}

#[test]
fn stars_are_given_back_and_what_was_undone_is_said() {
    let mut model = model();
    assert_eq!(
        model.why_not(Command::Undo),
        Some("There is nothing to undo.")
    );
    let refs: Vec<EntityRef> = ["a", "b"]
        .map(|name| EntityRef::new("component", "default", name))
        .into();
    carry_out(&mut model, vec![Request::ToggleStar(refs[0].clone())]);
    carry_out(&mut model, vec![Request::SetStars(refs.clone(), true)]);
    carry_out(&mut model, vec![Request::SetStars(refs.clone(), false)]);
    let saved = press(&mut model, "Z");
    assert_eq!(
        saved
            .iter()
            .filter(|it| matches!(it, Effect::SaveStar(_, true)))
            .count(),
        2
    );
    assert!(model.shared.is_starred(&refs[1]));
    assert_eq!(
        model.notice.as_ref().map(|notice| notice.text.as_str()),
        Some("Undone: 2 stars taken away.")
    );
    press(&mut model, "Z");
    assert!(model.shared.is_starred(&refs[0]) && !model.shared.is_starred(&refs[1]));
    press(&mut model, "Z Z");
    assert!(model.shared.personal.stars.is_empty());
}

#[test]
fn what_was_said_can_be_read_again_and_what_failed_tried_again() {
    let mut model = model();
    let id = TaskId(3);
    let task = Task::new(id, "Reading the sources".into(), 990);
    update(&mut model, Msg::Task(TaskEvent::Started(task)));
    press(&mut model, "A x");
    assert!(
        model.shared.tasks[0].stopping,
        "one that runs is told to stop"
    );
    update(
        &mut model,
        Msg::Task(TaskEvent::Ended(id, Err("no network".into()))),
    );
    press(&mut model, "down up x");
    assert!(model.notice.is_some(), "what is over cannot be");
    assert!(matches!(
        press(&mut model, "enter")[..],
        [Effect::Sync { all: true }]
    ));
}

#[test]
fn where_the_portal_was_left_is_one_key_away() {
    let mut model = model();
    let effects = model.start(Route::Home);
    assert!(effects.iter().any(|it| matches!(it, Effect::LoadLeft)));
    for (link, is_offered) in [
        ("home", false),
        ("component:default/gone", false),
        ("problems", true),
    ] {
        model.notice = None;
        update(&mut model, Msg::Answer(Answer::Left(link.to_owned())));
        assert_eq!(model.notice.is_some(), is_offered, "{link}");
    }
    press(&mut model, "F");
    assert!(matches!(model.page(), Page::Problems(_)));
    press(&mut model, "esc T");
    update(&mut model, Msg::Answer(Answer::Left("runs".to_owned())));
    assert!(model.left.is_none(), "whoever went elsewhere is left alone");
}
