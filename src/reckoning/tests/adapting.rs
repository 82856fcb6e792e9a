//! What a cluster may change of a provincial base set.

use super::copies::table;
use super::*;

#[test]
fn a_cluster_changes_only_what_the_base_set_lets_it() {
    let mut base = table();
    let range = Range {
        least: n("15"),
        most: n("25"),
    };
    base.nodes[0].adaptable = Some(Adaptable {
        may_be_added_to: true,
        ..Adaptable::default()
    });
    if let Part::Section(section) = &mut base.nodes[0].part {
        section.children[0].adaptable = Some(Adaptable {
            may_be_left_out: true,
            ..Adaptable::default()
        });
        section.children[1].adaptable = Some(Adaptable {
            max: Some(range),
            ..Adaptable::default()
        });
    }
    let judged = |change: &dyn Fn(&mut Vec<Node>)| {
        let mut adapted = base.clone();
        let Part::Section(section) = &mut adapted.nodes[0].part else {
            panic!("a section")
        };
        change(&mut section.children);
        let told = adapting_problems(&base, &adapted);
        told.iter().map(|one| one.kind.code()).collect::<Vec<_>>()
    };
    let mut own = manual("own", "35");
    own.title = title("Tiêu chí riêng của cụm");
    assert_eq!(judged(&|children| children[1].max = n("25")), Vec::<&str>::new());
    assert_eq!(judged(&|children| children[1].max = n("26")), ["OUTSIDE"]);
    assert_eq!(judged(&|children| children[0].max = n("35")), ["PART_FIXED"]);
    assert_eq!(judged(&|children| children[1].title = title("Khác")), ["PART_FIXED"]);
    assert_eq!(judged(&|children| children[0] = own.clone()), Vec::<&str>::new());
    assert_eq!(judged(&|children| _ = children.remove(1)), ["LEFT_OUT"]);
    // What is added shares in the main points, or stands below a cap of the base set.
    let gift = || manual("gift", "1000").bonus();
    assert_eq!(judged(&|children| children.push(gift())), ["ADDED_UNCAPPED"]);
    assert_eq!(
        judged(&|children| children.push(manual("late", "5").deduction())),
        ["ADDED_UNCAPPED"]
    );
    let own_cap = || section("box", "0", vec![gift()]).but(|one| one.bonus_cap = Some(n("1000")));
    assert_eq!(judged(&|children| children.push(own_cap())), ["ADDED_UNCAPPED"]);
    let mut capped = base.clone();
    capped.bonus_cap = Some(n("5"));
    let mut adapted = capped.clone();
    adapted.nodes[0] = adapted.nodes[0].clone().but(|one| one.children.push(gift()));
    assert_eq!(adapting_problems(&capped, &adapted), []);
    let mut adapted = base.clone();
    adapted.nodes.push(manual("top", "5"));
    adapted.bands[0].from = n("85");
    adapted.tie_breaks.push(TieBreak {
        by: TieBreakBy::Ballot,
        basis: None,
    });
    let told: Vec<_> = adapting_problems(&base, &adapted)
        .iter()
        .map(|one| one.kind.code())
        .collect();
    assert_eq!(told, ["ADDED", "FIXED", "FIXED"]);
}
