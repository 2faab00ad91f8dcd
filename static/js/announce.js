/** Words that are said: what came out, what was refused, what takes long. */

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** What was solved, and how it went: the topmost part speaks, the others where they have something to say. @param {Answer[]} answers */
export function tell(answers) {
  const main = answers.at(-1);
  if (!main) return;
  const said = main.outcome.sentence;
  const others = answers.filter((one) => one.outcome.kind !== "converged" && !said.includes(one.outcome.sentence));
  write(byId("objective"), main.objective);
  write(byId("outcome"), [said, ...new Set(others.map((one) => one.outcome.sentence))].join(" "));
  byId("outcome").dataset.kind = answers.find((one) => one.outcome.kind !== "converged")?.outcome.kind ?? "converged";
}

/**
 * What was refused or failed, each once, as sentences; returns the refusals, for their controls.
 * @param {{knob?: string, message: string}[]} refused what the page's own query was refused for
 * @param {import("./api.js").Trouble[]} troubles of the parts
 */
export function tellTrouble(refused, troubles) {
  const errors = [...refused, ...troubles.flatMap((one) => one.problem?.errors ?? [])];
  const once = new Map(errors.map((one) => [[one.knob, one.message].filter(Boolean).join(": "), one]));
  const others = troubles.filter((one) => !one.problem?.errors?.length).map((one) => one.message);
  const sentences = [...once.keys(), ...new Set(others)];
  write(byId("trouble-words"), sentences.join(" · "));
  byId("trouble").hidden = !sentences.length;
  return [...once.values()];
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
