//! The commands of the house: `cargo xtask`.

fn main() {}
