// What the element's types allow, and what they don't: checked by the compiler, never run.

import type { Credential, TokenManagerElement } from "dcd-token-manager";

const tokens = document.querySelector("dcd-token-manager");
if (!tokens) throw new Error("no element");
const element: TokenManagerElement = tokens;

element.getCredential = async ({ reason }) => {
  switch (reason) {
    case "initial":
      return { token: "…" };
    case "expired":
      return { email: "demo@example.com", password: "…" };
    case "step-up":
      return null;
  }
};
element.getCredential = null;
element.refresh();
element.signOut();

const unsaved: boolean = element.hasUnsavedToken;
const contract: number | null | undefined = element.session?.contractNumber;
export const seen = [unsaved, contract];

element.addEventListener("token-generated", ({ detail }) => {
  const id: string | null = detail.id;
  // @ts-expect-error No event carries a value.
  const value = detail.token;
  return [id, value];
});
element.addEventListener("token-deleted", ({ detail }) => detail.ids.join());
element.addEventListener("session-required", ({ detail }) => detail.reason === "step-up");
element.addEventListener("failed", function ({ detail }) {
  this.refresh();
  return detail.code.length;
});
element.addEventListener("click", (event) => event.clientX);
element.addEventListener("anything", (event) => event.type);

// @ts-expect-error A token or an account, not half of one.
export const half: Credential = { email: "demo@example.com" };

// @ts-expect-error What the panel shows can be asked for, not set.
element.hasUnsavedToken = false;

// @ts-expect-error There is no such reason.
element.addEventListener("session-required", ({ detail }) => detail.reason === "bored");
