// What elements are made of: each step of which Rust takes many, in one call.

const SVG = "http://www.w3.org/2000/svg";

export const makeElement = (tag) => document.createElement(tag);
/** Quicker than making it once more. */
export const copyElement = (element) => element.cloneNode(true);

export const makeText = (text) => document.createTextNode(text);

/** Marks where something comes and goes. */
export const makePlace = () => document.createComment("");

export const makeIcon = (drawing) => {
  const icon = document.createElementNS(SVG, "svg");
  setClasses(icon, "icon");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", drawing);
  icon.append(path);
  return icon;
};

export const setClasses = (element, classes) => {
  element.setAttribute("class", classes);
  element.setAttribute("part", classes);
};

/** Without a value there is no attribute. */
export const setAttribute = (element, name, value) => {
  if (value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
};

export const setFlag = (element, name, value) => {
  element[name] = value;
};

export const insertBefore = (parent, node, before) => {
  parent.insertBefore(node, before ?? null);
};
