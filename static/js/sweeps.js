/** Whole sliders in memory: one exact frame for each position, so that dragging needs no request. */

import { positionOf } from "./scale.js";
import { find, share, write } from "./state.js";

const KEPT = 6; // sweeps of some hundred kilobytes each; more where more are in use at once

export class Sweeps {
  /** @type {Map<string, Sweep | null>} null while it is on its way, or where it was refused */ #memory = new Map();
  /** @type {Map<string, {stop: AbortController, done: Promise<void>}>} */ #coming = new Map();

  /** @param {Record<string, Part>} parts @param {(part: string, query: string, signal: AbortSignal) => Promise<Sweep>} load */
  constructor(parts, load) {
    this.parts = parts;
    this.load = load;
  }

  /** The parts that can be swept along a knob, but for films, which are told moment by moment. @param {string} knob */
  along(knob) {
    return Object.keys(this.parts).filter((part) => this.parts[part].sweeps.includes(knob) && !this.parts[part].streams);
  }

  /** @param {string} part @param {Control} control @param {Turned} turned */
  #key(part, control, turned) {
    const { [control.key]: _, [control.linked]: __, ...others } = share(turned, this.parts[part].knobs);
    const query = write(others);
    return `${part}?${query}${query && "&"}sweep=${control.key}`;
  }

  /** Bring the sweeps of a knob into memory, once; what is still on its way for another state is given up. @param {Control} control @param {Turned[]} states one for each setting */
  async fetch(control, states) {
    const wanted = this.#wanted(control, states);
    const missing = [...wanted].filter(([key]) => !this.#memory.has(key));
    for (const [key, { stop }] of missing.length ? this.#coming : []) if (!wanted.has(key)) stop.abort();
    for (const [key, part] of missing) this.#bring(part, key);
    const old = [...this.#memory.keys()].filter((key) => !wanted.has(key));
    for (const key of old.slice(0, Math.max(0, this.#memory.size - Math.max(KEPT, wanted.size)))) this.#memory.delete(key);
    await Promise.all([...wanted.keys()].map((key) => this.#coming.get(key)?.done));
  }

  /** Whether every frame of a knob is in memory, or cannot be. @param {Control} control @param {Turned[]} states */
  has(control, states) {
    return [...this.#wanted(control, states).keys()].every((key) => this.#memory.has(key) && !this.#coming.has(key));
  }

  /** The parts that are swept for these states, by what they are remembered as. @param {Control} control @param {Turned[]} states */
  #wanted(control, states) {
    return new Map(states.flatMap((turned) => this.along(control.key).map((part) => [this.#key(part, control, turned), part])));
  }

  /** @param {string} part @param {string} key */
  #bring(part, key) {
    const stop = new AbortController();
    const ended = () => {
      this.#coming.delete(key);
      if (stop.signal.aborted) this.#memory.delete(key); // refused or failed, it stays null: the slider asks for single answers
    };
    const done = this.load(part, key.slice(part.length + 1), stop.signal).then((sweep) => void this.#memory.set(key, sweep), () => {}).finally(ended);
    this.#memory.set(key, null);
    this.#coming.set(key, { stop, done });
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

  /** The one knob that moves, at the value for which memory has frames. @param {Changes} changes @param {import("./setting.js").Setting} setting @returns {Changes} */
  exact(changes, setting) {
    const [[key, value] = ["", null], ...more] = Object.entries(changes);
    const control = setting.find(key);
    if (!control || more.length || typeof value !== "number") return changes;
    const hits = this.along(key).flatMap((part) => this.at(part, control, setting.turned, value) ?? []);
    return { [key]: hits[0]?.value ?? value };
  }

  /** The frames in memory along the knobs that moved. @param {import("./setting.js").Setting} setting @param {Turned} turned what it becomes @param {string[]} keys */
  frames(setting, turned, [key, ...more]) {
    const control = find(setting.lab.list, key, turned);
    const value = turned[key] ?? control?.default;
    if (!control || more.length || typeof value !== "number") return {};
    const parts = this.along(key).filter((part) => setting.answers[part]);
    const hits = parts.map((part) => [part, this.at(part, control, turned, value)?.frame]);
    return /** @type {Record<string, Frame>} */ (Object.fromEntries(hits.filter(([, frame]) => frame)));
  }
}
