//! What several pages draw alike.

pub mod field;
pub mod markdown;
pub mod pane;
pub mod sign;
