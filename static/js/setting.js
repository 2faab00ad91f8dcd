/** One setting of a lab: its knobs, the answers to them, and what went wrong; a page holds one to four. */

import { Lanes } from "./parts.js";
import { find, share, write } from "./state.js";

/** @typedef {{paint: (setting: Setting) => void, trouble: () => void, busy: (is: boolean, share: number) => void}} Hearer */

export class Setting {
  /** @type {Map<string, any>} what went wrong, by part */ troubles = new Map();
  /** @type {Record<string, Answer | null>} what films show, by part; null: on its way */ films = {};

  /**
   * @param {import("./lab.js").LabPage} lab
   * @param {Turned} turned
   * @param {Record<string, Answer>} answers those that are already there
   * @param {Hearer} hearer
   */
  constructor(lab, turned, answers, hearer) {
    this.lab = lab;
    this.parts = lab.page.parts;
    this.turned = turned;
    this.answers = { ...answers };
    const arrived = (/** @type {Record<string, Answer>} */ answers) => {
      Object.assign(this.answers, answers);
      for (const part of Object.keys(answers)) this.troubles.delete(part);
      hearer.paint(this);
    };
    const trouble = (/** @type {string} */ part, /** @type {any} */ error) => {
      this.troubles.set(part, error);
      hearer.trouble();
    };
    this.lanes = new Lanes(lab.load, { paint: arrived, trouble, busy: hearer.busy }, this.queries(Object.keys(answers)));
  }

  /** The answers that are there, in the order of the parts. */
  get shown() {
    return Object.keys(this.parts).flatMap((part) => this.answers[part] ?? []);
  }

  /** Whether every part has answered. */
  get complete() {
    return Object.keys(this.parts).every((part) => part in this.answers);
  }

  /** The control of a key. @param {string} key */
  find = (key) => find(this.lab.list, key, this.turned);

  /** The value of a knob now; of a linked pair, the follower's comes from the answer. @param {string} key @returns {any} */
  now = (key) => {
    if (this.follows(key)) return this.shown.map((one) => one.readouts[key]?.value).find((one) => one !== undefined) ?? null;
    return this.lab.films?.live?.held(this.turned, key) ?? this.turned[key] ?? this.find(key)?.default ?? null;
  };

  /** Whether a knob follows its linked one. @param {string} key */
  follows = (key) => {
    const control = this.find(key);
    if (!control?.linked || key in this.turned) return false;
    return control.linked in this.turned || control.default === null;
  };

  /** @param {string[]} parts @returns {Record<string, string>} */
  queries(parts) {
    return Object.fromEntries(parts.map((part) => [part, write(share(this.turned, this.parts[part].knobs))]));
  }

  /** Ask for all that is not there. */
  want() {
    this.lanes.want(this.queries(Object.keys(this.parts).filter((part) => this.films[part] !== null)));
  }

  /**
   * Take these knobs; frames from memory are drawn at once, the other parts are asked for.
   * @param {Turned} turned @param {Record<string, Frame>} frames by part @param {Record<string, Answer | null>} [films] alike
   */
  take(turned, frames, films = {}) {
    this.turned = turned;
    this.lab.films?.show(this, films);
    const failed = [...this.troubles.keys()];
    this.troubles.clear();
    for (const [part, frame] of Object.entries(frames)) {
      this.lanes.hold(part);
      this.answers[part] = framed(this.answers[part], frame);
    }
    const others = (/** @type {string} */ part) => !(part in frames || part in films);
    this.lanes.want(this.queries(Object.keys(this.parts).filter(others)));
    failed.filter(others).forEach((part) => this.lanes.retry(part));
  }

  /** Ask again for what failed. */
  retry() {
    const failed = [...this.troubles.keys()];
    this.troubles.clear();
    failed.forEach((part) => this.lanes.retry(part));
  }

  /** The address of a part's answer, as everybody may ask for it. @param {string} part */
  address(part) {
    const { slug, extras } = this.lab.page;
    return `/api/v1/labs/${slug}/${part}?${write(share(this.turned, (this.parts[part] ?? extras?.[part]).knobs))}`;
  }
}

/** The last full answer with what a frame changes. @param {Answer} answer @param {Frame} frame @returns {Answer} */
export function framed(answer, frame) {
  const readouts = Object.entries(frame.readouts).map(([name, value]) => [name, { ...answer.readouts[name], value }]);
  return { ...answer, ...frame, readouts: Object.fromEntries(readouts) };
}
