/** Two to four settings side by side: columns, tabs, what differs. Loaded when somebody compares. */

import { byId, complain } from "./announce.js";
import { agreement, differences, folded, kept, LETTERS, overlaid, overrides, pinned, unfolded } from "./compared.js";
import { format } from "./numbers.js";
import { turn } from "./state.js";
import { el } from "./widgets.js";
import { say } from "./words.js";

const MOST = LETTERS.length;
const name = (/** @type {number} */ i) => "ABCD"[i];

export class Compare {
  #tabs = el("div", { role: "tablist", className: "tabs", "aria-label": say("settings") });
  #pattern;

  /** @param {import("./lab.js").LabPage} lab */
  constructor(lab) {
    this.lab = lab;
    this.#pattern = /** @type {HTMLElement} */ (lab.columns[0].element.cloneNode(true));
    for (const one of this.#pattern.querySelectorAll(".plot, .handles, .legend, .back, .reading")) one.remove();
    for (const one of this.#pattern.querySelectorAll(".drawn")) one.classList.remove("drawn");
    for (const { name: panel } of lab.page.figures) byId("legends").append(byId(`legend-${panel}`));
    byId("controls").before(this.#tabs);
    byId("controls").setAttribute("role", "tabpanel");
    this.#tabs.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The settings as the query has them, a column for each. @returns {Turned[]} */
  states() {
    const { lab } = this;
    const [first, ...others] = unfolded(lab.turned);
    const states = [first, ...others.map((own) => overlaid(first, own, lab.list))];
    const columns = lab.columns.slice(0, states.length);
    for (const gone of lab.columns.slice(states.length)) this.#forget(gone);
    while (columns.length < states.length) columns.push(this.#add(states[columns.length]));
    if (columns.length !== lab.columns.length) this.#settle(columns);
    return states;
  }

  /** @param {import("./column.js").Column} column */
  #forget(column) {
    for (const { plot } of column.figures.values()) if (plot._fullLayout) window.Plotly.purge(plot);
    column.setting.lanes.stop();
    column.element.remove();
    this.lab.busy(column.setting, false);
  }

  /** @param {Turned} turned */
  #add(turned) {
    const element = /** @type {HTMLElement} */ (this.#pattern.cloneNode(true));
    byId("columns").append(element);
    return this.lab.add(element, turned, {});
  }

  /** @param {import("./column.js").Column[]} columns */
  #settle(columns) {
    this.lab.settle(columns);
    const several = columns.length > 1;
    document.querySelector(".bench")?.classList.toggle("compared", several);
    byId("columns").style.setProperty("--settings", String(columns.length));
    byId("readouts").dataset.settings = String(columns.length);
    for (const { plot } of this.lab.figures) if (plot._fullLayout) window.Plotly.Plots.resize(plot);
    const tabs = columns.map((_, i) => {
      const tab = el("button", { type: "button", role: "tab", "aria-controls": "controls", "aria-label": say("setting", { name: name(i) }) }, name(i));
      tab.addEventListener("click", () => this.choose(i));
      return tab;
    });
    this.#tabs.replaceChildren(...(several ? tabs : []));
    byId("compare").toggleAttribute("disabled", columns.length >= MOST);
    if (!several) for (const { name: panel } of this.lab.page.figures) columns[0].element.querySelector(`[data-panel="${panel}"]`)?.append(byId(`legend-${panel}`));
  }

  /** One more setting, that begins as a copy of the chosen one. */
  add() {
    const { lab } = this;
    if (lab.settings.length >= MOST) return complain("most_settings");
    const shares = unfolded(lab.turned);
    const { turned } = lab.setting;
    const own = overrides(shares[0], turned, lab.list);
    lab.chosen = shares.length;
    lab.record(folded([...shares, this.#written(own, turned)]), []);
  }

  /** @param {number} i */
  remove(i) {
    const shares = unfolded(this.lab.turned);
    const { list } = this.lab;
    const states = [shares[0], ...shares.slice(1).map((own) => overlaid(shares[0], own, list))].filter((_, j) => j !== i);
    const [first, ...others] = states;
    if (this.lab.chosen >= i) this.lab.chosen = Math.max(0, this.lab.chosen - 1);
    this.lab.record(folded([first, ...others.map((one) => this.#written(overrides(first, one, list), one))]), []);
  }

  /** What one setting overrides, at least something. @param {Turned} own @param {Turned} setting @returns {Turned} */
  #written(own, setting) {
    const { inHand, list } = this.lab;
    return Object.keys(own).length ? own : pinned(setting, list, inHand ? [inHand.key, inHand.linked] : []);
  }

  /** The query after a setting is turned; the others follow the first in what they do not override. @param {Changes} changes @param {number} i @returns {Turned} */
  turned(changes, i) {
    const { list } = this.lab;
    const [first, ...others] = unfolded(this.lab.turned);
    if (i) {
      const next = turn(overlaid(first, others[i - 1], list), changes, list);
      return folded([first, ...others.map((own, j) => (j === i - 1 ? this.#written(overrides(first, next, list), next) : own))]);
    }
    return this.#followed(turn(first, changes, list), others);
  }

  /** The query after the chosen setting took exactly these knobs: a preset. @param {Turned} taken @returns {Turned} */
  taken(taken) {
    const { chosen, list } = this.lab;
    const [first, ...others] = unfolded(this.lab.turned);
    if (!chosen) return this.#followed(taken, others);
    return folded([first, ...others.map((own, j) => (j === chosen - 1 ? this.#written(overrides(first, taken, list), taken) : own))]);
  }

  /** The query after all settings are turned. @param {Changes} changes @returns {Turned} */
  together(changes) {
    const { list } = this.lab;
    const [first, ...others] = unfolded(this.lab.turned);
    const freed = others.map((own) => Object.fromEntries(Object.entries(own).filter(([key]) => !(key in changes))));
    return this.#followed(turn(first, changes, list), freed);
  }

  /** @param {Turned} first @param {Turned[]} others */
  #followed(first, others) {
    const { list } = this.lab;
    return folded([first, ...others.map((own) => {
      const still = kept(first, own, list);
      return this.#written(still, overlaid(first, still, list));
    })]);
  }

  /** @param {Share[][]} figures one for each setting */
  agreed = (figures) => (figures.length > 1 ? agreement(figures) : null);

  /** The panel turns this setting from now on. @param {number} i */
  choose(i) {
    this.lab.chosen = i;
    this.lab.showControls();
    this.lab.complain();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1 })[event.key];
    if (!by) return;
    event.preventDefault();
    const count = this.lab.settings.length;
    this.choose((this.lab.chosen + by + count) % count);
    /** @type {HTMLElement} */ (this.#tabs.children[this.lab.chosen]).focus();
  }

  /** Which setting is turned, and what each has of its own. */
  show() {
    const { lab } = this;
    [...this.#tabs.children].forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === lab.chosen));
      /** @type {HTMLElement} */ (tab).tabIndex = i === lab.chosen ? 0 : -1;
    });
    const differs = differences(lab.settings.map((one) => one.turned), lab.list);
    lab.columns.forEach(({ element }, i) => {
      const head = /** @type {HTMLElement} */ (element.querySelector(".differs"));
      head.hidden = lab.columns.length < 2;
      element.classList.toggle("chosen", i === lab.chosen);
      const own = (/** @type {Control} */ control, /** @type {any} */ value) =>
        (control.source === "changes" && lab.films?.live?.words(value)) || `${control.label} ${valueWords(control, value)}`.trim();
      const words = differs[i].map(([control, value]) => own(control, value)).join(", ");
      const said = words || say(i ? "as_first" : "first_setting", { name: name(i) });
      if (head.dataset.said === `${i} ${said}`) return;
      head.dataset.said = `${i} ${said}`;
      const remove = el("button", { type: "button", className: "quiet", "aria-label": say("remove_setting", { name: name(i) }) }, "×");
      remove.addEventListener("click", () => this.remove(lab.columns.findIndex((one) => one.element === element)));
      head.replaceChildren(el("strong", {}, name(i)), el("span", {}, said), remove);
      element.setAttribute("aria-label", say("setting", { name: name(i) }));
    });
  }
}

/** @param {Control} control @param {any} value */
function valueWords(control, value) {
  const chosen = control.choices.find(([one]) => one === value)?.[1];
  return chosen ?? `${format(value, 4)}${/^[°%]?$/.test(control.unit) ? "" : " "}${control.unit}`;
}
