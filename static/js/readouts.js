/** What a picture reveals in numbers: label, value, unit, and what it means; groups are folds. */

import { write } from "./announce.js";
import { format } from "./numbers.js";
import { el } from "./widgets.js";

/**
 * Show readouts where the server may have begun to: in the order of the parts, a value for each setting; what has no
 * value in any of them is left out.
 * @param {HTMLElement} place @param {Record<string, Readout>[]} columns by name, one for each setting
 */
export function showReadouts(place, columns) {
  const names = new Set(columns.flatMap((one) => Object.keys(one)));
  const shown = [...names].filter((name) => columns.some((one) => (one[name]?.value ?? null) !== null));
  /** @type {Map<HTMLElement, number>} */ const filled = new Map([[listOf(place, ""), 0]]);
  for (const name of shown) {
    const all = columns.map((one) => one[name]);
    const readout = all.find(Boolean) ?? { value: null, label: name };
    const list = listOf(place, readout.group ?? "");
    const at = filled.get(list) ?? 0;
    filled.set(list, at + 1);
    const row = place.querySelector(`[data-readout="${CSS.escape(name)}"]`) ?? rowOf(name, readout);
    if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null);
    fill(row, readout, all);
  }
  for (const list of place.querySelectorAll("dl")) {
    while (list.children.length > (filled.get(list) ?? 0)) list.lastChild?.remove();
    list.parentElement?.toggleAttribute("hidden", !list.children.length && list.parentElement !== place);
  }
}

/** A value as people read it, a number with its unit. @param {Readout} readout */
export const worded = ({ value, unit }) => [format(value), typeof value === "number" && unit].filter(Boolean).join(" ");

/** @param {Element} row @param {Readout} readout @param {(Readout | undefined)[]} all one for each setting */
function fill(row, readout, all) {
  const values = [...row.querySelectorAll("dd")];
  while (values.length > all.length) values.pop()?.remove();
  while (values.length < all.length) values.push(row.appendChild(el("dd")));
  all.forEach((one, i) => {
    write(values[i], worded({ ...readout, value: one?.value }));
    values[i].classList.toggle("words", typeof one?.value === "string");
  });
  const [summary, help] = [row.querySelector("summary"), row.querySelector("p")];
  if (summary) write(summary, readout.label);
  if (help) write(help, readout.help ?? "");
}

/** The list of a group, in a fold of its own unless it has no name. @param {HTMLElement} place @param {string} group @returns {HTMLElement} */
function listOf(place, group) {
  const known = [.../** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("dl"))].find((one) => one.dataset.group === group);
  if (known) return known;
  const list = el("dl", { className: "readouts", "data-group": group });
  place.append(group ? el("details", { className: "fold" }, el("summary", {}, group), list) : list);
  return list;
}

/** @param {string} name @param {Readout} readout */
function rowOf(name, { label, help }) {
  const words = help ? el("details", {}, el("summary", {}, label), el("p", {}, help)) : label;
  return el("div", { "data-readout": name }, el("dt", {}, words));
}
