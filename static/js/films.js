/** Trainings in memory, moment by moment as they arrive: what was seen is played and scrubbed without asking again. */

import { Live } from "./live.js";
import { dressable } from "./roles.js";
import { framed } from "./setting.js";
import { find, share, write } from "./state.js";
import { watch } from "./stream.js";

/** @typedef {import("./stream.js").Film} Film */

const KEPT = 8; // films of up to a megabyte each; more where more are in use at once
const REST = 60; // ms for which a hand must rest before a whole film is asked for

export class Films {
  /** @type {Map<string, Film>} */ #memory = new Map();
  /** @type {Map<string, AbortController>} */ #coming = new Map();
  /** @type {Map<string, Error>} why a film did not come to its end */ #lost = new Map();
  /** @type {(() => void)[]} */ #waiting = [];
  /** @type {Live | null} */ live = null;

  /** @param {import("./lab.js").LabPage} lab */
  constructor(lab) {
    this.lab = lab;
    const list = lab.list.find((one) => one.source === "changes");
    const moment = lab.list.find((one) => one.play && this.#along(one.key).length);
    if (list && moment) this.live = new Live(lab, list, moment);
    const { place } = lab.panel;
    place.addEventListener("input", ({ target }) => {
      const box = /** @type {Element} */ (target).closest("[type=text], [type=number]");
      lab.panel.typed = box?.closest(".knob") ?? null;
    });
    for (const name of ["change", "focusout"]) place.addEventListener(name, () => (lab.panel.typed = null), true);
    queueMicrotask(() => lab.showControls());
    addEventListener("pagehide", () => this.#hide());
    addEventListener("pageshow", (event) => event.persisted && lab.settings.forEach((one) => one.want()));
  }

  /** The parts that train along a knob. @param {string} knob */
  #along(knob) {
    const { parts } = this.lab.page;
    return Object.keys(parts).filter((part) => parts[part].streams && parts[part].sweeps.includes(knob));
  }

  /** The film of a part: the query of all its moments. @param {string} part @param {string} knob @param {Turned} turned */
  #key(part, knob, turned) {
    const { [knob]: _, ...others } = share(turned, this.lab.page.parts[part].knobs);
    const query = write(others);
    return `${part}?${query}${query && "&"}sweep=${knob}`;
  }

  /** The films of some settings along a knob. @param {string} knob @param {Turned[]} states */
  #keys = (knob, states) => new Set(states.flatMap((turned) => this.#along(knob).map((part) => this.#key(part, knob, turned))));

  /** One answer of a part, as far as it is told. @param {string} part @param {string} query @param {AbortSignal} signal @param {(share: number) => void} told */
  async answer(part, query, signal, told) {
    const { base } = await this.#watch(part, query, signal, (_, share) => told(share));
    return /** @type {Answer} */ (base);
  }

