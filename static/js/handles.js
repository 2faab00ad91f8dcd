/** What can be dragged: focusable elements over the plot, by mouse, touch and keyboard. */

import { clear, dragged, free, heard, knobsOf, led, nudged, scaled } from "./grips.js";
import { format } from "./numbers.js";
import { pathPoints } from "./table.js";

/** @typedef {[number, number]} Point */
/** @typedef {{find: (key: string) => Control | undefined, now: (key: string) => number, turn: Turn}} Knobs */

const SVG = "http://www.w3.org/2000/svg";

export class Handles {
  /** @type {HTMLElement[]} */ #grips = [];
  /** @type {Handle[]} */ #handles = [];
  /** @type {HTMLElement | null} */ #held = null;
  /** @type {any[]} Plotly's axes, x and y */ #axes = [];
  /** @type {Point[]} the ends of the axes, in data */ #window = [[0, 1], [0, 1]];
  /** @type {Map<string, Point>} where a ball's handle was, by its role */ #sides = new Map();
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
    this.#axes = [xaxis, yaxis];
    this.#window = this.#axes.map((axis) => axis.range.map((/** @type {number} */ one) => (axis.type === "log" ? 10 ** one : one)));
    const handles = this.figure.whole.layout.meta?.handles ?? [];
    const shown = handles.flatMap((one) => (this.figure.hidden.has(one.role) ? [] : (free(one, this.knobs.find) ?? [])));
    while (this.#grips.length > shown.length) this.#grips.pop()?.remove();
    this.#handles = shown.map((one) => this.#cleared(one, shown));
    this.#handles.forEach((one, i) => this.#place(this.#grips[i] ?? this.#add(i), one, i));
    this.#syncEdge(shown);
  }

  /** Data to pixels of the figure's box, on linear and on log axes. @param {Point} at @returns {Point} */
  #pixel = (at) => /** @type {Point} */ (at.map((one, i) => this.#axes[i]._offset + this.#axes[i].d2p(one)));

  /** Inside the axes. @param {Point} at @returns {Point} */
  #inside = (at) => /** @type {Point} */ (at.map((one, i) => Math.min(Math.max(...this.#window[i]), Math.max(Math.min(...this.#window[i]), one))));

  /** The handle of a ball, where it covers no mark and no other handle. @param {Handle} handle @param {Handle[]} all @returns {Handle} */
  #cleared(handle, all) {
    const boundary = handle.kind === "ray" ? pathPoints(this.#boundary(handle.role)?.path ?? "") : [];
    const value = this.knobs.now(handle.knob ?? "");
    if (!boundary.length || !value) return handle;
    const marks = (this.figure.whole.layout.shapes ?? []).filter((one) => one.xanchor !== undefined && !this.figure.hidden.has(one.name ?? ""));
    const others = [...marks.map((one) => /** @type {Point} */ ([one.xanchor, one.yanchor])), ...all.filter((one) => one !== handle).map((one) => this.#shown(one))];
    const pixels = others.map(this.#pixel);
    const room = (/** @type {Point} */ one) => {
      const [x, y] = this.#pixel(one);
      return String(this.#inside(one)) === String(one) ? Math.min(...pixels.map(([a, b]) => Math.hypot(a - x, b - y))) : -1;
    };
    const at = clear(handle.at, this.#sides.get(handle.role) ?? null, boundary, this.#held ? () => Infinity : room);
    this.#sides.set(handle.role, at);
    return { ...handle, at, unit: [at[0] / value, at[1] / value] };
  }

  /** @param {string} role */
  #boundary = (role) => this.figure.whole.layout.shapes?.find((one) => one.name === role && one.path && one.xanchor === undefined);

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
    const [x, y] = this.#pixel(this.#inside(at));
    grip.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }

  /** The data coordinates of a pointer. @param {PointerEvent} event @returns {Point} */
  #at(event) {
    const box = this.layer.getBoundingClientRect();
    const [x, y] = this.#axes;
    return [x.p2d(event.clientX - box.left - x._offset), y.p2d(event.clientY - box.top - y._offset)];
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
      const moved = (/** @type {number} */ to, /** @type {number} */ i) => // on a log axis a hand moves by factors
        this.#axes[i].type === "log" ? (start[i] * to) / from[i] : start[i] + to - from[i];
      return (point) => {
        const to = led(handle(), /** @type {Point} */ (point.map(moved)));
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
    const [x, y] = this.#axes;
    const path = role && x.type === "linear" && y.type === "linear" ? this.#boundary(role)?.path : "";
    const [[x0, y0], [x1, y1]] = path ? [this.#pixel([0, 0]), this.#pixel([1, 1])] : [[0, 0], [1, 1]];
    set(this.#edge, { d: path ?? "", transform: `matrix(${x1 - x0} 0 0 ${y1 - y0} ${x0} ${y0})` });
  }
}

/** @param {Element} element @param {Record<string, unknown>} attributes */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
}
