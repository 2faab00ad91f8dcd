/** Knobs that are turned while a training runs: each turn is a change from its moment on, in a list of its own. */

import { held, read, turned, written } from "./changes.js";
import { format } from "./numbers.js";
import { el } from "./widgets.js";
import { say } from "./words.js";

const GESTURE = 600; // ms within which a knob is still being turned: one change, however far the training has come meanwhile

export class Live {
  #gesture = { key: "", moment: 0, at: -Infinity };
  #shown = "";

  /** @param {import("./lab.js").LabPage} lab @param {Control} list the control that lists the changes @param {Control} moment the one that plays */
  constructor(lab, list, moment) {
    this.lab = lab;
    this.list = list;
    this.moment = moment;
  }

  /** @param {Turned} state */
  #changes = (state) => read(state[this.list.key] ?? this.list.default);

  /** Whether it is turned on the way: after the start and before the end. @param {string} key @param {unknown} moment */
  #onTheWay(key, moment) {
    const isLive = this.lab.list.some((one) => one.key === key && one.live);
    return isLive && typeof moment === "number" && moment > this.moment.low && moment < this.moment.high;
  }

  /** What turning a knob of a setting means at its moment. @param {Changes} changes @param {import("./setting.js").Setting} setting @returns {Changes} */
  meant(changes, setting) {
    const [[key, value], ...more] = Object.entries(changes);
    const now = setting.now(this.moment.key);
    if (more.length || typeof value !== "number" || !this.#onTheWay(key, now)) return changes;
    const { key: last, moment: since, at } = this.#gesture;
    const moment = last === key && performance.now() - at < GESTURE ? since : now;
    this.#gesture = { key, moment, at: performance.now() };
    const usual = setting.turned[key] ?? setting.find(key)?.default;
    return { [this.list.key]: written(turned(this.#changes(setting.turned), { moment, name: key, value }, usual)) || null };
  }

  /** What holds of a knob at the present moment, where something was turned before. @param {Turned} state @param {string} key */
  held(state, key) {
    const moment = state[this.moment.key] ?? this.moment.default;
    return this.#onTheWay(key, moment) ? held(this.#changes(state), key, Number(moment)) : undefined;
  }

  /** The changes of the chosen setting, each with a way to take it back. */
  show() {
    const text = String(this.lab.setting.now(this.list.key) ?? "");
    if (text === this.#shown) return;
    this.#shown = text;
    const place = document.querySelector(`[data-knob="${this.list.key}"]`);
    const list = place?.querySelector(".chips") ?? el("ul", { className: "chips", "aria-label": this.list.label });
    place?.append(list);
    const changes = read(text);
    const take = (/** @type {import("./changes.js").Change[]} */ left) => this.lab.turn({ [this.list.key]: written(left) || null });
    const chips = changes.map((one) => this.#chip(one, () => take(changes.filter((other) => other !== one))));
    if (text && !chips.length) chips.push(el("li", {}, text));
    const clear = el("button", { type: "button", className: "quiet" }, say("clear_changes"));
    clear.addEventListener("click", () => take([]));
    list.replaceChildren(...chips, ...(text ? [el("li", {}, clear)] : []));
    place?.querySelector(".at-ends")?.remove();
    if (text) list.after(el("p", { className: "at-ends hint" }, say("changes_at_ends")));
  }

  /** Changes in words. @param {unknown} text */
  words = (text) => read(text).map((one) => this.#words(one)).join(", ");

  /** @param {import("./changes.js").Change} change */
  #words = ({ moment, name, value }) => {
    const control = this.lab.list.find((one) => one.key === name);
    const label = [control?.label ?? name, control?.symbol].filter(Boolean).join(" ");
    return say("from_moment", { moment: `${moment} ${this.moment.unit}`.trim(), label, value: format(value, 4) });
  };

  /** @param {import("./changes.js").Change} change @param {() => void} remove */
  #chip(change, remove) {
    const words = this.#words(change);
    const button = el("button", { type: "button", "aria-label": say("remove_change", { change: words }) }, "×");
    button.addEventListener("click", remove);
    return el("li", {}, words, button);
  }
}
