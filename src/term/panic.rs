//! A panic anywhere gives the terminal back before it is reported.

use std::panic;

use super::session::Session;

/// Puts leaving the terminal in front of the panic hook in force. A panic of a worker ends the process: a portal that
/// lost a part of itself would only look alive.
pub fn install_panic_hook() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        Session::leave();
        report(info);
        if std::thread::current().name() != Some("main") {
            std::process::exit(101);
        }
    }));
}
