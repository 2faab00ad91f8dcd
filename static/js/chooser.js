/** Choosing what a link shows: a tick for each control, and the link without those that have none. Loaded when somebody wants one. */

import { copier, open } from "./dialog.js";
import { applies, hidden, hides, write } from "./state.js";
import { el } from "./widgets.js";
import { say } from "./words.js";

/** @typedef {import("./lab.js").LabPage} LabPage */
/** @typedef {{key: string, label: string, symbol: string}} Entry */

/** A key and all groups around it, the outermost first. @type {(key: string) => string[]} */
const around = (key) => key.split(".").map((_, i, steps) => steps.slice(0, i + 1).join("."));

/**
 * The names that hide these keys and no other: that of a group where all of it goes, and with it what its other kinds have.
 * @type {(keys: string[], gone: string[]) => string[]}
 */
export function named(keys, gone) {
  const lost = (/** @type {string} */ group) => keys.every((key) => !hides({ hide: group }, key) || gone.includes(key));
  return [...new Set(gone.map((key) => around(key).find(lost) ?? key))];
}

/** The names of what is hidden without being among these keys: controls of kinds that are not chosen. @type {(names: string[], keys: string[]) => string[]} */
export const elsewhere = (names, keys) => names.filter((name) => !keys.some((key) => hides({ hide: name }, key)));

/** What can be ticked, by what it is under: the controls as the panel has them, and the tools. @param {LabPage} lab @returns {[title: string, entries: Entry[]][]} */
function offered({ list, settings }) {
  const here = list.filter((one) => settings.some(({ turned }) => applies(one, list, turned)));
  const once = here.filter((one, i) => here.findIndex(({ key }) => key === one.key) === i);
  const groups = [...new Set(["", ...once.map((one) => one.group)])];
  const title = (/** @type {string} */ group) => around(group).flatMap((one) => list.find(({ key }) => key === `${one}.kind`)?.label ?? []).join(" · ") || say("own_knobs");
  const tool = (/** @type {string} */ key, /** @type {string} */ where) => {
    const place = document.querySelector(where);
    return place && !place.matches(".panel > [hidden]") ? [{ key, label: place.textContent ?? "", symbol: "" }] : [];
  };
  const tools = [...tool("compare", "#compare"), ...tool("export", "#export > summary"), ...tool("upload", "#upload:not([hidden]) > summary")];
  const sections = groups.map((group) => /** @type {[string, Entry[]]} */ ([title(group), once.filter((one) => one.group === group)]));
  return [...sections, [say("tools"), [...tools, { key: "presets", label: say("presets"), symbol: "" }]]];
}

/** @type {Promise<unknown> | null} the sheet of this dialog, which no page needs before */
let sheet = null;

function styled() {
  const link = el("link", { rel: "stylesheet", href: new URL("../css/choosing.css", import.meta.url).href });
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

/** @param {LabPage} lab */
export async function choose(lab) {
  await (sheet ??= styled());
  const sections = offered(lab).filter(([, entries]) => entries.length);
  const keys = sections.flatMap(([, entries]) => entries.map(({ key }) => key));
  let kept = elsewhere(hidden(lab.turned), keys);
  const boxes = keys.map((value) => el("input", { type: "checkbox", value, checked: !hides(lab.turned, value) }));
  const link = el("pre", { tabIndex: 0 });
  const turned = () => {
    const { hide: _, ...others } = lab.turned;
    const hide = [...named(keys, boxes.filter((one) => !one.checked).map((one) => one.value)), ...kept].join();
    return hide ? { ...others, hide } : others;
  };
  const tell = () => (link.textContent = way.href = `${location.origin}${location.pathname}?${write(turned())}`);
  const every = (/** @type {string} */ words, /** @type {boolean} */ checked) => button(words, () => {
    for (const one of boxes) one.checked = checked;
    kept = [];
    tell();
  });
  const way = el("a", {}, say("open_link"));
  const lists = sections.map(([title, entries]) => el("fieldset", { className: "choices" }, el("legend", {}, title), ...entries.map((one) => ticked(one, boxes[keys.indexOf(one.key)]))));
  for (const one of boxes) one.addEventListener("change", tell);
  tell();
  const row = (/** @type {HTMLElement[]} */ ...some) => el("p", { className: "actions" }, ...some);
  open(say("link_shows"), row(every(say("all"), true), every(say("none"), false)), ...lists, el("p", { className: "hint" }, say("link_shows_help")), link, row(...copier(link), way));
}

/** @param {string} words @param {() => void} act */
function button(words, act) {
  const made = el("button", { type: "button" }, words);
  made.addEventListener("click", act);
  return made;
}

/** @param {Entry} entry @param {HTMLElement} box */
const ticked = ({ label, symbol }, box) => el("label", {}, box, el("span", {}, label, ...(symbol ? [" ", el("i", {}, symbol)] : [])));
