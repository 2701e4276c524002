import { useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import type { GetCredential, TokenManagerElement } from "dcd-token-manager";
import { TokenManager } from "./token-manager";

const getCredential: GetCredential = async () => {
  const response = await fetch("/session/token");
  return response.ok ? response.json() : null;
};

function App() {
  const [page, setPage] = useState("tokens");
  const [generated, setGenerated] = useState<string[]>([]);
  const tokens = useRef<TokenManagerElement>(null);

  const leave = () => {
    const unsaved = tokens.current?.hasUnsavedToken ?? false;
    if (!unsaved || confirm("Leave without saving the token?")) setPage("home");
  };

  return (
    <>
      <h1>My cloud</h1>
      <nav>
        <button onClick={leave}>Home</button> <button onClick={() => setPage("tokens")}>Tokens</button>
      </nav>
      <p role="status">Generated here: {generated.length}</p>
      {page === "tokens" && (
        <TokenManager
          ref={tokens}
          auth-api="https://api.ionos.com/auth/v1"
          getCredential={getCredential}
          onTokenGenerated={(id) => setGenerated((before) => [...before, id ?? "unknown"])}
        />
      )}
    </>
  );
}

createRoot(document.getElementById("app")!).render(<App />);
