/** Play, pause, step and scrub: the buttons of a slider that plays through frames in memory. Loaded where a knob plays. */

import { last, positionOf, stepped, valueAt } from "./scale.js";
import { el } from "./widgets.js";
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  start: "M3 3V13M13 3L6 8L13 13Z", back: "M12 3L5 8L12 13Z", forward: "M4 3L11 8L4 13Z", play: "M4 2L14 8L4 14Z", pause: "M4 3H7V13H4ZM9 3H12V13H9Z",
};
const CALM = 500; // ms between two pictures for those who want little motion
const LATE = 500; // ms that a training may take to its next moment before it is said
const ABSENT = 250; // ms without a frame of the screen: the page was not seen, and does not catch up

export class Transport {
  #playing = false;
  #toggle = this.#button("play", () => (this.#playing ? this.pause() : this.play()));
  #said = el("span", { role: "status", className: "help" });
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {import("./lab.js").LabPage} lab @param {Control} control @param {HTMLElement} row */
  constructor(lab, control, row) {
    this.lab = lab;
    this.control = control;
    row.querySelector(".transport")?.replaceChildren(
      this.#button("start", () => this.#go(valueAt(control, 0))), this.#button("back", () => this.#go(stepped(control, this.#now, -1))),
      this.#toggle, this.#button("forward", () => this.#go(stepped(control, this.#now, 1))), this.#said,
    );
    row.addEventListener("keydown", (event) => {
      if (event.key !== " " || /** @type {Element} */ (event.target).matches("button")) return;
      event.preventDefault();
      this.#toggle.click();
    });
    document.addEventListener("leap", () => this.pause());
  }

  get #now() {
    return Number(this.lab.setting.now(this.control.key));
  }

  get #position() {
    return Math.round(positionOf(this.control, this.#now));
  }

  get #states() {
    return this.lab.settings.map((one) => one.turned);
  }

  /** @param {"start" | "back" | "play" | "forward"} name @param {() => void} act */
  #button(name, act) {
    const button = el("button", { type: "button", "data-transport": name });
    mark(button, name);
    button.addEventListener("click", act);
    return button;
  }

  /** @param {number} value */
  #go(value) {
    this.pause();
    this.#turn(value);
  }

  /** @param {number} value */
  #turn(value) {
    this.lab.together({ [this.control.key]: value });
  }

  /** From here to the end, or from the start where this is the end; only ever because somebody asked. */
  async play() {
    const { lab, control } = this;
    const end = last(control);
    this.#show(true);
    if (this.#position >= end) this.#turn(valueAt(control, 0));
    let [from, since, seen] = [this.#position, 0, 0];
    while (this.#playing && this.#position < end) {
      const front = this.#front;
      if (front <= this.#position) {
        since = await this.#load();
        continue;
      }
      const now = await new Promise(requestAnimationFrame);
      if (!since || now - seen > ABSENT || this.#position < from) [from, since] = [this.#position, now];
      seen = now;
      const elapsed = this.#calm.matches ? Math.floor((now - since) / CALM) * CALM : now - since;
      const position = Math.min(end, front, from + Math.floor((elapsed / (1000 * control.play)) * end));
      if (this.#playing && position > this.#position) this.#turn(valueAt(control, position));
    }
    this.pause();
  }

  pause() {
    if (this.#playing) this.#show(false);
  }

  /** How far everything is in memory: a slider at once, a training moment by moment. */
  get #front() {
    const { lab, control } = this;
    if (!lab.sweeps.has(control, this.#states)) return -1;
    return lab.films ? positionOf(control, Math.min(control.high, lab.films.front(control.key, this.#states))) : Infinity;
  }

  /** The whole slider, once, or the next moments of a training; nothing more is to be seen until they are here. */
  async #load() {
    const { lab, control } = this;
    const late = setTimeout(() => (this.#said.textContent = say(lab.films ? "training" : "loading_frames")), lab.films ? LATE : 0);
    if (!lab.films) lab.busy(this, true);
    const [trouble] = await Promise.all([lab.films?.more(control.key, this.#states), lab.sweeps.fetch(control, this.#states)]);
    clearTimeout(late);
    lab.busy(this, false);
    this.#said.textContent = trouble?.message ?? "";
    if (trouble) this.pause();
    return 0;
  }

  /** @param {boolean} playing */
  #show(playing) {
    this.#playing = playing;
    mark(this.#toggle, playing ? "pause" : "play");
    this.lab.inHand = this.control;
    this.lab.timeline.lasting(playing);
    if (playing) this.lab.playing = true;
    else this.lab.rest();
  }
}

/** @param {HTMLElement} button @param {keyof typeof ICONS} name */
function mark(button, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  svg.firstElementChild?.setAttribute("d", ICONS[name]);
  button.replaceChildren(svg);
  button.setAttribute("aria-label", say(name));
  button.title = say(name);
}
