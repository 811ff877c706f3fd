//! The built pages and the router that serves them.
