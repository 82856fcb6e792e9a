//! The sentences about the points of sections and about totals, and what all nodes have in common.

use thidua_entity::Fixed4;

use super::{Telling, basis, joined, written};
use crate::error::Text;
use crate::reckoning::outcome::{Capped, How, NodeOutcome, Sums, Unclear, UnitOutcome};
use crate::reckoning::set::{Node, Part, PointsRole};
use crate::reckoning::{points, words};

impl Telling<'_> {
    pub(super) fn points(&self, node: &Node, unit: &UnitOutcome) -> Vec<Text> {
        let name = words::title(&node.title);
        let Some(outcome) = unit.nodes.get(&node.code) else {
            return vec![Text::new(
                format!("{} không áp dụng cho đơn vị này.", name.vi),
                format!("{} does not apply to this unit.", name.en),
            )];
        };
        let mut told = vec![headline(node, outcome)];
        match (&outcome.how, &node.part) {
            (How::Section(sums), _) => {
                told.extend(parts(node.children(), unit));
                told.extend(sums_told(sums));
            }
            (How::Criterion(scoring), Part::Criterion(criterion)) => {
                told.extend(self.scoring(node, criterion, scoring));
            }
            (How::Criterion(_), Part::Section(_)) => {}
            (How::Unclear { unknown }, _) => told.push(unclear(*unknown)),
        }
        if let Some(brings) = outcome.brings.filter(|_| node.weight.ten_thousandths() != points::ONE) {
            let (weight, brings) = (written(node.weight), written(brings));
            told.push(Text::new(
                format!("Nhân với hệ số {weight} thành {brings} điểm."),
                format!("Times the weight {weight} that makes {brings} points."),
            ));
        }
        told.extend(basis(node.basis.as_deref()));
        told
    }

    pub(super) fn total(&self, unit: &UnitOutcome) -> Vec<Text> {
        let total = &unit.total;
        if unit.nodes.is_empty() {
            return vec![nothing_applies()];
        }
        let scale = written(self.set.scale);
        let mut told = Vec::new();
        if let Some(points) = total.points.map(written) {
            told.push(Text::new(
                format!("Tổng điểm là {points} (thang điểm {scale})."),
                format!("The total is {points} (scale {scale})."),
            ));
        } else {
            if !total.open.is_empty() {
                let open = self.node_list(&total.open);
                told.push(Text::new(
                    format!("Chưa có tổng điểm vì còn tiêu chí chưa có điểm: {}.", open.vi),
                    format!("There is no total yet, because criteria are open: {}.", open.en),
                ));
            }
            told.extend(total.unclear.iter().map(|unknown| unclear(*unknown)));
            let so_far = written(total.sums.points);
            told.push(Text::new(
                format!("Tạm tính được {so_far}."),
                format!("So far it is {so_far}."),
            ));
        }
        told.extend(parts(&self.set.nodes, unit));
        told.extend(sums_told(&total.sums));
        if let Some(cap) = total.cut_at {
            let (points, cap) = (written(total.sums.points), written(cap));
            told.push(Text::new(
                format!("Cộng lại là {points}, nhưng tổng điểm không tính quá {cap}."),
                format!("Together that is {points}, but a total does not count above {cap}."),
            ));
        }
        told
    }
}

/// What is not known of a unit, so that nobody can tell whether something applies to it.
pub(super) fn unclear(unknown: Unclear) -> Text {
    match unknown {
        Unclear::Size => Text::new(
            "Có phần chỉ áp dụng theo quy mô, mà chưa biết quy mô của đơn vị nên chưa rõ có áp dụng hay không.",
            "Something is for some sizes only and the size of the unit is not known, so nobody can tell whether it applies.",
        ),
        Unclear::Sector => Text::new(
            "Có phần chỉ áp dụng theo khu vực, mà chưa biết khu vực của đơn vị nên chưa rõ có áp dụng hay không.",
            "Something is for some sectors only and the sector of the unit is not known, so nobody can tell whether it applies.",
        ),
    }
}

pub(super) fn nothing_applies() -> Text {
    Text::new(
        "Bảng điểm không có phần nào áp dụng cho đơn vị này.",
        "Nothing in the set applies to this unit.",
    )
}

