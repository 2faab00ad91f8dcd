/** A lab page: knobs in, pictures out. The query string is the whole state; everything here keeps the two together. */

import { byId, progress, refusals, sentence, speaker, tellTrouble, troubled } from "./announce.js";
import { ask } from "./api.js";
import { Column } from "./column.js";
import { timeline } from "./history.js";
import { Legends } from "./legend.js";
import { Panel } from "./panel.js";
import { showReadouts } from "./readouts.js";
import { dressable } from "./roles.js";
import { controls } from "./schema.js";
import { Setting } from "./setting.js";
import { find, hides, read, severalIn, turn, write } from "./state.js";
import { surroundings } from "./surroundings.js";
import { Sweeps } from "./sweeps.js";
import { say, speak } from "./words.js";

const REST = 160; // ms after the last frame from memory until the full answer is asked for
const IDLE = 500; // ms after the last change until the slider in use is brought into memory

export class LabPage {
  /** @type {Page} */ page = JSON.parse(byId("lab").textContent ?? "");
  list = controls(this.page.knobs);
  /** @type {Turned} what all settings turn: the plain keys are the first one's */ turned = this.page.refused.length ? {} : read(location.search, this.list);
  /** @type {Setting[]} */ settings = [];
  /** @type {Column[]} */ columns = [];
  /** @type {import("./compare.js").Compare | null} several settings, once somebody wants them */ compare = null;
  /** @type {import("./shelf.js").Shelf | null} data sets, once a control chooses among them */ shelf = null;
  /** @type {import("./films.js").Films | undefined} trainings, where a part is one */ films;
  /** @type {Control | undefined} the slider that is, or will be, in use */ inHand;
  chosen = 0;
  printing = false;
  playing = false;
  #rest = 0;
  #idle = 0;
  #moved = false;
  #say = speaker();
  busy = progress();

  constructor() {
    speak(JSON.parse(byId("words").textContent ?? ""));
    const { page } = this;
    this.load = async (/** @type {string} */ part, /** @type {string} */ query, /** @type {AbortSignal} */ signal, /** @type {(share: number) => void} */ told = () => {}) =>
      page.parts[part].streams ? /** @type {any} */ (await this.filmed).answer(part, query, signal, told)
        : dressable(await ask(`/api/v1/labs/${page.slug}/${part}?${query}${query && "&"}v=${page.build}`, { signal }), page.roles);
    if (Object.values(page.parts).some((one) => one.streams)) this.filmed = import("./films.js").then(({ Films }) => (this.films = new Films(this)));
    this.sweeps = new Sweeps(page.parts, this.load);
    this.panel = new Panel(byId("controls"), this.list, (changes) => this.turn(changes), (control) => this.#touch(control));
    this.panel.played = async (control, row) => void new (await import("./transport.js")).Transport(this, control, row);
    this.timeline = timeline((search) => this.#apply(this.#hiding(read(search, this.list))), (undo, redo) => {
      byId("undo").toggleAttribute("disabled", !undo);
      byId("redo").toggleAttribute("disabled", !redo);
    });
    this.legends = new Legends((panel) => this.columns.flatMap((one) => one.figures.get(panel) ?? []));
    this.settle([this.add(/** @type {HTMLElement} */ (document.querySelector(".column")), this.turned, page.answers)]);
    this.inHand = this.list.find((one) => this.sweeps.along(one.key).length && this.setting.now(one.key) !== null && !hides(this.turned, one.key));
    surroundings(this);
    this.paint();
    if (severalIn(this.turned)) this.#apply(this.turned);
    else this.#want();
  }

  /** The setting that the panel turns. */
  get setting() {
    return this.settings[this.chosen];
  }

  get figures() {
    return this.columns.flatMap((one) => [...one.figures.values()]);
  }

  /** A column of figures for a setting. @param {HTMLElement} element @param {Turned} turned @param {Record<string, Answer>} answers */
  add(element, turned, answers) {
    const setting = new Setting(this, turned, answers, {
      paint: () => this.#arrived(),
      trouble: () => this.complain(),
      busy: (is, share) => this.busy(setting, is, share),
    });
    return new Column(element, this, setting);
  }

  /** These are the columns from now on. @param {Column[]} columns */
  settle(columns) {
    this.columns = columns;
    this.settings = columns.map((one) => one.setting);
    this.chosen = Math.min(this.chosen, columns.length - 1);
  }

