//! The program `dialtone`.

fn main() {}
