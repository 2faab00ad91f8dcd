/** The control panel: one row for each knob that applies, grouped by union; drawn from the schema alone. */

import { applies, hides } from "./state.js";
import { el, WIDGETS } from "./widgets.js";
import { say } from "./words.js";

/** @typedef {{row: HTMLElement, drawn: import("./widgets.js").Drawn, error: HTMLElement, shown?: string}} Row shown: what it was last told */

export class Panel {
  /** @type {Map<Control, Row>} */ #rows = new Map();
  /** @type {Map<string, HTMLElement>} */ #groups = new Map();
  /** @type {Element | null} the row in which somebody is typing: what arrives meanwhile does not write over it */ typed = null;
  /** @type {(control: Control, row: HTMLElement) => void} a row that plays was made */ played = () => {};

  /**
   * @param {HTMLElement} place
   * @param {Control[]} list
   * @param {Turn} turn
   * @param {(control: Control) => void} touched a control is about to be used
   */
  constructor(place, list, turn, touched) {
    this.place = place;
    this.list = list;
    this.turn = turn;
    this.touched = touched;
  }

  /** @param {Turned} turned @param {(key: string) => any} now @param {(key: string) => boolean} follows */
  show(turned, now, follows) {
    for (const control of this.list) {
      const shown = applies(control, this.list, turned);
      /** @type {Row | false} */ const made = this.#rows.get(control) ?? (shown && this.#add(control));
      if (!made) continue;
      const { row, drawn } = made;
      row.hidden = !shown || hides(turned, control.key);
      if (!shown) continue;
      const [value, isFollower] = [now(control.key), follows(control.key)];
      const said = JSON.stringify([value, isFollower]);
      if (row === this.typed || said === made.shown) continue; // most stay as they are while one is turned
      made.shown = said;
      drawn.show(value);
      row.classList.toggle("follows", isFollower);
    }
  }

  /** Say next to each control what was refused; returns what no control could say. @param {{knob?: string, message: string}[]} errors */
  refuse(errors) {
    const unsaid = new Set(errors);
    for (const [{ key, group }, { row, drawn, error }] of this.#rows) {
      const mine = row.hidden ? [] : errors.filter(({ knob }) => knob === key || (knob === group && key === `${group}.kind`));
      mine.forEach((one) => unsaid.delete(one));
      error.textContent = mine.map((one) => one.message).join(" ");
      drawn.input.setAttribute("aria-invalid", String(mine.length > 0));
    }
    return [...unsaid];
  }

  /** Fill the selects whose values come from a source. @param {(control: Control) => import("./widgets.js").Option[] | null} options */
  offer(options) {
    for (const [control, { row, drawn }] of this.#rows) {
      const found = control.source && !row.hidden ? options(control) : null;
      if (found) drawn.offer?.(found);
    }
  }

  /** @param {Control} control */
  #add(control) {
    const set = (/** @type {any} */ value) => this.turn({ [control.key]: value === "" ? null : value });
    const drawn = WIDGETS[control.widget](control, set);
    const id = [control.key, ...control.when.map(([, kind]) => kind)].join("-");
    const help = el("p", { id: `${id}-help`, className: "help", hidden: true }, control.help);
    const error = el("p", { id: `${id}-error`, className: "error" });
    drawn.input.id = id;
    drawn.input.setAttribute("aria-describedby", `${help.id} ${error.id}`);
    const words = [control.label, " ", el("i", {}, control.symbol)];
    const row = el(
      "div", { className: `knob ${control.widget}`, "data-knob": control.key },
      el("label", { htmlFor: id }, ...(control.symbol ? words : words.slice(0, 1))),
      ...(control.help ? [more(control.label, help)] : []), ...drawn.aside, drawn.input,
      ...(control.play ? [el("div", { className: "transport" })] : []), help, error,
    );
    for (const name of ["pointerenter", "focusin"]) row.addEventListener(name, () => this.touched(control));
    this.#group(control.group).append(row);
    const made = { row, drawn, error };
    this.#rows.set(control, made);
    if (control.play) this.played(control, row);
    return made;
  }

  /** @param {string} name */
  #group(name) {
    const known = this.#groups.get(name);
    if (known) return known;
    const title = this.list.find((one) => one.key === `${name}.kind`)?.label ?? "";
    const group = el("div", { className: "group", role: "group", "data-group": name });
    group.setAttribute("aria-label", title || say("own_knobs"));
    if (name) this.place.append(group);
    else this.place.prepend(group); // the lab's own knobs before those of its problem
    this.#groups.set(name, group);
    return group;
  }
}

/** The button that unfolds the help of a control. @param {string} label @param {HTMLElement} help */
function more(label, help) {
  const button = el("button", { type: "button", className: "more", "aria-expanded": "false" }, "?");
  button.setAttribute("aria-label", say("about", { label }));
  button.addEventListener("click", () => {
    help.hidden = !help.hidden;
    button.setAttribute("aria-expanded", String(!help.hidden));
  });
  return button;
}
