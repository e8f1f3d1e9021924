//! The table of all actions that can be carried out here.

use super::{
    Action, Effect, azure, bitbucket, catalog, cookiecutter, debug, fetch, files, gerrit, gitea,
    github, gitlab, http, notification, publish, roadie,
};

/// All actions.
pub(super) static ACTIONS: &[Action] = &[
    Action {
        id: "fetch:template",
        effect: Effect::Local,
        run: fetch::template,
    },
    Action {
        id: "fetch:template:file",
        effect: Effect::Local,
        run: fetch::template_file,
    },
    Action {
        id: "fetch:cookiecutter",
        effect: Effect::Local,
        run: cookiecutter::run,
    },
    Action {
        id: "fetch:plain",
        effect: Effect::Local,
        run: fetch::plain,
    },
    Action {
        id: "fetch:plain:file",
        effect: Effect::Local,
        run: fetch::plain_file,
    },
    Action {
        id: "workspace:template",
        effect: Effect::Local,
        run: fetch::workspace_template,
    },
    Action {
        id: "workspace:template:file",
        effect: Effect::Local,
        run: fetch::workspace_template_file,
    },
    Action {
        id: "catalog:write",
        effect: Effect::Local,
        run: catalog::write,
    },
    Action {
        id: "catalog:fetch",
        effect: Effect::Local,
        run: catalog::fetch,
    },
    Action {
        id: "catalog:register",
        effect: Effect::Local,
        run: catalog::register,
    },
    Action {
        id: "debug:log",
        effect: Effect::Local,
        run: debug::log,
    },
    Action {
        id: "debug:wait",
        effect: Effect::Idle,
        run: debug::wait,
    },
    Action {
        id: "fs:rename",
        effect: Effect::Local,
        run: files::rename,
    },
    Action {
        id: "fs:delete",
        effect: Effect::Local,
        run: files::delete,
    },
    Action {
        id: "fs:readdir",
        effect: Effect::Local,
        run: files::read_folder,
    },
    Action {
        id: "roadiehq:utils:zip",
        effect: Effect::Local,
        run: roadie::zip,
    },
    Action {
        id: "roadiehq:utils:sleep",
        effect: Effect::Idle,
        run: roadie::sleep,
    },
    Action {
        id: "roadiehq:utils:fs:write",
        effect: Effect::Local,
        run: roadie::write,
    },
    Action {
        id: "roadiehq:utils:fs:append",
        effect: Effect::Local,
        run: roadie::append,
    },
    Action {
        id: "roadiehq:utils:fs:parse",
        effect: Effect::Local,
        run: roadie::parse,
    },
    Action {
        id: "roadiehq:utils:fs:replace",
        effect: Effect::Local,
        run: roadie::replace,
    },
    Action {
        id: "roadiehq:utils:json:merge",
        effect: Effect::Local,
        run: roadie::merge_json,
    },
    Action {
        id: "roadiehq:utils:merge",
        effect: Effect::Local,
        run: roadie::merge,
    },
    Action {
        id: "roadiehq:utils:jsonata",
        effect: Effect::Local,
        run: roadie::evaluate,
    },
    Action {
        id: "roadiehq:utils:jsonata:json:transform",
        effect: Effect::Local,
        run: roadie::transform_json,
    },
    Action {
        id: "roadiehq:utils:jsonata:yaml:transform",
        effect: Effect::Local,
        run: roadie::transform_yaml,
    },
    Action {
        id: "roadiehq:utils:serialize:json",
        effect: Effect::Local,
        run: roadie::json,
    },
    Action {
        id: "roadiehq:utils:serialize:yaml",
        effect: Effect::Local,
        run: roadie::yaml,
    },
    Action {
        id: "stagedoor:publish:local",
        effect: Effect::Remote,
        run: publish::local,
    },
    Action {
        id: "stagedoor:publish:git",
        effect: Effect::Remote,
        run: publish::remote,
    },
    Action {
        id: "publish:github",
        effect: Effect::Remote,
        run: github::publish,
    },
    Action {
        id: "publish:gitlab",
        effect: Effect::Remote,
        run: gitlab::publish,
    },
    Action {
        id: "publish:gitea",
        effect: Effect::Remote,
        run: gitea::publish,
    },
    Action {
        id: "publish:bitbucketCloud",
        effect: Effect::Remote,
        run: bitbucket::publish_cloud,
    },
    Action {
        id: "publish:bitbucketServer",
        effect: Effect::Remote,
        run: bitbucket::publish_server,
    },
    Action {
        id: "publish:azure",
        effect: Effect::Remote,
        run: azure::publish,
    },
    Action {
        id: "publish:gerrit",
        effect: Effect::Remote,
        run: gerrit::publish,
    },
    Action {
        id: "publish:github:pull-request",
        effect: Effect::Remote,
        run: github::pull_request::publish,
    },
    Action {
        id: "publish:gitlab:merge-request",
        effect: Effect::Remote,
        run: gitlab::merge_request::publish,
    },
    Action {
        id: "publish:bitbucketCloud:pull-request",
        effect: Effect::Remote,
        run: bitbucket::pull_request::on_cloud_publish,
    },
    Action {
        id: "publish:bitbucketServer:pull-request",
        effect: Effect::Remote,
        run: bitbucket::pull_request::on_server_publish,
    },
    Action {
        id: "github:webhook",
        effect: Effect::Remote,
        run: github::parts::webhook,
    },
    Action {
        id: "github:issues:label",
        effect: Effect::Remote,
        run: github::parts::label,
    },
    Action {
        id: "github:issues:create",
        effect: Effect::Remote,
        run: github::parts::issue,
    },
    Action {
        id: "github:actions:dispatch",
        effect: Effect::Remote,
        run: github::parts::dispatch,
    },
    Action {
        id: "github:pages:enable",
        effect: Effect::Remote,
        run: github::parts::pages,
    },
    Action {
        id: "github:autolinks:create",
        effect: Effect::Remote,
        run: github::parts::autolink,
    },
    Action {
        id: "github:deployKey:create",
        effect: Effect::Remote,
        run: github::parts::deploy_key,
    },
    Action {
        id: "github:environment:create",
        effect: Effect::Remote,
        run: github::environment::create,
    },
    Action {
        id: "gitlab:group:ensureExists",
        effect: Effect::Remote,
        run: gitlab::parts::ensure_group,
    },
    Action {
        id: "gitlab:issues:create",
        effect: Effect::Remote,
        run: gitlab::parts::issue,
    },
    Action {
        id: "gitlab:issue:edit",
        effect: Effect::Remote,
        run: gitlab::parts::edit_issue,
    },
    Action {
        id: "gitlab:projectVariable:create",
        effect: Effect::Remote,
        run: gitlab::parts::variable,
    },
    Action {
        id: "gitlab:pipeline:trigger",
        effect: Effect::Remote,
        run: gitlab::parts::pipeline,
    },
    Action {
        id: "http:backstage:request",
        effect: Effect::Remote,
        run: http::request,
    },
    Action {
        id: "github:repo:create",
        effect: Effect::Remote,
        run: github::repo_create,
    },
    Action {
        id: "github:repo:push",
        effect: Effect::Remote,
        run: github::repo_push,
    },
    Action {
        id: "github:branch-protection:create",
        effect: Effect::Remote,
        run: github::protection::create,
    },
    Action {
        id: "publish:bitbucket",
        effect: Effect::Remote,
        run: bitbucket::publish,
    },
    Action {
        id: "bitbucket:pipelines:run",
        effect: Effect::Remote,
        run: bitbucket::parts::run_pipeline,
    },
    Action {
        id: "bitbucketCloud:branchRestriction:create",
        effect: Effect::Remote,
        run: bitbucket::parts::restrict_branch,
    },
    Action {
        id: "publish:gerrit:review",
        effect: Effect::Remote,
        run: gerrit::review,
    },
    Action {
        id: "gitlab:group:access",
        effect: Effect::Remote,
        run: gitlab::people::group_access,
    },
    Action {
        id: "gitlab:projectAccessToken:create",
        effect: Effect::Remote,
        run: gitlab::people::access_token,
    },
    Action {
        id: "gitlab:projectDeployToken:create",
        effect: Effect::Remote,
        run: gitlab::people::deploy_token,
    },
    Action {
        id: "gitlab:user:info",
        effect: Effect::Remote,
        run: gitlab::people::user_info,
    },
    Action {
        id: "gitlab:group:migrate",
        effect: Effect::Remote,
        run: gitlab::people::migrate,
    },
    Action {
        id: "gitlab:repo:push",
        effect: Effect::Remote,
        run: gitlab::repo_push::push,
    },
    Action {
        id: "notification:send",
        effect: Effect::Remote,
        run: notification::send,
    },
];
