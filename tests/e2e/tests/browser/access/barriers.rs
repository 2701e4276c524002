//! No state has barriers, in light and in dark.

use e2e::{Result, Scenario, ensure};

use super::states::Tour;

/// Looks for barriers in all states, and takes a picture of each if pictures are wanted.
async fn has_no_barriers(s: &Scenario, place: &str, tour: Tour) -> Result<()> {
    let look = async |state: &str| {
        for theme in ["light", "dark"] {
            let set = "select('dcd-token-manager')[0].setAttribute('theme', arguments[0])";
            s.page.script::<()>(set, vec![theme.into()]).await?;
            let mut barriers = s.page.barriers().await?;
            if state == "menu" {
                // What an open menu half covers can't be pressed before it is closed.
                barriers.retain(|barrier| !barrier.contains("partially obscured"));
            }
            ensure!(barriers.is_empty(), "{theme}: {barriers:#?}");
            s.screenshot(&format!("{place}-{theme}-{state}")).await?;
        }
        Ok(())
    };
    tour.visit(s, look).await
}

#[test]
fn a_desktop_has_no_barriers() -> Result<()> {
    Tour::window(1280, 900).run(async |s| has_no_barriers(s, "desktop", Tour::ENGLISH).await)
}

#[test]
fn a_phone_has_no_barriers() -> Result<()> {
    Tour::window(320, 640).run(async |s| has_no_barriers(s, "phone", Tour::ENGLISH).await)
}

#[test]
fn a_panel_in_a_foreign_page_has_no_barriers() -> Result<()> {
    Tour::window(1280, 900).run(async |s| has_no_barriers(s, "embedded", Tour::EMBEDDED).await)
}
