//! What keeps a message that was taken from its user.

use rules::message::Failure;
use store::users::{Reachability, User};

use super::shown::Shown;

/// Why this will never be shown to a user, as far as it can be told now: how old a client is that is
/// away shows only when it comes back.
pub(super) fn bar_now(user: &User, shown: &Shown) -> Option<Failure> {
    let told = user.online || is_gone(user.reachability);
    bar(user.reachability, shown).filter(|_| told)
}

/// Why phones of such a user will never show this, if they will not.
pub(super) fn bar(reachability: Reachability, shown: &Shown) -> Option<Failure> {
    match reachability {
        Reachability::Active => None,
        Reachability::NotOnWhatsApp => Some(Failure::NotOnWhatsApp),
        Reachability::TermsNotAccepted => Some(Failure::TermsNotAccepted),
        Reachability::OutdatedClient => is_about_calls(shown).then_some(Failure::OutdatedClient),
    }
}

/// Whether it is known without a phone that no message reaches such a user.
pub(super) const fn is_gone(reachability: Reachability) -> bool {
    match reachability {
        Reachability::NotOnWhatsApp | Reachability::TermsNotAccepted => true,
        Reachability::Active | Reachability::OutdatedClient => false,
    }
}

/// Whether only clients that know of calls can show it.
fn is_about_calls(shown: &Shown) -> bool {
    shown.asks_permission() || shown.call_button().is_some()
}
