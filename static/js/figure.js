/** One figure on the page: shapes move in a millisecond, traces are redrawn only when they changed. */

import { frame, merged, shapes, traces } from "./merge.js";

/** @typedef {import("./types.d.ts").Figure} Share */
/** @typedef {import("./types.d.ts").Roles} Roles */
/** @typedef {import("./types.d.ts").Theme} Theme */

const CONFIG = { displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: true, doubleClick: false };

export class Figure {
  /** @type {Share} */ whole = { data: [], layout: {} };
  /** @type {Set<string>} */ hidden = new Set();
  /** @type {any[]} the traces that are on the screen, by identity */ #traces = [];
  #frame = "";
  /** @type {import("./merge.js").Ink | null} read once for each theme */ #ink = null;
  #asked = 0;

  /** @param {HTMLElement} box @param {Roles} roles @param {() => Theme} theme @param {(figure: Figure) => void} drawn */
  constructor(box, roles, theme, drawn) {
    this.plot = /** @type {any} */ (document.createElement("div"));
    this.plot.className = "plot";
    this.box = box;
    this.roles = roles;
    this.theme = theme;
    this.drawn = drawn;
    box.prepend(this.plot);
  }

  /** Draw these shares before the next frame of the screen; of several calls the last one counts. @param {Share[]} shares */
  show(shares) {
    this.whole = merged(shares);
    this.refresh();
  }

  /** Draw again; everything when the theme or what is visible changed. */
  refresh(all = false) {
    if (all) this.#ink = null;
    if (all) this.#frame = "";
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      if (window.Plotly && this.whole.data.length + (this.whole.layout.shapes?.length ?? 0)) this.#draw(window.Plotly);
    });
  }

  /** @param {any} plotly */
  #draw(plotly) {
    const moving = {
      shapes: shapes(this.whole, this.roles, this.theme(), this.hidden),
      annotations: this.whole.layout.annotations,
    };
    const still = frame(this.whole, (this.#ink ??= ink(this.box)));
    const key = JSON.stringify(still);
    const { data } = this.whole;
    const same = key === this.#frame && data.length === this.#traces.length && data.every((one, i) => one === this.#traces[i]);
    if (same) plotly.relayout(this.plot, moving);
    else plotly.react(this.plot, traces(this.whole, this.roles, this.theme(), this.hidden), { ...still, ...moving }, CONFIG);
    this.#frame = key;
    this.#traces = data;
    this.box.classList.add("drawn");
    this.drawn(this);
  }

  /** The figure as Plotly takes it, dressed for a theme: what is exported. @param {Theme} theme */
  dressed(theme) {
    const layout = { ...frame(this.whole, ink(this.box)), shapes: shapes(this.whole, this.roles, theme, this.hidden) };
    return { data: traces(this.whole, this.roles, theme, this.hidden), layout: { ...layout, annotations: this.whole.layout.annotations } };
  }
}

/** The colours of axes and words, from the style sheet. @param {HTMLElement} box */
function ink(box) {
  const style = getComputedStyle(box);
  const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { ink: of("--ink"), soft: of("--soft"), line: of("--grid"), zero: of("--zero"), font: of("--sans") };
}
