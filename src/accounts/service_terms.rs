//! On what terms another system is let in: which scopes there are to give, from which networks it calls, and for how long.

use std::net::IpAddr;

use chrono::{Days, NaiveDate};
use ipnet::{IpNet, Ipv4Net};

use crate::error::{Error, Problem, Result};
use crate::input;
use crate::policy::{ServiceScope, ServiceScopes};

/// Days after which a service account ends at the latest, unless it is renewed: so that none is forgotten and goes on for ever.
pub const DAYS_MAX: u64 = 366;
/// Most networks of one service account: a data centre has a few.
pub const NETWORKS_MAX: usize = 20;

/// The scopes of some codes; at least one.
pub fn read_scopes(codes: &[String]) -> Result<ServiceScopes> {
    input::list_size("scopes", codes.len(), input::LIST_MAX)?;
    if codes.is_empty() {
        return Err(Error::Invalid(vec![input::required("scopes")]));
    }
    let read = |(index, code): (usize, &String)| {
        ServiceScope::of_code(code.trim()).ok_or_else(|| {
            let all: Vec<&str> = ServiceScope::ALL.iter().map(|scope| scope.code()).collect();
            let (field, all) = (format!("scopes.{index}"), all.join(", "));
            Error::invalid(
                "SCOPE_UNKNOWN",
                field,
                format!("Không có phạm vi này; chỉ có: {all}."),
                format!("There is no such scope; there are: {all}."),
            )
        })
    };
    codes.iter().enumerate().map(read).collect()
}

/// Networks as they are stored: each once, as networks, separated by blanks.
pub fn read_networks(texts: &[String]) -> Result<String> {
    input::list_size("networks", texts.len(), NETWORKS_MAX)?;
    let (mut networks, mut problems) = (Vec::new(), Vec::new());
    for (index, text) in texts.iter().enumerate() {
        match read_network(text.trim()) {
            Some(network) => networks.push(network.to_string()),
            None => problems.push(Problem::new(
                "NETWORK_INVALID",
                format!("networks.{index}"),
                "Phải là một địa chỉ IP hoặc một mạng, ví dụ 203.0.113.7 hoặc 203.0.113.0/24.",
                "This must be an IP address or a network, such as 203.0.113.7 or 203.0.113.0/24.",
            )),
        }
    }
    Problem::none(problems)?;
    networks.sort_unstable();
    networks.dedup();
    Ok(networks.join(" "))
}

/// Reads an address or a network. One of IPv4 in the clothes of IPv6 is one of IPv4: so are the addresses it is compared with.
fn read_network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let network: IpNet = text.parse().ok().or_else(address)?;
    let plain = match network {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => v6
            .addr()
            .to_ipv4_mapped()
            .and_then(|address| Ipv4Net::new(address, v6.prefix_len() - 96).ok())
            .map_or(network, IpNet::V4),
        _ => network,
    };
    Some(plain.trunc())
}

/// The first day on which it no longer works: after today, and within a year.
pub fn read_end(valid_to: NaiveDate, today: NaiveDate) -> Result<NaiveDate> {
    if valid_to <= today {
        return Err(Error::invalid(
            "IN_THE_PAST",
            "validTo",
            "Ngày hết hạn phải sau hôm nay.",
            "It must end after today.",
        ));
    }
    if today
        .checked_add_days(Days::new(DAYS_MAX))
        .is_some_and(|last| valid_to > last)
    {
        return Err(Error::invalid(
            "TOO_LONG",
            "validTo",
            "Tài khoản dịch vụ có thời hạn tối đa một năm; khi gần hết hạn thì gia hạn.",
            "A service account works for a year at most; renew it before it ends.",
        ));
    }
    Ok(valid_to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(texts: &[&str]) -> Result<String> {
        let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        read_networks(&texts)
    }

    #[test]
    fn networks_are_kept_as_networks() {
        let kept = [
            " 203.0.113.7 ",
            "203.0.113.7/32",
            "10.1.2.3/8",
            "::ffff:192.0.2.1",
            "2001:db8::1",
            "::ffff:198.51.100.0/120",
        ];
        assert_eq!(
            networks(&kept).unwrap(),
            "10.0.0.0/8 192.0.2.1/32 198.51.100.0/24 2001:db8::1/128 203.0.113.7/32"
        );
        assert_eq!(networks(&[]).unwrap(), "");
        for wrong in [
            "",
            "nhà",
            "203.0.113",
            "203.0.113.7/33",
            "203.0.113.7:80",
            "203.0.113.0-9",
            "10.0.0.0/8 10.1.0.0/16",
        ] {
            let Err(Error::Invalid(problems)) = networks(&["10.0.0.0/8", wrong]) else {
                panic!("{wrong:?} is taken");
            };
            assert_eq!(
                (problems[0].code, problems[0].field.as_str()),
                ("NETWORK_INVALID", "networks.1")
            );
        }
    }

    #[test]
    fn an_end_lies_after_today_and_within_a_year() {
        let day = |days| NaiveDate::from_ymd_opt(2026, 3, 10).unwrap() + chrono::Duration::days(days);
        let code = |days| match read_end(day(days), day(0)) {
            Err(Error::Invalid(problems)) => problems[0].code,
            _ => "",
        };
        assert_eq!(
            [code(-1), code(0), code(1), code(366), code(367)],
            ["IN_THE_PAST", "IN_THE_PAST", "", "", "TOO_LONG"]
        );
    }
}
