//! What a link to a file says: which file, for whom, in which session, until when. Clients carry it sealed.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What a link to a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which evidence.
    pub evidence: Uuid,
    /// For whom it was made.
    pub account: Uuid,
    /// The session in which it was made: when that is over, so is the link.
    pub session: Uuid,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

impl Link {
    /// As bytes to be sealed.
    pub fn write(&self) -> Vec<u8> {
        let ids = [self.evidence, self.account, self.session];
        let ids = ids.iter().flat_map(|id| *id.as_bytes());
        ids.chain(self.expires_at.timestamp_micros().to_be_bytes()).collect()
    }

    /// Out of bytes that were sealed.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (ids, instant) = bytes.split_at_checked(48)?;
        let mut ids = ids.chunks_exact(16).map(|id| Uuid::from_slice(id).ok());
        Some(Self {
            evidence: ids.next()??,
            account: ids.next()??,
            session: ids.next()??,
            expires_at: DateTime::from_timestamp_micros(i64::from_be_bytes(instant.try_into().ok()?))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let link = Link {
            evidence: Uuid::now_v7(),
            account: Uuid::now_v7(),
            session: Uuid::now_v7(),
            expires_at: DateTime::from_timestamp_micros(1_773_115_200_000_001).unwrap(),
        };
        let written = link.write();
        assert_eq!(Link::read(&written), Some(link));
        assert_eq!(Link::read(&written[1..]), None);
        assert_eq!(Link::read(&[&written[..], b"x"].concat()), None);
        assert_eq!(Link::read(b""), None);
    }
}
