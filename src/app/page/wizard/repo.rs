//! The editor of a repository's place: host, owner and whatever else that kind of host wants, each a line with offers.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::message::Edit;
use crate::scaffolder::form::RepoUrlOptions;
use crate::scaffolder::form::repo_url::RepoUrl;
use crate::scaffolder::lookup::Question;

use super::suggest::Suggest;

/// A host that is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoHost {
    /// Its name: `github.com`.
    pub name: String,
    /// What it is, as integrations are called: `github`, `bitbucketServer`.
    pub kind: String,
}

/// The parts of a repository's place.
#[derive(Debug)]
pub struct Repo {
    /// Each part with what is in it.
    pub parts: Vec<(RepoPart, Suggest)>,
    /// Which part has the focus.
    pub focus: usize,
    options: RepoUrlOptions,
    hosts: Vec<RepoHost>,
    /// The last question, and the part that it is for.
    asked: Option<(u64, RepoPart)>,
    /// What was asked last, so that it is not asked again.
    question: Option<Question>,
}

/// A part of a repository's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepoPart {
    /// The host.
    Host,
    /// The owner: a person or an organization.
    Owner,
    /// The organization (Azure DevOps).
    Organization,
    /// The workspace (Bitbucket Cloud).
    Workspace,
    /// The project.
    Project,
    /// The repository's name.
    Repo,
}

impl RepoPart {
    /// What to call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Owner => "owner",
            Self::Organization => "organization",
            Self::Workspace => "workspace",
            Self::Project => "project",
            Self::Repo => "name",
        }
    }

    /// The parts that a host wants, as Backstage's picker asks for them.
    fn of(host: &str, hosts: &[RepoHost]) -> &'static [Self] {
        let known = hosts.iter().find(|known| known.name == host);
        let kind = known.map(|known| known.kind.as_str());
        match (kind, host) {
            (Some("azure"), _) | (None, "dev.azure.com") => {
                &[Self::Host, Self::Organization, Self::Project, Self::Repo]
            }
            (Some("bitbucketCloud"), _) | (None, "bitbucket.org") => {
                &[Self::Host, Self::Workspace, Self::Project, Self::Repo]
            }
            (Some("bitbucketServer"), _) => &[Self::Host, Self::Project, Self::Repo],
            (Some("gerrit"), _) => &[Self::Host, Self::Owner, Self::Workspace, Self::Repo],
            _ => &[Self::Host, Self::Owner, Self::Repo],
        }
    }

    fn get(self, url: &RepoUrl) -> &str {
        match self {
            Self::Host => &url.host,
            Self::Owner => &url.owner,
            Self::Organization => &url.organization,
            Self::Workspace => &url.workspace,
            Self::Project => &url.project,
            Self::Repo => &url.repo,
        }
    }

    fn set(self, url: &mut RepoUrl, text: &str) {
        let part = match self {
            Self::Host => &mut url.host,
            Self::Owner => &mut url.owner,
            Self::Organization => &mut url.organization,
            Self::Workspace => &mut url.workspace,
            Self::Project => &mut url.project,
            Self::Repo => &mut url.repo,
        };
        text.trim().clone_into(part);
    }

    /// What the author allows in it.
    fn allowed(self, options: &RepoUrlOptions) -> &[String] {
        match self {
            Self::Host => &options.hosts,
            // Bitbucket's workspaces are its owners.
            Self::Owner | Self::Workspace => &options.owners,
            Self::Organization => &options.organizations,
            Self::Project => &options.projects,
            Self::Repo => &options.repos,
        }
    }
}

impl Repo {
    /// An editor of the place that `text` names; what the author allows stands in it already.
    pub(super) fn new(options: &RepoUrlOptions, text: &str, hosts: &[RepoHost]) -> Self {
        let url = RepoUrl::read(text);
        let mut repo = Self {
            parts: Vec::new(),
            focus: 0,
            options: options.clone(),
            hosts: hosts.to_vec(),
            asked: None,
            question: None,
        };
        let first = |part: RepoPart| {
            let given = part.get(&url);
            let allowed = part.allowed(options).first().map_or("", String::as_str);
            if given.is_empty() {
                allowed.to_owned()
            } else {
                given.to_owned()
            }
        };
        let mut host = first(RepoPart::Host);
        if let ([only], true) = (hosts, host.is_empty()) {
            host.clone_from(&only.name);
        }
        repo.parts = RepoPart::of(&host, hosts)
            .iter()
            .map(|&part| {
                let text = if part == RepoPart::Host {
                    host.clone()
                } else {
                    first(part)
                };
                (part, repo.line(part, &text))
            })
            .collect();
        let empty = repo
            .parts
            .iter()
            .position(|(_, line)| line.field.text().is_empty());
        repo.focus = empty.unwrap_or(0);
        repo
    }

    fn line(&self, part: RepoPart, text: &str) -> Suggest {
        let mut line = Suggest::new(text, part.allowed(&self.options));
        if part == RepoPart::Host && !line.has_offers() {
            line.offer(Arc::new(
                self.hosts.iter().map(|host| host.name.clone()).collect(),
            ));
        }
        line
    }

