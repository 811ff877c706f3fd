//! A process that is killed in the middle of things, and the one that comes after it.
