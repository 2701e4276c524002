//! The way to the page.

use e2e::{Result, Setup, ensure, scenario};

#[test]
fn the_menu_leads_to_token_management() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        s.page.button("Menu").click().await?;
        s.page.button("Management").click().await?;
        let link = s.page.link("Token Management");
        let current: String = link.property("ariaCurrent").await?;
        ensure!(
            current == "page",
            "the link is not marked as the current page"
        );
        link.click().await?;
        s.page.link("Token Management").disappears().await?;
        ensure!(s.page.driver().current_url().await?.fragment() == Some("/tokens"));
        Ok(())
    })
}

#[test]
fn the_menu_works_by_keyboard() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        let menu = s.page.button("Menu");
        menu.focus().await?;
        s.page.press("Enter").await?;
        ensure!(menu.property::<String>("ariaExpanded").await? == "true");
        s.tab_to("button", "Management").await?;
        s.page.press("Space").await?;
        s.tab_to("link", "Token Management").await?;
        s.page.press("Enter").await?;
        s.page.focus_is_on("button", "Menu").await?;
        ensure!(menu.property::<String>("ariaExpanded").await? == "false");
        Ok(())
    })
}

#[test]
fn escape_closes_the_menu_and_returns_the_focus() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        s.page.button("Menu").click().await?;
        s.page.button("Management").click().await?;
        s.page.press("Escape").await?;
        s.page.button("Management").disappears().await?;
        s.page.focus_is_on("button", "Menu").await
    })
}

#[test]
fn a_click_elsewhere_closes_the_menu() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        s.page.button("Menu").click().await?;
        s.page.button("Management").appears().await?;
        s.page.heading("Sign in").click().await?;
        s.page.button("Management").disappears().await
    })
}

#[test]
fn an_unknown_address_leads_to_the_tokens() -> Result<()> {
    scenario(async |s| {
        s.page
            .open(&format!("{}#/elsewhere", s.server.url()))
            .await?;
        s.page.find("form", "Sign in").appears().await?;
        ensure!(s.page.driver().current_url().await?.fragment() == Some("/tokens"));
        Ok(())
    })
}

#[test]
fn home_is_where_the_configuration_says() -> Result<()> {
    let config = serde_json::json!({ "dcdUrl": "https://dcd.example/latest/" });
    Setup::config(config).run(async |s| {
        s.open().await?;
        let home = s.page.find("navigation", "Breadcrumb").find("link", "Home");
        let address: String = home.property("href").await?;
        ensure!(address == "https://dcd.example/latest/", "{address}");
        Ok(())
    })
}
