/** What the host's function answers; nothing if it throws, rejects, or has not answered in time. */
export const ask = async (getCredential, reason, milliseconds) => {
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    return await Promise.race([getCredential({ reason }), limit]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
};
