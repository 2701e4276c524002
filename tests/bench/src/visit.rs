//! One visit of a page: the journey, and what it took.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use auth_api::Settings;
use e2e::browser::Browser;
use e2e::engine::Options;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use site::Running;
use uuid::Uuid;

use crate::figures::{Figure, Figures};

const PROBE: &str = include_str!("probe.js");
/// The account that is signed in.
const ACCOUNT: &str = "demo@example.com";
/// Enough for every list that is measured.
const TOKEN_LIMIT: u32 = 20_000;
/// A phone of the lower middle, by the usual rule of thumb.
const CPU_SLOWDOWN: u32 = 4;
/// Slow 4G: round trip in milliseconds, throughput in bytes per second.
const LATENCY: u32 = 150;
const THROUGHPUT: u32 = 1_600_000 / 8;
/// How long anything may take on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(180);

/// A page that is measured.
pub(crate) struct Candidate {
    /// What it is called in the results.
    pub(crate) name: String,
    servers: Vec<Server>,
}

/// A page with an account of a certain size.
struct Server {
    size: Size,
    /// The tokens that are there whenever a visit begins.
    ids: HashSet<Uuid>,
    /// Signs in; itself one of the tokens.
    token: String,
    running: Running,
}

#[derive(Clone, Copy, PartialEq)]
enum Size {
    Usual,
    Large,
    Huge,
}

impl Size {
    const ALL: [Self; 3] = [Self::Usual, Self::Large, Self::Huge];

    fn tokens(self) -> usize {
        match self {
            Self::Usual => 100,
            Self::Large => 1000,
            Self::Huge => 10_000,
        }
    }

    fn refresh(self) -> Figure {
        match self {
            Self::Usual => Figure::Refresh100,
            Self::Large => Figure::Refresh1000,
            Self::Huge => Figure::Refresh10000,
        }
    }
}

impl Candidate {
    /// Serves the page in `dist`.
    pub(crate) async fn serve(name: String, dist: PathBuf) -> Result<Self> {
        let mut servers = Vec::new();
        for size in Size::ALL {
            let options = site::Options {
                dist: dist.clone(),
                config: Map::from_iter([("tokenLimit".to_owned(), TOKEN_LIMIT.into())]),
                precompressed: true,
                settings: Settings {
                    token_limit: TOKEN_LIMIT,
                    ..Settings::default()
                },
                ..site::Options::default()
            };
            let running = site::start(options)
                .await
                .map_err(|error| anyhow!("{name} is not served: {error}"))?;
            let token = running.control.token(ACCOUNT, 3600)?;
            let there = running.control.token_ids(ACCOUNT)?.len();
            let missing = size.tokens().saturating_sub(there);
            running.control.add_tokens(ACCOUNT, missing.try_into()?)?;
            let ids = HashSet::from_iter(running.control.token_ids(ACCOUNT)?);
            servers.push(Server {
                size,
                ids,
                token,
                running,
            });
        }
        Ok(Self { name, servers })
    }

    /// Visits the page in a browser that knows nothing of it.
    pub(crate) async fn visit(&self) -> Result<Figures> {
        let browser = Browser::start(&Options::default()).await?;
        let mut figures = Figures::new();
        let result = self.measure(&Tab(&browser), &mut figures).await;
        let closed = browser.close().await;
        result.with_context(|| format!("a visit of {}", self.name))?;
        closed?;
        Ok(figures)
    }

    async fn measure(&self, tab: &Tab<'_>, figures: &mut Figures) -> Result<()> {
        tab.prepare().await?;
        for server in &self.servers {
            if server.size == Size::Usual {
                server.first_visit(tab, figures).await?;
                server.interactions(tab, figures).await?;
            } else {
                server.sign_in(tab).await?;
            }
            let (took, longest) = server.refresh(tab).await?;
            figures.insert(server.size.refresh(), took);
            match server.size {
                Size::Usual => server.second_visit(tab, figures).await?,
                Size::Large => drop(figures.insert(Figure::LongestTask1000, longest)),
                Size::Huge => {}
            }
        }
        Ok(())
    }
}

