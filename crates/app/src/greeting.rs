//! What is printed once everything runs: where it is, and the next thing to type.

use std::fmt::Write as _;

use types::{PhoneNumberId, WaId};

use crate::face::Face;

/// The greeting of a process that shows this face. The gateway's address, if there is one beside.
#[must_use]
pub fn greeting(face: &Face, gateway: Option<&str>) -> String {
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = write_greeting(&mut text, face, gateway);
    text
}

fn write_greeting(
    text: &mut String,
    face: &Face,
    gateway: Option<&str>,
) -> Result<(), std::fmt::Error> {
    writeln!(text)?;
    if let Some(page) = face.phone_page() {
        writeln!(text, "  phone page   {page}")?;
    }
    writeln!(text, "  API          {}", face.public)?;
    writeln!(text, "  control API  {}", face.control)?;
    if let Some(gateway) = gateway {
        writeln!(text, "  gateway      {gateway}")?;
    }
    writeln!(text, "\nPoint any WhatsApp client at it:\n")?;
    for (key, value) in face.lines() {
        writeln!(text, "  export {key}={value}")?;
    }
    if let Some(gateway) = gateway {
        writeln!(text, "  export DIALTONE_GATEWAY_URL={gateway}")?;
    }
    let user = face.world.users.first();
    let number = face.world.numbers.first();
    if let (Some(gateway), Some(user)) = (gateway, user) {
        writeln!(
            text,
            "\nOpen the phone page, then let the business call you; it gives back what you say:\n\n  \
             curl -sS {gateway}/gateway/v1/calls --json '{{\"to\":\"{}\"}}'",
            user.wa_id
        )?;
    }
    if let (Some(number), Some(user)) = (number, user) {
        writeln!(
            text,
            "\nOr, without a browser, let a scripted phone call the business for five seconds:\n\n  \
             curl -sS {}/phones --json '{{\"wa_id\":\"{}\",\"script\":{{\"dial\":\"{}\",\
             \"say\":\"tone:440\",\"hang_up_after_ms\":5000,\"calls\":1}}}}'",
            face.control, user.wa_id, number.display_phone_number
        )?;
    }
    if let (Some(number), Some(user)) = (number, user) {
        write_request(text, face, &number.id, &user.wa_id)?;
    }
    writeln!(text)
}

/// How a business asks before it calls. The token stands in the lines to paste.
fn write_request(
    text: &mut String,
    face: &Face,
    number: &PhoneNumberId,
    user: &WaId,
) -> Result<(), std::fmt::Error> {
    writeln!(
        text,
        "\nA business asks before it calls. On the phone page say no in its profile and write it a word; then let it ask:\n\n  \
         curl -sS {}/v24.0/{number}/messages -H \"Authorization: Bearer $DIALTONE_ACCESS_TOKEN\" \
         --json '{{\"messaging_product\":\"whatsapp\",\"to\":\"{user}\",\"type\":\"interactive\",\
         \"interactive\":{{\"type\":\"call_permission_request\",\
         \"action\":{{\"name\":\"call_permission_request\"}},\"body\":{{\"text\":\"May we call you?\"}}}}}}'",
        face.public
    )?;
    writeln!(
        text,
        "\nWhat the business may do then:\n\n  \
         curl -sS \"{}/v24.0/{number}/call_permissions?user_wa_id={user}\" \
         -H \"Authorization: Bearer $DIALTONE_ACCESS_TOKEN\"",
        face.public
    )
}
