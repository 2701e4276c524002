const done = arguments[0];
// A colour on its way to another is no colour to judge. In what is not shown it never gets there.
const scopes = [document, ...select("*").flatMap(({ shadowRoot }) => shadowRoot ?? [])];
const moving = scopes
  .flatMap((scope) => scope.getAnimations())
  .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity)
  .filter(({ effect }) => effect.target?.checkVisibility());
Promise.allSettled(moving.map(({ finished }) => finished))
  .then(() => axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "target-size": { enabled: true } },
  }))
  .then(({ violations }) =>
    violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.flat().join(" ")}: ${failureSummary}`),
    ),
  )
  .then(done, (error) => done([String(error)]));
