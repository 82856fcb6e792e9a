//! A choice as it is written before it is sealed: all papers of a ballot are equally long, so that their length says nothing. Pure.

use super::choice::Choice;
use crate::error::{Error, Result};

/// Room for the words around the options, and for each option.
const AROUND: usize = 64;
const EACH: usize = 16;

/// The choice as padded text.
pub fn written(choice: &Choice, options: usize) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec(choice).map_err(Error::internal)?;
    let length = options.saturating_mul(EACH).saturating_add(AROUND);
    if text.len() > length {
        return Err(Error::internal("a choice is longer than its paper"));
    }
    // JSON allows blanks behind it.
    text.resize(length, b' ');
    Ok(text)
}

/// The choice of a padded text.
pub fn read(text: &[u8]) -> Result<Choice> {
    serde_json::from_slice(text).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ballots::choice::Answer;

    #[test]
    fn all_papers_of_a_ballot_are_equally_long_and_are_read_again() {
        let most = 100;
        let choices = [
            Choice::Answers(vec![Answer::Abstain; most]),
            Choice::Marks((0..most).collect()),
            Choice::Marks(Vec::new()),
            Choice::Order((0..most).rev().collect()),
            Choice::Spoiled,
        ];
        let papers: Vec<Vec<u8>> = choices.iter().map(|choice| written(choice, most).unwrap()).collect();
        assert!(papers.iter().all(|paper| paper.len() == papers[0].len()));
        for (choice, paper) in choices.iter().zip(&papers) {
            assert_eq!(read(paper).unwrap(), *choice);
        }
    }
}
