//! Processes that are killed, and processes that are many: what is kept is the old state or the new one, whole.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::forge::Forge;
use super::{Desk, company, company_names, filled, moment};

/// How often a sync is killed.
const KILLS: u32 = 25;
/// How many components there are.
const COUNT: usize = 150;

fn spawn(desk: &Desk, arguments: &str) -> Child {
    desk.command(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_killed_at_any_moment_leaves_the_old_or_the_new_state() {
    let Some((forge, desk)) = filled("even", COUNT).await else {
        return;
    };
    let change = |prefix: &str| {
        forge.commit(
            "acme/all",
            &[("catalog-info.yaml", &company(prefix, COUNT))],
        );
    };
    let begun = Instant::now();
    desk.run("sync --full").code(0);
    let whole = begun.elapsed();
    let (mut killed, mut old_seen, mut new_seen) = (0, 0, 0);
    for number in 0..KILLS {
        let (old, new) = if number % 2 == 0 {
            ("even", "odd")
        } else {
            ("odd", "even")
        };
        change(new);
        let mut sync = spawn(&desk, "sync");
        // The moment is the point of the test; which one it hits may differ with the machine.
        std::thread::sleep(whole.mul_f64(moment(number)));
        sync.kill().unwrap();
        if sync.wait().unwrap().code().is_none() {
            killed += 1;
        }
        let (old, new) = (company_names(old, COUNT), company_names(new, COUNT));
        let names = desk.names();
        assert!(
            names == old || names == new,
            "kill {number} left {} names: {names:?}",
            names.len()
        );
        if names == old {
            old_seen += 1;
        } else {
            new_seen += 1;
        }
        desk.run("sync").code(0);
        assert_eq!(desk.names(), new, "the sync after kill {number}");
    }
    eprintln!("{KILLS} moments: {killed} killed, {old_seen} old, {new_seen} new");
    assert!(killed > 0, "none was killed");
}

/// How many repositories there are, each with one component, on pages of ten.
const REPOSITORIES: usize = 150;

/// Describes all of them anew.
fn push_all(forge: &Forge, prefix: &str) {
    for number in 0..REPOSITORIES {
        let text = company(&format!("{prefix}-{number:03}"), 1);
        forge.push_light(
            &format!("acme/r-{number:03}"),
            &[("catalog-info.yaml", &text)],
        );
    }
}

/// What `list -o name` gives then.
fn pushed_names(prefix: &str) -> BTreeSet<String> {
    (0..REPOSITORIES)
        .flat_map(|number| company_names(&format!("{prefix}-{number:03}"), 1))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_of_many_pages_killed_at_any_moment_loses_and_doubles_nothing() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let desk = Desk::with(&forge, "pageSizes: { repositories: 10 }");
    push_all(&forge, "even");
    // Group and components come from each of them; the group is described a hundred times.
    desk.run("sync -q");
    assert_eq!(desk.names(), pushed_names("even"));
    let begun = Instant::now();
    desk.run("sync --full -q");
    let whole = begun.elapsed();
    let (mut killed, mut went_on) = (0, 0);
    for number in 0..KILLS {
        let (old, new) = if number % 2 == 0 {
            ("even", "odd")
        } else {
            ("odd", "even")
        };
        push_all(&forge, new);
        let mut sync = spawn(&desk, "sync --full");
        std::thread::sleep(whole.mul_f64(moment(number)));
        sync.kill().unwrap();
        killed += u32::from(sync.wait().unwrap().code().is_none());
        let names = desk.names();
        assert!(
            names == pushed_names(old) || names == pushed_names(new),
            "kill {number} left {} names: {names:?}",
            names.len()
        );
        forge.take_requests();
        desk.run("sync -q");
        assert_eq!(
            desk.names(),
            pushed_names(new),
            "the sync after kill {number}"
        );
        let pages = forge
            .take_requests()
            .iter()
            .filter(|it| it.contains("Sweep"))
            .count();
        went_on += u32::from(pages > 0 && pages < REPOSITORIES / 10);
    }
    eprintln!("{KILLS} moments: {killed} killed, {went_on} syncs went on in the middle");
    assert!(killed > 0, "none was killed");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_on_one_cache_do_no_harm() {
    let Some((forge, desk)) = filled("old", COUNT).await else {
        return;
    };
    forge.commit("acme/all", &[("catalog-info.yaml", &company("new", COUNT))]);
    let mut syncs: Vec<Child> = (0..3).map(|_| spawn(&desk, "sync")).collect();
    let (old, new) = (company_names("old", COUNT), company_names("new", COUNT));
    // Whoever reads meanwhile reads one of the two.
    let limit = Instant::now() + Duration::from_mins(1);
    while syncs
        .iter_mut()
        .any(|sync| sync.try_wait().unwrap().is_none())
    {
        let names = desk.names();
        assert!(names == old || names == new, "{names:?}");
        assert!(Instant::now() < limit, "they wait for each other for ever");
    }
    for mut sync in syncs {
        assert_eq!(sync.wait().unwrap().code(), Some(0));
    }
    assert_eq!(desk.names(), new);
}
