// The panel: sign-in, list, generate, reveal, delete.

import panelStyle from "../../../style/panel.css";
import { Api, tokenId } from "./api.js";
import { button, el, icon, openDialog } from "./dom.js";

const DAY = 86_400;
const TTLS = [
  ["1 Hour", 3600],
  ["4 Hours", 14_400],
  ...[1, 7, 30, 60, 90, 180, 365].map((days) => [days === 1 ? "1 Day" : `${days} Days`, days * DAY]),
];
/** Of so many rows, the style lays out those alone that are seen. */
const MANY = [20, 1200];
const COLUMNS = ["ID", "Creation Date", "Expiration Date", "Status", "Actions"];

const style = new CSSStyleSheet();
style.replaceSync(panelStyle);
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

export class Panel extends HTMLElement {
  session = null;
  #api;
  #config;
  /** The rows by ID, in the order of the list. */
  #rows = new Map();
  #quota;
  #body;
  #panel = el("div", { class: "panel" });

  async connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    const container = el("div", { class: "dcd" }, el("slot"));
    root.append(container);
    // The page has set this before the element was defined.
    this.#config = await this.settings;
    const heading = el(
      "div",
      { class: "heading" },
      el("h1", { class: "title" }, "API/SDK Authentication Token Manager"),
      el(
        "p",
        { class: "lead" },
        "Generate secure tokens for seamless access to IONOS Cloud APIs and SDKs.",
      ),
    );
    this.#panel.append(heading, this.#signIn());
    container.replaceChildren(this.#panel);
  }

  signOut() {
    location.reload();
  }

  #signIn() {
    const field = (name, label, type) => {
      const input = el("input", { class: "control", id: name, type, autocomplete: "off" });
      return [input, el("div", { class: "field" }, el("label", { for: name }, label), input)];
    };
    const [bearer, bearerField] = field("bearer", "Authentication token", "password");
    const problem = el("div", { role: "alert" });
    const submit = async (event) => {
      event.preventDefault();
      this.#api = new Api(this.#config.authApi, `Bearer ${bearer.value}`);
      bearer.value = "";
      try {
        const tokens = await this.#api.list();
        this.#panel.lastElementChild.replaceWith(this.#generate(), this.#list());
        this.#show(tokens);
      } catch (error) {
        problem.replaceChildren(el("p", { class: "notice error" }, error.message));
      }
    };
    return el(
      "form",
      { class: "card sign-in", novalidate: "", "aria-labelledby": "sign-in-title", submit },
      el("h2", { class: "form-title", id: "sign-in-title" }, "Sign in"),
      problem,
      bearerField,
      el(
        "div",
        { class: "notice-actions" },
        el("button", { class: "button primary", type: "submit" }, "Sign in"),
      ),
    );
  }

  #generate() {
    const options = TTLS.map(([text, seconds]) => el("option", { value: seconds }, text));
    const hint = el("p", { class: "field-hint" });
    const preview = () => {
      hint.textContent = `Would expire ${dates.format(Date.now() + select.value * 1000)}`;
    };
    const select = el("select", { class: "control", id: "ttl", change: preview }, ...options);
    preview();
    const generate = async () => {
      go.disabled = true;
      try {
        const value = await this.#api.generate(select.value);
        this.#reveal(value);
        await this.#refresh();
      } finally {
        go.disabled = false;
      }
    };
    const go = button("Generate Token", "primary", generate);
    return el(
      "div",
      { class: "card generate" },
      el(
        "div",
        { class: "field" },
        el("label", { for: "ttl" }, "Time To Live (TTL):"),
        select,
        hint,
      ),
      go,
    );
  }

  #list() {
    this.#quota = el("p", { class: "quota" });
    this.#body = el("tbody", { click: (event) => this.#clicked(event) });
    const heads = COLUMNS.map((text) => el("th", { scope: "col" }, text));
    return el(
      "div",
      { class: "list" },
      el(
        "div",
        { class: "toolbar" },
        this.#quota,
        el(
          "div",
          { class: "toolbar-actions" },
          button("Refresh list", "outlined", () => this.#refresh()),
        ),
      ),
      el(
        "div",
        { class: "table-scroll" },
        el(
          "table",
          { class: "tokens" },
          el("caption", { class: "visually-hidden" }, "Authentication tokens"),
          el("thead", {}, el("tr", {}, el("td"), ...heads)),
          this.#body,
        ),
      ),
    );
  }

  async #refresh() {
    this.#show(await this.#api.list());
  }

  /** Changes only the rows that differ. */
  #show(tokens) {
    this.#quota.textContent = `${tokens.length} of ${this.#config.tokenLimit} tokens`;
    tokens.sort((a, b) => b.created - a.created);
    const isMany = tokens.length > MANY[0] && tokens.length <= MANY[1];
    this.#body.parentElement.toggleAttribute("data-many", isMany);
    const old = this.#rows;
    this.#rows = new Map(tokens.map((token) => [token.id, old.get(token.id) ?? row(token)]));
    for (const [id, element] of old) if (!this.#rows.has(id)) element.remove();
    if (old.size === 0) {
      this.#body.append(...this.#rows.values());
      return;
    }
    let place = this.#body.firstElementChild;
    for (const element of this.#rows.values()) {
      if (place === element) place = element.nextElementSibling;
      else this.#body.insertBefore(element, place);
    }
  }

  #clicked({ target }) {
    const pressed = target.closest("button");
    if (!pressed) return;
    const { id } = pressed.closest("tr").dataset;
    if (pressed.dataset.action === "delete") this.#ask(id);
    if (pressed.dataset.action === "copy") navigator.clipboard.writeText(id);
  }

  #ask(id) {
    const text = `Delete the token ${id}? It stops working at once, even if it has not expired. This can't be undone.`;
    openDialog(this.#panel, {
      title: "Delete token",
      alert: true,
      body: [el("p", { class: "delete-text" }, text)],
      actions: (close) => [
        button("Cancel", "outlined", close, { "data-first": "" }),
        button("Delete", "danger", async () => {
          await this.#api.delete(id);
          close();
          await this.#refresh();
        }),
      ],
    });
  }

  #reveal(value) {
    const shown = el("span", { class: "value", translate: "no", "data-token-value": "" });
    const masked = el("span", { class: "value masked" }, "••••••••••••••••");
    shown.hidden = true;
    const toggle = ({ target }) => {
      shown.hidden = !shown.hidden;
      masked.hidden = !shown.hidden;
      shown.textContent = shown.hidden ? "" : value;
      target.textContent = shown.hidden ? "Show" : "Hide";
    };
    const copy = (text, label) =>
      button("Copy", "outlined", () => navigator.clipboard.writeText(text), { "aria-label": label });
    const id = tokenId(value);
    const box = (label, values, ...actions) =>
      el(
        "div",
        { class: "value-box" },
        el("p", { class: "value-label" }, label),
        ...values,
        el("div", { class: "value-actions" }, ...actions),
      );
    const warning = "Please save your Token Value. You will not be able to see it again.";
    openDialog(this.#panel, {
      title: "Token generated",
      body: [
        el("p", { class: "warning-box" }, icon("warning"), el("span", {}, warning)),
        box("Token ID", [el("span", { class: "value id" }, id)], copy(id, "Copy Token ID")),
        box(
          "Token Value",
          [masked, shown],
          button("Show", "outlined", toggle),
          copy(value, "Copy Token Value"),
        ),
      ],
      actions: (close) => [
        button("Download", "outlined", () => download(value, id)),
        button("Close", "primary", close),
      ],
    });
  }
}

