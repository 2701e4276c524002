//! For eyes that need other colours, or no motion.

use e2e::{Account, Result, Scenario, ensure, scenario};
use serde_json::json;

use super::states::Tour;

/// Has Chromium say that its user prefers this.
async fn prefer(s: &Scenario, feature: &str, value: &str) -> Result<()> {
    let features = json!({ "features": [{ "name": feature, "value": value }] });
    let cdp = s.page.driver().cdp();
    cdp.send_raw("Emulation.setEmulatedMedia", features).await?;
    Ok(())
}

#[test]
fn forced_colours_show_borders_and_focus() -> Result<()> {
    Tour::window(1280, 900).run(async |s| {
        prefer(s, "forced-colors", "active").await?;
        let look = async |state: &str| {
            s.screenshot(&format!("forced-{state}")).await?;
            // From now on, the focus is one of the keyboard.
            s.page.press("Shift").await?;
            let unseen: Vec<String> = s
                .page
                .script(include_str!("forced_colours.js"), vec![])
                .await?;
            ensure!(unseen.is_empty(), "{unseen:#?}");
            Ok(())
        };
        Tour::ENGLISH.visit(s, look).await
    })
}

#[test]
fn reduced_motion_stands_still() -> Result<()> {
    scenario(async |s| {
        prefer(s, "prefers-reduced-motion", "reduce").await?;
        let stands_still = async |state: &str| {
            // A panel that starts and a list that is read show that they are at work.
            let moving = "document.body.append(document.createElement('dcd-token-manager'));
                const busy = document.createElement('p');
                busy.className = 'empty busy';
                select('.panel')[0].append(busy);
                const seconds = (list) => Math.max(...list.split(',').map(parseFloat));
                const moves = (style) => seconds(style.transitionDuration) > 0.01 ||
                    style.animationName !== 'none' && seconds(style.animationDuration) > 0.01;
                const moving = select('*').flatMap((element) => [null, '::before', '::after']
                    .filter((part) => moves(getComputedStyle(element, part)))
                    .map((part) => `${element.className}${part ?? ''}`));
                document.body.lastChild.remove();
                busy.remove();
                return moving";
            let moving: Vec<String> = s.page.script(moving, vec![]).await?;
            ensure!(moving.is_empty(), "{state}: {moving:#?}");
            Ok(())
        };
        s.sign_in(Account::FULL).await?;
        let id = &s.listed().await?[0];
        s.page.button(&format!("Delete token {id}")).click().await?;
        s.page.button("Cancel").appears().await?;
        stands_still("list and dialog").await
    })
}
