//! What has moved in a list, and what has only made room for others. Pure.

/// The most of some places that stand in their old order, so that all others are the fewest that have moved: a longest
/// rising sequence. Places come once.
pub fn in_order(places: &[usize]) -> Vec<usize> {
    // For each place the longest sequence that ends with it: how long, and what comes before.
    let mut ends: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (index, place) in places.iter().enumerate() {
        let before = (0..index).filter(|&earlier| places[earlier] < *place);
        let best = before.max_by_key(|&earlier| (ends[earlier].0, std::cmp::Reverse(earlier)));
        ends.push((best.map_or(1, |best| ends[best].0 + 1), best));
    }
    let mut next = (0..places.len()).max_by_key(|&index| (ends[index].0, std::cmp::Reverse(index)));
    let mut sequence = Vec::new();
    while let Some(index) = next {
        sequence.push(places[index]);
        next = ends[index].1;
    }
    sequence
}
