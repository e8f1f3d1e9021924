//! Any size, any keys, any messages: nothing panics, and there is always a page and a way out.

use std::sync::Arc;

use proptest::prelude::*;
use stagedoor::app::command::COMMANDS;
use stagedoor::app::message::{Answer, Asker, Msg};
use stagedoor::app::page::entity::Told;
use stagedoor::app::pointer::{Act, Pointed};
use stagedoor::app::task::{Task, TaskEvent, TaskId};
use stagedoor::app::{About, Effect, EntityTab, Route};
use stagedoor::catalog::EntityRef;

use crate::company::Company;
use crate::screen::{NOW, Screen};

/// Every place in the portal.
pub(crate) fn routes() -> Vec<Route> {
    let entity = |name: &str, tab| Route::Entity {
        entity_ref: name.parse().unwrap(),
        tab,
    };
    let mut routes = vec![
        Route::Home,
        Route::Catalog {
            query: String::new(),
        },
        Route::Catalog {
            query: "pay is:mine lifecycle:lost tag:".to_owned(),
        },
        Route::Problems {
            about: About::Everything,
        },
        Route::Templates,
        Route::Runs,
        Route::Activity,
        Route::Generated {
            template: "template:go-service".parse().unwrap(),
        },
        Route::Wizard {
            template: "template:go-service".parse().unwrap(),
        },
        Route::Docs {
            entity_ref: "component:payment-gateway".parse().unwrap(),
            page: None,
            anchor: None,
            words: String::new(),
        },
        entity("component:gone-service", EntityTab::Raw),
        entity("api:payments-v2", EntityTab::Api),
        entity("group:team-payments", EntityTab::Relations),
    ];
    routes.extend(EntityTab::ALL.map(|tab| entity("component:payment-gateway", tab)));
    routes
}

/// Below this every page is drawn at every size: that is where rectangles run out.
const SMALL: (u16, u16) = (44, 16);

#[test]
fn every_page_is_drawn_where_there_is_little_room() {
    for (company, step) in [(Company::acme(), 1), (Company::empty(), 5)] {
        for route in routes() {
            let mut screen = Screen::open(company.clone(), route, (80, 24));
            for rows in 0..=SMALL.1 {
                for columns in (0..=SMALL.0).step_by(step) {
                    screen.resize(columns, rows);
                }
            }
        }
    }
}

#[test]
fn every_size_up_to_200_by_60_is_drawn() {
    // The sizes are dealt out to the pages and to what lies over them, so that each is drawn once and every page has of all.
    let overlays = ["/", "?", ":", "/ p a y"];
    let mut screens: Vec<Screen> = routes()
        .into_iter()
        .map(|route| Screen::open(Company::acme(), route, (80, 24)))
        .collect();
    for keys in overlays {
        let mut screen = Screen::open(Company::acme(), Route::Home, (80, 24));
        screen.press(keys);
        screens.push(screen);
    }
    let sizes = (0..=60).flat_map(|rows| (0..=200).map(move |columns| (columns, rows)));
    let number = screens.len();
    for (at, (columns, rows)) in sizes.enumerate() {
        screens[at % number].resize(columns, rows);
    }
}

#[test]
fn the_first_frame_names_what_there_is() {
    let first = Screen::cold(Company::acme(), Route::Home, (80, 24)).text();
    assert!(first.contains("payment-gateway"), "{first}");
    let stranger = Screen::cold(Company::stranger(), Route::Home, (80, 24)).text();
    assert!(stranger.contains("Component"), "{stranger}");
}

#[test]
fn pages_live_on_when_the_catalog_is_swapped() {
    for route in routes() {
        let mut screen = Screen::open(Company::acme(), route, (120, 40));
        screen.press("down down right tab");
        screen.company = Company::empty();
        screen.send(Msg::Answer(Answer::Index(screen.company.index.clone())));
        screen.settle();
        screen.press("down enter");
    }
}

/// A key that some command has.
pub(crate) fn key() -> impl Strategy<Value = String> {
    let mut keys: Vec<String> = COMMANDS
        .iter()
        .flat_map(|info| info.keys.iter().map(|key| (*key).to_owned()))
        .collect();
    keys.extend(["p", "a", "y", ":", "1", "-"].map(str::to_owned));
    proptest::sample::select(keys)
}

/// Something that is done with the mouse, anywhere.
fn pointed() -> impl Strategy<Value = Msg> {
    let acts = [
        Act::Press,
        Act::Drag,
        Act::Release,
        Act::WheelUp,
        Act::WheelDown,
    ];
    let act = proptest::sample::select(acts.to_vec());
    (act, 0_u16..130, 0_u16..42).prop_map(|(act, x, y)| Msg::Pointed(Pointed { x, y, act }))
}

