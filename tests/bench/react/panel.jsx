// The panel: sign-in, list, generate, reveal, delete.

import { memo, useCallback, useEffect, useRef, useState } from "react";
import { Api, tokenId } from "../reference/api.js";

const DAY = 86_400;
const TTLS = [
  ["1 Hour", 3600],
  ["4 Hours", 14_400],
  ...[1, 7, 30, 60, 90, 180, 365].map((days) => [days === 1 ? "1 Day" : `${days} Days`, days * DAY]),
];
/** Of so many rows, the style lays out those alone that are seen. */
const MANY = [20, 1200];
const COLUMNS = ["ID", "Creation Date", "Expiration Date", "Status", "Actions"];

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

export function Panel({ settings }) {
  const [api, setApi] = useState(null);
  const [tokens, setTokens] = useState([]);
  const [value, setValue] = useState(null);
  const [doomed, setDoomed] = useState(null);

  // Rows that have not changed stay the same objects, so that React passes them over.
  const take = useCallback((listed) => {
    listed.sort((a, b) => b.created - a.created);
    setTokens((before) => {
      const old = new Map(before.map((token) => [token.id, token]));
      return listed.map((token) => old.get(token.id) ?? token);
    });
  }, []);
  const refresh = async () => take(await api.list());
  const enter = async (credential) => {
    const entered = new Api(settings.authApi, `Bearer ${credential}`);
    take(await entered.list());
    setApi(entered);
  };
  const generate = async (ttl) => {
    setValue(await api.generate(ttl));
    await refresh();
  };
  const remove = async () => {
    await api.delete(doomed);
    setDoomed(null);
    await refresh();
  };

  return (
    <div className="panel">
      <div className="heading">
        <h1 className="title">API/SDK Authentication Token Manager</h1>
        <p className="lead">
          Generate secure tokens for seamless access to IONOS Cloud APIs and SDKs.
        </p>
      </div>
      {api ? (
        <>
          <Generate generate={generate} />
          <List tokens={tokens} limit={settings.tokenLimit} refresh={refresh} ask={setDoomed} />
        </>
      ) : (
        <SignIn enter={enter} />
      )}
      {value && <Reveal value={value} close={() => setValue(null)} />}
      {doomed && <Delete id={doomed} remove={remove} close={() => setDoomed(null)} />}
    </div>
  );
}

function SignIn({ enter }) {
  const bearer = useRef(null);
  const [problem, setProblem] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    const { value } = bearer.current;
    bearer.current.value = "";
    try {
      await enter(value);
    } catch (error) {
      setProblem(error.message);
    }
  };
  return (
    <form className="card sign-in" noValidate aria-labelledby="sign-in-title" onSubmit={submit}>
      <h2 className="form-title" id="sign-in-title">
        Sign in
      </h2>
      <div role="alert">{problem && <p className="notice error">{problem}</p>}</div>
      <div className="field">
        <label htmlFor="bearer">Authentication token</label>
        <input className="control" id="bearer" type="password" autoComplete="off" ref={bearer} />
      </div>
      <div className="notice-actions">
        <button className="button primary" type="submit">
          Sign in
        </button>
      </div>
    </form>
  );
}

function Generate({ generate }) {
  const [ttl, setTtl] = useState(TTLS[0][1]);
  const [running, setRunning] = useState(false);
  const go = async () => {
    setRunning(true);
    try {
      await generate(ttl);
    } finally {
      setRunning(false);
    }
  };
  return (
    <div className="card generate">
      <div className="field">
        <label htmlFor="ttl">Time To Live (TTL):</label>
        <select
          className="control"
          id="ttl"
          value={ttl}
          onChange={(event) => setTtl(Number(event.target.value))}
        >
          {TTLS.map(([text, seconds]) => (
            <option key={seconds} value={seconds}>
              {text}
            </option>
          ))}
        </select>
        <p className="field-hint">Would expire {dates.format(Date.now() + ttl * 1000)}</p>
      </div>
      <button className="button primary" type="button" disabled={running} onClick={go}>
        Generate Token
      </button>
    </div>
  );
}

