//! Any size, any keys: nothing panics, and there is always a page.
