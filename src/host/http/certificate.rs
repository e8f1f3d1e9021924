//! Whose certificates are trusted: the system's authorities, or for a host those in a file that the configuration names;
//! and what is wrong with a certificate that is not trusted, in words.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::{Certificate, Client};
use rustls::CertificateError;
use url::Url;

use crate::config::Config;
use crate::host::HostError;
use crate::host::auth::host_of;

/// Clients by the file of the authorities that they trust.
pub(in crate::host) type Bundled = Mutex<HashMap<PathBuf, Client>>;

/// The hosts that bring authorities of their own.
#[derive(Debug, Default)]
pub(super) struct Bundles {
    /// Hosts and the files of their authorities.
    files: Vec<(String, PathBuf)>,
    clients: Arc<Bundled>,
}

impl Bundles {
    /// Names those of `config`.
    pub(super) fn name(&mut self, config: &Config) {
        let hosts = config.hosts.iter();
        let named = hosts.filter_map(|host| Some((host.host.clone(), host.ca_bundle.clone()?)));
        self.files = named.collect();
    }

    /// Makes use of `clients`, and adds to them.
    pub(super) fn share(&mut self, clients: Arc<Bundled>) {
        self.clients = clients;
    }

    /// The authorities for `url`, where its host brings some of its own.
    pub(super) fn authorities(&self, url: &Url) -> Result<Option<Vec<Certificate>>, HostError> {
        let named = self.named(url);
        named
            .map(|(name, file)| authorities(name, file))
            .transpose()
    }

    /// The host of `url` as it is named, and its file. It is for the host's API at `api.HOST`, too.
    fn named(&self, url: &Url) -> Option<&(String, PathBuf)> {
        if self.files.is_empty() {
            return None;
        }
        let host = host_of(url)?;
        let named = |name: &str| self.files.iter().find(|(it, _)| it == name);
        named(&host).or_else(|| named(host.strip_prefix("api.")?))
    }

    /// The client for `url`, where its host brings authorities of its own.
    pub(super) fn client(&self, url: &Url) -> Result<Option<Client>, HostError> {
        let Some((name, file)) = self.named(url) else {
            return Ok(None);
        };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(file) {
            return Ok(Some(client.clone()));
        }
        let client = super::client(Some(authorities(name, file)?))?;
        clients.insert(file.clone(), client.clone());
        Ok(Some(client))
    }
}

/// The certificates in `file`, of which there must be one.
fn authorities(host: &str, file: &Path) -> Result<Vec<Certificate>, HostError> {
    let failed = |reason: String| HostError::Failed {
        place: file.display().to_string(),
        reason: format!("{reason}; it is the caBundle of {host} under stagedoor.hosts"),
    };
    let pem = std::fs::read(file).map_err(|error| failed(format!("cannot be read: {error}")))?;
    let found = Certificate::from_pem_bundle(&pem)
        .map_err(|_| failed("is not a file of certificates (PEM)".to_owned()))?;
    if found.is_empty() {
        return Err(failed("holds no certificate (PEM)".to_owned()));
    }
    Ok(found)
}

/// What `error` of a request to `place` says of the host's certificate, where it is that.
pub(super) fn distrust(place: &str, error: &reqwest::Error) -> Option<HostError> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(rustls::Error::InvalidCertificate(why)) = inner.downcast_ref() {
            let host = super::host_of_place(place);
            return Some(untrusted(&host, why));
        }
        // An error of the system hides what it was made of from its sources.
        let hidden = inner.downcast_ref::<std::io::Error>();
        cause = match hidden.and_then(std::io::Error::get_ref) {
            Some(hidden) => Some(hidden),
            None => inner.source(),
        };
    }
    None
}

fn untrusted(host: &str, why: &CertificateError) -> HostError {
    let renew = "its administrator has to renew it, if the clock of this machine is right";
    let (reason, remedy) = match why {
        // One that bears the name of an authority, and not its key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => (
            "no authority that is trusted here has signed it".to_owned(),
            bundle_remedy(host),
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            ("it has expired".to_owned(), renew.to_owned())
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "it is not valid yet".to_owned(),
            "check the clock of this machine".to_owned(),
        ),
        CertificateError::NotValidForNameContext { presented, .. } => (
            format!("it is for {}", presented_names(presented)),
            "check the host's name".to_owned(),
        ),
        CertificateError::NotValidForName => (
            "it is for another name".to_owned(),
            "check the host's name".to_owned(),
        ),
        other => (other.to_string(), bundle_remedy(host)),
    };
    HostError::Untrusted {
        host: host.to_owned(),
        reason,
        remedy,
    }
}

/// How the authority of `host` is made known.
pub(in crate::host) fn bundle_remedy(host: &str) -> String {
    format!(
        "name the file with its authority's certificate as caBundle of {host} under stagedoor.hosts, or in SSL_CERT_FILE"
    )
}

/// The names of a certificate, which come as `DnsName("a.dev")`.
fn presented_names(presented: &[String]) -> String {
    let names: Vec<&str> = presented
        .iter()
        .map(|name| name.split('"').nth(1).unwrap_or(name))
        .take(3)
        .collect();
    if names.is_empty() {
        "no name".to_owned()
    } else {
        crate::catalog::text::one_line(&names.join(", "))
    }
}
