//! The criteria sets of the demonstration could have been published as they stand.

use super::planned;
use crate::criteria::content;
use crate::criteria::figures::Catalogue;
use crate::criteria::paths::Shape;
use crate::criteria::problems;

#[test]
fn nothing_is_wrong_with_the_criteria_sets() {
    let plan = planned();
    let indicators = plan.rows.indicators.iter();
    let catalogue: Catalogue = indicators
        .map(|row| (row.code.clone(), row.number_form, row.aggregation))
        .collect();
    let contents = plan.rows.criteria_contents.iter();
    let sets: Vec<_> = contents
        .map(|row| content::read(&row.content).expect("a set"))
        .collect();
    let [base, adapted, own @ ..] = sets.as_slice() else {
        panic!("two sets")
    };
    assert_eq!(own.len(), 5, "each of the others is a cluster's own");
    let own = own.iter().map(|set| (set, None));
    for (set, base) in [(base, None), (adapted, Some(base))].into_iter().chain(own) {
        let tidied = content::tidied(set.clone(), Shape::Tree).expect("within bounds");
        assert_eq!(tidied, *set, "it is as it would be kept");
        let checked = problems::check(set, base, &catalogue, Shape::Tree);
        assert!(checked.is_ok(), "{:?}", checked.err());
    }
    assert_ne!(base, adapted);
}
