//! What the settings say of the provider, read and checked once, when the service starts.

use chrono::Duration;
use openidconnect::url::{Host, Url};
use openidconnect::{ClientId, ClientSecret, IssuerUrl};

use crate::error::{Error, Result};
use crate::settings::Settings;

/// What the settings say of a provider.
pub(super) struct SetUp {
    pub(super) name: String,
    pub(super) issuer: IssuerUrl,
    pub(super) client_id: ClientId,
    pub(super) client_secret: Option<ClientSecret>,
    /// Besides `openid`.
    pub(super) scopes: Vec<String>,
    pub(super) redirects: Vec<String>,
    pub(super) max_age: Option<Duration>,
}

impl SetUp {
    /// `None` when no issuer is set.
    pub(super) fn of(settings: &Settings) -> Result<Option<Self>> {
        if settings.oidc_issuer.is_empty() {
            return Ok(None);
        }
        let issuer = IssuerUrl::new(settings.oidc_issuer.clone());
        let issuer = issuer
            .ok()
            .filter(|issuer| is_plain(issuer.url()) && is_safe(issuer.url()));
        let issuer = issuer.ok_or_else(|| {
            wrong(
                "oidc_issuer",
                "the provider needs an https:// address without ? and #, as it calls itself",
            )
        })?;
        for (name, value) in [
            ("oidc_client_id", &settings.oidc_client_id),
            ("oidc_name", &settings.oidc_name),
        ] {
            if value.trim().is_empty() {
                return Err(wrong(name, "an identity provider needs it"));
            }
        }
        if settings.oidc_redirects.is_empty() {
            let said = "an identity provider needs an address to which it may send people back";
            return Err(wrong("oidc_redirects", said));
        }
        for redirect in &settings.oidc_redirects {
            if !is_way_back(redirect) {
                let said = format!(
                    "`{redirect}` is no https:// address without #, and no address of an app like vn.example.thidua:/dang-nhap"
                );
                return Err(wrong("oidc_redirects", &said));
            }
        }
        let secret = settings.oidc_client_secret.expose();
        let scopes = settings.oidc_scopes.iter().filter(|scope| *scope != "openid");
        let max_age = i64::from(u32::try_from(settings.oidc_max_age_minutes).unwrap_or(u32::MAX));
        Ok(Some(Self {
            name: settings.oidc_name.trim().to_owned(),
            issuer,
            client_id: ClientId::new(settings.oidc_client_id.clone()),
            client_secret: (!secret.is_empty()).then(|| ClientSecret::new(secret.to_owned())),
            scopes: scopes.cloned().collect(),
            redirects: settings.oidc_redirects.clone(),
            max_age: (max_age > 0).then(|| Duration::minutes(max_age)),
        }))
    }

    /// Whether the provider runs on the machine of the service: for trying things out, and for tests. Only then nothing is sealed on
    /// the way.
    pub(super) fn is_on_this_machine(&self) -> bool {
        is_loopback(self.issuer.url())
    }
}

fn wrong(name: &str, said: &str) -> Error {
    Error::internal(format!("setting `{name}`: {said}"))
}

fn is_plain(url: &Url) -> bool {
    url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none()
}

/// Whether nobody on the way can read or change what goes to an address.
fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" && url.has_host() || is_loopback(url)
}

/// Whether an address is one without TLS on this very machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let on_this_machine = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && on_this_machine
}

/// Whether people may be sent back to an address: one of the web, or one that an app claims under a name of the domain of its makers
/// (RFC 8252, section 7.1). Not `javascript:`, `data:` and such.
fn is_way_back(redirect: &str) -> bool {
    let Ok(url) = Url::parse(redirect) else { return false };
    url.fragment().is_none() && (is_safe(&url) || url.scheme().contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Secret;

    fn settings() -> Settings {
        Settings {
            oidc_issuer: "https://id.laocai.gov.vn/realms/congdoan".to_owned(),
            oidc_client_id: "thidua".to_owned(),
            oidc_client_secret: Secret::new("geheim"),
            oidc_name: "Tài khoản cán bộ tỉnh".to_owned(),
            oidc_redirects: vec!["https://thidua.laocai.gov.vn/dang-nhap".to_owned()],
            ..Settings::default()
        }
    }

    #[test]
    fn without_an_issuer_there_is_none() {
        assert!(SetUp::of(&Settings::default()).unwrap().is_none());
        assert!(SetUp::of(&settings()).unwrap().is_some());
    }

    #[test]
    fn what_is_wrong_is_told_by_the_name_of_the_setting() {
        let refused = |change: fn(&mut Settings)| {
            let mut settings = settings();
            change(&mut settings);
            SetUp::of(&settings)
                .err()
                .map(|error| error.plainly())
                .unwrap_or_default()
        };
        for (change, name) in [
            (
                (|settings| settings.oidc_issuer = "http://id.laocai.gov.vn".to_owned()) as fn(&mut Settings),
                "oidc_issuer",
            ),
            (
                |settings| settings.oidc_issuer = "id.laocai.gov.vn".to_owned(),
                "oidc_issuer",
            ),
            (|settings| settings.oidc_issuer.push_str("?x=1"), "oidc_issuer"),
            (|settings| settings.oidc_client_id.clear(), "oidc_client_id"),
            (|settings| settings.oidc_name = "  ".to_owned(), "oidc_name"),
            (|settings| settings.oidc_redirects.clear(), "oidc_redirects"),
        ] {
            let said = refused(change);
            assert!(said.contains(name) && !said.contains("geheim"), "{name}: {said}");
        }
    }

    #[test]
    fn people_are_sent_back_to_the_web_or_to_an_app_and_nowhere_else() {
        for good in [
            "https://thidua.laocai.gov.vn/dang-nhap",
            "https://thidua.laocai.gov.vn/dang-nhap?app=1",
            "http://localhost:5173/dang-nhap",
            "http://127.0.0.1/dang-nhap",
            "vn.gov.laocai.thidua:/dang-nhap",
        ] {
            assert!(is_way_back(good), "{good}");
        }
        for bad in [
            "",
            "/dang-nhap",
            "http://thidua.laocai.gov.vn/dang-nhap",
            "https://thidua.laocai.gov.vn/dang-nhap#x",
            "javascript:alert(1)",
            "data:text/html,x",
            "thidua:/dang-nhap",
        ] {
            assert!(!is_way_back(bad), "{bad}");
        }
    }
}
