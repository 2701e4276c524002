// How a person with a screen reader or without finds their way through the page: by role and
// accessible name, through open shadow roots, and only within the top-most modal dialog.

// The window as the page's own scripts know it; Firefox shows tests another face of it.
const own = window.wrappedJSObject ?? window;

const ROLES = {
  A: (element) => (element.hasAttribute("href") ? "link" : null),
  BUTTON: () => "button",
  DIALOG: () => "dialog",
  FORM: () => "form",
  H1: () => "heading",
  H2: () => "heading",
  H3: () => "heading",
  H4: () => "heading",
  H5: () => "heading",
  H6: () => "heading",
  HEADER: () => "banner",
  IMG: () => "img",
  INPUT: (element) => INPUT_ROLES[element.type] ?? "textbox",
  LI: () => "listitem",
  MAIN: () => "main",
  METER: () => "meter",
  NAV: () => "navigation",
  OL: () => "list",
  OPTION: () => "option",
  OUTPUT: () => "status",
  PROGRESS: () => "progressbar",
  SELECT: () => "combobox",
  SUMMARY: () => "button",
  TABLE: () => "table",
  TD: () => "cell",
  TEXTAREA: () => "textbox",
  TH: (element) => (element.closest("tbody") ? "rowheader" : "columnheader"),
  TR: () => "row",
  UL: () => "list",
};

const INPUT_ROLES = {
  button: "button",
  checkbox: "checkbox",
  number: "spinbutton",
  radio: "radio",
  search: "searchbox",
  submit: "button",
};

const NAMED_BY_CONTENT = new Set([
  "button", "cell", "checkbox", "columnheader", "heading", "link", "listitem", "menuitem", "option",
  "radio", "row", "rowheader", "tab",
]);

const roleOf = (element) =>
  element.getAttribute("role")?.split(" ")[0] || (ROLES[element.tagName]?.(element) ?? null);

const childrenOf = (element) => {
  if (element.shadowRoot) return [...element.shadowRoot.childNodes];
  if (element.tagName === "SLOT") {
    const assigned = element.assignedNodes();
    if (assigned.length > 0) return assigned;
  }
  return [...element.childNodes];
};

const isShown = (element) => {
  const style = getComputedStyle(element);
  if (style.display === "none") return false;
  // The options of a closed selection list have no box in some engines.
  if (element.tagName === "OPTION") return true;
  // A box that only holds others, such as a slot, is not asked.
  return style.display === "contents" || element.checkVisibility();
};

const isPerceivable = (element) =>
  isShown(element) && element.getAttribute("aria-hidden") !== "true" && !element.inert;

function* perceivable(element) {
  if (!isPerceivable(element)) return;
  if (getComputedStyle(element).visibility === "visible") yield element;
  for (const child of childrenOf(element)) {
    if (child.nodeType === Node.ELEMENT_NODE) yield* perceivable(child);
  }
}

const plain = (text) => text.replace(/\s+/g, " ").trim();

// The text that is shown; `shows` decides which elements count.
const textOf = (node, shows) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || !shows(node)) return "";
  const { display, visibility } = getComputedStyle(node);
  if (visibility !== "visible") return "";
  const inner = childrenOf(node).map((child) => textOf(child, shows)).join("");
  return display === "contents" || display.startsWith("inline") ? inner : ` ${inner} `;
};

const nameOf = (element) => {
  const scope = element.getRootNode();
  const named = (element.getAttribute("aria-labelledby") ?? "")
    .split(" ")
    .map((id) => id && scope.getElementById?.(id))
    .filter(Boolean);
  // What names something may itself be hidden.
  const labelText = (label) => textOf(label, (part) => part === label || isPerceivable(part));
  if (named.length > 0) return plain(named.map(labelText).join(" "));
  const label = element.getAttribute("aria-label");
  if (label) return plain(label);
  if (element.labels?.length > 0) return plain([...element.labels].map(labelText).join(" "));
  if (element.tagName === "TABLE" && element.caption) return plain(labelText(element.caption));
  const inner = element.alt ?? (NAMED_BY_CONTENT.has(roleOf(element)) ? labelText(element) : "");
  return plain(inner || element.title || element.placeholder || "");
};

function* modalDialogs(element) {
  if (element.matches("dialog:modal")) yield element;
  for (const child of childrenOf(element)) {
    if (child.nodeType === Node.ELEMENT_NODE) yield* modalDialogs(child);
  }
}

// The elements that match a selector, in every open shadow root.
const select = (selector) => {
  const inside = (scope) => [
    ...scope.querySelectorAll(selector),
    ...[...scope.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
      shadowRoot ? inside(shadowRoot) : [],
    ),
  ];
  return inside(document);
};

const focused = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
};

// The part of the page that can be used: the rest is inert while a modal dialog is open.
const usable = () => {
  const dialogs = [...modalDialogs(document.documentElement)];
  const holdsFocus = (dialog) => {
    for (let node = focused(); node; node = node.parentNode ?? node.host) {
      if (node === dialog) return true;
    }
    return false;
  };
  return dialogs.findLast(holdsFocus) ?? dialogs.at(-1) ?? document.body;
};

// The elements at the end of `path`, a list of a role and a name or its beginning.
const find = (path) => {
  let found = [usable()];
  path.forEach(([role, name, exact], step) => {
    const fits = (element) => {
      if (roleOf(element) !== role) return false;
      if (name === null) return true;
      const found = nameOf(element);
      return exact ? found === name : found.startsWith(name);
    };
    const inside = found.flatMap((scope) => {
      const all = [...perceivable(scope)];
      // The dialog itself can be the first step.
      return step === 0 ? all : all.filter((element) => element !== scope);
    });
    found = [...new Set(inside)].filter(fits);
  });
  return found;
};

const describe = (element) => {
  if (!element || element === document.body) return null;
  return { role: roleOf(element) ?? element.tagName.toLowerCase(), name: nameOf(element) };
};

const shownText = (element) => plain(textOf(element, isShown));
