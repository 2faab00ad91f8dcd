/** The one dialog: a title, and what is under it; often a text that can be copied. */

import { byId } from "./announce.js";
import { el } from "./widgets.js";
import { say } from "./words.js";

/** @param {string} title @param {string} text */
export function showText(title, text) {
  const shown = el("pre", { tabIndex: 0 }, text);
  open(title, shown, el("p", { className: "actions" }, ...copier(shown)));
}

/** A button that copies what a text then is, and what it says of that. @param {HTMLElement} shown the text */
export function copier(shown) {
  const copied = el("span", { role: "status" });
  const copy = el("button", { type: "button" }, say("copy"));
  copy.addEventListener("click", async () => {
    copied.textContent = (await copyText(shown.textContent ?? "", shown)) ? say("copied") : say("marked");
  });
  return [copy, copied];
}

/** The keys that work on a lab page. */
export function showKeys() {
  const keys = say("key_list").split("\n").map((one) => one.split("\t"));
  open(say("keys"), el("dl", { className: "keys" }, ...keys.flatMap(([key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)])));
}

/** @param {string} title @param {HTMLElement[]} content */
export function open(title, ...content) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
  const close = el("button", { type: "button", className: "close", "aria-label": say("close") }, "×");
  close.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, title), close, ...content);
  dialog.showModal();
}

/** Without a secure origin there is no clipboard: mark the text instead. @param {string} text @param {HTMLElement} shown */
async function copyText(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
