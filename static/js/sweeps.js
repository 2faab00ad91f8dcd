/** Whole sliders in memory: one exact frame for each position, so that dragging needs no request. */

import { positionOf } from "./scale.js";
import { share, write } from "./state.js";

const KEPT = 6; // sweeps of some hundred kilobytes each

export class Sweeps {
  /** @type {Map<string, Sweep | null>} null while it is on its way, or where it was refused */ #memory = new Map();
  #stop = new AbortController();

  /** @param {Record<string, Part>} parts @param {(part: string, query: string, signal: AbortSignal) => Promise<Sweep>} load */
  constructor(parts, load) {
    this.parts = parts;
    this.load = load;
  }

  /** The parts that can be swept along a knob. @param {string} knob */
  along(knob) {
    return Object.keys(this.parts).filter((part) => this.parts[part].sweeps.includes(knob));
  }

  /** @param {string} part @param {Control} control @param {Turned} turned */
  #key(part, control, turned) {
    const { [control.key]: _, [control.linked]: __, ...others } = share(turned, this.parts[part].knobs);
    const query = write(others);
    return `${part}?${query}${query && "&"}sweep=${control.key}`;
  }

  /** Bring the sweeps of a knob into memory, once; what is still on its way for another state is given up. @param {Control} control @param {Turned} turned */
  async fetch(control, turned) {
    const missing = this.along(control.key).filter((part) => !this.#memory.has(this.#key(part, control, turned)));
    if (!missing.length) return;
    this.#stop.abort();
    this.#stop = new AbortController();
    await Promise.all(missing.map((part) => this.#fetch(part, this.#key(part, control, turned))));
  }

  /** @param {string} part @param {string} key */
  async #fetch(part, key) {
    this.#memory.set(key, null);
    for (const old of [...this.#memory.keys()].slice(0, -KEPT)) this.#memory.delete(old);
    const { signal } = this.#stop;
    try {
      this.#memory.set(key, await this.load(part, key.slice(part.length + 1), signal));
    } catch {
      if (signal.aborted) this.#memory.delete(key); // refused or failed, it stays null: the slider asks for single answers
    }
  }

  /**
   * The frame of a part at a value, and the exact value it was computed for.
   * @param {string} part @param {Control} control @param {Turned} turned @param {number} value
   */
  at(part, control, turned, value) {
    const sweep = this.#memory.get(this.#key(part, control, turned));
    if (!sweep || value > control.high || (value < control.low && value !== sweep.values[0])) return null;
    const wanted = positionOf(control, value);
    const away = (/** @type {number} */ one) => Math.abs(positionOf(control, one) - wanted);
    const i = sweep.values.reduce((best, one, at) => (away(one) < away(sweep.values[best]) ? at : best), 0);
    return away(sweep.values[i]) < 0.01 ? { value: sweep.values[i], frame: sweep.frames[i] } : null;
  }
}
