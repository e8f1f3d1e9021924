//! What a piece of a laid-out page is. A theme gives each role its look; nothing here names a colour.

use serde::{Deserialize, Serialize};

/// The part a run of text plays on the page.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Role {
    /// What is read.
    #[default]
    Text,
    /// What stands back: notes of the reader itself, line numbers, URLs.
    Dim,
    /// The page's title.
    Heading1,
    /// A section.
    Heading2,
    /// A section within a section, at any depth.
    Heading3,
    /// Inline code.
    Code,
    /// The text of a link.
    Link,
    /// Marked text (`==mark==`).
    Mark,
    /// A key to press (`++ctrl+c++`, `<kbd>`).
    Key,
    /// An image's place, by its alternative text.
    Image,
    /// A reference to a footnote, or its number.
    Footnote,
    /// A bullet, a number or a check box.
    Marker,
    /// The bar beside a quotation.
    QuoteBar,
    /// The lines of a table, rules and the foot of tabs.
    Border,
    /// A heading cell of a table, a term of a definition list.
    TableHead,
    /// The selected tab's label.
    TabActive,
    /// Another tab's label.
    TabLabel,
    /// The bar, sign and title of an admonition.
    Callout(Callout),
    /// The title or language over a code block, and the block's edge.
    CodeTitle,
    /// Code that has no other role.
    CodeText,
    /// A keyword of a language.
    Keyword,
    /// A string or character.
    StringLit,
    /// A number or another constant.
    Constant,
    /// A comment.
    Comment,
    /// A function's name where it is defined or called.
    Function,
    /// A type, class or tag.
    Type,
    /// A key of a mapping, an attribute, a parameter or a special variable.
    Property,
    /// An operator or punctuation that matters.
    Operator,
    /// A shell's prompt.
    Prompt,
    /// An added line of a diff.
    Inserted,
    /// A removed line of a diff.
    Deleted,
}

/// The kinds of admonition, after Material for MkDocs; other names count as [`Callout::Note`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Callout {
    /// `note`, `seealso`.
    Note,
    /// `abstract`, `summary`, `tldr`.
    Abstract,
    /// `info`, `todo`.
    Info,
    /// `tip`, `hint`.
    Tip,
    /// `success`, `check`, `done`.
    Success,
    /// `question`, `help`, `faq`.
    Question,
    /// `warning`, `attention`; GitHub's `caution` is [`Callout::Danger`].
    Warning,
    /// `important`, as GitHub has it.
    Important,
    /// `failure`, `fail`, `missing`.
    Failure,
    /// `danger`, `error`.
    Danger,
    /// `bug`.
    Bug,
    /// `example`.
    Example,
    /// `quote`, `cite`.
    Quote,
}

impl Callout {
    /// The kind with this name, any letter case; [`Callout::Note`] where the name is not known.
    pub fn from_name(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "abstract" | "summary" | "tldr" => Self::Abstract,
            "info" | "todo" => Self::Info,
            "tip" | "hint" => Self::Tip,
            "success" | "check" | "done" => Self::Success,
            "question" | "help" | "faq" => Self::Question,
            "warning" | "attention" => Self::Warning,
            "important" => Self::Important,
            "failure" | "fail" | "missing" => Self::Failure,
            "danger" | "error" | "caution" => Self::Danger,
            "bug" => Self::Bug,
            "example" => Self::Example,
            "quote" | "cite" => Self::Quote,
            _ => Self::Note,
        }
    }

    /// A sign for those that ask for care, so that they are known without colour; empty for the others.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Important | Self::Warning | Self::Failure | Self::Danger | Self::Bug => "!",
            Self::Success => "✓",
            Self::Question => "?",
            Self::Note | Self::Abstract | Self::Info | Self::Tip | Self::Example | Self::Quote => {
                ""
            }
        }
    }
}
