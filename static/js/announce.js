/** Words that are said: what came out, what was refused, what takes long. */

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** What was solved, and how it went: the topmost part speaks, the others where they have something to say. @param {Answer[]} answers */
export function tell(answers) {
  const main = answers.at(-1);
  if (!main) return;
  const notable = answers.filter((one) => one.outcome.kind !== "converged" || one === main).map((one) => one.outcome.sentence);
  write(byId("objective"), main.objective);
  write(byId("outcome"), [...new Set(notable.filter(Boolean))].join(" "));
  byId("outcome").dataset.kind = answers.find((one) => one.outcome.kind !== "converged")?.outcome.kind ?? "converged";
}

/** Say something to those who listen instead of look; once, when the hand rests. */
export function speaker() {
  let timer = 0;
  return (/** @type {string} */ sentence) => {
    clearTimeout(timer);
    timer = setTimeout(() => write(byId("spoken"), sentence), 500);
  };
}

/** Work that lasts shows a bar, after it has lasted. */
export function progress() {
  let timer = 0;
  return (/** @type {boolean} */ is) => {
    if (is) timer ||= setTimeout(() => (byId("progress").hidden = false), 300);
    else {
      clearTimeout(timer);
      timer = 0;
      byId("progress").hidden = true;
    }
  };
}

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