  /** Turn some knobs of a setting, as far as the hand has come. @param {Changes} changes @param {Setting} [setting] */
  turn(changes, setting = this.setting) {
    changes = this.films?.live?.meant(changes, setting) ?? changes;
    if (setting !== this.setting) this.compare?.choose(this.settings.indexOf(setting));
    const exact = this.sweeps.exact(this.shelf?.completed(changes, setting) ?? changes, setting);
    this.record(this.#next(exact, setting), Object.keys(changes));
  }

  /** Turn a knob of all settings at once: what plays. @param {Changes} changes */
  together(changes) {
    const exact = this.sweeps.exact(changes, this.setting);
    this.record(this.compare ? this.compare.together(exact) : turn(this.turned, exact, this.list), Object.keys(changes));
  }

  /** @param {Turned} next @param {string[]} keys that moved; none: a leap */
  record(next, keys) {
    if (write(next) === write(this.turned)) return;
    this.timeline.record(write(next), keys.join());
    this.#apply(next, keys);
  }

  /** Take exactly these knobs: a preset, a reset. What is hidden stays so. @param {Turned} knobs */
  take(knobs) {
    const turned = this.#hiding(knobs);
    if (write(turned) === location.search.slice(1)) return;
    this.timeline.record(write(turned), "");
    this.#apply(turned);
  }

  /** Knobs, with what the page hides as long as it is open. @param {Turned} knobs @returns {Turned} */
  #hiding = ({ hide: _, ...knobs }) => ({ ...knobs, ...(this.turned.hide && { hide: this.turned.hide }) });

  /** Ask again for everything that failed. */
  retry() {
    this.settings.forEach((one) => one.retry());
    this.complain();
  }

  /** Fit a table by its id; null returns to the usual one. @param {string | null} id */
  choose(id) {
    const tabled = this.list.filter((one) => one.source === "datasets");
    const here = this.setting.find(tabled[0]?.key ?? "") ?? tabled[0];
    if (here) this.turn({ ...Object.fromEntries(here.when), [here.key]: id });
  }

  /** What a setting becomes. @param {Changes} changes @param {Setting} setting @returns {Turned} */
  #next(changes, setting) {
    return this.compare ? this.compare.turned(changes, this.settings.indexOf(setting)) : turn(this.turned, changes, this.list);
  }

  /** @param {Turned} turned @param {string[]} [keys] that moved */
  async #apply(turned, keys = []) {
    this.turned = turned;
    if (!keys.length) document.dispatchEvent(new Event("leap"));
    if (!this.compare && severalIn(turned)) await this.compared();
    const states = this.compare ? this.compare.states() : [turned];
    const films = this.films?.turned(states, keys) ?? [];
    let drawn = false;
    this.#moved = true;
    this.settings.forEach((setting, i) => {
      const frames = this.sweeps.frames(setting, states[i], keys);
      setting.take(states[i], frames, films[i]);
      drawn ||= Object.values({ ...frames, ...films[i] }).some(Boolean);
    });
    clearTimeout(this.#rest);
    if (drawn && !this.playing) this.#rest = setTimeout(() => this.#want(), REST);
    if (drawn || this.compare) this.paint();
    else this.showControls();
    this.complain();
    this.prepare(IDLE);
  }

  /** Several settings are, or will be, on the page. */
  async compared() {
    const { Compare } = await import("./compare.js");
    return (this.compare ??= new Compare(this));
  }

  /** Something played has come to rest. */
  rest() {
    this.playing = false;
    this.#want();
  }

  #want() {
    this.settings.forEach((one) => one.want());
  }

  /** Answers came. */
  #arrived() {
    this.paint();
    for (const one of this.figures) one.hurry();
    if (this.#moved) this.#say(document.querySelector(".outcome")?.textContent ?? "");
  }

  paint() {
    for (const { name } of this.page.figures) {
      const shares = this.columns.map((one) => one.shares(name));
      const agreed = this.compare?.agreed(shares) ?? null;
      this.columns.forEach((one, i) => one.figures.get(name)?.show(shares[i], agreed, one.setting.complete));
    }
    this.columns.forEach((one) => one.tell());
    showReadouts(byId("readouts"), this.settings.map((one) => Object.assign({}, ...one.shown.map(({ readouts }) => readouts))));
    this.complain();
    this.showControls();
  }

  showControls() {
    const { turned, now, follows } = this.setting;
    this.panel.show(turned, now, follows);
    if (turned.hide) import("./hiding.js").then((one) => one.leaveOut(this));
    this.#offer();
    this.compare?.show();
    this.films?.live?.show();
    for (const { id, knobs } of this.page.presets) {
      document.querySelector(`[data-preset="${id}"]`)?.setAttribute("aria-current", String(write(this.#hiding(knobs)) === write(turned)));
    }
  }

  #offer() {
    this.panel.offer((control) => {
      if (!this.shelf) this.shelved();
      return this.shelf?.options(control, (name) => this.setting.now(`${control.group}.${name}`)) ?? null;
    });
  }

  /** Data sets are, or will be, chosen among. */
  async shelved() {
    const { Shelf } = await import("./shelf.js");
    if (this.shelf) return this.shelf;
    this.shelf = new Shelf(() => this.#offer());
    this.#offer();
    return this.shelf;
  }

  /** Say what was refused or failed, beside its control and as a sentence; the last good picture stays. */
  complain() {
    const refused = this.#moved ? [] : this.page.refused;
    const isLost = this.settings.some((one) => this.shelf?.lost(one));
    this.panel.refuse([...refused, ...refusals([...this.setting.troubles.values()])]);
    tellTrouble([...(isLost ? [say("table_removed")] : []), ...refused.map((one) => sentence(one.knob, one.message)), ...troubled(this.settings)]);
    byId("retry").hidden = !this.settings.some((one) => [...one.troubles.values()].some(({ problem }) => !problem));
    document.body.classList.toggle("stale", isLost || this.settings.some((one) => one.troubles.size > 0));
  }

  /** @param {Control} control */
  #touch(control) {
    if (!this.sweeps.along(control.key).length || this.inHand === control) return;
    this.inHand = control;
    this.prepare(60);
  }

  /** Bring the slider in use into memory. @param {number} delay */
  prepare(delay) {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.inHand && this.sweeps.fetch(this.inHand, this.settings.map((one) => one.turned)), delay);
  }
}

new LabPage();
