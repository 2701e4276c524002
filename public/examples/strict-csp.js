document.querySelector("dcd-token-manager").getCredential = async () => {
  const response = await fetch("/session/token");
  return response.ok ? response.json() : null;
};
