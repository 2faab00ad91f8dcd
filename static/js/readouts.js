/** What a picture reveals in numbers: label, value, unit, and what it means. */

import { format } from "./numbers.js";
import { el } from "./widgets.js";

/** Show readouts in a list that the server may have begun. @param {HTMLElement} list @param {Record<string, Readout>} readouts */
export function showReadouts(list, readouts) {
  for (const [name, readout] of Object.entries(readouts)) {
    const known = list.querySelector(`[data-readout="${CSS.escape(name)}"]`);
    const row = known ?? list.appendChild(rowOf(name, readout));
    const value = /** @type {HTMLElement} */ (row.querySelector("dd"));
    const text = [format(readout.value), typeof readout.value === "number" && readout.unit].filter(Boolean).join(" ");
    if (value.textContent !== text) value.textContent = text;
    value.classList.toggle("words", typeof readout.value === "string");
    const [summary, help] = [row.querySelector("summary"), row.querySelector("p")];
    if (summary && summary.textContent !== readout.label) summary.textContent = readout.label;
    if (help && help.textContent !== readout.help) help.textContent = readout.help ?? "";
  }
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[data-readout]"))) {
    row.hidden = !((row.dataset.readout ?? "") in readouts);
  }
}

/** @param {string} name @param {Readout} readout */
function rowOf(name, { label, help }) {
  const words = help ? el("details", {}, el("summary", {}, label), el("p", {}, help)) : label;
  return el("div", { "data-readout": name }, el("dt", {}, words), el("dd"));
}
