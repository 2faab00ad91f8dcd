/** A lab page: knobs in, pictures out. The query string is the whole state; everything here keeps the two together. */

import { byId, progress, speaker, tell, tellTrouble } from "./announce.js";
import { ask } from "./api.js";
import { Figure } from "./figure.js";
import { Handles } from "./handles.js";
import { timeline } from "./history.js";
import { legend } from "./legend.js";
import { Panel } from "./panel.js";
import { Lanes } from "./parts.js";
import { showReadouts } from "./readouts.js";
import { controls } from "./schema.js";
import { Shelf } from "./shelf.js";
import { find, read, share, turn, write } from "./state.js";
import { Sweeps } from "./sweeps.js";
import { surroundings } from "./surroundings.js";

const REST = 160; // ms after the last frame from memory until the full answer is asked for
const IDLE = 500; // ms after the last change until the slider in use is brought into memory

export class LabPage {
  /** @type {Page} */ page = JSON.parse(byId("lab").textContent ?? "");
  list = controls(this.page.knobs);
  /** @type {Turned} */ turned = this.page.refused.length ? {} : read(location.search, this.list);
  /** @type {Record<string, Answer>} */ answers = this.page.answers;
  /** @type {Map<string, any>} what went wrong, by part */ troubles = new Map();
  /** @type {Control | undefined} the slider that is, or will be, in use */ #inHand;
  printing = false;
  #rest = 0;
  #idle = 0;
  #moved = false;
  #say = speaker();

  constructor() {
    const { page } = this;
    const url = (/** @type {string} */ part, /** @type {string} */ query) =>
      `/api/v1/labs/${page.slug}/${part}?${query}${query && "&"}v=${page.build}`;
    this.url = url;
    this.lanes = new Lanes(
      (part, query, signal) => ask(url(part, query), { signal }),
      { paint: (answers) => this.#arrived(answers), trouble: (part, error) => this.#failed(part, error), busy: progress() },
      this.#queries(Object.keys(this.answers)),
    );
    this.sweeps = new Sweeps(page.parts, (part, query, signal) => ask(url(part, query), { signal }));
    this.shelf = new Shelf(() => this.#offer());
    this.panel = new Panel(byId("controls"), this.list, (changes) => this.turn(changes), (control) => this.#touch(control));
    this.timeline = timeline((search) => this.#apply(read(search, this.list)), (undo, redo) => {
      byId("undo").toggleAttribute("disabled", !undo);
      byId("redo").toggleAttribute("disabled", !redo);
    });
    this.figures = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-figure]"))].map((box) => this.#figure(box));
    this.#inHand = this.list.find((one) => this.sweeps.along(one.key).length && this.now(one.key) !== null);
    surroundings(this);
    this.#current();
    this.#paint();
    this.#complain();
    this.#want();
  }

  /** Turn some knobs, as far as the hand has come. @param {Changes} changes */
  turn(changes) {
    const [next, frames] = this.#fromMemory(turn(this.turned, changes, this.list), changes);
    if (write(next) === write(this.turned)) return;
    this.turned = next;
    this.timeline.record(write(next), Object.keys(changes).join());
    this.#changed(frames);
  }

  /** Take exactly these knobs: a preset, a reset. @param {Turned} turned */
  take(turned) {
    if (write(turned) === location.search.slice(1)) return;
    this.timeline.record(write(turned), "");
    this.#apply(turned);
  }

  /** The value of a knob now; of a linked pair, the follower's comes from the answer. @param {string} key @returns {any} */
  now(key) {
    const control = find(this.list, key, this.turned);
    if (this.follows(key)) return Object.values(this.answers).map((one) => one.readouts[key]?.value).find((one) => one !== undefined) ?? null;
    return this.turned[key] ?? control?.default ?? null;
  }

  /** Whether a knob follows its linked one. @param {string} key */
  follows(key) {
    const control = find(this.list, key, this.turned);
    if (!control?.linked || key in this.turned) return false;
    return control.linked in this.turned || control.default === null;
  }

  /** Ask again for everything that failed. */
  retry() {
    const failed = [...this.troubles.keys()];
    this.troubles.clear();
    this.#complain();
    failed.forEach((part) => this.lanes.retry(part));
  }

  /** The address of a part's answer, as everybody may ask for it. @param {string} part */
  address(part) {
    return `/api/v1/labs/${this.page.slug}/${part}?${this.#queries([part])[part]}`;
  }

  /** Fit a table by its id; null returns to the usual one. @param {string | null} id */
  choose(id) {
    const tabled = this.list.filter((one) => one.source === "datasets");
    const here = find(this.list, tabled[0]?.key ?? "", this.turned) ?? tabled[0];
    if (here) this.turn({ ...Object.fromEntries(here.when), [here.key]: id });
  }

  /** Say that something could not be done. @param {string} sentence */
  complain(sentence) {
    byId("trouble-words").textContent = sentence;
    byId("trouble").hidden = false;
  }

  /** @param {string[]} parts @returns {Record<string, string>} */
  #queries(parts) {
    return Object.fromEntries(parts.map((part) => [part, write(share(this.turned, this.page.parts[part].knobs))]));
  }

