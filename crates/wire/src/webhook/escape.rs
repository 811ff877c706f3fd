//! Non-ASCII text as Meta sends it.

/// Writes every character above U+007F as `\uXXXX` (a surrogate pair above U+FFFF), as Meta does
/// before it signs. Only for JSON texts, where such characters stand in strings alone.
#[must_use]
pub fn escape_non_ascii(json: &str) -> Vec<u8> {
    if json.is_ascii() {
        return json.as_bytes().to_vec();
    }
    let mut out = String::with_capacity(json.len() * 2);
    let mut units = [0_u16; 2];
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut units) {
            out.push_str("\\u");
            for shift in [12, 8, 4, 0] {
                out.push(char::from(HEX[usize::from(*unit >> shift & 0xf)]));
            }
        }
    }
    out.into_bytes()
}

const HEX: &[u8; 16] = b"0123456789abcdef";
