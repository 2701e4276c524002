//! Colours can be told apart: the custom properties of `style/properties.css`, by WCAG 2.2 AA, in
//! light and in dark.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

/// What is drawn, and each ground that it is drawn on.
type Pairs = [(&'static str, &'static [&'static str])];

const GROUNDS: &[&str] = &["surface", "raised", "sunken", "hover"];

/// What is read.
const TEXT: &Pairs = &[
    ("ink", GROUNDS),
    ("ink-strong", GROUNDS),
    ("ink-soft", GROUNDS),
    ("accent", GROUNDS),
    ("info", GROUNDS),
    ("success", GROUNDS),
    ("warning", GROUNDS),
    ("danger", GROUNDS),
    (
        "ink",
        &[
            "info-ground",
            "success-ground",
            "warning-ground",
            "danger-ground",
        ],
    ),
    ("ink-strong", &["info-ground"]),
    (
        "accent",
        &[
            "info-ground",
            "success-ground",
            "warning-ground",
            "danger-ground",
        ],
    ),
    ("info", &["info-ground"]),
    ("success", &["success-ground"]),
    ("warning", &["warning-ground"]),
    ("danger", &["info-ground", "danger-ground"]),
    ("danger-hover", &["danger-ground"]),
    ("on-accent", &["accent", "accent-hover", "accent-active"]),
    ("on-danger", &["danger", "danger-hover"]),
    ("on-bar", &["bar"]),
];
const TEXT_CONTRAST: f64 = 4.5;

/// What bounds a control, marks the focus, or is a part of a picture. The amber of `--warning-line`,
/// the DCD's, is none of these: it stands beside a text or an icon that says the same.
const SHAPES: &Pairs = &[
    ("line-control", &["surface", "raised"]),
    ("focus", GROUNDS),
    ("accent", &["line"]),
];
const SHAPE_CONTRAST: f64 = 3.0;

/// A colour's red, green and blue.
type Colour = [u8; 3];

/// Each property's colour in light and in dark.
fn colours() -> BTreeMap<String, [Colour; 2]> {
    let style = include_str!("../style/properties.css");
    let declarations = style.split(';').filter_map(|part| {
        let (_, declaration) = part.rsplit_once("\n  --")?;
        let (name, value) = declaration.split_once(": ")?;
        let colours: Vec<Colour> = value.split('#').skip(1).filter_map(colour).collect();
        match colours[..] {
            [light, dark] => Some((name.to_owned(), [light, dark])),
            [both] => Some((name.to_owned(), [both, both])),
            _ => None,
        }
    });
    declarations.collect()
}

/// The colour that a text begins with, if it is opaque.
fn colour(text: &str) -> Option<Colour> {
    let digits = text.split(|c: char| !c.is_ascii_hexdigit()).next()?;
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    (digits.len() == 6).then_some([red, green, blue])
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        match part <= 0.04045 {
            true => part / 12.92,
            false => ((part + 0.055) / 1.055).powf(2.4),
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let [one, other] = [one, other].map(|colour| luminance(colour) + 0.05);
    one.max(other) / one.min(other)
}

fn assert_contrast(pairs: &Pairs, least: f64) {
    let colours = colours();
    let of = |name: &str| {
        *colours
            .get(name)
            .unwrap_or_else(|| panic!("no colour --{name}"))
    };
    let mut weak = Vec::new();
    for (drawn, grounds) in pairs {
        for ground in *grounds {
            let schemes = ["light", "dark"].into_iter();
            for (scheme, (on, below)) in schemes.zip(of(drawn).into_iter().zip(of(ground))) {
                let contrast = contrast(on, below);
                if contrast < least {
                    weak.push(format!(
                        "--{drawn} on --{ground} in {scheme}: {contrast:.2}"
                    ));
                }
            }
        }
    }
    assert!(weak.is_empty(), "less than {least} to 1: {weak:#?}");
}

#[test]
fn black_on_white_has_all_the_contrast_there_is() {
    let contrast = contrast([0; 3], [255; 3]);
    assert!((contrast - 21.0).abs() < 1e-9, "{contrast}");
}

#[test]
fn every_text_can_be_read() {
    assert_contrast(TEXT, TEXT_CONTRAST);
}

#[test]
fn every_shape_can_be_seen() {
    assert_contrast(SHAPES, SHAPE_CONTRAST);
}
