//! The stored enums. A variant is a code of the schema: never renamed, never translated, only added.

mod accounts;
mod awards;
mod clusters;
mod conferences;
mod forms;
mod notifications;
mod reports;
mod units;
mod years;

pub use accounts::*;
pub use awards::*;
pub use clusters::*;
pub use conferences::*;
pub use forms::*;
pub use notifications::*;
pub use reports::*;
pub use units::*;
pub use years::*;
