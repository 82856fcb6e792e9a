//! SQL of reminders: which were given, and giving some. Each is given once, on whichever instance.

pub mod deadlines;
pub mod reports;