function List({ tokens, limit, refresh, ask }) {
  return (
    <div className="list">
      <div className="toolbar">
        <p className="quota">{`${tokens.length} of ${limit} tokens`}</p>
        <div className="toolbar-actions">
          <button className="button outlined" type="button" onClick={refresh}>
            Refresh list
          </button>
        </div>
      </div>
      <div className="table-scroll">
        <table className="tokens" data-many={tokens.length > MANY[0] && tokens.length <= MANY[1] ? "" : undefined}>
          <caption className="visually-hidden">Authentication tokens</caption>
          <thead>
            <tr>
              <td />
              {COLUMNS.map((text) => (
                <th key={text} scope="col">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <Row key={token.id} token={token} ask={ask} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const Row = memo(function Row({ token: { id, created, expires }, ask }) {
  const left = (expires - Date.now()) / 1000;
  const [status, shape, text] =
    left <= 0
      ? ["expired", CROSS, "Expired"]
      : left < 7 * DAY
        ? ["soon", CLOCK, "Expires soon"]
        : ["active", CHECK, "Active"];
  const days = Math.round(left / DAY);
  const until =
    days === 0 ? relative.format(Math.round(left / 3600), "hour") : relative.format(days, "day");
  const [idLabel, createdLabel, expiresLabel, statusLabel, actionsLabel] = COLUMNS;
  return (
    <tr>
      <td className="cell-check" data-label="">
        <input type="checkbox" aria-label={`Select token ${id}`} />
      </td>
      <td className="cell-id" data-label={idLabel}>
        <span className="id">{id}</span>
        <button
          className="button text"
          type="button"
          onClick={() => navigator.clipboard.writeText(id)}
        >
          Copy
        </button>
      </td>
      <td className="cell-date" data-label={createdLabel}>
        {dates.format(created)}
      </td>
      <td className="cell-date" data-label={expiresLabel}>
        {dates.format(expires)}
        <span className="relative">{until}</span>
      </td>
      <td className="cell-status" data-label={statusLabel}>
        <span className={`status ${status}`}>
          <Icon d={shape} />
          {text}
        </span>
      </td>
      <td className="actions" data-label={actionsLabel}>
        <Small text="Details" id={id} />
        <Small text="Rotate" id={id} />
        <Small text="Delete" id={id} onClick={() => ask(id)} />
      </td>
    </tr>
  );
});

function Small({ text, id, onClick }) {
  return (
    <button
      className="button outlined small"
      type="button"
      aria-label={`${text} token ${id}`}
      onClick={onClick}
    >
      {text}
    </button>
  );
}

const CIRCLE = "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13";
const CHECK = `${CIRCLE}M5 8.2l2.1 2.1L11 6`;
const CLOCK = `${CIRCLE}M8 4.5V8l2.5 1.8`;
const CROSS = `${CIRCLE}M5.7 5.7l4.6 4.6m0-4.6-4.6 4.6`;
const WARNING = "M8 1.8 14.8 14H1.2zM8 6.2v3.8M8 12v.1";

function Icon({ d }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={d} />
    </svg>
  );
}

function Modal({ title, alert, actions, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    dialog.current.showModal();
    dialog.current.querySelector("[data-first]")?.focus();
  }, []);
  return (
    <dialog
      className={alert ? "dialog alert" : "dialog"}
      role={alert ? "alertdialog" : undefined}
      aria-labelledby="dialog-title"
      ref={dialog}
    >
      <h2 className="dialog-title" id="dialog-title">
        {title}
      </h2>
      <div className="dialog-body">{children}</div>
      <div className="dialog-actions">{actions}</div>
    </dialog>
  );
}

function Delete({ id, remove, close }) {
  const actions = (
    <>
      <button className="button outlined" type="button" data-first="" onClick={close}>
        Cancel
      </button>
      <button className="button danger" type="button" onClick={remove}>
        Delete
      </button>
    </>
  );
  return (
    <Modal title="Delete token" alert actions={actions}>
      <p className="delete-text">
        {`Delete the token ${id}? It stops working at once, even if it has not expired. This can't be undone.`}
      </p>
    </Modal>
  );
}

function Reveal({ value, close }) {
  const [shown, setShown] = useState(false);
  const id = tokenId(value);
  const copy = (text, label) => (
    <button
      className="button outlined"
      type="button"
      aria-label={label}
      onClick={() => navigator.clipboard.writeText(text)}
    >
      Copy
    </button>
  );
  const download = () => {
    const url = URL.createObjectURL(new Blob([value]));
    const link = document.createElement("a");
    link.href = url;
    link.download = `ionos-token-${id.slice(0, 8)}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  const actions = (
    <>
      <button className="button outlined" type="button" onClick={download}>
        Download
      </button>
      <button className="button primary" type="button" onClick={close}>
        Close
      </button>
    </>
  );
  return (
    <Modal title="Token generated" actions={actions}>
      <p className="warning-box">
        <Icon d={WARNING} />
        <span>Please save your Token Value. You will not be able to see it again.</span>
      </p>
      <div className="value-box">
        <p className="value-label">Token ID</p>
        <span className="value id">{id}</span>
        <div className="value-actions">{copy(id, "Copy Token ID")}</div>
      </div>
      <div className="value-box">
        <p className="value-label">Token Value</p>
        {shown ? (
          <span className="value" translate="no" data-token-value="">
            {value}
          </span>
        ) : (
          <span className="value masked">••••••••••••••••</span>
        )}
        <div className="value-actions">
          <button className="button outlined" type="button" onClick={() => setShown(!shown)}>
            {shown ? "Hide" : "Show"}
          </button>
          {copy(value, "Copy Token Value")}
        </div>
      </div>
    </Modal>
  );
}
