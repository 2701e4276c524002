/** Writes down what the page offers as a file, and saves nothing. */
export class Downloads {
  #files = [];
  #create = URL.createObjectURL;
  #click = HTMLAnchorElement.prototype.click;

  constructor() {
    const blobs = [];
    const files = this.#files;
    URL.createObjectURL = (blob) => `blob:${blobs.push(blob) - 1}`;
    HTMLAnchorElement.prototype.click = function () {
      const blob = blobs[this.href.slice("blob:".length)];
      files.push({ name: this.download, blob });
    };
  }

  names() {
    return this.#files.map(({ name }) => name);
  }

  /** The last file's bytes as text, a mark of its encoding included. */
  async text() {
    const bytes = await this.#files.at(-1).blob.arrayBuffer();
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }

  close() {
    URL.createObjectURL = this.#create;
    HTMLAnchorElement.prototype.click = this.#click;
  }
}
