//! What holds whatever the set and the facts.
