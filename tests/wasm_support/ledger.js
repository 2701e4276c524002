/** Counts what a page leaves running: listeners on what outlives a panel, and intervals. */
export class Ledger {
  #listeners = new Map();
  #intervals = new Set();
  #originals = [];

  constructor() {
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    const key = (target, type) => `${target.constructor.name} ${type}`;
    const listeners = this.#listeners;
    const intervals = this.#intervals;
    const outlives = (target) => target === window || target === document;
    this.#replace(EventTarget.prototype, "addEventListener", function (type, handler, ...rest) {
      const target = this ?? window;
      if (outlives(target)) listeners.set(handler, key(target, type));
      return add.call(target, type, handler, ...rest);
    });
    this.#replace(EventTarget.prototype, "removeEventListener", function (type, handler, ...rest) {
      listeners.delete(handler);
      return remove.call(this ?? window, type, handler, ...rest);
    });
    const { setInterval: set, clearInterval: clear } = window;
    this.#replace(window, "setInterval", (...given) => {
      const id = set.apply(window, given);
      intervals.add(id);
      return id;
    });
    this.#replace(window, "clearInterval", (id) => {
      intervals.delete(id);
      clear.call(window, id);
    });
  }

  #replace(target, name, value) {
    this.#originals.push([target, name, target[name]]);
    target[name] = value;
  }

  /** What still runs, one word or two for each. */
  open() {
    return [...this.#listeners.values(), ...Array.from(this.#intervals, () => "interval")].sort();
  }

  close() {
    for (const [target, name, value] of this.#originals) target[name] = value;
  }
}
