//! A panel: what an entity's page shows beside the entity's own data, as plain data that the screen and the command line
//! draw alike. Facts about repositories fill it.

/// One panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    /// What it is about: `Pull requests`.
    pub title: String,
    /// How many there are of what it lists.
    pub count: Option<u64>,
    /// What stands in it.
    pub body: Body,
}

/// What stands in a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// These rows.
    Rows(Vec<Row>),
    /// Nothing, and that is well: `No open pull requests.`
    Nothing(String),
    /// Nothing, for this reason.
    Withheld(String),
}

/// One row of a panel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// What to think of it.
    pub sign: Option<Sign>,
    /// What it is.
    pub text: String,
    /// More on it, in few words each; the first are worth the most.
    pub notes: Vec<String>,
    /// When it was, in seconds since 1970.
    pub at: Option<u64>,
    /// Its share of the whole, in thousandths.
    pub share: Option<u16>,
    /// All there is to say of it.
    pub detail: String,
    /// Where it leads; empty for nowhere.
    pub url: String,
}

/// What to think of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It is well.
    Good,
    /// It is wrong.
    Bad,
    /// It needs a look.
    Warning,
    /// It goes on.
    Going,
    /// It waits, or says nothing.
    Calm,
}

impl Panel {
    /// Its rows.
    pub fn rows(&self) -> &[Row] {
        match &self.body {
            Body::Rows(rows) => rows,
            Body::Nothing(_) | Body::Withheld(_) => &[],
        }
    }
}
