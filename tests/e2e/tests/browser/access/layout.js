// What can't be seen or used as it stands: too wide, too small, covered, or out of reach.

const CONTROLS = new Set([
  "button", "checkbox", "combobox", "link", "searchbox", "spinbutton", "tab", "textbox",
]);
const nameFor = (element) => {
  const { role, name } = describe(element) ?? { role: "page", name: "" };
  return `${role} \`${name || element.className}\``;
};
// What only screen readers get has no size to speak of.
const isSized = (element) => element.offsetWidth > 1 && element.offsetHeight > 1;
const seen = [...perceivable(usable())].filter(isSized);
const problems = [];

const { scrollWidth, clientWidth } = document.documentElement;
if (scrollWidth > clientWidth) problems.push(`the page scrolls by ${scrollWidth - clientWidth}`);

// Fields scroll by themselves, and an option is never wider than its list.
const scrolls = new Set(["combobox", "option", "searchbox", "spinbutton", "textbox"]);
const hasText = ({ childNodes }) =>
  [...childNodes].some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim());
for (const element of seen) {
  if (scrolls.has(roleOf(element)) || element.clientWidth === 0) continue;
  const { overflowX } = getComputedStyle(element);
  if (overflowX === "visible" && !hasText(element)) continue;
  const wide = element.scrollWidth - element.clientWidth;
  if (wide > 1) problems.push(`${nameFor(element)} is ${wide} px too wide`);
  const high = element.scrollHeight - element.clientHeight;
  const cuts = ["hidden", "clip"].includes(getComputedStyle(element).overflowY);
  if (cuts && high > 1) problems.push(`${nameFor(element)} cuts ${high} px`);
}

// From the focus on, as its order goes, since a menu closes when it is left.
const controls = seen.filter((element) => CONTROLS.has(roleOf(element)) && !element.disabled);
const before = focused();
const start = Math.max(controls.indexOf(before), 0);
for (const element of [...controls.slice(start), ...controls.slice(0, start)]) {
  if (!element.checkVisibility()) continue;
  element.focus();
  // Firefox is content when a part of it can be seen.
  element.scrollIntoView({ block: "nearest" });
  const { left, right, top, bottom } = (element.labels?.[0] ?? element).getBoundingClientRect();
  const size = `${Math.round(right - left)} by ${Math.round(bottom - top)} px`;
  if (Math.min(right - left, bottom - top) < 24) problems.push(`${nameFor(element)} has ${size}`);
  const box = element.getBoundingClientRect();
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const points = [[x, y], [box.left + 2, y], [box.right - 2, y], [x, box.top + 2], [x, box.bottom - 2]];
  const covering = points
    .map((point) => element.getRootNode().elementFromPoint(...point))
    .find((hit) => hit !== element && !element.contains(hit));
  if (covering === null) problems.push(`${nameFor(element)} is out of reach`);
  else if (covering) problems.push(`${nameFor(element)} is below ${nameFor(covering)}`);
}
before?.focus();
return problems;
