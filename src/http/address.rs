//! The address of a client: that of the connection, or, behind proxies that the settings trust, what they say it is.

use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use actix_web::web;
use ipnet::IpNet;

/// Networks of the proxies whose word is believed.
#[derive(Clone, Debug)]
pub struct TrustedProxies(pub Vec<IpNet>);

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Header in which each proxy adds whom it was called by.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of a request's client.
pub fn of_client(request: &ServiceRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let Some(proxies) = request.app_data::<web::Data<TrustedProxies>>() else {
        return Some(peer);
    };
    let said = request.headers().get_all(FORWARDED_FOR);
    let said: Vec<&str> = said
        .filter_map(|one| one.to_str().ok())
        .flat_map(|one| one.split(','))
        .collect();
    Some(behind(peer, &said, proxies))
}

/// Goes back from the nearest proxy as long as each is trusted: the first address that is none of ours is the client. What stands
/// before it, the client may have written itself.
fn behind(peer: IpAddr, said: &[&str], proxies: &TrustedProxies) -> IpAddr {
    let mut address = peer;
    for before in said.iter().rev() {
        if !proxies.trusts(address) {
            break;
        }
        let Some(read) = read(before) else { break };
        address = read;
    }
    address
}

/// Reads `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let bare = text
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>()
        .ok();
    bare.or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_say_who_the_client_is() {
        let trusted = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        let of = |peer: &str, said: &[&str]| behind(peer.parse().unwrap(), said, &trusted).to_string();
        assert_eq!(
            of("203.0.113.7", &["1.2.3.4"]),
            "203.0.113.7",
            "whoever comes directly says nothing of others"
        );
        assert_eq!(of("10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(
            of("10.0.0.1", &["1.2.3.4", " 203.0.113.7:4711", "10.0.0.2"]),
            "203.0.113.7",
            "what the client wrote itself"
        );
        assert_eq!(of("fd00::1", &["[2001:db8::1]:80"]), "2001:db8::1");
        assert_eq!(of("10.0.0.1", &["10.0.0.3"]), "10.0.0.3");
        assert_eq!(of("10.0.0.1", &["unknown"]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
    }
}
