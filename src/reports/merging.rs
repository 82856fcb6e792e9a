//! How what several people write into one report comes together, figure by figure, in whatever order it arrives. Pure.
//!
//! Officers fill in one report on two phones, offline. Each sends what they typed with the version that they saw. What they typed
//! for different figures stands beside each other. Where both changed the same figure, what arrived first stands, and what comes
//! late is kept as its rival until somebody who has seen both decides: neither is lost, and neither wins unseen.

use thidua_entity::enums::FigurePart;
use uuid::Uuid;

/// Where a figure stands in a report: of which indicator, and which part of it.
pub type Place = (Uuid, FigurePart);

/// Where the note of a report stands among its figures.
pub const NOTE: Place = (Uuid::nil(), FigurePart::Total);

/// Who wrote, and what they had seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer {
    /// Their account.
    pub account: Option<Uuid>,
    /// The version of the report that they saw.
    pub seen: i32,
}

/// Who says something of a figure, and which version the report came to have by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Their account.
    pub account: Option<Uuid>,
    /// The version.
    pub version: i32,
}

/// What becomes of a figure that somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands from now on.
    Stands,
    /// It stands already: another has typed the same.
    Agrees,
    /// Another's stands; it is kept beside that.
    Rivals,
}

/// What becomes of a figure, by who says what stands there and whether that is the same.
///
/// Nobody is their own rival: a phone that sends what was typed in three steps names the version that it saw before the first. But
/// whoever changes what another has agreed to meanwhile is a rival of that.
pub fn fate(writer: Writer, said_by: impl IntoIterator<Item = Mark>, same: bool) -> Fate {
    let unseen = |mark: Mark| mark.version > writer.seen && mark.account != writer.account;
    match (said_by.into_iter().any(unseen), same) {
        (false, _) => Fate::Stands,
        (true, true) => Fate::Agrees,
        (true, false) => Fate::Rivals,
    }
}

/// Whether a rival of a figure is settled by writing the figure: by who saw it, and by who typed it.
pub fn settles(writer: Writer, rival: Mark) -> bool {
    rival.version <= writer.seen || rival.account == writer.account
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// A report with one figure per letter, as the use-case keeps it.
    #[derive(Default)]
    struct Paper {
        version: i32,
        standing: BTreeMap<char, (u8, Vec<Mark>)>,
        rivals: Vec<(char, u8, Mark)>,
    }

    impl Paper {
        fn write(&mut self, writer: Writer, figure: char, value: u8) {
            let (held, mut said_by) = self.standing.remove(&figure).unzip();
            let fate = fate(writer, said_by.clone().unwrap_or_default(), held == Some(value));
            self.version += 1;
            let mark = Mark {
                account: writer.account,
                version: self.version,
            };
            self.rivals
                .retain(|(at, _, rival)| *at != figure || !settles(writer, *rival));
            let others = said_by.get_or_insert_default();
            others.retain(|other| other.account != writer.account && fate != Fate::Stands);
            if fate != Fate::Rivals {
                others.push(mark);
            }
            let stands = if fate == Fate::Rivals {
                self.rivals.push((figure, value, mark));
                held.unwrap_or_default()
            } else {
                value
            };
            self.standing.insert(figure, (stands, said_by.unwrap_or_default()));
        }

        fn held(&self, figure: char) -> Vec<u8> {
            let standing = self.standing.get(&figure).map(|(value, _)| *value);
            let rivals = self.rivals.iter().filter(|(at, ..)| *at == figure);
            standing.into_iter().chain(rivals.map(|(_, value, _)| *value)).collect()
        }
    }

    fn queues() -> impl Strategy<Value = Vec<Vec<(char, u8)>>> {
        let write = (prop::sample::select(vec!['a', 'b', 'c']), 0_u8..4);
        prop::collection::vec(prop::collection::vec(write, 0..5), 2..4)
    }

    proptest! {
        #[test]
        fn of_officers_who_wrote_offline_each_ones_last_word_is_held_in_whatever_order_they_come(
            queues in queues(), order in prop::collection::vec(0_usize..4, 0..24),
        ) {
            let officers: Vec<Uuid> = queues.iter().map(|_| Uuid::now_v7()).collect();
            let mut paper = Paper { version: 1, ..Paper::default() };
            let mut left: Vec<_> = queues.iter().map(|queue| queue.iter()).collect();
            let rest = (0..queues.len()).flat_map(|officer| std::iter::repeat_n(officer, 5));
            for officer in order.into_iter().chain(rest) {
                let (Some(queue), Some(&account)) = (left.get_mut(officer), officers.get(officer)) else { continue };
                if let Some(&(figure, value)) = queue.next() {
                    paper.write(Writer { account: Some(account), seen: 1 }, figure, value);
                }
            }
            for figure in ['a', 'b', 'c'] {
                let last = queues.iter().filter_map(|queue| queue.iter().rfind(|(at, _)| *at == figure));
                let last: Vec<u8> = last.map(|(_, value)| *value).collect();
                let held = paper.held(figure);
                for word in &last {
                    prop_assert!(held.contains(word), "{figure}: {word} of {last:?} is not among {held:?}");
                }
                prop_assert!(held.len() <= last.len());
            }
        }

        #[test]
        fn whoever_saw_both_decides_and_nothing_is_left_open(queues in queues(), word in 0_u8..4) {
            let mut paper = Paper { version: 1, ..Paper::default() };
            for queue in &queues {
                let writer = Writer { account: Some(Uuid::now_v7()), seen: 1 };
                queue.iter().for_each(|&(figure, value)| paper.write(writer, figure, value));
            }
            let writer = Writer { account: Some(Uuid::now_v7()), seen: paper.version };
            for figure in ['a', 'b', 'c'] {
                paper.write(writer, figure, word);
                prop_assert_eq!(paper.held(figure), [word]);
            }
        }
    }
}