impl Server {
    /// Over a slow network, with nothing in the cache.
    async fn first_visit(&self, tab: &Tab<'_>, figures: &mut Figures) -> Result<()> {
        tab.slow_network(true).await?;
        tab.slow_cpu(true).await?;
        tab.open(&self.running.url).await?;
        let form = tab.until_form().await?;
        let shift = tab.found().await?.shift;
        let list = self.submit(tab).await?;
        tab.slow_network(false).await?;
        let found = tab.found().await?;
        figures.extend([
            (Figure::Bytes, found.bytes),
            (Figure::Requests, found.requests),
            (Figure::FirstPaint, found.paint),
            (Figure::LayoutShift, shift),
            (Figure::ListUsable, form + list),
        ]);
        Ok(())
    }

    async fn interactions(&self, tab: &Tab<'_>, figures: &mut Figures) -> Result<()> {
        tab.call("restart()").await?;
        let took = tab.click_until("Generate Token", false, "dialog", None);
        figures.insert(Figure::Generate, took.await?);
        tab.click("Close", false).await?;
        if tab.call("has('Close anyway')").await? == true {
            tab.click("Close anyway", false).await?;
        }
        tab.until("no dialog", None).await?;
        let took = tab.click_until("Delete", true, "dialog", None);
        figures.insert(Figure::Delete, took.await?);
        tab.click("Cancel", false).await?;
        tab.until("no dialog", None).await?;
        let found = tab.found().await?;
        figures.extend([
            (Figure::WorstEvent, found.worst_event),
            (Figure::WasmMemory, found.wasm_bytes),
            (Figure::Heap, tab.heap().await?),
        ]);
        self.tidy()
    }

    /// With what the browser has kept of the first one.
    async fn second_visit(&self, tab: &Tab<'_>, figures: &mut Figures) -> Result<()> {
        tab.open(&self.running.url).await?;
        tab.until_form().await?;
        let found = tab.found().await?;
        figures.extend([
            (Figure::BytesAgain, found.sent),
            (Figure::RequestsAgain, found.sent_requests),
        ]);
        Ok(())
    }

    /// As fast as it goes, since it is measured elsewhere.
    async fn sign_in(&self, tab: &Tab<'_>) -> Result<()> {
        tab.slow_cpu(false).await?;
        tab.open(&self.running.url).await?;
        tab.until_form().await?;
        self.submit(tab).await?;
        tab.slow_cpu(true).await
    }

    /// Fills in the form and sends it; from there to the list.
    async fn submit(&self, tab: &Tab<'_>) -> Result<f64> {
        let token = serde_json::to_string(&self.token)?;
        tab.call(&format!("fill('bearer', {token})")).await?;
        tab.click_until("Sign in", false, "list", Some(self.ids.len()))
            .await
    }

    /// From a click on Refresh list to the list with one more token, and the longest task until
    /// then.
    async fn refresh(&self, tab: &Tab<'_>) -> Result<(f64, f64)> {
        self.running.control.token(ACCOUNT, 7200)?;
        tab.call("idle()").await?;
        tab.call("restart()").await?;
        let more = Some(self.ids.len() + 1);
        let took = tab.click_until("Refresh list", false, "list", more).await?;
        let longest = tab.found().await?.longest_task;
        self.tidy()?;
        Ok((took, longest))
    }

    /// Deletes what the visit has added, so that the next one finds the same.
    fn tidy(&self) -> Result<()> {
        for id in self.running.control.token_ids(ACCOUNT)? {
            if !self.ids.contains(&id) {
                self.running.control.delete_token(ACCOUNT, id)?;
            }
        }
        Ok(())
    }
}

/// The browser's one tab.
struct Tab<'a>(&'a Browser);

/// What the probe tells.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    shift: f64,
    worst_event: f64,
    longest_task: f64,
    wasm_bytes: f64,
    paint: f64,
    bytes: f64,
    requests: f64,
    sent: f64,
    sent_requests: f64,
}

