//! What stands around the pictures: the bars above them, the inspector beside them, and the notices over them.

mod heads;
mod inspector;
mod notices;
mod toolbar;

pub use heads::{HeadsFoot, HeadsTools};
pub use inspector::{Inspector, Pane, restore_tab};
pub use notices::Faults;
pub use toolbar::{HeadChoice, Tools, ViewChoice};
