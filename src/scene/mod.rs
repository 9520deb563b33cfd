//! Data and a request in, shapes with a role and a label out.
