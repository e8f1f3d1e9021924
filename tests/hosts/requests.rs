//! How many requests a refresh may take.

use super::requests_of;

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_takes_few_requests() {
    let Some(rows) = requests_of::github().await else {
        return;
    };
    for row in &rows {
        assert!(row.requests <= row.most, "{rows:#?}");
    }
}
