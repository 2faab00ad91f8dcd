/** One figure on the page: shapes move in a millisecond, traces are redrawn only when they changed. */

import { frame, merged, shapes, traces } from "./merge.js";

const CONFIG = { displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: true, doubleClick: false, scrollZoom: false };

export class Figure {
  /** @type {Share} */ whole = { data: [], layout: {} };
  /** @type {Agreed | null} what the settings beside it have in common with it */ agreed = null;
  /** @type {any[]} the traces that are on the screen, by identity */ #traces = [];
  #frame = "";
  #asked = 0;

  /** @param {HTMLElement} box @param {Roles} roles @param {() => Theme} theme @param {Set<string>} hidden roles @param {() => void} drawn */
  constructor(box, roles, theme, hidden, drawn) {
    this.plot = /** @type {any} */ (document.createElement("div"));
    this.plot.className = "plot";
    this.box = box;
    this.roles = roles;
    this.theme = theme;
    this.hidden = hidden;
    this.drawn = drawn;
    box.prepend(this.plot);
  }

  /** Draw these shares before the next frame of the screen; of several calls the last one counts. @param {Share[]} shares @param {Agreed | null} [agreed] @param {boolean} [complete] nothing more is to come */
  show(shares, agreed = null, complete = true) {
    this.whole = merged(shares);
    this.agreed = agreed;
    this.box.classList.toggle("empty", complete && !this.#something);
    this.refresh();
  }

  get #something() {
    const { data, layout } = this.whole;
    return data.length > 0 || "xaxis" in layout || (layout.shapes?.length ?? 0) > 0; // empty axes are a picture too
  }

  /** Draw again; everything when the theme or what is visible changed. */
  refresh(all = false) {
    if (all) this.#frame = "";
    this.#asked ||= requestAnimationFrame(() => this.draw());
  }

  /** What was asked for is drawn now: between two frames of the screen its drawing, longer than a frame, need not wait for the next. */
  hurry() {
    if (this.#asked && !document.hidden) this.draw();
  }

  /** Draw at once. */
  draw() {
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    const plotly = window.Plotly;
    if (!plotly || !(this.#something || this.box.classList.contains("drawn"))) return;
    // Shapes alone move in a millisecond; anything beside them in one relayout, annotations too, redraws the contour.
    const moving = { shapes: shapes(this.whole, this.roles, this.theme(), this.hidden) };
    const still = this.#still(this.theme());
    const key = JSON.stringify([still, this.agreed]);
    const { data } = this.whole;
    const same = key === this.#frame && data.length === this.#traces.length && data.every((one, i) => one === this.#traces[i]);
    if (same) plotly.relayout(this.plot, moving);
    else plotly.react(this.plot, this.#dressed(this.theme()), { ...still, ...moving }, CONFIG);
    this.#frame = key;
    this.#traces = data;
    if (!this.box.classList.contains("drawn")) {
      this.box.classList.add("drawn");
      this.plot.on("plotly_afterplot", this.drawn); // the window's size changed: Plotly draws by itself
    }
    this.drawn();
  }

  /** @param {Theme} theme */
  #still(theme) {
    const width = this.plot._fullLayout?.width ?? this.box.clientWidth; // to ask the box would lay out the page at each picture
    return frame(this.whole, theme, this.roles, this.hidden, this.agreed, width);
  }

  /** @param {Theme} theme */
  #dressed = (theme) => traces(this.whole, this.roles, theme, this.hidden, this.agreed);

  /** The figure as Plotly takes it, dressed for a theme: what is exported. @param {Theme} theme */
  dressed(theme) {
    const layout = { ...this.#still(theme), shapes: shapes(this.whole, this.roles, theme, this.hidden) };
    return { data: this.#dressed(theme), layout };
  }
}
