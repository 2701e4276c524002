// Runs in each measured page before anything else: notes what the browser tells of its speed, and
// waits for things to be seen.

(() => {
  const found = { shift: 0, worstEvent: 0, longestTask: 0, memory: undefined };

  const observe = (type, take, options = {}) => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(take));
    observer.observe({ type, buffered: true, ...options });
  };
  observe("layout-shift", (entry) => {
    if (!entry.hadRecentInput) found.shift += entry.value;
  });
  observe("longtask", ({ duration }) => {
    found.longestTask = Math.max(found.longestTask, duration);
  });
  const noteEvent = ({ duration, interactionId }) => {
    if (interactionId) found.worstEvent = Math.max(found.worstEvent, duration);
  };
  observe("event", noteEvent, { durationThreshold: 16 });

  // The memory of a wasm module, should there be one.
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...parameters) => {
    const result = await instantiate.apply(WebAssembly, parameters);
    // Further modules may use the first one's.
    found.memory ??= (result.instance ?? result).exports.memory;
    return result;
  };

  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  // After the frame in which something is there, it is seen.
  const painted = async () => {
    await frame();
    const { port1, port2 } = new MessageChannel();
    const after = new Promise((resolve) => (port1.onmessage = resolve));
    port2.postMessage(null);
    await after;
  };
  const until = async (condition) => {
    while (!condition()) await frame();
    await painted();
    return performance.now();
  };

  const root = () => document.querySelector("dcd-token-manager")?.shadowRoot;
  const seen = (element) => element?.checkVisibility() && !element.disabled;
  const buttons = () => [...(root()?.querySelectorAll("button") ?? [])];
  const button = (name) =>
    buttons().findLast((it) => seen(it) && (it.textContent === name || it.ariaLabel === name));
  const rows = () => root()?.querySelector("tbody")?.rows ?? [];
  const dialog = () => root()?.querySelector("dialog[open]");
  const quota = () => root()?.querySelector(".quota")?.textContent ?? "";

  const conditions = {
    form: () => seen(root()?.querySelector("form #bearer")),
    dialog: () => dialog(),
    "no dialog": () => !dialog(),
    list: (count) => rows().length === count && quota().startsWith(`${count} of `),
  };

  const resources = () =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      // The API's answers are those of any page, and nothing waits for the icon.
      .filter(({ name }) => !name.includes("/auth/") && !name.endsWith(".svg"));

  globalThis.bench = {
    form: until(conditions.form),

    /** Types what is not measured. */
    fill(id, text) {
      const input = root().getElementById?.(id) ?? root().querySelector(`#${id}`);
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    },

    /** Waits for a condition to be seen, from the next click on. */
    arm(condition, parameter) {
      this.began = new Promise((resolve) => {
        const clicked = async ({ timeStamp }) => {
          resolve((await until(() => conditions[condition](parameter))) - timeStamp);
        };
        addEventListener("click", clicked, { capture: true, once: true });
      });
    },

    /** Waits for a condition to be seen, from now on. */
    begin(condition, parameter) {
      this.began = until(() => conditions[condition](parameter));
    },

    /** What was waited for, in milliseconds; nothing if it is still to come. */
    step: () =>
      Promise.race([bench.began, new Promise((resolve) => setTimeout(resolve, 10_000))]),

    /** The middle of a button, once it can be pressed; `row` is the first row's. */
    async place(name, row) {
      const find = () => {
        const own = () => [...rows()[0].querySelectorAll("button")].find((it) => it.textContent === name);
        return row ? own() : button(name);
      };
      await until(() => seen(find()));
      find().scrollIntoView({ block: "nearest" });
      await painted();
      const { x, y, width, height } = find().getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    },

    /** Whether a button is there. */
    has: (name) => Boolean(button(name)),

    /** Resolves when nothing is left to do. */
    async idle() {
      for (let turn = 0; turn < 3; turn += 1) {
        await new Promise((resolve) => requestIdleCallback(resolve));
        await frame();
      }
    },

    /** From here on, the worst event and the longest task are those to come. */
    restart() {
      found.worstEvent = 0;
      found.longestTask = 0;
    },

    found: () => ({
      shift: found.shift,
      worstEvent: found.worstEvent,
      longestTask: found.longestTask,
      wasmBytes: found.memory?.buffer.byteLength ?? 0,
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
      bytes: resources().reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      requests: resources().length,
      sent: resources().reduce((sum, { transferSize }) => sum + transferSize, 0),
      sentRequests: resources().filter(({ transferSize }) => transferSize > 0).length,
    }),
  };
})();