fn headline(node: &Node, outcome: &NodeOutcome) -> Text {
    let (name, max) = (words::title(&node.title), written(node.max));
    let role = match &node.part {
        Part::Criterion(criterion) => criterion.role,
        Part::Section(_) => PointsRole::Main,
    };
    let Some(points) = outcome.points.map(written) else {
        return Text::new(format!("{} chưa có điểm.", name.vi), format!("{} is open.", name.en));
    };
    match role {
        PointsRole::Main => Text::new(
            format!("{} được {points} trên {max} điểm.", name.vi),
            format!("{} has {points} of {max} points.", name.en),
        ),
        PointsRole::Bonus => Text::new(
            format!("{} được cộng {points} điểm, tối đa {max}.", name.vi),
            format!("{} has {points} bonus points of at most {max}.", name.en),
        ),
        PointsRole::Deduction => Text::new(
            format!("{} bị trừ {points} điểm, tối đa {max}.", name.vi),
            format!("{} takes {points} points away, at most {max}.", name.en),
        ),
    }
}

/// What stands right below and is main points, with what it brings.
fn parts(below: &[Node], unit: &UnitOutcome) -> Option<Text> {
    let is_main = |node: &&Node| match &node.part {
        Part::Section(_) => true,
        Part::Criterion(criterion) => criterion.role == PointsRole::Main,
    };
    let told: Vec<Text> = below
        .iter()
        .filter(is_main)
        .filter_map(|node| {
            let brings = unit.nodes.get(&node.code)?.brings.map(written);
            let (name, open) = (words::title(&node.title), Text::new("chưa có", "open"));
            let (vi, en) = (brings.clone().unwrap_or(open.vi), brings.unwrap_or(open.en));
            Some(Text::new(format!("{} {vi}", name.vi), format!("{} {en}", name.en)))
        })
        .collect();
    let list = joined(told.iter().cloned(), "; ");
    (told.len() > 1).then(|| Text::new(format!("Gồm: {}.", list.vi), format!("Its parts: {}.", list.en)))
}

fn sums_told(sums: &Sums) -> Vec<Text> {
    let main = written(sums.main);
    let mut told = vec![Text::new(
        format!("Các phần cộng lại được {main} điểm."),
        format!("Together they are {main} points."),
    )];
    if let Some(scaled) = &sums.scaled {
        let (from, to, points) = (written(scaled.from), written(scaled.to), written(scaled.points));
        told.push(Text::new(
            format!("Có phần không áp dụng cho đơn vị nên quy đổi: {main} × {to} / {from} = {points}."),
            format!("A part does not apply to the unit, so it is scaled up: {main} × {to} / {from} = {points}."),
        ));
    }
    let capped = |capped: &Capped, vi: &str, en: &str| {
        let (collected, counted) = (written(capped.collected), written(capped.counted));
        match capped.cap.map(written).filter(|_| capped.collected != capped.counted) {
            Some(cap) => Text::new(
                format!("{vi} {collected} điểm, nhưng chỉ tính tối đa {cap}."),
                format!("{en}: {collected}, of which at most {cap} count."),
            ),
            None => Text::new(format!("{vi} {counted} điểm."), format!("{en}: {counted}.")),
        }
    };
    let some = |part: &Option<Capped>| part.clone().filter(|part| part.collected != Fixed4::ZERO);
    told.extend(some(&sums.bonus).map(|part| capped(&part, "Điểm cộng", "Bonus points")));
    told.extend(some(&sums.deduction).map(|part| capped(&part, "Điểm trừ", "Deductions")));
    let main = sums.scaled.as_ref().map_or(sums.main, |scaled| scaled.points);
    let counted = |part: &Option<Capped>| part.as_ref().map_or(Fixed4::ZERO, |part| part.counted);
    let raw = points::minus(points::sum([main, counted(&sums.bonus)]), counted(&sums.deduction));
    if raw < Fixed4::ZERO {
        told.push(Text::new("Không tính dưới 0 điểm.", "It is never below 0."));
    }
    told
}
