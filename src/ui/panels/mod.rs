//! What stands around the pictures: the bars above them, the inspector beside them, and the notices over them.

pub mod ask_model;
pub mod caption;
pub mod compare;
pub mod edit;
pub mod effect;
pub mod embed;
pub mod export;
pub mod find;
pub mod guide;
pub mod heads;
pub mod help;
pub mod inspector;
pub mod models;
pub mod new_version;
pub mod notices;
pub mod settings;
pub mod share;
pub mod status;
pub mod text;
pub mod toolbar;
