//! Which layers of a score sheet somebody sees, who sees the sheet. Pure: one function, told exhaustively by its test.
//!
//! - A layer that is not handed in is a draft: only who writes it sees it.
//! - In a blind year the points of the unit itself are hidden from everybody else until the cross-check is done, so that nobody checks with
//!   them in view; and the unit sees what its checkers gave only then, as in every year.
//! - From then on layers are open to who sees the sheet: who appraises says why where they differ from a layer below, and for that
//!   they have to see it.
//! - Who acts for a unit of a blind year that has not handed in its own points sees none of others, in whatever capacity, so that nobody
//!   scores itself with the neighbours' points in view.

use thidua_entity::enums::{ScoreLayer, SheetState};

use super::state;

/// Whose layers somebody writes in a sheet. Who writes none only looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Eyes {
    /// The layers that they write, when their time comes.
    pub writes: Vec<ScoreLayer>,
    /// Whether they act for another unit of a blind year that has not handed in its own points, and not for the unit of the sheet.
    pub owes_own: bool,
}

/// Whether somebody who sees a sheet sees what a layer wrote.
pub fn sees(eyes: &Eyes, layer: ScoreLayer, state: SheetState, blind: bool) -> bool {
    if eyes.owes_own {
        return false;
    }
    if eyes.writes.contains(&layer) {
        return true;
    }
    let waits_for = if blind { ScoreLayer::CrossCheck } else { layer };
    state::is_in(layer.max(waits_for), state)
}

/// The layers that somebody sees, the lowest first.
pub fn layers(eyes: &Eyes, state: SheetState, blind: bool) -> Vec<ScoreLayer> {
    let all = ScoreLayer::ALL.iter().copied();
    all.filter(|&layer| sees(eyes, layer, state, blind)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What somebody sees in each state, as letters of the layers: S, X, C, P, D.
    fn told(writes: &[ScoreLayer], blind: bool) -> String {
        let eyes = Eyes {
            writes: writes.to_vec(),
            owes_own: false,
        };
        let letter = |layer| match layer {
            ScoreLayer::Own => 'S',
            ScoreLayer::CrossCheck => 'X',
            ScoreLayer::Cluster => 'C',
            ScoreLayer::Province => 'P',
            ScoreLayer::Council => 'D',
        };
        let in_state = |&state| -> String {
            let seen: String = layers(&eyes, state, blind).into_iter().map(letter).collect();
            if seen.is_empty() { "-".to_owned() } else { seen }
        };
        SheetState::ALL.iter().map(in_state).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_each_sees_in_each_state() {
        use ScoreLayer::{Cluster, Council, CrossCheck, Own, Province};
        let table = [
            // Who writes, in a year that is open, and in one that is blind.
            (vec![], "- S SX SXC SXCP SXCPD SXCPD", "- - SX SXC SXCP SXCPD SXCPD"),
            (vec![Own], "S S SX SXC SXCP SXCPD SXCPD", "S S SX SXC SXCP SXCPD SXCPD"),
            (
                vec![CrossCheck],
                "X SX SX SXC SXCP SXCPD SXCPD",
                "X X SX SXC SXCP SXCPD SXCPD",
            ),
            (
                vec![Cluster],
                "C SC SXC SXC SXCP SXCPD SXCPD",
                "C C SXC SXC SXCP SXCPD SXCPD",
            ),
            (
                vec![Province],
                "P SP SXP SXCP SXCP SXCPD SXCPD",
                "P P SXP SXCP SXCP SXCPD SXCPD",
            ),
            (
                vec![Council],
                "D SD SXD SXCD SXCPD SXCPD SXCPD",
                "D D SXD SXCD SXCPD SXCPD SXCPD",
            ),
            (
                vec![CrossCheck, Cluster],
                "XC SXC SXC SXC SXCP SXCPD SXCPD",
                "XC XC SXC SXC SXCP SXCPD SXCPD",
            ),
        ];
        for (writes, open, blind) in table {
            assert_eq!(told(&writes, false), open, "{writes:?} in an open year");
            assert_eq!(told(&writes, true), blind, "{writes:?} in a blind year");
        }
    }

    #[test]
    fn nobody_but_its_writer_sees_a_layer_that_is_not_handed_in() {
        for blind in [false, true] {
            for &state in SheetState::ALL {
                for &layer in ScoreLayer::ALL {
                    for &other in ScoreLayer::ALL.iter().filter(|&&other| other != layer) {
                        let eyes = Eyes {
                            writes: vec![other],
                            owes_own: false,
                        };
                        let seen = sees(&eyes, layer, state, blind);
                        assert!(
                            !seen || state::is_in(layer, state),
                            "{other:?} {layer:?} {state:?} {blind}"
                        );
                        assert!(!blind || !seen || state >= SheetState::CrossChecked);
                    }
                }
            }
        }
    }

    #[test]
    fn who_owes_its_own_points_sees_none() {
        for blind in [false, true] {
            for &state in SheetState::ALL {
                let eyes = Eyes {
                    writes: ScoreLayer::ALL.to_vec(),
                    owes_own: true,
                };
                assert_eq!(layers(&eyes, state, blind), []);
            }
        }
    }
}