  /** @param {string} part @param {string} query @param {AbortSignal} signal @param {import("./stream.js").Told} told */
  #watch(part, query, signal, told) {
    const { slug, roles } = this.lab.page;
    return watch(`/api/v1/labs/${slug}/${part}/stream?${query}`, signal, told, (one) => dressable(one, roles));
  }

  /**
   * What films show of settings whose knobs of these keys moved: by part an answer, or null where it is on its way. The
   * latest wins: films of other settings are given up; one begins where its moment is turned, or plays.
   * @param {Turned[]} states @param {string[]} keys @returns {Record<string, Answer | null>[]}
   */
  turned(states, keys) {
    this.#leave(states);
    const [key, ...more] = this.lab.playing ? [this.lab.inHand?.key ?? ""] : keys;
    if (key && !more.length) this.follow(key, states);
    return states.map((one) => this.at(one));
  }

  /** What films show of a setting. @param {Turned} turned @returns {Record<string, Answer | null>} */
  at(turned) {
    const { list, page } = this.lab;
    const streaming = Object.keys(page.parts).filter((part) => page.parts[part].streams);
    /** @type {Record<string, Answer | null>} */ const found = {};
    for (const part of streaming) {
      const [knob] = page.parts[part].sweeps;
      const value = turned[knob] ?? find(list, knob, turned)?.default;
      const key = this.#key(part, knob, turned);
      const film = this.#memory.get(key);
      const i = film?.values.indexOf(/** @type {number} */ (value)) ?? -1;
      if (film?.base && i >= 0) found[part] = { ...framed(film.base, film.frames[i]), knobs: { ...film.base.knobs, [knob]: value } };
      else if (this.#coming.has(key)) found[part] = null;
    }
    return found;
  }

  /** What films show is the answer to what a setting wants. @param {import("./setting.js").Setting} setting @param {Record<string, Answer | null>} films by part */
  show(setting, films) {
    setting.films = films;
    for (const [part, answer] of Object.entries(films)) {
      setting.lanes.hold(part, answer ? setting.queries([part])[part] : undefined);
      if (answer) setting.answers[part] = answer;
    }
  }

  /** Have the films of these settings come, unless they are here or were refused. @param {string} knob @param {Turned[]} states */
  follow(knob, states) {
    const wanted = this.#keys(knob, states);
    for (const key of wanted) {
      const isRefused = /** @type {any} */ (this.#lost.get(key))?.problem;
      if (!this.#memory.get(key)?.whole && !this.#coming.has(key) && !isRefused) this.#bring(key);
    }
    const old = [...this.#memory.keys()].filter((key) => !wanted.has(key));
    for (const key of old.slice(0, Math.max(0, this.#memory.size - Math.max(KEPT, wanted.size)))) this.#memory.delete(key);
  }

  /** @param {string} key */
  async #bring(key) {
    const stop = new AbortController();
    this.#coming.set(key, stop);
    this.#lost.delete(key);
    const [part, query] = key.split("?", 2);
    this.lab.busy(stop, true);
    await new Promise((rested) => setTimeout(rested, REST));
    try {
      if (stop.signal.aborted) return;
      await this.#watch(part, query, stop.signal, (film, share) => {
        if (stop.signal.aborted) return;
        this.#memory.set(key, film);
        this.lab.busy(stop, true, share);
        this.#arrived();
      });
    } catch (error) {
      if (!stop.signal.aborted) this.#lost.set(key, /** @type {Error} */ (error));
    } finally {
      this.lab.busy(stop, false);
      if (this.#coming.get(key) === stop) this.#coming.delete(key);
      this.#arrived();
    }
  }

  /** Give up what no setting shows any more. @param {Turned[]} states */
  #leave(states) {
    for (const [key, stop] of this.#coming) {
      const knob = key.slice(key.lastIndexOf("=") + 1);
      if (this.#keys(knob, states).has(key)) continue;
      stop.abort();
      this.#coming.delete(key);
    }
  }

  /** More is here, or nothing more will come: show it to those who wait for it. */
  #arrived() {
    const waiting = this.lab.settings.filter((one) => Object.values(one.films).includes(null));
    for (const one of waiting) {
      this.show(one, this.at(one.turned));
      if (!this.#coming.size) one.want();
    }
    if (waiting.length) this.lab.paint();
    this.#waiting.splice(0).forEach((go) => go());
  }

  /** The last moment of a knob of which all films are here; all there are where nothing is awaited. @param {string} knob @param {Turned[]} states */
  front(knob, states) {
    const films = [...this.#keys(knob, states)].map((key) => this.#memory.get(key));
    return Math.min(...films.map((one) => (one?.whole ? Infinity : (one?.values.at(-1) ?? -1))), Infinity);
  }

  /** Wait until more is here, or nothing more comes; why, where it was refused or failed. @param {string} knob @param {Turned[]} states */
  async more(knob, states) {
    this.follow(knob, states);
    const keys = [...this.#keys(knob, states)];
    if (keys.some((key) => this.#coming.has(key))) await new Promise((go) => this.#waiting.push(/** @type {() => void} */ (go)));
    return keys.map((key) => this.#lost.get(key)).find(Boolean);
  }

  /** The page is left: nobody listens any more. */
  #hide() {
    document.dispatchEvent(new Event("leap")); // what plays would else ask for more
    this.#leave([]);
    for (const one of this.lab.settings) {
      one.films = {};
      one.lanes.stop();
    }
  }
}
