//! What the reader has chosen, as one plain value.
