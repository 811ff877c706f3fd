//! The business's side: webhooks in, WebRTC, handlers for the audio, its own API.
