// The wasm module: loaded once for all elements of a page, checked before it runs, and given up
// for good after a panic.

import init from "token-manager-glue";

/** The folder of the app's files. */
export const ASSETS = new URL(".", import.meta.url).href;

/** @type {Promise<unknown> | undefined} */
let loading;
/** @type {Set<() => void>} */
const mourners = new Set();

/** Loads the module, at most once. */
export function loadApp() {
  loading ??= load();
  return loading;
}

async function load() {
  const wasm = fetch(new URL(WASM_FILE, ASSETS), { integrity: WASM_INTEGRITY });
  // By hand, since the glue would take a response of any type.
  const module = await WebAssembly.compileStreaming(wasm);
  await init({ module_or_path: module });
  addEventListener("error", ({ error }) => noticePanic(error));
  addEventListener("unhandledrejection", ({ reason }) => noticePanic(reason));
}

/**
 * Calls `callback` when the module dies.
 *
 * @param {() => void} callback
 * @returns {() => void} ends that
 */
export function onPanic(callback) {
  mourners.add(callback);
  return () => mourners.delete(callback);
}

/**
 * Calls into the module. A panic is noticed even where a caller further out catches it.
 *
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function guard(call) {
  try {
    return call();
  } catch (error) {
    noticePanic(error);
    throw error;
  }
}

/** Whether some module has trapped; there are browsers without any. */
export function isTrap(error) {
  return typeof WebAssembly !== "undefined" && error instanceof WebAssembly.RuntimeError;
}

/** A panic ends in a trap; traps of other modules of the page are not ours. */
function noticePanic(error) {
  if (!isTrap(error)) return;
  // Safari's stacks don't name the module: there, every trap counts as ours.
  const stack = error.stack ?? "";
  const namesModule = /\.wasm\b|wasm:\/\//.test(stack);
  if (namesModule && !stack.includes(ASSETS)) return;
  loading = Promise.reject(Object.assign(new Error("panic"), { code: "crashed" }));
  // Every element that still starts hears of it; nobody else has to.
  loading.catch(() => {});
  const callbacks = [...mourners];
  mourners.clear();
  for (const callback of callbacks) callback();
}