function download(value, id) {
  const url = URL.createObjectURL(new Blob([value]));
  el("a", { href: url, download: `ionos-token-${id.slice(0, 8)}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function row({ id, created, expires }) {
  const left = (expires - Date.now()) / 1000;
  const [status, shape, text] =
    left <= 0
      ? ["expired", "cross", "Expired"]
      : left < 7 * DAY
        ? ["soon", "clock", "Expires soon"]
        : ["active", "check", "Active"];
  const days = Math.round(left / DAY);
  const until = days === 0 ? relative.format(Math.round(left / 3600), "hour") : relative.format(days, "day");
  const small = (text, action) =>
    el(
      "button",
      {
        class: "button outlined small",
        type: "button",
        "data-action": action,
        "aria-label": `${text} token ${id}`,
      },
      text,
    );
  const cell = (label, name, ...children) =>
    el("td", { class: name, "data-label": label }, ...children);
  const [idLabel, createdLabel, expiresLabel, statusLabel, actionsLabel] = COLUMNS;
  return el(
    "tr",
    { "data-id": id },
    cell(
      "",
      "cell-check",
      el("input", { type: "checkbox", "aria-label": `Select token ${id}` }),
    ),
    cell(
      idLabel,
      "cell-id",
      el("span", { class: "id" }, id),
      el("button", { class: "button text", type: "button", "data-action": "copy" }, "Copy"),
    ),
    cell(createdLabel, "cell-date", dates.format(created)),
    cell(
      expiresLabel,
      "cell-date",
      dates.format(expires),
      el("span", { class: "relative" }, until),
    ),
    cell(statusLabel, "cell-status", el("span", { class: `status ${status}` }, icon(shape), text)),
    cell(
      actionsLabel,
      "actions",
      small("Details", "details"),
      small("Rotate", "rotate"),
      small("Delete", "delete"),
    ),
  );
}
