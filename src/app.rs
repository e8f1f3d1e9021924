//! The Elm core of the portal: a [`Model`], [`Msg`]s that change it by [`update()`], and [`Effect`]s, which are what it
//! asks of the world.
//!
//! Nothing here does I/O, spawns or reads a clock; everything is plain data, so that any sequence of messages can be
//! replayed in a test. A page is state, commands and answers in `page/<name>.rs`; its drawing has the same name in
//! [`crate::ui`].
//!
//! ```text
//! event → input → Msg → update(&mut Model, Msg) → Vec<Effect> → runtime → Msg::Answer
//! ```

pub mod chord;
pub mod command;
pub mod cursor;
pub mod cx;
pub mod effect;
pub mod key;
pub mod keymap;
pub mod lasting;
pub mod log;
pub mod message;
pub mod model;
pub mod narrow;
pub mod notice;
pub mod offers;
pub mod overlay;
pub mod page;
pub mod pick;
pub mod pointer;
pub mod route;
pub mod task;
pub mod text_field;
pub mod undo;
pub mod update;
pub mod welcome;

pub use chord::Chord;
pub use command::{Command, Context};
pub use cursor::Cursor;
pub use cx::{Cx, Request};
pub use effect::Effect;
pub use key::{Key, KeyCode};
pub use keymap::Keymap;
pub use lasting::Lasting;
pub use message::{Answer, Edit, Msg};
pub use model::{Drawn, Model, Shared};
pub use narrow::Narrow;
pub use notice::Notice;
pub use overlay::Overlay;
pub use page::Page;
pub use pick::Picker;
pub use route::{About, EntityTab, Route};
pub use text_field::TextField;
pub use update::update;
