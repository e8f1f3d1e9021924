//! Which scopes of a token which calls need, as the hosts document them. Only what is sure is said: without a scope that is
//! named here the call fails.

use super::Call;

/// What some calls need.
pub(super) struct Right {
    /// The kind of host.
    kind: &'static str,
    /// The scopes of which one is enough.
    any_of: &'static [&'static str],
    /// What it is needed for, in words.
    purpose: &'static str,
    /// Which calls need it.
    needs: fn(&Call) -> bool,
}

fn pushes(call: &Call) -> bool {
    call.method == "PUSH"
}

/// Whether `call` changes something at an address that holds `part`.
fn writes(call: &Call, part: &str) -> bool {
    !call.is_read() && !pushes(call) && call.url.contains(part)
}

/// Whether `call` makes a repository on Bitbucket Cloud: what is below one has an address of more parts.
fn makes_repository(call: &Call) -> bool {
    let below = call.url.split_once("/repositories/");
    below.is_some_and(|(_, rest)| writes(call, "/repositories/") && rest.split('/').count() == 2)
}

/// All that is known.
pub(super) const ALL: &[Right] = &[
    Right {
        kind: "github",
        any_of: &["repo", "public_repo"],
        purpose: "make and change repositories",
        needs: |call| pushes(call) || writes(call, "/repos") && !writes(call, "/hooks"),
    },
    Right {
        kind: "github",
        any_of: &["workflow"],
        purpose: "push files below .github/workflows",
        needs: |call| pushes(call) && call.workflows,
    },
    Right {
        kind: "github",
        any_of: &["admin:repo_hook", "write:repo_hook", "repo"],
        purpose: "make webhooks",
        needs: |call| writes(call, "/hooks"),
    },
    Right {
        kind: "gitlab",
        any_of: &["api"],
        purpose: "make and change projects",
        needs: |call| !call.is_read() && !pushes(call),
    },
    Right {
        kind: "gitlab",
        any_of: &["api", "write_repository"],
        purpose: "push",
        needs: pushes,
    },
    Right {
        kind: "bitbucketCloud",
        any_of: &[
            "repository:admin",
            "project:admin",
            "admin:repository:bitbucket",
        ],
        purpose: "make repositories",
        needs: makes_repository,
    },
    Right {
        kind: "bitbucketCloud",
        any_of: &[
            "repository:write",
            "repository:admin",
            "write:repository:bitbucket",
        ],
        purpose: "push",
        needs: pushes,
    },
    Right {
        kind: "bitbucketCloud",
        any_of: &["pullrequest:write", "write:pullrequest:bitbucket"],
        purpose: "open pull requests",
        needs: |call| writes(call, "/pullrequests"),
    },
    Right {
        kind: "bitbucketCloud",
        any_of: &["pipeline:write", "write:pipeline:bitbucket"],
        purpose: "run pipelines",
        needs: |call| writes(call, "/pipelines"),
    },
];

impl Right {
    /// Whether `call` to a host of `kind` needs it.
    pub(super) fn is_for(&self, kind: &str, call: &Call) -> bool {
        kind == self.kind && (self.needs)(call)
    }

    /// Whether a token with `scopes` has it.
    pub(super) fn is_met(&self, scopes: &[String]) -> bool {
        let mut scopes = scopes.iter();
        scopes.any(|scope| self.any_of.contains(&scope.as_str()))
    }

    /// What to say where it is lacking.
    pub(super) fn words(&self, scopes: &[String]) -> String {
        let has = match scopes {
            [] => "no scope".to_owned(),
            scopes => scopes.join(", "),
        };
        let purpose = self.purpose;
        let needed = self.any_of.join(" or ");
        format!("the token may not {purpose}: it has {has}, and that needs {needed}")
    }
}
