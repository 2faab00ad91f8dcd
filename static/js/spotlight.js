/** Where a preset's claim shows: its figure in view, its numbers beside it, until a knob is turned. Comes with the first press. */

import { byId, speaker } from "./announce.js";
import { worded } from "./readouts.js";
import { write } from "./state.js";
import { moves } from "./surroundings.js";
import { el } from "./widgets.js";

/** What a preset shows: a figure, the first one if it names none, and readouts; one name may be both. @param {string[]} shows @param {{name: string}[]} panels */
export function aimed(shows, panels) {
  const panel = shows.find((one) => panels.some(({ name }) => name === one));
  return { panel: panel ?? panels[0].name, names: shows.filter((one, i) => i !== shows.indexOf(panel ?? "")) };
}

/** What a readout is called, with its group where another of them is called the same. @param {Readout} one @param {Readout[]} all */
const called = ({ label, group }, all) => (group && all.filter((other) => other.label === label).length > 1 ? `${group}: ${label}` : label);

/** The numbers of a claim: what each is called, and its value; what does not apply is left out. @param {string[]} names @param {Record<string, Readout>} readouts @returns {[label: string, value: string][]} */
export function reading(names, readouts) {
  const said = names.map((name) => readouts[name]).filter((one) => (one?.value ?? null) !== null);
  return said.map((one) => [`${called(one, said)}${typeof one.value === "string" ? ":" : " ="} `, worded(one)]);
}

/** How much of the screen is covered above a block, in pixels: the first figure may stick to it. @param {HTMLElement} block */
function covered(block) {
  const first = /** @type {HTMLElement} */ (document.querySelector(".figure"));
  const { position, top } = getComputedStyle(first);
  if (position !== "sticky" || block.contains(first)) return parseFloat(getComputedStyle(/** @type {Element} */ (block.querySelector("header"))).scrollMarginTop);
  return parseFloat(top) + first.offsetHeight + 8;
}

const rows = () => /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-readout]"));

const ARRIVED = 800; // ms: on the way, folds that open move the sentence out of sight and back

export class Spotlight {
  #say = speaker();
  #end = () => {};
  #back = byId("back");
  /** @type {() => void} */ #returned = () => {};

  /** @param {import("./lab.js").LabPage} lab */
  constructor(lab) {
    this.lab = lab;
  }

  /** Show what a preset claims, as long as the knobs are its own. @param {HTMLElement} link @param {string[]} shows */
  show(link, shows) {
    this.#end();
    const { lab } = this;
    const { panel, names } = aimed(shows, lab.page.figures);
    const block = /** @type {HTMLElement} */ (lab.columns[lab.chosen].element.querySelector(`[data-panel="${panel}"]`));
    const line = el("p", { className: "reading" });
    block.querySelector(".figure")?.after(line);
    const state = write(lab.turned);
    const seen = new MutationObserver(() => (write(lab.turned) === state ? this.#tell(line, panel, names) : this.#end()));
    seen.observe(byId("readouts"), { subtree: true, childList: true, characterData: true });
    seen.observe(link, { attributeFilter: ["aria-current"] });
    this.#end = () => {
      seen.disconnect();
      line.remove();
      for (const row of rows()) row.classList.remove("claimed");
      this.#end = () => {};
    };
    for (const row of rows()) if (names.includes(row.dataset.readout ?? "")) row.closest("details.fold")?.setAttribute("open", "");
    this.#tell(line, panel, names);
    this.#scroll(block, line, link);
  }

  /** Mark the readouts of a claim, and repeat them beside its figure. @param {HTMLElement} line @param {string} panel @param {string[]} names */
  #tell(line, panel, names) {
    const { shown } = this.lab.setting;
    for (const row of rows()) row.classList.toggle("claimed", names.includes(row.dataset.readout ?? ""));
    const pairs = reading(names, Object.assign({}, ...shown.map(({ readouts }) => readouts)));
    line.replaceChildren(...pairs.flatMap(([label, value], i) => [i ? " · " : "", label, el("b", {}, value)]));
    line.hidden = !pairs.length;
    line.dataset.went = shown.findLast((one) => one.figures[panel])?.outcome.sentence ?? "";
    this.#say(""); // whoever listens hears both together
  }

  /** @param {HTMLElement} block @param {HTMLElement} line @param {HTMLElement} link */
  #scroll(block, line, link) {
    const header = /** @type {HTMLElement} */ (block.querySelector("header"));
    const top = () => header.getBoundingClientRect().top - covered(block);
    const below = () => line.getBoundingClientRect().bottom + 8 - innerHeight;
    if (top() >= 0 && below() <= 0) return;
    header.insertBefore(this.#back, header.lastElementChild); // beside the heading it covers nothing
    this.#offerBack(link);
    scrollBy({ top: Math.max(top(), below()), behavior: moves() });
  }

  /** The way back is offered until the sentence is seen again. @param {HTMLElement} link */
  #offerBack(link) {
    this.#returned();
    let left = false;
    const seen = new IntersectionObserver(([one]) => (one.isIntersecting ? left && this.#returned() : (left = true)));
    const begun = setTimeout(() => seen.observe(link), ARRIVED);
    this.#returned = () => (clearTimeout(begun), seen.disconnect(), (this.#back.hidden = true));
    this.#back.hidden = false;
    this.#back.onclick = () => {
      this.#returned();
      link.scrollIntoView({ block: "center" });
      link.focus({ preventScroll: true });
    };
  }
}
