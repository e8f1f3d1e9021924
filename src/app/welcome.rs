//! The first run, when nothing is configured: what the portal shall show is asked, and tried, before it opens.

use super::cursor::Cursor;
use super::key::{Key, KeyCode};
use super::text_field::TextField;
use super::update::edit_of;

/// What can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// The descriptors that lie here: a file, or a glob.
    Files(String),
    /// An `app-config.yaml` that lies somewhere near.
    Config(String),
    /// A GitHub organization; empty until it is named.
    GitHub(String),
    /// A GitLab group; empty until it is named.
    GitLab(String),
    /// The address of a running Backstage; empty until it is named.
    Backstage(String),
    /// The built-in demo company.
    Demo,
}

impl Want {
    /// What must be typed for it; `None` where nothing must.
    fn asks(&self) -> Option<&'static str> {
        match self {
            Self::GitHub(_) => Some("the organization, as in github.com/acme"),
            Self::GitLab(_) => Some("the group, as in gitlab.com/acme"),
            Self::Backstage(_) => Some("its address, as in https://backstage.acme.dev"),
            Self::Files(_) | Self::Config(_) | Self::Demo => None,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Files(name)
            | Self::Config(name)
            | Self::GitHub(name)
            | Self::GitLab(name)
            | Self::Backstage(name) => name,
            Self::Demo => "",
        }
    }

    fn named(&self, name: &str) -> Self {
        let name = name.trim().to_owned();
        match self {
            Self::GitHub(_) => Self::GitHub(name),
            Self::GitLab(_) => Self::GitLab(name),
            Self::Backstage(_) => Self::Backstage(name),
            other => other.clone(),
        }
    }
}

/// One of the things that are offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What it is called.
    pub title: &'static str,
    /// What is known of it: where it lies, who is signed in.
    pub note: String,
    /// What it is.
    pub want: Want,
}

/// What came of trying something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What was found, in one line.
    pub found: String,
    /// What else there is to know: who is signed in, what could not be read.
    pub more: Vec<String>,
    /// The file that will be written; `None` where none is.
    pub file: Option<String>,
}

/// What the user is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// What shall be shown.
    What,
    /// Its name.
    Name(&'static str),
    /// To wait while it is tried.
    Wait,
    /// Whether that is it, or why it cannot be.
    Whether(Result<Told, String>),
}

/// What a key leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To another look of the same.
    Stay,
    /// To trying something.
    Try(Want),
    /// Back from trying: nobody waits for it any more.
    Stop,
    /// To the portal, with this.
    Take(Want),
    /// Out.
    Leave,
}

/// State of the first run.
#[derive(Debug)]
pub struct Welcome {
    /// What is offered.
    pub offers: Vec<Offer>,
    /// Which of it is selected.
    pub cursor: Cursor,
    /// What is asked.
    pub asked: Asked,
    /// The name that is typed.
    pub field: TextField,
    /// What is tried.
    tried: Want,
}

impl Welcome {
    /// Offers these; the first is selected.
    pub fn new(offers: Vec<Offer>) -> Self {
        Self {
            offers,
            cursor: Cursor::default(),
            asked: Asked::What,
            field: TextField::default(),
            tried: Want::Demo,
        }
    }

    /// What a key does. Esc is one level out, and from the first question to the demo.
    pub fn key(&mut self, key: Key) -> Step {
        if key.ctrl && key.code == KeyCode::Char('c') {
            return Step::Leave;
        }
        match (&self.asked, key.code) {
            (Asked::What, KeyCode::Esc | KeyCode::Char('q')) => return Step::Take(Want::Demo),
            (Asked::What, KeyCode::Enter) => return self.choose(),
            (Asked::What, KeyCode::Up | KeyCode::Char('k')) => {
                self.cursor.selected = self.cursor.selected.saturating_sub(1);
            }
            (Asked::What, KeyCode::Down | KeyCode::Char('j')) => {
                let last = self.offers.len().saturating_sub(1);
                self.cursor.selected = (self.cursor.selected + 1).min(last);
            }
            (Asked::What, KeyCode::Char(c)) => {
                let number = c.to_digit(10).and_then(|it| usize::try_from(it).ok());
                if let Some(at) = number.and_then(|it| it.checked_sub(1))
                    && at < self.offers.len()
                {
                    self.cursor.selected = at;
                    return self.choose();
                }
            }
            (Asked::Name(_), KeyCode::Enter) if !self.field.text().trim().is_empty() => {
                let named = self.tried.named(self.field.text());
                return self.attempt(named);
            }
            (Asked::Wait, KeyCode::Esc) => {
                self.ask_again();
                return Step::Stop;
            }
            (Asked::Whether(_), KeyCode::Esc) => self.ask_again(),
            (Asked::Name(_), KeyCode::Esc) => self.asked = Asked::What,
            (Asked::Name(_), _) => {
                if let Some(edit) = edit_of(key) {
                    self.field.apply(&edit);
                }
            }
            (Asked::Whether(Ok(_)), KeyCode::Enter) => return Step::Take(self.tried.clone()),
            (Asked::Whether(Err(_)), KeyCode::Enter) => return self.attempt(self.tried.clone()),
            _ => {}
        }
        Step::Stay
    }

