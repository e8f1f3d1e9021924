//! Syncs that are killed: what is kept is whole, and the next sync heals.

use std::process::Stdio;
use std::time::Instant;

use rstest::rstest;

use super::super::engines::{
    AZURE, BITBUCKET_CLOUD, BITBUCKET_SERVER, Company, Engine, GERRIT, GIT, GITEA, GITHUB, GITLAB,
};
use super::super::moment::moment;
use super::count;

/// How often a sync is killed at each kind of host: more than fifty times in all.
const KILLS: u32 = 7;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_sync_killed_at_any_moment_loses_and_doubles_nothing(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &AZURE, &GERRIT, &GIT)]
    engine: &'static Engine,
) {
    let Some(mut company) = Company::of(engine, count(engine)).await else {
        return;
    };
    company.settles("cold").await;
    let begun = Instant::now();
    company.desk.run("sync --full").await;
    let whole = begun.elapsed();
    let mut killed = 0;
    for number in 0..KILLS {
        let before = company.names();
        for repository in 0..count(engine) {
            let name = format!("svc-{repository:03}");
            company.push(&name, &format!("{name}-{number}"));
        }
        let mut sync = company.desk.command("sync --full");
        sync.stdout(Stdio::null()).stderr(Stdio::null());
        let mut sync = sync.spawn().unwrap();
        // The moment is the point of the test; which one it hits may differ with the machine.
        tokio::time::sleep(whole.mul_f64(moment(number))).await;
        sync.kill().unwrap();
        let ended = tokio::task::spawn_blocking(move || sync.wait());
        killed += u32::from(ended.await.unwrap().unwrap().code().is_none());
        let names = company.desk.kept();
        assert!(
            names == before || names == company.names(),
            "{}: kill {number} left {} names: {names:?}",
            engine.name,
            names.len()
        );
        company.settles("after that").await;
    }
    eprintln!("{}: {killed} of {KILLS} killed", engine.name);
}
