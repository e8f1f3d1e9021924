//! Branches, tags, commits and pull requests, as a user names them and as each host keeps them.

use super::scm::ScmUrl;
use super::web::Web;
use super::{Address, HostError};
use crate::config::HostKind;

/// The number of the pull request that `revision` names: `pr/12`, `mr/12`, `!12`, `#12`.
pub(super) fn pull_request(revision: &str) -> Option<u64> {
    let number = ["pr/", "mr/", "pull/", "!", "#"]
        .iter()
        .find_map(|mark| revision.strip_prefix(mark))?;
    number.parse().ok()
}

impl Web {
    /// The same place as `at`, which is on a Git host, at `revision`.
    pub(super) fn at_revision(&self, at: &Address, revision: &str) -> Result<Address, HostError> {
        let Some(scm) = ScmUrl::parse(&at.name()) else {
            return Err(HostError::Failed {
                place: at.name(),
                reason: "is no folder of a repository, so it has no revisions".to_owned(),
            });
        };
        let reference = match pull_request(revision) {
            Some(number) => self.request_ref(&scm, number)?,
            None => revision.to_owned(),
        };
        Ok(Address::Url(ScmUrl { reference, ..scm }.to_string()))
    }

    /// The full name of the reference that the host of `scm` keeps of the pull request `number`.
    fn request_ref(&self, scm: &ScmUrl, number: u64) -> Result<String, HostError> {
        let is = |kind: HostKind| self.context().is_of(kind, &scm.host);
        if self.context().is_gitlab(&scm.host) {
            return Ok(format!("refs/merge-requests/{number}/head"));
        }
        if is(HostKind::BitbucketServer) {
            return Ok(format!("refs/pull-requests/{number}/from"));
        }
        if is(HostKind::Azure) {
            return Ok(format!("refs/pull/{number}/merge"));
        }
        if is(HostKind::BitbucketCloud) {
            let reason =
                "Bitbucket Cloud keeps no reference of a pull request; name its branch".to_owned();
            let place = format!("{} #{number}", scm.repository_url());
            return Err(HostError::Failed { place, reason });
        }
        Ok(format!("refs/pull/{number}/head"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pull_requests_are_told_from_branches() {
        assert_eq!(pull_request("pr/12"), Some(12));
        assert_eq!(pull_request("!3"), Some(3));
        assert_eq!(pull_request("pr/fix"), None);
        assert_eq!(pull_request("main"), None);
    }
}
