/** The figures of one setting, each with what its parts say of it. */

import { write } from "./announce.js";
import { Figure } from "./figure.js";
import { Handles } from "./handles.js";
import { entries } from "./merge.js";
import { hides } from "./state.js";

/** @typedef {import("./setting.js").Setting} Setting */

export class Column {
  /** @type {Map<string, Figure>} by the name of their panel */ figures = new Map();

  /**
   * @param {HTMLElement} element
   * @param {import("./lab.js").LabPage} lab
   * @param {Setting} setting
   */
  constructor(element, lab, setting) {
    this.element = element;
    this.panels = lab.page.figures;
    this.setting = setting;
    const theme = () => (document.documentElement.dataset.theme === "dark" && !lab.printing ? "dark" : "light");
    const find = (/** @type {string} */ key) => (hides(setting.turned, key) ? undefined : setting.find(key));
    const knobs = { find, now: (/** @type {string} */ key) => Number(setting.now(key) ?? 0), turn: (/** @type {Changes} */ changes) => lab.turn(changes, setting) };
    for (const { name } of this.panels) {
      const figure = new Figure(this.#block(name, ".figure"), lab.page.roles, theme, lab.legends.hidden(name), () => (handles.sync(), lab.legends.sync(name)));
      const handles = new Handles(figure, knobs);
      this.figures.set(name, figure);
    }
  }

  /** What the parts draw of a panel. @param {string} panel */
  shares = (panel) => this.setting.shown.flatMap((one) => one.figures[panel] ?? []);

  /** What was solved and how it went, under the figure that it is about. */
  tell() {
    for (const { name } of this.panels) {
      const { objective, outcome, kind, asides } = said(this.setting.shown, name, this.panels);
      write(this.#block(name, ".objective"), objective);
      write(this.#block(name, ".outcome"), outcome);
      write(this.#block(name, ".asides"), asides);
      this.#block(name, ".outcome").dataset.kind = kind;
    }
  }

  /** What is said of a figure, and its visible roles in words: for who takes it elsewhere. @param {string} panel */
  words(panel) {
    const figure = this.figures.get(panel);
    const { objective, outcome, asides } = said(this.setting.shown, panel, this.panels);
    const drawn = figure ? entries(figure.whole).filter(({ key, role }) => figure.roles[role] && !figure.hidden.has(key)) : [];
    const roles = drawn.map(({ role, words }) => ({ role, words: words ?? figure?.roles[role].label ?? role }));
    return { objective, outcome: [outcome, asides].filter(Boolean).join(" "), roles };
  }

  /** @param {string} panel @param {string} part @returns {HTMLElement} */
  #block = (panel, part) => /** @type {HTMLElement} */ (this.element.querySelector(`[data-panel="${panel}"] ${part}`));
}

/**
 * What is said under a figure: each part speaks where it first draws. The last one says what is solved; it and whatever
 * did not simply converge come first, the others after.
 * @param {Answer[]} answers @param {string} panel @param {{name: string}[]} panels
 */
export function said(answers, panel, panels) {
  const home = (/** @type {Answer} */ one) => panels.find(({ name }) => one.figures[name])?.name ?? panels[0].name;
  const here = answers.filter((one) => home(one) === panel);
  const main = here.at(-1);
  const speaks = (/** @type {Answer} */ one) => one === main || one.outcome.kind !== "converged";
  const sentences = (/** @type {Answer[]} */ some) => [...new Set(some.map((one) => one.outcome.sentence))];
  const outcome = sentences(here.toReversed().filter(speaks)).join(" ");
  return {
    objective: main?.objective ?? "",
    outcome,
    asides: sentences(here.filter((one) => !speaks(one))).filter((one) => !outcome.includes(one)).join(" "),
    kind: here.find((one) => one.outcome.kind !== "converged")?.outcome.kind ?? "converged",
  };
}