    /// What was pasted is a part of the name.
    pub fn paste(&mut self, text: &str) {
        if matches!(self.asked, Asked::Name(_)) {
            self.field.apply(&super::Edit::Paste(text.to_owned()));
        }
    }

    fn choose(&mut self) -> Step {
        let Some(offer) = self.offers.get(self.cursor.selected) else {
            return Step::Stay;
        };
        let want = offer.want.clone();
        match want.asks() {
            _ if want == Want::Demo => Step::Take(want),
            None => self.attempt(want),
            Some(question) => {
                self.field = TextField::new(want.name());
                self.asked = Asked::Name(question);
                self.tried = want;
                Step::Stay
            }
        }
    }

    /// Asks once more for the name, which may have a slip, or for what shall be shown.
    fn ask_again(&mut self) {
        self.asked = self.tried.asks().map_or(Asked::What, Asked::Name);
    }

    fn attempt(&mut self, want: Want) -> Step {
        self.asked = Asked::Wait;
        self.tried = want.clone();
        Step::Try(want)
    }

    /// Takes what came of trying, while somebody waits for it.
    pub fn tried(&mut self, told: Result<Told, String>) {
        if self.asked == Asked::Wait {
            self.asked = Asked::Whether(told);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(welcome: &mut Welcome, keys: &str) -> Step {
        let keys = keys.split(' ').filter_map(|key| key.parse::<Key>().ok());
        keys.map(|key| welcome.key(key))
            .last()
            .unwrap_or(Step::Stay)
    }

    fn welcome() -> Welcome {
        let offer = |title, want| Offer {
            title,
            note: String::new(),
            want,
        };
        Welcome::new(vec![
            offer("here", Want::Files("/r/catalog-info.yaml".into())),
            offer("GitHub", Want::GitHub("acme".into())),
            offer("demo", Want::Demo),
        ])
    }

    #[test]
    fn what_is_found_is_tried_and_taken_with_two_keys() {
        let mut welcome = welcome();
        let files = Want::Files("/r/catalog-info.yaml".into());
        assert_eq!(press(&mut welcome, "enter"), Step::Try(files.clone()));
        assert_eq!(press(&mut welcome, "enter"), Step::Stay, "it waits");
        welcome.tried(Ok(Told {
            found: "3 entities".into(),
            more: Vec::new(),
            file: None,
        }));
        assert_eq!(press(&mut welcome, "enter"), Step::Take(files));
    }

    #[test]
    fn names_are_typed_and_a_failure_can_be_tried_again() {
        let mut welcome = welcome();
        assert_eq!(press(&mut welcome, "down enter"), Step::Stay);
        assert_eq!(welcome.field.text(), "acme", "what was found is there");
        let acme2 = Want::GitHub("acme2".into());
        assert_eq!(press(&mut welcome, "2 enter"), Step::Try(acme2.clone()));
        welcome.tried(Err("not found".into()));
        assert_eq!(press(&mut welcome, "enter"), Step::Try(acme2));
        assert_eq!(press(&mut welcome, "esc"), Step::Stop);
        welcome.tried(Err("late".into()));
        assert!(
            matches!(welcome.asked, Asked::Name(_)),
            "late answers are nobody's"
        );
        assert_eq!(welcome.field.text(), "acme2", "a slip can be corrected");
        press(&mut welcome, "esc");
        assert_eq!(welcome.asked, Asked::What);
    }

    #[test]
    fn esc_leads_to_the_demo_and_ctrl_c_out() {
        assert_eq!(press(&mut welcome(), "esc"), Step::Take(Want::Demo));
        assert_eq!(press(&mut welcome(), "3"), Step::Take(Want::Demo));
        assert_eq!(
            press(&mut welcome(), "down enter esc esc"),
            Step::Take(Want::Demo)
        );
        assert_eq!(press(&mut welcome(), "ctrl-c"), Step::Leave);
    }
}
