/** What is left out beside the rows of the panel, and what that means for a reset. Comes with a link that hides something. */

import { byId } from "./announce.js";
import { applies, find, hidden, hides, turn, write } from "./state.js";

/** What a reset leaves turned: what is hidden, as far as it still applies. @type {(turned: Turned, list: Control[]) => Turned} */
export function left(turned, list) {
  const own = Object.fromEntries(Object.entries(turned).filter(([key]) => hides(turned, key)));
  return turn({}, Object.fromEntries(Object.entries(own).filter(([key]) => find(list, key, own))), list);
}

/** How many controls, and tools, are left out now. @type {(turned: Turned, list: Control[]) => number} */
export function count(turned, list) {
  const tools = hidden(turned).filter((name) => !list.some(({ key }) => hides({ hide: name }, key)));
  return new Set(tools).size + list.filter((one) => hides(turned, one.key) && applies(one, list, turned)).length;
}

/** Whether a table of one's own can be chosen without a control that is hidden. @type {(turned: Turned, list: Control[]) => boolean} */
export const takesTables = (turned, list) =>
  list.some((one) => one.source === "datasets" && !hides(turned, one.key) && (applies(one, list, turned) || one.when.every(([key]) => !hides(turned, key))));

/** Leave out the drop zone where it could turn nothing; say how much is left out, and lead to all of it. @param {import("./lab.js").LabPage} lab */
export function leaveOut({ list, turned, setting }) {
  const { hide: _, ...others } = turned;
  byId("upload").hidden = !takesTables(setting.turned, list);
  const [number, link] = /** @type {any} */ (byId("left-out").children);
  number.textContent = count(setting.turned, list);
  link.href = `?${write(others)}`;
}
