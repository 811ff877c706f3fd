//! The program `dialtone`: configuration, clock, entropy and wiring, and nothing else.
