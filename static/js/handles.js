/** What can be dragged: focusable elements over the plot, by mouse, touch and keyboard. */

import { dragged, heard, knobsOf, nudged, scaled } from "./grips.js";
import { format } from "./numbers.js";

/** @typedef {[number, number]} Point */
/** @typedef {{find: (key: string) => Control | undefined, now: (key: string) => number, turn: Turn}} Knobs */
/** @typedef {{ax: number, bx: number, ay: number, by: number}} Map2 data -> pixels of the figure's box */

const SVG = "http://www.w3.org/2000/svg";

export class Handles {
  /** @type {HTMLElement[]} */ #grips = [];
  /** @type {Handle[]} */ #handles = [];
  /** @type {HTMLElement | null} */ #held = null;
  /** @type {Map2} */ #map = { ax: 1, bx: 0, ay: 1, by: 0 };
  /** @type {[Point, Point]} the ranges of the axes */ #window = [[0, 1], [0, 1]];
  #edge = document.createElementNS(SVG, "path");

  /** @param {import("./figure.js").Figure} figure @param {Knobs} knobs */
  constructor(figure, knobs) {
    this.knobs = knobs;
    this.figure = figure;
    this.layer = document.createElement("div");
    this.layer.className = "handles";
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("aria-hidden", "true");
    svg.append(this.#edge);
    this.layer.append(svg);
    figure.box.append(this.layer);
    this.#holdEdge();
  }

  /** Follow what was just drawn. */
  sync() {
    const { xaxis, yaxis } = this.figure.plot._fullLayout ?? {};
    if (!xaxis?.l2p || !yaxis?.l2p) return;
    const [x0, y0] = [xaxis.l2p(0), yaxis.l2p(0)];
    this.#map = { ax: xaxis.l2p(1) - x0, bx: xaxis._offset + x0, ay: yaxis.l2p(1) - y0, by: yaxis._offset + y0 };
    const handles = this.figure.whole.layout.meta?.handles ?? [];
    this.#window = [xaxis.range, yaxis.range];
    const shown = handles.filter((one) => !this.figure.hidden.has(one.role));
    while (this.#grips.length > shown.length) this.#grips.pop()?.remove();
    shown.forEach((one, i) => this.#place(this.#grips[i] ?? this.#add(i), one, i));
    this.#handles = shown;
    this.#syncEdge(shown);
  }

  /** @param {HTMLElement} grip @param {Handle} handle @param {number} i */
  #place(grip, handle, i) {
    const { find, now } = this.knobs;
    const words = Object.values(knobsOf(handle)).map((key) => `${find(key)?.symbol || find(key)?.label} = ${format(now(key), 4)}`);
    const [value, least, most] = heard(handle, now, find);
    set(grip, {
      "aria-label": handle.label, "aria-valuenow": value, "aria-valuemin": least, "aria-valuemax": most,
      "aria-valuetext": words.join(", "), "data-handle": handle.role, "data-kind": handle.kind, "data-index": i,
    });
    if (grip !== this.#held) this.#move(grip, this.#shown(handle));
  }

  /** Where a handle can be seen: an axis has two ends, whatever lies outside is held at the border. @param {Handle} handle @returns {Point} */
  #shown({ kind, at, origin }) {
    const inside = ([x, y] = at) => this.#window[0][0] <= x && x <= this.#window[0][1] && this.#window[1][0] <= y && y <= this.#window[1][1];
    const other = /** @type {Point} */ (origin?.map((one, i) => 2 * one - at[i]));
    return kind === "axis" && !inside() && inside(other) ? other : at;
  }

  /** @param {HTMLElement} grip @param {Point} at */
  #move(grip, at) {
    const { ax, bx, ay, by } = this.#map;
    const [x, y] = at.map((one, i) => Math.min(this.#window[i][1], Math.max(this.#window[i][0], one)));
    grip.style.transform = `translate(${(bx + ax * x).toFixed(1)}px, ${(by + ay * y).toFixed(1)}px)`;
  }

  /** The data coordinates of a pointer. @param {PointerEvent} event @returns {Point} */
  #at(event) {
    const box = this.layer.getBoundingClientRect();
    const { ax, bx, ay, by } = this.#map;
    return [(event.clientX - box.left - bx) / ax, (event.clientY - box.top - by) / ay];
  }

  /** @param {number} i */
  #add(i) {
    const grip = document.createElement("div");
    set(grip, { class: "handle", role: "slider", tabindex: 0 });
    const handle = () => this.#handles[i];
    grip.addEventListener("keydown", (event) => {
      const changes = nudged(handle(), event.key, event.shiftKey, this.knobs.now, this.knobs.find);
      if (!changes || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.knobs.turn(changes);
    });
    this.#hold(grip, grip, (from) => {
      const start = this.#shown(handle());
      return ([x, y]) => {
        const to = /** @type {Point} */ ([start[0] + x - from[0], start[1] + y - from[1]]);
        this.#move(grip, to);
        return dragged(handle(), to, this.knobs.find);
      };
    });
    this.layer.append(grip);
    return (this.#grips[i] = grip);
  }

  /** The gesture that mouse, pen and finger share. @param {Element} target @param {HTMLElement | null} grip @param {(from: Point) => (to: Point) => Record<string, number>} begin */
  #hold(target, grip, begin) {
    target.addEventListener("pointerdown", (first) => {
      const event = /** @type {PointerEvent} */ (first);
      if (event.button) return;
      event.preventDefault();
      grip?.focus({ preventScroll: true });
      target.setPointerCapture(event.pointerId);
      this.#held = grip;
      const drag = begin(this.#at(event));
      const stop = new AbortController();
      const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ act) =>
        target.addEventListener(name, act, { signal: stop.signal });
      on("pointermove", (event) => this.knobs.turn(drag(this.#at(event))));
      on("lostpointercapture", () => {
        stop.abort();
        this.#held = null;
        this.sync();
      });
    });
  }

  #holdEdge() {
    set(this.#edge, { class: "edge", "vector-effect": "non-scaling-stroke" });
    this.#hold(this.#edge, null, (from) => {
      const knob = this.#ray(this.#handles)?.knob ?? "";
      const control = this.knobs.find(knob);
      const value = this.knobs.now(knob);
      return (to) => (control ? { [knob]: scaled(control, value, from, to) } : {});
    });
  }

  /** @param {Handle[]} handles */
  #ray = (handles) => handles.find((one) => one.kind === "ray");

  /** @param {Handle[]} handles */
  #syncEdge(handles) {
    const role = this.#ray(handles)?.role;
    const shape = this.figure.whole.layout.shapes?.find((one) => one.name === role && one.path && one.xanchor === undefined);
    const { ax, bx, ay, by } = this.#map;
    set(this.#edge, { d: shape?.path ?? "", transform: `matrix(${ax} 0 0 ${ay} ${bx} ${by})` });
  }
}

/** @param {Element} element @param {Record<string, unknown>} attributes */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
}
