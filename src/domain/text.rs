//! Texts: what the list needs of the standard library's formatting and searching, without the five
//! kilobytes that these take of the page.

/// A number in decimal digits; one that is negative or beyond the limit is the largest there is.
pub fn decimal(number: impl TryInto<u64>) -> String {
    digits(number.try_into().unwrap_or(u64::MAX))
}

fn digits(mut number: u64) -> String {
    let mut text = String::new();
    loop {
        text.insert(0, char::from(b'0' + (number % 10) as u8));
        number /= 10;
        if number == 0 {
            return text;
        }
    }
}

/// A number in decimal digits, with blanks around it.
pub fn natural(text: &str) -> Option<u64> {
    let mut number = None;
    let mut is_over = false;
    for c in text.chars() {
        match c {
            '0'..='9' if !is_over => {
                let digit = u64::from(u32::from(c) - u32::from('0'));
                let before: u64 = number.unwrap_or_default();
                number = Some(before.checked_mul(10)?.checked_add(digit)?);
            }
            ' ' | '\t' | '\n' | '\r' | '\u{a0}' => is_over = number.is_some(),
            _ => return None,
        }
    }
    number
}

/// Whether `part` stands somewhere in `text`.
pub fn holds(text: &str, part: &str) -> bool {
    let mut places = text.as_bytes().windows(part.len().max(1));
    part.is_empty() || places.any(|place| place == part.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_written_as_usual(number: u64) {
            prop_assert_eq!(decimal(number), number.to_string());
            prop_assert_eq!(decimal(number % 100), (number % 100).to_string());
        }

        #[test]
        fn written_numbers_are_read_again(number: u64) {
            prop_assert_eq!(natural(&number.to_string()), Some(number));
            prop_assert_eq!(natural(&format!("\u{a0} {number}\n")), Some(number));
        }

        #[test]
        fn a_part_is_found_where_the_standard_library_finds_it(text in "[ab]{0,8}", part in "[ab]{0,3}") {
            prop_assert_eq!(holds(&text, &part), text.contains(&part));
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        let too_large = "18446744073709551616";
        for text in [
            "", " ", "1 2", "-1", "+1", "1.0", "1e3", "0x1", "٣", too_large,
        ] {
            assert_eq!(natural(text), None, "{text}");
        }
    }
}
