//! The program as a stranger meets it: typed in a terminal, started as a process, driven from outside.

mod face;
mod guide;
mod help;
mod mistakes;
mod outsiders;
mod program;
mod restart;
mod talk;
