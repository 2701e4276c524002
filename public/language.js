// Which of the app's languages to speak.

const LANGUAGES = ["en", "de"];

/**
 * The first tag that the app has texts for, region included, since dates follow it.
 *
 * @param {string} [wanted] what the element asks for, before the browser's languages
 */
export function chooseTag(wanted) {
  const tags = [wanted, ...navigator.languages];
  return tags.find((tag) => tag && LANGUAGES.includes(primary(tag))) ?? "en";
}

/**
 * @param {string} tag such as `de-AT`
 * @returns {"en" | "de"}
 */
export function chooseLanguage(tag) {
  return LANGUAGES.includes(primary(tag)) ? primary(tag) : "en";
}

function primary(tag) {
  return tag.split("-")[0].toLowerCase();
}