impl Tab<'_> {
    async fn prepare(&self) -> Result<()> {
        self.devtools("Page.enable", json!({})).await?;
        self.devtools("Network.enable", json!({})).await?;
        self.devtools("Performance.enable", json!({})).await?;
        let probe = json!({ "source": PROBE });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", probe)
            .await?;
        Ok(())
    }

    async fn slow_cpu(&self, slow: bool) -> Result<()> {
        let rate = json!({ "rate": if slow { CPU_SLOWDOWN } else { 1 } });
        self.devtools("Emulation.setCPUThrottlingRate", rate)
            .await?;
        Ok(())
    }

    async fn slow_network(&self, slow: bool) -> Result<()> {
        let (latency, throughput) = match slow {
            true => (LATENCY, THROUGHPUT.into()),
            false => (0, -1.0),
        };
        let conditions = json!({
            "offline": false,
            "latency": latency,
            "downloadThroughput": throughput,
            "uploadThroughput": throughput,
        });
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await?;
        Ok(())
    }

    async fn open(&self, url: &str) -> Result<()> {
        self.0.page().open(url).await
    }

    /// When the form was seen, from the start of the navigation.
    async fn until_form(&self) -> Result<f64> {
        self.call("began = bench.form").await?;
        self.took().await.context("the form")
    }

    async fn until(&self, condition: &str, parameter: Option<usize>) -> Result<()> {
        let parameter = json!(parameter);
        let until = format!("begin({}, {parameter})", json!(condition));
        self.call(&until).await?;
        self.took().await.with_context(|| condition.to_owned())?;
        Ok(())
    }

    /// Presses a button as a mouse does; `in_row` takes the first row's.
    async fn click(&self, name: &str, in_row: bool) -> Result<()> {
        #[derive(Deserialize)]
        struct Place {
            x: f64,
            y: f64,
        }
        let place = self
            .call(&format!("place({}, {in_row})", json!(name)))
            .await
            .with_context(|| name.to_owned())?;
        let Place { x, y } = serde_json::from_value(place)?;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.devtools("Input.dispatchMouseEvent", event).await?;
        }
        Ok(())
    }

    /// From the click on a button to what it leads to.
    async fn click_until(
        &self,
        name: &str,
        in_row: bool,
        condition: &str,
        parameter: Option<usize>,
    ) -> Result<f64> {
        let armed = format!("arm({}, {})", json!(condition), json!(parameter));
        self.call("idle()").await?;
        self.call(&armed).await?;
        self.click(name, in_row).await?;
        let took = self.took().await;
        took.with_context(|| format!("from {name} to the {condition}"))
    }

    /// What was waited for, once it has come true.
    async fn took(&self) -> Result<f64> {
        let start = Instant::now();
        loop {
            let took = self.call("step()").await?;
            if let Some(took) = took.as_f64() {
                return Ok(took);
            }
            if start.elapsed() > PATIENCE {
                bail!("it takes too long");
            }
        }
    }

    async fn found(&self) -> Result<Found> {
        Ok(serde_json::from_value(self.call("found()").await?)?)
    }

    async fn heap(&self) -> Result<f64> {
        self.devtools("HeapProfiler.collectGarbage", json!({}))
            .await?;
        let metrics = self.devtools("Performance.getMetrics", json!({})).await?;
        let metrics = metrics["metrics"].as_array().context("no metrics")?;
        let heap = metrics
            .iter()
            .find(|metric| metric["name"] == "JSHeapUsedSize");
        number(heap.context("no heap")?["value"].clone())
    }

    /// The value of the probe's property or method, awaited.
    async fn call(&self, expression: &str) -> Result<Value> {
        let parameters = json!({
            "expression": format!("bench.{expression}"),
            "awaitPromise": true,
            "returnByValue": true,
        });
        let answer = self.devtools("Runtime.evaluate", parameters).await;
        let answer = answer.with_context(|| format!("bench.{expression}"))?;
        if let Some(details) = answer.get("exceptionDetails") {
            bail!("bench.{expression}: {details}");
        }
        Ok(answer["result"]["value"].clone())
    }

    async fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        let page = self.0.page();
        Ok(page.driver().cdp().send_raw(method, parameters).await?)
    }
}

fn number(value: Value) -> Result<f64> {
    value
        .as_f64()
        .with_context(|| format!("{value} is no number"))
}
