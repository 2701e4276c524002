//! The part of the app that is loaded after the list is there: when, and what if not.

use e2e::server::Server;
use e2e::{Account, Result, Setup, ensure, scenario};

use super::faults::asked;

/// Holds that part back until `later.resolve()`.
const HELD_BACK: &str = "globalThis.later = {};
    later.promise = new Promise((resolve) => { later.resolve = resolve; });
    { const { fetch } = globalThis;
      globalThis.fetch = async (url, ...given) => {
          if (/rest-/.test(url)) await later.promise;
          return fetch(url, ...given);
      }; }";

/// Lets the browser say that the first module was on its way as long as over a slow network.
const SLOW: &str = "performance.getEntriesByName = (name) => [{ name, duration: 400 }];";

/// How often that part was asked for, and whether ever before the list was there.
const ASKED: &str = "const entries = performance.getEntriesByType('resource');
    const rest = entries.filter(({ name }) => /rest-/.test(name));
    const list = entries.find(({ name }) => name.endsWith('/auth/v1/tokens'));
    return rest.map(({ startTime }) => startTime > list?.responseEnd);";

#[test]
fn over_a_slow_network_the_list_is_there_first() -> Result<()> {
    scenario(async |s| {
        s.server.prepend_to_app(SLOW)?;
        s.sign_in(Account::DEMO).await?;
        s.rest_is_there().await?;
        let after_the_list: Vec<bool> = s.page.script(ASKED, vec![]).await?;
        ensure!(after_the_list == [true], "{after_the_list:?}");
        Ok(())
    })
}

#[test]
fn over_a_quick_network_it_comes_along() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        s.rest_is_there().await
    })
}

#[test]
fn whoever_fills_in_the_form_slowly_has_it_already() -> Result<()> {
    scenario(async |s| {
        s.server.prepend_to_app(SLOW)?;
        s.open().await?;
        s.rest_is_there().await?;
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await?;
        let asked: Vec<bool> = s.page.script(ASKED, vec![]).await?;
        ensure!(asked == [false], "{asked:?}");
        Ok(())
    })
}

#[test]
fn what_is_clicked_before_it_is_there_happens_once_as_soon_as_it_is() -> Result<()> {
    scenario(async |s| {
        s.server.prepend_to_app(HELD_BACK)?;
        s.sign_in(Account::DEMO).await?;
        let generate = s.page.button("Generate Token");
        generate.click().await?;
        generate.click().await?;
        ensure!(asked(s) == 0);
        s.page.script::<()>("later.resolve()", vec![]).await?;
        s.reveal().appears().await?;
        let token = s.read_value().await?;
        s.discard_value().await?;
        s.page
            .button(&format!("Delete token {}", token.id))
            .appears()
            .await?;
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn whoever_has_signed_out_before_it_is_there_finds_all_of_the_page_later() -> Result<()> {
    scenario(async |s| {
        s.server.prepend_to_app(HELD_BACK)?;
        s.sign_in(Account::DEMO).await?;
        s.page.button("Sign out").click().await?;
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await?;
        s.page.script::<()>("later.resolve()", vec![]).await?;
        s.page.button("More").click().await?;
        s.page.button("Delete all").appears().await
    })
}

#[test]
fn without_it_no_token_is_asked_for_and_a_reload_is_offered() -> Result<()> {
    const REST: &str = "assets/rest-*.bin";
    let damages: [fn(&Server) -> Result<()>; 3] = [
        |server| server.remove(REST),
        |server| server.alter(REST, |part| part[..part.len() / 2].to_vec()),
        // An empty custom section: as valid as before.
        |server| server.alter(REST, |part| [&part[..], &[0, 1, 0]].concat()),
    ];
    for damage in damages {
        Setup::default().tolerant().run(async |s| {
            damage(&s.server)?;
            s.sign_in(Account::DEMO).await?;
            s.page.button("Generate Token").click().await?;
            s.page
                .announces("The token manager could not be loaded")
                .await?;
            s.page.button("Reload").appears().await?;
            ensure!(asked(s) == 0);
            Ok(())
        })?;
    }
    Ok(())
}
