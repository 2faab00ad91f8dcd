/** The closed table of widgets: native inputs, each showing and turning one knob. */

import { format } from "./numbers.js";
import { last, positionOf, valueAt } from "./scale.js";
import { say } from "./words.js";

/** @typedef {(value: Value) => void} Set */
/** @typedef {[value: string, words: string, disabled?: boolean, usual?: boolean]} Option usual: what holds while nothing is chosen */
/** @typedef {{input: HTMLElement, aside: HTMLElement[], show: (value: any) => void, offer?: (options: Option[]) => void}} Drawn */

/**
 * An element with properties and children; text is text, never markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, String(value));
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...children);
  return element;
}

/** @type {(control: Control, set: Set) => Drawn} */
function slider(control, set) {
  const range = el("input", { type: "range", min: "0", max: String(last(control)), step: "1" });
  const box = el("input", { type: "text", inputMode: "decimal", className: "number", autocomplete: "off", spellcheck: false });
  box.setAttribute("aria-label", say("exact_value", { label: control.label }));
  range.addEventListener("input", () => set(valueAt(control, Number(range.value))));
  box.addEventListener("change", () => {
    const text = box.value.trim().replace("−", "-");
    set(text && Number.isFinite(Number(text)) ? Number(text) : text);
  });
  const show = (/** @type {any} */ value) => {
    if (document.activeElement !== box || typeof value === "number") box.value = plain(value);
    if (typeof value !== "number") return;
    range.value = String(Math.round(positionOf(control, value)));
    range.setAttribute("aria-valuetext", `${format(value, 4)} ${control.unit}`.trim());
    range.style.setProperty("--part", `${(100 * Number(range.value)) / last(control)}%`);
  };
  return { input: range, aside: [box, el("span", { className: "unit" }, control.unit)], show };
}

/** A number as it can be typed again. @param {any} value */
const plain = (value) => (typeof value === "number" ? String(Number(value.toPrecision(5))) : String(value ?? ""));

/** @type {(control: Control, set: Set) => Drawn} */
function stepper(control, set) {
  const input = el("input", { type: "number", min: String(control.min), max: String(control.max), step: String(control.step) });
  input.addEventListener("change", () => set(input.value === "" ? "" : Number(input.value)));
  const by = (/** @type {string} */ sign, /** @type {string} */ word, /** @type {() => void} */ act) => {
    const button = el("button", { type: "button", "aria-label": say(word, { label: control.label }), tabIndex: -1 }, sign);
    button.addEventListener("click", () => {
      act();
      set(Number(input.value));
    });
    return button;
  };
  const aside = [by("−", "less", () => input.stepDown()), by("+", "more", () => input.stepUp())];
  return { input, aside, show: (value) => (input.value = String(value ?? "")) };
}

/** @type {(control: Control, set: Set) => Drawn} */
function toggle(_, set) {
  const input = el("input", { type: "checkbox", role: "switch" });
  input.addEventListener("change", () => set(input.checked));
  return { input, aside: [], show: (value) => (input.checked = value === true) };
}

/** @type {(control: Control, set: Set) => Drawn} */
function select(control, set) {
  const input = el("select");
  let given = "";
  let usual = "";
  let offered = "";
  const offer = (/** @type {Option[]} */ options) => {
    const key = JSON.stringify(options);
    if (key === offered) return;
    offered = key;
    usual = options.find((one) => one[3])?.[0] ?? "";
    input.replaceChildren(...options.map(([value, words, disabled]) => el("option", { value, disabled: !!disabled, title: words }, words)));
    show(given);
  };
  const show = (/** @type {any} */ value) => {
    given = String(value ?? "");
    const shown = given || usual;
    if (shown && ![...input.options].some((one) => one.value === shown)) input.append(el("option", { value: shown }, shown));
    input.value = shown;
  };
  input.addEventListener("change", () => set(input.value));
  offer(control.choices);
  return { input, aside: [], show, offer };
}

/** @type {(control: Control, set: Set) => Drawn} */
function text(_, set) {
  const input = el("input", { type: "text", autocomplete: "off" });
  input.addEventListener("change", () => set(input.value));
  return { input, aside: [], show: (value) => (input.value = String(value ?? "")) };
}

/** @type {Record<Widget, (control: Control, set: Set) => Drawn>} */
export const WIDGETS = { slider, stepper, switch: toggle, select, choice: select, text };
