//! The patterns of `betterem` (smart for both marks), `caret`, `tilde` and `mark`, in their order.

use super::sequence::Content::{Any, Dense, DensePaired, Limited, Paired};
use super::sequence::Shape::{Behind, Double, Single};
use super::sequence::Step::{Closes, Content, Marks, NotBefore, NotBehind, Opens};
use super::sequence::{Kinds, Rule, Sequence};

const SPACE: Kinds = kinds(true, false, false);
const MARKED: Kinds = kinds(false, true, false);
const WORD: Kinds = kinds(false, false, true);
const SPACE_OR_MARK: Kinds = kinds(true, true, false);
const WORD_OR_MARK: Kinds = kinds(false, true, true);

const fn kinds(space: bool, mark: bool, word: bool) -> Kinds {
    Kinds { space, mark, word }
}

const fn rule(shape: super::sequence::Shape, steps: &'static [super::sequence::Step]) -> Rule {
    Rule {
        shape,
        full: false,
        steps,
    }
}

const fn full(shape: super::sequence::Shape, steps: &'static [super::sequence::Step]) -> Rule {
    Rule {
        shape,
        full: true,
        steps,
    }
}

/// The patterns of a mark that once raises or lowers, and twice adds or strikes out.
macro_rules! raised {
    ($two:literal, $one:literal) => {
        &[
            rule(
                Double($two, $one),
                &[
                    Marks(3),
                    NotBehind(SPACE_OR_MARK),
                    Content(Dense),
                    NotBefore(SPACE),
                    Marks(3),
                ],
            ),
            rule(
                Double($one, $two),
                &[
                    Marks(3),
                    NotBehind(SPACE_OR_MARK),
                    Content(Dense),
                    NotBefore(SPACE),
                    Marks(2),
                    Closes,
                    Content(Dense),
                    NotBefore(SPACE),
                    Marks(1),
                ],
            ),
            rule(
                Double($two, $one),
                &[
                    Marks(3),
                    NotBehind(SPACE_OR_MARK),
                    Content(Dense),
                    NotBefore(SPACE),
                    Marks(1),
                    Closes,
                    Content(Limited),
                    NotBefore(SPACE),
                    Marks(2),
                ],
            ),
            rule(
                Behind($two, $one),
                &[
                    NotBefore(MARKED),
                    Marks(2),
                    NotBehind(SPACE_OR_MARK),
                    Content(Limited),
                    Opens,
                    Marks(1),
                    NotBehind(SPACE_OR_MARK),
                    Content(Dense),
                    NotBefore(SPACE),
                    Marks(3),
                ],
            ),
            rule(
                Single($two),
                &[
                    Opens,
                    Marks(2),
                    NotBehind(SPACE_OR_MARK),
                    Content(Any),
                    NotBefore(SPACE),
                    Marks(2),
                    Closes,
                ],
            ),
            rule(
                Behind($one, $two),
                &[
                    NotBefore(MARKED),
                    Marks(1),
                    NotBehind(SPACE_OR_MARK),
                    Content(Dense),
                    Opens,
                    Marks(2),
                    NotBehind(SPACE_OR_MARK),
                    Content(Dense),
                    NotBefore(SPACE),
                    Marks(3),
                ],
            ),
            full(
                Single($one),
                &[
                    NotBefore(MARKED),
                    Marks(1),
                    NotBehind(SPACE_OR_MARK),
                    Content(DensePaired),
                    NotBefore(SPACE_OR_MARK),
                    Marks(1),
                    NotBehind(MARKED),
                ],
            ),
            rule(
                Single($one),
                &[
                    Marks(1),
                    NotBehind(SPACE),
                    Content(Dense),
                    NotBefore(SPACE),
                    Marks(1),
                ],
            ),
        ]
    };
}
/// `*em*`, `**strong**`.
pub(super) const STAR: Sequence = Sequence {
    mark: '*',
    rules: &[
        rule(
            Double("strong", "em"),
            &[
                Opens,
                Marks(3),
                NotBehind(SPACE_OR_MARK),
                Content(Any),
                NotBefore(SPACE),
                Marks(3),
                Closes,
            ],
        ),
        rule(
            Double("em", "strong"),
            &[
                Opens,
                Marks(3),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(SPACE_OR_MARK),
                Marks(2),
                Closes,
                Content(Limited),
                NotBefore(SPACE_OR_MARK),
                Marks(1),
                Closes,
            ],
        ),
        rule(
            Double("strong", "em"),
            &[
                Opens,
                Marks(3),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(SPACE_OR_MARK),
                Marks(1),
                Closes,
                Content(Limited),
                NotBefore(SPACE_OR_MARK),
                Marks(2),
                Closes,
            ],
        ),
        rule(
            Behind("strong", "em"),
            &[
                Opens,
                Marks(2),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                Opens,
                Marks(1),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(SPACE_OR_MARK),
                Marks(3),
                Closes,
            ],
        ),
        rule(
            Single("strong"),
            &[
                Opens,
                Marks(2),
                NotBehind(SPACE_OR_MARK),
                Content(Any),
                NotBefore(SPACE),
                Marks(2),
                Closes,
            ],
        ),
        rule(
            Behind("em", "strong"),
            &[
                Opens,
                Marks(1),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                Opens,
                Marks(2),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(SPACE),
                Marks(3),
                Closes,
            ],
        ),
        full(
            Single("em"),
            &[
                Opens,
                Marks(1),
                NotBehind(SPACE_OR_MARK),
                Content(Paired),
                NotBefore(SPACE_OR_MARK),
                Marks(1),
                Closes,
            ],
        ),
        rule(
            Single("em"),
            &[
                Opens,
                Marks(1),
                NotBehind(SPACE_OR_MARK),
                Content(Any),
                NotBefore(SPACE),
                Marks(1),
                Closes,
            ],
        ),
    ],
};

