/**
 * The element `<dcd-token-manager>`: a list of IONOS Cloud authentication tokens with everything to
 * generate and delete them. Loading the module defines it.
 */
export {};

/** Why the host is asked for a credential. */
export type CredentialReason = "initial" | "expired" | "step-up";

/** What the Auth API is called with: a token, or an account's e-mail address and password. */
export type Credential = { token: string } | { email: string; password: string };

/** The host's way to authenticate; `null` if it has none. */
export type GetCredential = (request: {
  reason: CredentialReason;
}) => Promise<Credential | null>;

/** Who is signed in, as far as it is known. */
export interface TokenManagerSession {
  readonly account: string | null;
  readonly contractNumber: number | null;
}

/** The element's events; they bubble, and none ever carries a token's value. */
export interface TokenManagerEventMap extends HTMLElementEventMap {
  /** The panel is there. */
  ready: CustomEvent<null>;
  /** Somebody has signed in or out. */
  "session-changed": CustomEvent<null>;
  /** A token was generated; `null` stands for what the API's answer did not tell. */
  "token-generated": CustomEvent<{ id: string | null; expirationDate: string | null }>;
  "token-deleted": CustomEvent<{ ids: string[] }>;
  /** The panel needs a credential, or a better one, and the host gave none. */
  "session-required": CustomEvent<{ reason: CredentialReason }>;
  /** Something failed; the codes are stable and listed in EMBEDDING.md. */
  failed: CustomEvent<{ code: string }>;
}

/** The element's attributes, as markup and JSX write them. */
export interface TokenManagerAttributes {
  /** The Auth API's base URL, such as `https://api.ionos.com/auth/v1`. */
  "auth-api"?: string;
  /** The contract to work with; needed where the credential has several. */
  "contract-number"?: string;
  /** The level of the panel's heading, 1 to 6; 2 if not set. */
  "heading-level"?: string;
  /** A language tag such as `de-AT`; the browser's language if not set. */
  lang?: string;
  theme?: "auto" | "light" | "dark";
  /** `inline` shares the page's scripts; `frame` runs in a frame of the app's own origin. */
  mode?: "inline" | "frame";
}

export interface TokenManagerElement extends HTMLElement {
  getCredential: GetCredential | null;
  /** Whether a token's value is shown that was neither copied nor downloaded. */
  readonly hasUnsavedToken: boolean;
  /** Who is signed in; `null` if nobody is, and always in frame mode. */
  readonly session: TokenManagerSession | null;
  /** Reads the list again. */
  refresh(): void;
  /** Forgets the credential and all that was read with it. */
  signOut(): void;

  addEventListener<Name extends keyof TokenManagerEventMap>(
    type: Name,
    listener: (this: TokenManagerElement, event: TokenManagerEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof TokenManagerEventMap>(
    type: Name,
    listener: (this: TokenManagerElement, event: TokenManagerEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "dcd-token-manager": TokenManagerElement;
  }
}