/// What the world may say at any time: late, twice, about what nobody asked for.
fn said() -> impl Strategy<Value = Msg> {
    let gateway: EntityRef = "component:payment-gateway".parse().unwrap();
    let template: EntityRef = "template:go-service".parse().unwrap();
    let acme = Company::acme();
    let detail = acme.details.get(&gateway).cloned();
    let task = |id| Task::new(TaskId(id), "Refreshing".to_owned(), NOW);
    let error = "the host does not answer; try again".to_owned();
    let answers = vec![
        Answer::Index(acme.index.clone()),
        Answer::Index(Company::empty().index),
        Answer::Index(Company::hub(40).index),
        Answer::Personal(Ok(Arc::default())),
        Answer::Personal(Ok(Arc::new(acme.personal.clone()))),
        Answer::View("group:owner sort:kind".to_owned()),
        Answer::Saved(Arc::new([("mine".to_owned(), None)].into())),
        Answer::Sources(Arc::default()),
        Answer::Entity(gateway.clone(), Ok(None)),
        Answer::Entity(gateway.clone(), Ok(detail)),
        Answer::Entity(gateway.clone(), Err(error.clone())),
        Answer::Entity(template.clone(), Ok(None)),
        Answer::Facts(gateway.clone(), Told::Nowhere("no host".to_owned())),
        Answer::Docs(gateway.clone(), None, Ok(None)),
        Answer::Docs(gateway.clone(), Some("main".to_owned()), Err(error.clone())),
        Answer::DocsAt {
            url: "../paging.md".to_owned(),
            entity_ref: gateway,
            page: "ops/paging.md".to_owned(),
            anchor: Some("severity".to_owned()),
        },
        Answer::Problems(Ok(Arc::default())),
        Answer::Problems(Err(error.clone())),
        Answer::Draft(template.clone(), None),
        Answer::LastAnswers(template.clone(), None),
        Answer::Generated(template, Ok(Arc::default())),
        Answer::Updated,
        Answer::Runs(Arc::default()),
        Answer::RunLog("gone".to_owned(), Arc::default()),
        Answer::Edited("a text\nof two lines".to_owned()),
        Answer::FileEdited(Err(error.clone())),
        Answer::FilesChanged,
        Answer::Unwatched("too many files".to_owned()),
        Answer::Exported("a,b\n1,2\n".to_owned()),
        Answer::Copied(Ok("text".to_owned())),
        Answer::Said(Err(error.clone())),
    ];
    let messages: Vec<Msg> = answers.into_iter().map(Msg::Answer).collect();
    let others = vec![
        Msg::Returned,
        Msg::Paste("pay\u{1b}[31m 支付\nkind:api".to_owned()),
        Msg::Tick(NOW + 86_400),
        Msg::Resize(80, 24),
        Msg::Resize(0, 0),
        Msg::Resize(200, 60),
        Msg::Task(TaskEvent::Started(task(1))),
        Msg::Task(TaskEvent::Started(task(2))),
        Msg::Task(TaskEvent::Progress(TaskId(1), "3 of 4".to_owned())),
        Msg::Task(TaskEvent::Progress(TaskId(9), "of nobody".to_owned())),
        Msg::Task(TaskEvent::Ended(TaskId(1), Ok(None))),
        Msg::Task(TaskEvent::Ended(TaskId(2), Err("it failed".to_owned()))),
    ];
    let askers = vec![Asker::Finder, Asker::Catalog, Asker::Picker, Asker::Offers];
    let numbered = (0..40_u64, 0..5_usize, proptest::sample::select(askers));
    let numbered = numbered.prop_map(|(generation, which, asker)| {
        Msg::Answer(match which {
            0 => Answer::Found {
                asker,
                generation,
                found: Arc::default(),
                texts: (generation % 2 == 0).then(Arc::default),
            },
            1 => Answer::Texts {
                generation,
                texts: Arc::default(),
            },
            2 => Answer::Entries {
                generation,
                completions: Vec::new(),
            },
            3 => Answer::Planned {
                generation,
                report: Err("it cannot be run".to_owned()),
            },
            _ => Answer::Offered {
                generation,
                found: Ok(Arc::new(vec!["main".to_owned()])),
            },
        })
    });
    prop_oneof![
        4 => key().prop_map(|key| Msg::Key(key.parse().unwrap())),
        2 => proptest::sample::select(messages),
        1 => proptest::sample::select(others),
        1 => numbered,
        2 => pointed(),
        1 => proptest::sample::select(COMMANDS).prop_map(|info| Msg::Command(info.command)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_keys_breaks_a_page(
        route in proptest::sample::select(routes()),
        keys in proptest::collection::vec(key(), 0..40),
        size in proptest::sample::select(vec![(120, 40), (80, 24), (40, 12), (3, 2)]),
    ) {
        let mut screen = Screen::open(Company::acme(), route, size);
        for key in keys {
            screen.press(&key);
            prop_assert!(!screen.model.pages.is_empty());
        }
    }

    #[test]
    fn no_sequence_of_messages_breaks_the_portal(
        route in proptest::sample::select(routes()),
        messages in proptest::collection::vec((said(), any::<bool>()), 0..40),
    ) {
        let mut screen = Screen::open(Company::acme(), route, (80, 24));
        for (message, settles) in messages {
            screen.send(message);
            if settles {
                screen.settle();
            }
            prop_assert!(!screen.model.pages.is_empty());
        }
        // Whatever happened, Esc leads out, and out again, until home is left.
        screen.resize(80, 24);
        screen.settle();
        for _ in 0..100 {
            if screen.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))) {
                return Ok(());
            }
            screen.press("esc");
        }
        prop_assert!(false, "esc does not lead out of\n{}", screen.text());
    }
}
