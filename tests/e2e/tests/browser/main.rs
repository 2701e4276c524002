//! What a person does with the page, in a browser.

#[tokio::test]
async fn probe() -> anyhow::Result<()> {
    use e2e::browser::Browser;
    let t = std::time::Instant::now();
    let browser = Browser::start(&Default::default()).await?;
    println!("{:?}", t.elapsed());
    let page = browser.page();
    page.open("data:text/html,<h1>Hi</h1><button onclick='navigator.clipboard&&1;console.error(7);this.textContent=2'>Press  it</button><label>Name <input></label><select aria-label=X><option>a<option>b</select>").await?;
    page.heading("Hi").appears().await?;
    page.button("Press it").click().await?;
    page.button("2").appears().await?;
    page.field("Name").fill("hallo").await?;
    page.press("Control+a").await?;
    page.press("Control+c").await?;
    page.list_box("X").choose("b").await?;
    println!("{:?} {:?}", page.list_box("X").property::<String>("value").await?, page.focus().await?);
    page.press("Shift+Tab").await?;
    println!("{:?} {:?}", page.text().await?, page.focus().await?);
    println!("{:?}", page.clipboard().await?);
    println!("{:?}", browser.complaints().await?);
    println!("{:?}", t.elapsed());
    browser.close().await?;
    println!("{:?}", t.elapsed());
    Ok(())
}
