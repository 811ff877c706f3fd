//! UDP sockets and the worker threads that drive `media`.
