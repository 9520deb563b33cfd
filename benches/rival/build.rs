//! As ../../build.rs does for the worker: the function with fused multiply-add gets a place in the table.

fn main() {
    println!("cargo::rustc-link-arg-bin=ours=--growable-table");
}
