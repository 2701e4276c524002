// The wasm modules: loaded once for all elements of a page, checked before they run, and given up
// for good after a panic. The first one shows the list; the second one is there for whatever is done
// with it, and has the memory and the tables of the first.

import init, { imports, setRest } from "token-manager-glue";
import laterText from "../style/later.css";
import { chooseLanguage } from "./language.js";

/** The folder of the app's files. */
export const ASSETS = new URL(".", import.meta.url).href;

/** The style of what only the second module shows, which brings it along. */
export const laterStyle = new CSSStyleSheet();

/** Where the first module takes no longer than this, in milliseconds, the second one is in nobody's way. */
const QUICK = 250;
/** Else it is fetched after an event and so many milliseconds: while somebody fills in the form, or
 * when the list is there. */
const REST_DELAYS = { ready: 2_000, "session-changed": 300 };

/** @type {Promise<unknown> | undefined} */
let loading;
let isQuick = false;
/** @type {Promise<unknown> | undefined} */
let loadingRest;
/** @type {Promise<unknown> | undefined} */
let loadingGerman;
let hasGerman = false;
/** What the first module shares. */
let first;
/** @type {Set<Panel>} */
const panels = new Set();

/** Loads the first module, at most once. */
export function loadApp() {
  loading ??= load();
  return loading;
}

async function load() {
  // By hand, since the glue would take a response of any type.
  const module = await compileApp();
  first = await init({ module_or_path: module });
  isQuick = hasComeQuickly();
  addEventListener("error", ({ error }) => noticePanic(error));
  addEventListener("unhandledrejection", ({ reason }) => noticePanic(reason));
  // Quick builds make one module of the app.
  if (!REST_FILE) laterStyle.replaceSync(laterText);
  else setRest((quietly) => (quietly ? loadRest() : needRest()));
}

/**
 * Loads the second module before anybody waits for it, but behind the list where the network is slow.
 *
 * @param {string} event what the panel tells
 */
export function prepareRest(event) {
  const delay = isQuick ? 0 : REST_DELAYS[event];
  // An element in frame mode has none here.
  if (!REST_FILE || !first || delay === undefined) return;
  setTimeout(() => loadRest().catch(() => {}), delay);
}

/** Loads the second module because somebody waits for it: without it, nothing can be done here. */
async function needRest() {
  try {
    await loadRest();
  } catch (error) {
    if (navigator.onLine) giveUp("not-loaded");
    else for (const panel of panels) panel.noNetwork();
    throw error;
  }
}

function loadRest() {
  loadingRest ??= instantiateRest().catch((error) => {
    // Perhaps the network was away.
    loadingRest = undefined;
    throw error;
  });
  return loadingRest;
}

async function instantiateRest() {
  const rest = await compilePart(REST_FILE, REST_INTEGRITY);
  const [style] = WebAssembly.Module.customSections(rest, "style");
  laterStyle.replaceSync(new TextDecoder().decode(style));
  new WebAssembly.Instance(rest, { ...imports(), first });
  setRest();
}

/**
 * Loads the texts of the language with this tag, if they are in a file of their own. It never fails.
 *
 * @param {string} tag
 */
export function loadTexts(tag) {
  if (hasTexts(tag)) return undefined;
  loadingGerman ??= loadGerman().catch(() => {
    loadingGerman = undefined;
  });
  return loadingGerman;
}

async function loadGerman() {
  const texts = await compilePart(GERMAN_FILE, GERMAN_INTEGRITY);
  await loadApp();
  new WebAssembly.Instance(texts, { first });
  hasGerman = true;
}

/** Whether the app can speak the language with this tag. */
export function hasTexts(tag) {
  return !GERMAN_FILE || hasGerman || chooseLanguage(tag) !== "de";
}

/** Whether the network is quick, by the first module, which the page may have asked for long ago. */
function hasComeQuickly() {
  const [entry] = performance.getEntriesByName(new URL(WASM_FILE, ASSETS).href);
  return entry !== undefined && entry.duration < QUICK;
}

/**
 * The first module. Where browsers can compute digests it is checked here, since what a page
 * preloads they can't check, and what they check they compile only when all of it is there.
 */
async function compileApp() {
  const url = new URL(WASM_FILE, ASSETS);
  if (!crypto.subtle) return WebAssembly.compileStreaming(fetchAsset(WASM_FILE, WASM_INTEGRITY));
  try {
    return await compileChecked(fetch(url));
  } catch {
    // What a cache has kept of it may be damaged for good.
    return compileChecked(fetch(url, { cache: "reload" }));
  }
}

async function compileChecked(fetched) {
  const response = await fetched;
  const content = response.clone().arrayBuffer();
  const [module, digest] = await Promise.all([
    WebAssembly.compileStreaming(response),
    content.then((bytes) => crypto.subtle.digest("SHA-384", bytes)),
  ]);
  const value = btoa(String.fromCharCode(...new Uint8Array(digest)));
  if (`sha384-${value}` !== WASM_INTEGRITY) throw new Error("altered");
  return module;
}

/** A part of the app. Not by its type: that of a module is meant for one that runs by itself. */
async function compilePart(file, integrity) {
  const response = await fetchAsset(file, integrity);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** A file of the app, checked. What a cache has kept of it may be damaged for good: then anew. */
async function fetchAsset(file, integrity) {
  const url = new URL(file, ASSETS);
  try {
    return await fetch(url, { integrity });
  } catch {
    return fetch(url, { integrity, cache: "reload" });
  }
}

/**
 * @typedef {object} Panel what is told of the app's troubles
 * @property {(code: string) => void} end it can do nothing more, for this reason
 * @property {() => void} noNetwork it could do what is asked for if there was a network
 */

/**
 * @param {Panel} panel
 * @returns {() => void} ends that it is told
 */
export function watchApp(panel) {
  panels.add(panel);
  return () => panels.delete(panel);
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
  giveUp("crashed");
}

function giveUp(code) {
  const ended = [...panels];
  panels.clear();
  for (const panel of ended) panel.end(code);
}
