// Elements without a library.

/**
 * @param {string} tag
 * @param {Record<string, unknown>} attributes those that are functions listen, `null` is left out
 * @param {...(Node | string)} children
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function button(text, kind, onclick, attributes = {}) {
  return el("button", { class: `button ${kind}`, type: "button", click: onclick, ...attributes }, text);
}

const SHAPES = {
  check: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M5 8.2l2.1 2.1L11 6",
  clock: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M8 4.5V8l2.5 1.8",
  cross: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M5.7 5.7l4.6 4.6m0-4.6-4.6 4.6",
  warning: "M8 1.8 14.8 14H1.2zM8 6.2v3.8M8 12v.1",
};

export function icon(shape) {
  const make = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const svg = make("svg", {
    class: "icon",
    viewBox: "0 0 16 16",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.5",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
  });
  svg.append(make("path", { d: SHAPES[shape] }));
  return svg;
}

/** A modal dialog that is shown in `root` until the function that `actions` is given is called. */
export function openDialog(root, { title, alert, body, actions }) {
  const close = () => dialog.remove();
  const dialog = el(
    "dialog",
    {
      class: alert ? "dialog alert" : "dialog",
      role: alert ? "alertdialog" : null,
      "aria-labelledby": "dialog-title",
      closedby: "none",
    },
    el("h2", { class: "dialog-title", id: "dialog-title" }, title),
    el("div", { class: "dialog-body" }, ...body),
    el("div", { class: "dialog-actions" }, ...actions(close)),
  );
  root.append(dialog);
  dialog.showModal();
  dialog.querySelector("[data-first]")?.focus();
}
