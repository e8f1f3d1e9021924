//! With every key moved elsewhere no text names a key that it had: whatever a test of the screen draws is looked at with
//! those keys, too. And each kind of text names the key that there is.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Color;
use stagedoor::app::command::{COMMANDS, Context};
use stagedoor::app::keymap::Asked;
use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{EntityTab, Keymap, Model, Page, Route};
use stagedoor::scaffolder::run::Status;
use stagedoor::ui::{self, Role, Theme};

use crate::company::Company;
use crate::docs::{Reader, book};
use crate::screen::{Screen, text_of};
use crate::{activity, runs, wizard};

/// A screen smaller than this has room for no sentence.
const SMALL: (u16, u16) = (40, 12);

/// Each command on another key: Alt and a letter, of which contexts that are asked one after the other share none.
static MOVED: LazyLock<Keymap> = LazyLock::new(|| {
    let mut taken: BTreeMap<Context, usize> = BTreeMap::new();
    let own = COMMANDS.iter().map(|info| {
        let mut letters = match info.context {
            Context::Global => 'A'..='Z',
            Context::List => 'α'..='ω',
            Context::Api | Context::Relations | Context::Repository => '0'..='9',
            _ => 'a'..='z',
        };
        let number = taken.entry(info.context).or_default();
        let letter = letters.nth(*number).expect("a letter for each command");
        *number += 1;
        (info.id.to_owned(), vec![format!("alt-{letter}")])
    });
    let (keymap, faults) = Keymap::configured(&Asked {
        preset: None,
        own: own.collect(),
    });
    assert_eq!(faults, []);
    keymap
});

/// A theme in which nothing looks like a key but keys.
static THEME: LazyLock<Theme> = LazyLock::new(|| {
    let theme = Theme::read("styles: { key: '#010203' }");
    theme.expect("a theme")
});

thread_local! {
    /// The screens that were looked at.
    static SEEN: RefCell<HashSet<u64>> = RefCell::default();
}

/// Looks at the screen with every key moved, once for all that was `drawn` alike.
pub(crate) fn follow(model: &mut Model, drawn: &Buffer) {
    let mut hasher = DefaultHasher::new();
    drawn.hash(&mut hasher);
    let drawn = hasher.finish();
    let (columns, rows) = model.shared.size;
    if columns < SMALL.0 || rows < SMALL.1 || SEEN.with(|seen| !seen.borrow_mut().insert(drawn)) {
        return;
    }
    // What is said once has the key of then; what ends a chord is no command's.
    if !model.pending.is_empty() {
        return;
    }
    let said = model.notice.take();
    let before = std::mem::replace(&mut model.shared.keymap, MOVED.clone());
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    ui::draw(model, &THEME, buffer.area, &mut buffer);
    model.shared.keymap = before;
    model.notice = said;
    let text = text_of(&buffer);
    let mut wrong = named(&text);
    // Docs have keys of their own to tell of.
    if !matches!(model.page(), Page::Docs(_)) {
        wrong.extend(looks_like_keys(&buffer));
    }
    assert!(wrong.is_empty(), "{wrong:?} are not bound, in\n{text}");
}

/// What a text tells to press that nothing is bound to.
fn named(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        for pair in words.windows(2) {
            let presses = ["press", "presses"].contains(&pair[0].to_lowercase().as_str());
            // At the end of a pane the key stands on the next line. A page of docs tells of Ctrl+C.
            let is_other = pair[1] == "│" || pair[1].contains('+');
            if presses && !is_moved(pair[1]) && !is_other {
                wrong.push(pair.join(" "));
            }
        }
        let before = std::iter::once(&"").chain(&words);
        let named = words.iter().zip(before).filter(|(word, before)| {
            let word = word.trim_matches(['.', ',', ';', ':', '(', ')']);
            let word = word.to_lowercase();
            let names = ["esc", "enter", "backspace", "pgup", "pgdn", "shift-tab"];
            let number = word.strip_prefix('f').and_then(|rest| rest.parse().ok());
            // "Please enter the following information" is the title of a form's page that has none.
            **before != "Please"
                && (names.contains(&word.as_str())
                    || word.starts_with("ctrl-")
                    || number.is_some_and(|number: u8| (1..=12).contains(&number)))
        });
        wrong.extend(named.map(|(word, _)| (*word).to_owned()));
    }
    wrong
}