  /** @param {HTMLElement} box */
  #figure(box) {
    const theme = () => (document.documentElement.dataset.theme === "dark" && !this.printing ? "dark" : "light");
    const figure = new Figure(box, this.page.roles, theme, () => (handles.sync(), entries()));
    const knobs = {
      find: (/** @type {string} */ key) => find(this.list, key, this.turned),
      now: (/** @type {string} */ key) => Number(this.now(key) ?? 0),
      turn: (/** @type {Changes} */ changes) => this.turn(changes),
    };
    const handles = new Handles(figure, knobs);
    const entries = legend(byId(`legend-${box.dataset.figure}`), figure, () => figure.refresh(true));
    return figure;
  }

  /** Frames from memory for the one knob that moves, and the knobs they are exact for. @param {Turned} next @param {Changes} changes @returns {[Turned, Record<string, any>]} */
  #fromMemory(next, changes) {
    const [[key, value] = ["", null], ...more] = Object.entries(changes);
    const control = find(this.list, key, next);
    /** @type {Record<string, any>} */
    const frames = {};
    if (!control || more.length || typeof value !== "number") return [next, frames];
    let exact = value;
    for (const part of this.sweeps.along(key)) {
      const hit = this.sweeps.at(part, control, next, value);
      if (hit) [exact, frames[part]] = [hit.value, hit.frame];
    }
    return [{ ...next, [key]: exact }, frames];
  }

  /** @param {Record<string, any>} frames */
  #changed(frames) {
    this.#moved = true;
    const failed = [...this.troubles.keys()];
    this.troubles.clear();
    clearTimeout(this.#rest);
    for (const [part, frame] of Object.entries(frames)) {
      this.lanes.hold(part);
      this.answers[part] = framed(this.answers[part], frame);
    }
    const others = Object.keys(this.page.parts).filter((part) => !(part in frames));
    this.lanes.want(this.#queries(others));
    failed.filter((part) => !(part in frames)).forEach((part) => this.lanes.retry(part));
    if (others.length < Object.keys(this.page.parts).length) this.#rest = setTimeout(() => this.#want(), REST);
    if (Object.keys(frames).length) this.#paint();
    else this.#showControls();
    this.#complain();
    this.#current();
    this.prepare(IDLE);
  }

  /** @param {Turned} turned */
  #apply(turned) {
    this.turned = turned;
    this.#changed({});
  }

  #want() {
    this.lanes.want(this.#queries(Object.keys(this.page.parts)));
  }

  /** @param {Record<string, Answer>} answers */
  #arrived(answers) {
    Object.assign(this.answers, answers);
    for (const part of Object.keys(answers)) this.troubles.delete(part);
    this.#complain();
    this.#paint();
    if (this.#moved) this.#say(byId("outcome").textContent ?? "");
  }

  /** @param {string} part @param {any} error */
  #failed(part, error) {
    this.troubles.set(part, error);
    this.#complain();
  }

  #paint() {
    const answers = Object.keys(this.page.parts).flatMap((part) => this.answers[part] ?? []);
    for (const figure of this.figures) figure.show(answers.flatMap((one) => one.figures[figure.box.dataset.figure ?? ""] ?? []));
    showReadouts(byId("readouts"), Object.assign({}, ...answers.map((one) => one.readouts)));
    tell(answers);
    this.#showControls();
  }

  #showControls() {
    this.panel.show(this.turned, (key) => this.now(key), (key) => this.follows(key));
    this.#offer();
  }

  /** The preset that is on the screen, if one is. */
  #current() {
    const now = write(this.turned);
    for (const { id, knobs } of this.page.presets) {
      document.querySelector(`[data-preset="${id}"]`)?.setAttribute("aria-current", String(write(knobs) === now));
    }
  }

  #offer() {
    this.panel.offer((control) => this.shelf.options(control, (name) => this.now(`${control.group}.${name}`)));
  }

  /** Say what was refused or failed, beside its control and as a sentence; the last good picture stays. */
  #complain() {
    const problems = [...this.troubles.values()];
    this.panel.refuse(tellTrouble(this.#moved ? [] : this.page.refused, problems));
    byId("retry").hidden = !problems.some((one) => !one.problem);
    document.body.classList.toggle("stale", problems.length > 0);
  }

  /** @param {Control} control */
  #touch(control) {
    if (!this.sweeps.along(control.key).length || this.#inHand === control) return;
    this.#inHand = control;
    this.prepare(60);
  }

  /** Bring the slider in use into memory. @param {number} delay */
  prepare(delay) {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#inHand && this.sweeps.fetch(this.#inHand, this.turned), delay);
  }
}

/** The last full answer with what a frame changes. @param {Answer} answer @param {Frame} frame @returns {Answer} */
function framed(answer, frame) {
  const readouts = Object.entries(frame.readouts).map(([name, value]) => [name, { ...answer.readouts[name], value }]);
  return { ...answer, ...frame, readouts: Object.fromEntries(readouts) };
}

new LabPage();
