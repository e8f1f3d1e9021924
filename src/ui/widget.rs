//! What several pages draw alike.

pub mod document;
pub mod field;
pub mod markdown;
pub mod offers;
pub mod pane;
pub mod sign;