    /// What a part is called: by the author, else by its kind.
    pub fn title(&self, part: RepoPart) -> &str {
        let own = match part {
            RepoPart::Owner | RepoPart::Workspace => self.options.owner_label.as_deref(),
            RepoPart::Repo => self.options.repo_label.as_deref(),
            _ => None,
        };
        own.unwrap_or(part.title())
    }

    /// What the author says of the part that has the focus.
    pub fn help(&self) -> Option<&str> {
        let (part, _) = self.parts.get(self.focus)?;
        match part {
            RepoPart::Owner | RepoPart::Workspace => self.options.owner_help.as_deref(),
            RepoPart::Repo => self.options.repo_help.as_deref(),
            _ => None,
        }
    }

    pub(super) fn edit(&mut self, edit: &Edit) -> bool {
        let Some((part, line)) = self.parts.get_mut(self.focus) else {
            return false;
        };
        let host = *part == RepoPart::Host;
        let changed = line.edit(edit);
        if changed && host {
            self.reshape();
        }
        changed
    }

    /// Moves in the offers, then from part to part; `false` where the movement leads out.
    pub(super) fn walk(&mut self, command: Command) -> bool {
        let last = self.parts.len().saturating_sub(1);
        if let Some((_, line)) = self.parts.get_mut(self.focus)
            && matches!(
                command,
                Command::Up | Command::Down | Command::PageUp | Command::PageDown
            )
            && line.shown().len() > 0
            && line.walk(command)
        {
            return true;
        }
        match command {
            Command::Down | Command::NextTab | Command::Open if self.focus < last => {
                self.take();
                self.focus += 1;
                true
            }
            Command::Up | Command::PrevTab if self.focus > 0 => {
                self.take();
                self.focus -= 1;
                true
            }
            _ => false,
        }
    }

    /// Takes what the cursor is on for the part that has the focus.
    pub(super) fn take(&mut self) {
        if let Some((part, line)) = self.parts.get_mut(self.focus) {
            line.take();
            if *part == RepoPart::Host {
                self.reshape();
            }
        }
    }

    /// Takes the offer that was clicked, for the part that has the focus.
    pub(super) fn pick(&mut self, at: usize) {
        if let Some((part, line)) = self.parts.get_mut(self.focus) {
            line.pick(at);
            if *part == RepoPart::Host {
                self.reshape();
            }
        }
    }

    /// Goes to the part that was clicked.
    pub(super) fn go_to(&mut self, part: usize) {
        self.take();
        self.focus = part.min(self.parts.len().saturating_sub(1));
    }

    /// A host of another kind wants other parts; those that both have are kept.
    fn reshape(&mut self) {
        let host = self
            .parts
            .first()
            .map(|(_, line)| line.field.text().to_owned())
            .unwrap_or_default();
        let wanted = RepoPart::of(&host, &self.hosts);
        if self
            .parts
            .iter()
            .map(|(part, _)| *part)
            .eq(wanted.iter().copied())
        {
            return;
        }
        let mut before = std::mem::take(&mut self.parts);
        self.parts = wanted
            .iter()
            .map(|wanted| {
                let at = before.iter().position(|(part, _)| part == wanted);
                let allowed = wanted
                    .allowed(&self.options)
                    .first()
                    .map_or("", String::as_str);
                at.map_or_else(
                    || (*wanted, self.line(*wanted, allowed)),
                    |at| before.remove(at),
                )
            })
            .collect();
    }

    fn url(&self) -> RepoUrl {
        let mut url = RepoUrl::default();
        for (part, line) in &self.parts {
            part.set(&mut url, line.field.text());
        }
        url
    }

    /// The place as Backstage writes it; empty without a host.
    pub(super) fn text(&self) -> String {
        let url = self.url();
        if url.host.is_empty() {
            String::new()
        } else {
            url.to_string()
        }
    }

    /// What to ask the host for the part that has the focus; `None` if nothing, or if it was asked already.
    pub(super) fn question(&mut self, generation: u64) -> Option<Question> {
        let (part, line) = self.parts.get(self.focus)?;
        let url = self.url();
        if line.only || url.host.is_empty() {
            return None;
        }
        let question = match part {
            RepoPart::Owner | RepoPart::Workspace => Question::Owners(url.host),
            RepoPart::Project => Question::Projects(url),
            RepoPart::Repo if !self.options.no_repositories => Question::Repositories(RepoUrl {
                repo: String::new(),
                ..url
            }),
            _ => return None,
        };
        if self.question.as_ref() == Some(&question) {
            return None;
        }
        self.asked = Some((generation, *part));
        self.question = Some(question.clone());
        Some(question)
    }

    /// Takes what a host offers.
    pub(super) fn offered(&mut self, generation: u64, found: &Result<Arc<Vec<String>>, String>) {
        let Some((asked, wanted)) = self.asked else {
            return;
        };
        let line = self.parts.iter_mut().find(|(part, _)| *part == wanted);
        if let (true, Some((_, line))) = (asked == generation, line) {
            match found {
                Ok(offers) => line.offer(offers.clone()),
                Err(why) => line.silent = Some(why.clone()),
            }
        }
    }

    /// Whether the repository that is named is there already, as far as the host said.
    pub fn exists(&self) -> bool {
        let line = self.parts.iter().find(|(part, _)| *part == RepoPart::Repo);
        line.is_some_and(|(_, line)| line.is_offered())
    }
}
