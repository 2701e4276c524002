// What can't be seen in the few colours that its user has chosen.

const BORDERED = new Set([
  "button", "combobox", "dialog", "alertdialog", "meter", "searchbox", "spinbutton", "tab", "textbox",
]);
const CONTROLS = new Set([...BORDERED, "checkbox", "link"]);
const ground = getComputedStyle(select(".dcd")[0]).backgroundColor;
const isVisible = (style, width, colour) =>
  style !== "none" && parseFloat(width) >= 1 && colour !== ground && !/^rgba.* 0\)$/.test(colour);
const unseen = [];
const before = focused();
for (const element of perceivable(usable())) {
  const role = roleOf(element);
  const style = getComputedStyle(element);
  const what = `of ${role} \`${nameOf(element)}\``;
  const border = isVisible(
    style.borderBlockEndStyle, style.borderBlockEndWidth, style.borderBlockEndColor,
  );
  // What the browser draws is its own affair.
  if (BORDERED.has(role) && element.type !== "file" && !border) unseen.push(`the border ${what}`);
  if (CONTROLS.has(role) && !element.disabled && element.tabIndex >= 0) {
    element.focus();
    const outline = isVisible(style.outlineStyle, style.outlineWidth, style.outlineColor);
    if (!outline) unseen.push(`the focus ${what}`);
  }
  if ([style.backgroundColor, ground].includes(style.color)) unseen.push(`the text ${what}`);
}
before?.focus();
return unseen;