/// `_em_`, `__strong__`.
pub(super) const UNDERSCORE: Sequence = Sequence {
    mark: '_',
    rules: &[
        rule(
            Double("strong", "em"),
            &[
                NotBefore(WORD),
                Marks(3),
                NotBehind(SPACE_OR_MARK),
                Content(Any),
                NotBefore(SPACE),
                Marks(3),
                NotBehind(WORD),
            ],
        ),
        rule(
            Double("em", "strong"),
            &[
                NotBefore(WORD),
                Marks(3),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(SPACE),
                Marks(2),
                NotBehind(WORD),
                Content(Limited),
                NotBefore(SPACE),
                Marks(1),
                NotBehind(WORD),
            ],
        ),
        rule(
            Double("strong", "em"),
            &[
                NotBefore(WORD),
                Marks(3),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(SPACE),
                Marks(1),
                NotBehind(WORD),
                Content(Limited),
                NotBefore(SPACE),
                Marks(2),
                NotBehind(WORD),
            ],
        ),
        rule(
            Behind("strong", "em"),
            &[
                NotBefore(WORD),
                Marks(2),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(WORD),
                Marks(1),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(SPACE),
                Marks(3),
                NotBehind(WORD),
            ],
        ),
        rule(
            Single("strong"),
            &[
                NotBefore(WORD),
                Marks(2),
                NotBehind(SPACE_OR_MARK),
                Content(Any),
                NotBefore(SPACE),
                Marks(2),
                NotBehind(WORD),
            ],
        ),
        rule(
            Behind("em", "strong"),
            &[
                NotBefore(WORD),
                Marks(1),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(WORD),
                Marks(2),
                NotBehind(SPACE_OR_MARK),
                Content(Limited),
                NotBefore(SPACE),
                Marks(3),
                NotBehind(WORD),
            ],
        ),
        full(
            Single("em"),
            &[
                NotBefore(WORD_OR_MARK),
                Marks(1),
                NotBehind(SPACE_OR_MARK),
                Content(Paired),
                NotBefore(SPACE_OR_MARK),
                Marks(1),
                NotBehind(WORD),
            ],
        ),
        rule(
            Single("em"),
            &[
                NotBefore(WORD),
                Marks(1),
                NotBehind(SPACE_OR_MARK),
                Content(Any),
                NotBefore(SPACE),
                Marks(1),
                NotBehind(WORD),
            ],
        ),
    ],
};

/// `^sup^`, `^^ins^^`.
pub(super) const CARET: Sequence = Sequence {
    mark: '^',
    rules: raised!("ins", "sup"),
};

/// `~sub~`, `~~del~~`.
pub(super) const TILDE: Sequence = Sequence {
    mark: '~',
    rules: raised!("del", "sub"),
};

/// `==mark==`.
pub(super) const MARK: Sequence = Sequence {
    mark: '=',
    rules: &[rule(
        Single("mark"),
        &[
            Opens,
            Marks(2),
            NotBehind(SPACE_OR_MARK),
            Content(Any),
            NotBefore(SPACE),
            Marks(2),
            Closes,
        ],
    )],
};
