//! What holds for any text and any figure.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::NumberForm::{Decimal, Integer, Money, Percentage};
use super::*;

const FORMS: [NumberForm; 4] = [Integer, Decimal, Money, Percentage];

fn any_figure() -> impl Strategy<Value = Fixed4> {
    let small = -99_999_999_i64..=99_999_999;
    let all = -999_999_999_999_999_999_i64..=999_999_999_999_999_999;
    prop_oneof![small, all].prop_map(|count| Fixed4::from_ten_thousandths(count).unwrap_or_default())
}

/// Texts put together from what figures are made of, which come nearer to the rules than any text does.
fn soup() -> impl Strategy<Value = String> {
    let bits = [
        "0",
        "1",
        "12",
        "390",
        "777",
        "000",
        "00",
        ".",
        ",",
        " ",
        "-",
        "–",
        "%",
        "đ",
        " đồng",
        " triệu",
        " tỷ",
        "nghìn",
        "tr",
        "k",
        "trên ",
        "từ ",
        " đến ",
        "gần ",
        "không ",
        "có ",
        " người",
        " lượt",
        "≥",
        ">",
        "đ/c",
        "\u{301}",
        "/",
        "99999999999999999999999999999999999999",
    ];
    proptest::collection::vec(proptest::sample::select(bits.to_vec()), 0..12).prop_map(|bits| bits.concat())
}

fn exactly(value: Fixed4) -> Result<Reading, Unreadable> {
    Ok(Reading {
        qualifier: Qualifier::Exact,
        value,
        upper: None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_written_is_read_back(value in any_figure()) {
        let text = write(value);
        prop_assert_eq!(read(&text, Decimal), exactly(value));
        let whole = Fixed4::from_ten_thousandths(value.ten_thousandths() / 10_000 * 10_000).unwrap_or_default();
        prop_assert_eq!(read(&write(whole), Integer), exactly(whole));
        prop_assert_eq!(read(&(write(whole) + " đồng"), Money), exactly(whole));
        let percentage = Fixed4::from_ten_thousandths(value.ten_thousandths() % 10_000_000).unwrap_or_default();
        prop_assert_eq!(read(&(write(percentage) + "%"), Percentage), exactly(percentage));
    }

    #[test]
    fn any_text_gets_an_answer(text in prop_oneof![any::<String>(), soup()]) {
        let apart: String = text.nfd().collect();
        for form in FORMS {
            let answer = read(&text, form);
            if text.chars().count() <= 200 && apart.chars().count() <= 200 {
                prop_assert_eq!(&answer, &read(&apart, form));
            }
            match answer {
                Ok(Reading { qualifier, value, upper }) => {
                    prop_assert_eq!(qualifier == Qualifier::Range, upper.is_some());
                    prop_assert!(upper.is_none_or(|upper| upper > value));
                    prop_assert!(value.is_whole() || matches!(form, Decimal | Percentage));
                }
                Err(refusal) => {
                    prop_assert!(!refusal.code().is_empty());
                    prop_assert!(refusal.text().vi != refusal.text().en);
                    if let Unreadable::Ambiguous { readings } = refusal {
                        prop_assert!(!readings.is_empty());
                        for reading in readings {
                            prop_assert_eq!(read(&write(reading), Decimal), exactly(reading));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_group_of_the_wrong_length_is_never_guessed(
        head in 1..=999_u32,
        groups in "(\\.[0-9]{3}){0,2}",
        tail in "\\.([0-9]{1,2}|[0-9]{4,6})",
        suffix in "(đ| đồng| triệu| người|%|)",
    ) {
        for form in FORMS {
            let refused = read(&format!("{head}{groups}{tail}{suffix}"), form).is_err();
            prop_assert!(refused);
        }
    }

    #[test]
    fn one_comma_before_three_digits_is_never_guessed(head in 1..=999_u32, tail in "[0-9]{3}") {
        for form in FORMS {
            let refused = read(&format!("{head},{tail}"), form);
            let two = matches!(refused, Err(Unreadable::Ambiguous { readings }) if readings.len() == 2);
            prop_assert!(two);
        }
    }

    #[test]
    fn multiplying_is_exact(
        count in 1..=99_999_999_i64,
        (word, factor) in proptest::sample::select(&[("nghìn", 1_000_i64), ("triệu", 1_000_000), ("tỷ", 1_000_000_000)]),
    ) {
        let figure = Fixed4::from_ten_thousandths(count).unwrap_or_default();
        let product = Fixed4::try_from_ten_thousandths(i128::from(count) * i128::from(factor));
        let expected = product.map_or(Err(Unreadable::TooLarge), exactly);
        prop_assert_eq!(read(&format!("{} {word}", write(figure)), Decimal), expected);
    }
}
