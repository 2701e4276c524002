//! Nothing is cut, covered or out of reach: zoomed, with wider text, in German.

use e2e::{Result, Scenario, ensure};

use super::states::Tour;

/// The text spacing that a reader may need, by WCAG 1.4.12.
const SPACING: &[&str] = &[
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; \
         word-spacing: 0.16em !important; }",
    "p { margin-block-end: 2em !important; }",
];

async fn everything_fits(s: &Scenario, place: &str, tour: Tour, rules: &[&str]) -> Result<()> {
    let add = "const [rules] = arguments;
        const roots = [document, ...select('*').flatMap(({ shadowRoot }) => shadowRoot ?? [])];
        for (const { adoptedStyleSheets, styleSheets } of roots) {
            const sheet = adoptedStyleSheets[0] ?? styleSheets[0];
            if ([...sheet.cssRules].some(({ selectorText }) => selectorText === 'p')) continue;
            for (const rule of rules) sheet.insertRule(rule, sheet.cssRules.length);
        }";
    let mut found = Vec::new();
    let look = async |state: &str| {
        s.page.script::<()>(add, vec![rules.into()]).await?;
        s.screenshot(&format!("{place}-{state}")).await?;
        let problems: Vec<String> = s.page.script(include_str!("layout.js"), vec![]).await?;
        found.extend(
            problems
                .into_iter()
                .map(|problem| format!("{state}: {problem}")),
        );
        Ok(())
    };
    tour.visit(s, look).await?;
    found.truncate(20);
    ensure!(found.is_empty(), "{found:#?}");
    Ok(())
}

#[test]
fn a_zoom_of_400_percent_leaves_everything_in_reach() -> Result<()> {
    Tour::window(320, 399).run(async |s| everything_fits(s, "zoomed", Tour::ENGLISH, &[]).await)
}

#[test]
fn wider_text_spacing_cuts_nothing() -> Result<()> {
    Tour::window(1024, 900)
        .run(async |s| everything_fits(s, "spaced", Tour::ENGLISH, SPACING).await)
}

#[test]
fn german_fits_a_phone() -> Result<()> {
    Tour::window(320, 640)
        .run(async |s| everything_fits(s, "german-phone", Tour::GERMAN, &[]).await)
}

#[test]
fn german_with_wider_text_spacing_fits_a_desktop() -> Result<()> {
    Tour::window(1280, 900)
        .run(async |s| everything_fits(s, "german-spaced", Tour::GERMAN, SPACING).await)
}
