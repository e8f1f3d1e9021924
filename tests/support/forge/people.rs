//! The people and teams of the forge: accounts, who is a member of which organisation, and teams, or groups by their paths
//! for a GitLab.

#[path = "people/gitea.rs"]
pub(super) mod gitea;
#[path = "people/github.rs"]
pub(super) mod github;
#[path = "people/gitlab.rs"]
pub(super) mod gitlab;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

/// All people and teams.
#[derive(Debug, Default)]
pub(crate) struct People(Mutex<All>);

/// What there is.
#[derive(Debug, Default)]
pub(crate) struct All {
    /// By their ids, which stay when an account is renamed.
    accounts: BTreeMap<u64, Account>,
    /// The ids of the members of each organisation, by its name.
    organizations: BTreeMap<String, Vec<u64>>,
    /// By their ids.
    teams: BTreeMap<u64, Team>,
}

/// Somebody.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) login: String,
    pub(crate) state: &'static str,
    pub(crate) seat: bool,
}

/// A team of an organisation, or a group by its whole path.
#[derive(Debug, Clone)]
pub(crate) struct Team {
    pub(crate) organization: String,
    pub(crate) path: String,
    pub(crate) parent: Option<String>,
    pub(crate) members: Vec<u64>,
    pub(crate) description: Option<String>,
    /// How often something about it changed.
    changes: u64,
    /// Whether its members are kept from us.
    pub(crate) withheld: bool,
}

impl People {
    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap()
    }

    /// Makes `login` a member of `organization`, with an account where there is none.
    pub(crate) fn join(&self, organization: &str, login: &str) {
        let id = self.account(login);
        let mut all = self.all();
        let members = all.organizations.entry(organization.to_owned());
        let members = members.or_default();
        if !members.contains(&id) {
            members.push(id);
        }
    }

    /// The id of the account `login`, which is made where there is none.
    fn account(&self, login: &str) -> u64 {
        let mut all = self.all();
        if let Some(id) = all.id(login) {
            return id;
        }
        let id = 1 + all.accounts.keys().max().copied().unwrap_or(100);
        let account = Account {
            login: login.to_owned(),
            state: "active",
            seat: true,
        };
        all.accounts.insert(id, account);
        id
    }

    /// Takes `login` out of `organization` and its teams.
    pub(crate) fn leave(&self, organization: &str, login: &str) {
        let mut all = self.all();
        let id = all.id(login).unwrap();
        all.organizations
            .get_mut(organization)
            .unwrap()
            .retain(|it| *it != id);
        for team in all.teams.values_mut() {
            if team.organization == organization && team.members.contains(&id) {
                team.members.retain(|it| *it != id);
                team.changes += 1;
            }
        }
    }

    /// Removes an account from everywhere.
    pub(crate) fn remove(&self, login: &str) {
        let mut all = self.all();
        let id = all.id(login).unwrap();
        all.accounts.remove(&id);
        for members in all.organizations.values_mut() {
            members.retain(|it| *it != id);
        }
        for team in all.teams.values_mut() {
            team.members.retain(|it| *it != id);
        }
    }

    /// Changes what is known of an account.
    pub(crate) fn set(&self, login: &str, change: impl FnOnce(&mut Account)) {
        let mut all = self.all();
        let id = all.id(login).unwrap();
        change(all.accounts.get_mut(&id).unwrap());
    }

    /// Makes a team with these members, who are members of the organisation then; a group for a GitLab is named by its
    /// whole path.
    pub(crate) fn team(
        &self,
        organization: &str,
        path: &str,
        parent: Option<&str>,
        logins: &[&str],
    ) {
        for login in logins {
            self.join(organization, login);
        }
        let mut all = self.all();
        all.organizations
            .entry(organization.to_owned())
            .or_default();
        let members = logins.iter().map(|login| all.id(login).unwrap()).collect();
        let id = 1 + all.teams.keys().max().copied().unwrap_or(500);
        let team = Team {
            organization: organization.to_owned(),
            path: path.to_owned(),
            parent: parent.map(str::to_owned),
            members,
            description: None,
            changes: 0,
            withheld: false,
        };
        all.teams.insert(id, team);
    }

    /// Changes a team.
    pub(crate) fn change(&self, organization: &str, path: &str, change: impl FnOnce(&mut Team)) {
        let mut all = self.all();
        let mut teams = all.teams.values_mut();
        let team = teams.find(|it| it.organization == organization && it.path == path);
        let team = team.unwrap();
        change(team);
        team.changes += 1;
    }

    /// Removes a team.
    pub(crate) fn disband(&self, organization: &str, path: &str) {
        self.all()
            .teams
            .retain(|_, it| it.organization != organization || it.path != path);
    }
}

impl All {
    fn id(&self, login: &str) -> Option<u64> {
        let mut accounts = self.accounts.iter();
        accounts
            .find(|(_, it)| it.login == login)
            .map(|(id, _)| *id)
    }

    /// The teams of an organisation with their ids, by their paths.
    fn teams_of(&self, organization: &str) -> Vec<(u64, &Team)> {
        let teams = self.teams.iter().map(|(id, team)| (*id, team));
        let mut teams: Vec<_> = teams
            .filter(|(_, team)| team.organization == organization)
            .collect();
        teams.sort_by(|a, b| a.1.path.cmp(&b.1.path));
        teams
    }
}
