/** Words that are said: what was refused, what takes long, what came out. */

import { say } from "./words.js";

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {HTMLElement} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A sentence about something. @param {(string | undefined)[]} words the last of which says what is wrong, the others of what */
export const sentence = (...words) => words.filter(Boolean).join(": ");

/** The refusals among troubles, each about its knob. @param {any[]} troubles @returns {{knob?: string, message: string}[]} */
export const refusals = (troubles) => troubles.flatMap((one) => one.problem?.errors ?? []);

/** What troubles each of the settings, in sentences. @param {{troubles: Map<string, any>}[]} settings */
export const troubled = (settings) =>
  settings.flatMap(({ troubles }, i) => {
    const who = settings.length > 1 ? "ABCD"[i] : "";
    const all = [...troubles.values()];
    const failed = all.filter((one) => !one.problem?.errors?.length).map((one) => sentence(who, one.message));
    return [...refusals(all).map((one) => sentence(who, one.knob, one.message)), ...failed];
  });

/** What was refused or failed, each once. @param {string[]} sentences */
export function tellTrouble(sentences) {
  write(byId("trouble-words"), [...new Set(sentences)].join(" · "));
  byId("trouble").hidden = !sentences.length;
}

/** Say that something could not be done. @param {string} name of the sentence @param {Record<string, unknown>} [gaps] */
export function complain(name, gaps) {
  write(byId("trouble-words"), say(name, gaps));
  byId("trouble").hidden = false;
}

/** Say something to those who listen instead of look; once, when the hand rests, and first the numbers of a claim. */
export function speaker() {
  let timer = 0;
  return (/** @type {string} */ sentence) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const claim = /** @type {HTMLElement | null} */ (document.querySelector(".reading"));
      write(byId("spoken"), claim ? [claim.textContent, claim.dataset.went].filter(Boolean).join(". ") : sentence);
    }, 500);
  };
}

/** Work that lasts shows a bar, after it has lasted; each worker (a setting, a film) says when it begins and ends, and which share is done. */
export function progress() {
  const working = new Set();
  let timer = 0;
  return (/** @type {unknown} */ worker, /** @type {boolean} */ is, share = 0) => {
    if (is) working.add(worker);
    else working.delete(worker);
    const percent = Math.round(100 * share);
    byId("progress").ariaValueNow = percent ? `${percent}` : null;
    byId("progress").style.width = percent ? `${percent}%` : "";
    if (working.size) timer ||= setTimeout(() => (byId("progress").hidden = false), 300);
    else {
      clearTimeout(timer);
      timer = 0;
      byId("progress").hidden = true;
    }
  };
}
