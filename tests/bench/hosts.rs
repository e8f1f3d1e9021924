//! How many requests a refresh of 5,000 repositories takes, of which 1,200 carry a descriptor, and how long on a host
//! that answers at once. Beside it what Backstage asks: its list of repositories, and one file for each location.

use crate::report::{Budget, Report, whole};
use crate::requests;

pub(crate) fn run(report: &mut Report) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let rows = runtime.block_on(async {
        let mut rows = requests::github().await?;
        rows.extend(requests::gitlab().await?);
        rows.extend(requests::bitbucket_cloud().await?);
        rows.extend(requests::plain_git().await?);
        rows.extend(requests::gitea().await?);
        rows.extend(requests::bitbucket_server().await?);
        rows.extend(requests::azure().await?);
        rows.extend(requests::gerrit().await?);
        Some(rows)
    });
    let Some(rows) = rows else {
        report.skipped("requests", "git cannot serve here");
        return;
    };
    for row in rows {
        let name = format!("{}: {}", row.host, row.what);
        let size = requests::REPOSITORIES;
        report.at_most(&name, size, whole(row.requests), row.unit, whole(row.most));
        if row.unit != "requests" {
            continue;
        }
        report.number("  Backstage", size, whole(row.backstage), "requests");
        report.samples("  time", size, Budget::None, vec![row.time]);
    }
}