/// Whether it is a key as it was moved, or the beginning of one that has no room.
fn is_moved(word: &str) -> bool {
    word.starts_with("alt-") || word.ends_with('…')
}

/// What looks like a key and is bound to nothing.
fn looks_like_keys(buffer: &Buffer) -> Vec<String> {
    let key = THEME.style(Role::Key).fg;
    assert_eq!(key, Some(Color::Rgb(1, 2, 3)));
    let columns = usize::from(buffer.area.width);
    let mut wrong = Vec::new();
    for row in buffer.content().chunks(columns) {
        for run in row.chunk_by(|one, next| one.fg == next.fg) {
            let text: String = run.iter().map(Cell::symbol).collect();
            let is_key = Some(run[0].fg) == key;
            let words = text.split_whitespace();
            wrong.extend(
                words
                    .filter(|word| is_key && !is_moved(word))
                    .map(str::to_owned),
            );
        }
    }
    wrong
}

const SIZE: (u16, u16) = (120, 40);

/// The text of a screen once these commands have these keys, in one line.
fn with(mut screen: Screen, own: &[(&str, &str)]) -> String {
    let own = own.iter();
    let own = own.map(|(id, key)| ((*id).to_owned(), vec![(*key).to_owned()]));
    let (keymap, faults) = Keymap::configured(&Asked {
        preset: None,
        own: own.collect(),
    });
    assert_eq!(faults, []);
    screen.model.shared.keymap = keymap;
    screen.resize(SIZE.0, SIZE.1);
    let text = screen.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

fn at(company: Company, route: Route, keys: &str) -> Screen {
    let mut screen = Screen::open(company, route, SIZE);
    if !keys.is_empty() {
        screen.press(keys);
    }
    screen
}

fn entity(name: &str, tab: EntityTab) -> Route {
    Route::Entity {
        entity_ref: name.parse().unwrap(),
        tab,
    }
}

fn catalog(query: &str) -> Route {
    Route::Catalog {
        query: query.to_owned(),
    }
}

fn said(screen: Screen, own: &[(&str, &str)], expected: &[&str]) {
    let text = with(screen, own);
    for expected in expected {
        assert!(text.contains(expected), "{expected:?} is not in {text}");
    }
}

#[test]
fn home_names_the_keys_that_there_are() {
    let own = [
        ("app.find", "f5"),
        ("entity.star", "f6"),
        ("app.sync", "f7"),
    ];
    said(
        at(Company::stranger(), Route::Home, ""),
        &own,
        &[
            "Press f5 to find something.",
            "Press f6 on an entity to keep it here.",
        ],
    );
    let failed = at(Company::with_a_failed_source(), Route::Home, "");
    said(failed, &own, &["f7 try again"]);
    let narrowed = at(Company::acme(), Route::Home, "f z z");
    said(
        narrowed,
        &[("home.leave", "f5"), ("app.back", "f6")],
        &["these words; f6 shows all."],
    );
}

#[test]
fn entities_and_the_catalog_name_the_keys_that_there_are() {
    let acme = Company::acme;
    let own = [("app.find", "f5"), ("app.back", "f6"), ("list.open", "f7")];
    said(
        at(acme(), entity("component:nobody", EntityTab::Overview), ""),
        &own,
        &["Press f5 to find what you were looking for, or f6 to go back."],
    );
    let docs = entity("component:payment-gateway", EntityTab::Docs);
    said(
        at(acme(), docs, ""),
        &own,
        &["f7 opens the reader. From every tab, d does."],
    );
    let hub = entity("component:hub", EntityTab::Relations);
    said(at(Company::hub(40), hub, ""), &own, &["f7 shows them"]);
    let nothing = at(acme(), catalog("lifecycle:retired"), "");
    let own = [("catalog.clear", "f5"), ("catalog.facets", "f8")];
    said(
        nothing,
        &own,
        &["Press f5 to see everything again, or f8 to change the filters."],
    );
    let own = [
        ("catalog.views", "f5"),
        ("list.open", "f6"),
        ("query.complete", "f7"),
    ];
    let mut naming = at(acme(), catalog(""), "v");
    naming.press("enter");
    said(naming, &own, &["to open it by f5 or as @name", "f6 saves"]);
    let mut typing = at(acme(), catalog(""), "i");
    typing.type_text("kind:ap");
    said(typing, &own, &["f7 api"]);
}

#[test]
fn lists_problems_and_runs_name_the_keys_that_there_are() {
    let own = [
        ("app.sync", "f5"),
        ("app.back", "f6"),
        ("problems.clear", "f7"),
    ];
    let problems = || Route::Problems {
        about: stagedoor::app::About::Everything,
    };
    said(
        at(Company::with_a_failed_source(), problems(), ""),
        &own,
        &["f5 to read the sources again."],
    );
    let mut nothing = at(Company::acme(), problems(), "f");
    nothing.type_text("zz").press("enter");
    said(nothing, &own, &["Press f7 to see everything again."]);
    said(
        at(Company::empty(), Route::Templates, ""),
        &own,
        &["then press f5 to refresh."],
    );
    let narrowed = at(Company::acme(), Route::Templates, "f z z");
    said(
        narrowed,
        &own,
        &["No template has these words; f6 shows all."],
    );

    let own = [
        ("app.templates", "f5"),
        ("runs.resume", "f6"),
        ("runs.remove", "f7"),
    ];
    let mut none = at(Company::acme(), Route::Runs, "");
    none.send(Msg::Answer(Answer::Runs(Arc::default())));
    said(
        none,
        &own,
        &["Press f5 for the templates; what becomes of a run is written down here."],
    );
    let whole = {
        let mut screen = runs::open(runs::some(), SIZE);
        screen.press("enter");
        screen
    };
    said(
        whole,
        &own,
        &["press f6 to go on, f7 to remove what it made"],
    );
    let (mut screen, _) = activity::behind(SIZE);
    screen.press("A");
    said(screen, &[("list.open", "f5")], &["Press f5 for its page:"]);
}

#[test]
fn forms_and_their_runs_name_the_keys_that_there_are() {
    let own = [("wizard.accept", "f5"), ("run.retry", "f6")];
    let mut form = wizard::wizard(SIZE);
    form.type_text("audit").press("enter");
    said(form, &own, &["type to find, f5 picks"]);
    let mut review = wizard::wizard(SIZE);
    wizard::fill_in(&mut review);
    review.press("ctrl-n").type_text("audit").press("ctrl-n");
    wizard::plan(&mut review);
    said(review, &own, &["f5 runs it"]);
    let (mut run, generation) = wizard::running(SIZE);
    let result = Ok(wizard::report(Status::Failed, Some("not allowed")));
    run.send(Msg::Answer(Answer::RunEnded { generation, result }));
    said(
        run,
        &own,
        &["Press f6 to change the answers and try again; they are kept."],
    );
}

#[test]
fn docs_and_overlays_name_the_keys_that_there_are() {
    let own = [
        ("app.sync", "f5"),
        ("app.back", "f6"),
        ("app.previous", "f7"),
        ("docs.nav", "f8"),
    ];
    said(
        Reader::open(None, Ok(None), SIZE).screen,
        &own,
        &["Then press f5 to refresh."],
    );
    let failed = Reader::open(None, Err("not found".to_owned()), SIZE).screen;
    said(failed, &own, &["Press f5 to try again, or f6 to go back."]);
    let missing = Reader::open(Some("gone.md"), Ok(Some(book())), SIZE).screen;
    said(
        missing,
        &own,
        &["Press f7 to go back, or f8 to choose a page."],
    );
    let page = Some("ops/paging.md");
    let found = Reader::marked("the", page, Ok(Some(book())), SIZE);
    let own = [("docs.next-page", "f5"), ("docs.prev-match", "f6")];
    said(found.screen, &own, &["f5 f6 1 of"]);

    let own = [
        ("app.back", "f5"),
        ("finder.complete", "f6"),
        ("finder.narrow", "f7"),
    ];
    said(
        at(Company::acme(), Route::Home, "?"),
        &own,
        &["type to narrow f5 close"],
    );
    let mut finder = at(Company::acme(), Route::Home, "/");
    finder.type_text("kind:ap");
    said(finder, &own, &["f6 api"]);
}
