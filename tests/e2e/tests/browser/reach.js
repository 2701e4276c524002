// Follows every property that can be read from `window`, and tells which lead to a piece of a secret.
window.reach = (json) => {
  const pieces = new Set(JSON.parse(json));
  const holds = (text) => {
    for (let start = 0; start + 16 <= text.length; start++) {
      if (pieces.has(text.slice(start, start + 16))) return true;
    }
    return false;
  };
  // Found, so that the search is known to search.
  window.canary = new Map([[{}, { deep: [...pieces][0] }]]);
  const seen = new Set([pieces]);
  const queue = [[window, "window"]];
  const found = [];
  while (queue.length > 0 && seen.size < 200_000) {
    const [object, path] = queue.shift();
    const visit = (value, name) => {
      const here = `${path}.${name}`;
      if (typeof value === "string") {
        if (holds(value)) found.push(here);
      } else if (value && ["object", "function"].includes(typeof value) && !seen.has(value)) {
        seen.add(value);
        queue.push([value, here]);
      }
    };
    try {
      if (object instanceof Map) {
        for (const [key, value] of object) {
          visit(key, "key");
          visit(value, "value");
        }
      }
      if (object instanceof Set) for (const value of object) visit(value, "entry");
      for (let owner = object; owner; owner = Object.getPrototypeOf(owner)) {
        for (const key of Reflect.ownKeys(owner)) {
          try {
            visit(object[key], String(key));
          } catch {
            // Some properties may be read of other objects only.
          }
        }
      }
    } catch {
      // Objects of other origins show nothing.
    }
  }
  return found;
};
