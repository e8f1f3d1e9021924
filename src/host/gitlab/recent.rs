//! What changed of late, by REST: GraphQL cannot sort a group's projects by time.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use serde::Deserialize;

use super::listing::Listing;
use crate::host::HostError;
use crate::host::http::date;
use crate::host::repositories::Page;
use crate::host::rest::Rest;

/// How far changes are looked for before the last time. GitLab notes the activity of a project once an hour
/// (`RESET_PROJECT_ACTIVITY_INTERVAL`): a push within the hour moves nothing, so that all that was active in it counts.
const SLACK: Duration = Duration::from_mins(65);
/// How many projects a page has: the most that GitLab gives of the short form, and few of the long one.
const SHORT: &str = "100";
const LONG: &str = "20";
/// How many pages of changed settings are followed. What lies behind is met by the next sweep.
const SETTINGS: usize = 5;

/// A project as REST has it, in its short form or its long one.
#[derive(Deserialize)]
struct Row {
    id: u64,
    last_activity_at: Option<String>,
    updated_at: Option<String>,
}

/// The moment from which changes are to be looked for after an answer of `date`.
pub(super) fn mark(date: SystemTime) -> Option<String> {
    Some(date::iso(date.checked_sub(SLACK)?))
}

impl Listing<'_> {
    /// The projects that were active since `since`, a page of them; with the first those whose settings changed.
    pub(super) async fn recent(
        &self,
        since: &str,
        cursor: Option<&str>,
        size: usize,
    ) -> Result<Option<Page>, HostError> {
        let Some(since) = date::parse_iso(since) else {
            return Ok(None);
        };
        let is_since = |time: &Option<String>| {
            let time = time.as_deref().and_then(date::parse_iso);
            time.is_some_and(|time| time >= since)
        };
        let page = cursor.unwrap_or("1");
        let order = [
            ("order_by", "last_activity_at"),
            ("simple", "true"),
            ("per_page", SHORT),
            ("page", page),
        ];
        let active = self.rows(&order).await?;
        let (total, mark) = (active.number("x-total"), mark(active.date));
        let next = active.number("x-next-page");
        let is_whole = active
            .body
            .iter()
            .all(|row| is_since(&row.last_activity_at));
        let mut ids: BTreeSet<u64> = active
            .body
            .iter()
            .filter(|row| is_since(&row.last_activity_at))
            .map(|row| row.id)
            .collect();
        if cursor.is_none() {
            self.settings(is_since, &mut ids).await?;
        }
        let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut listed = Vec::with_capacity(ids.len());
        for some in ids.chunks(size.max(1)) {
            listed.extend(self.known(some).await?);
        }
        Ok(Some(Page {
            listed,
            next: next.filter(|_| is_whole).map(|next| next.to_string()),
            total,
            mark,
            partial: None,
        }))
    }

    /// How many projects the group has; GitLab does not count more than 10,000.
    pub(super) async fn count(&self) -> Result<Option<usize>, HostError> {
        let order = [("simple", "true"), ("per_page", "1")];
        Ok(self.rows(&order).await?.number("x-total"))
    }

    /// Adds the projects whose settings changed: renamed, archived, made private.
    async fn settings(
        &self,
        is_since: impl Fn(&Option<String>) -> bool,
        ids: &mut BTreeSet<u64>,
    ) -> Result<(), HostError> {
        let mut page = 1;
        for _ in 0..SETTINGS {
            let number = page.to_string();
            let order = [
                ("order_by", "updated_at"),
                ("per_page", LONG),
                ("page", number.as_str()),
            ];
            let rows = self.rows(&order).await?;
            let changed = rows.body.iter().filter(|row| is_since(&row.updated_at));
            ids.extend(changed.map(|row| row.id));
            let is_whole = rows.body.iter().all(|row| is_since(&row.updated_at));
            match rows.number("x-next-page").filter(|_| is_whole) {
                Some(next) => page = next,
                None => break,
            }
        }
        Ok(())
    }

    /// A page of the group's projects in some order, latest first.
    async fn rows(&self, order: &[(&str, &str)]) -> Result<Rest<Vec<Row>>, HostError> {
        let mut query = vec![
            ("include_subgroups", "true"),
            // Projects of others that are shared with the group are not its own.
            ("with_shared", "false"),
            ("sort", "desc"),
        ];
        query.extend(order);
        let parts = ["groups", self.provider.owner.as_str(), "projects"];
        self.api.rest().json(&parts, &query).await
    }
}
