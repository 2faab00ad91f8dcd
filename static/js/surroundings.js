/** What surrounds the picture: presets, undo, export, keys, theme, and Plotly itself once the text can be read. */

import { byId } from "./announce.js";
import { write } from "./state.js";

/** @typedef {import("./lab.js").LabPage} LabPage */

/** @type {[string, string][]} */
const KEYS = [
  ["Tab", "the next control or handle"],
  ["← → ↑ ↓", "turn a slider, move a handle"],
  ["Shift + arrow", "move a handle ten times as far"],
  ["Ctrl + Z", "undo, as the browser's Back"],
  ["Ctrl + Shift + Z", "redo"],
  ["?", "this list"],
];

/** @param {LabPage} lab */
export function surroundings(lab) {
  byId("undo").addEventListener("click", lab.timeline.undo);
  byId("redo").addEventListener("click", lab.timeline.redo);
  byId("reset").addEventListener("click", () => lab.take({}));
  byId("retry").addEventListener("click", () => lab.retry());
  byId("help").addEventListener("click", showHelp);
  document.addEventListener("keydown", (event) => onKey(event, lab));
  document.addEventListener("themechange", () => lab.figures.forEach((one) => one.refresh(true)));
  for (const name of ["beforeprint", "afterprint"]) addEventListener(name, () => {
    lab.printing = name === "beforeprint";
    lab.figures.forEach((one) => (one.refresh(true), one.draw()));
  });
  document.addEventListener("click", (event) => onClick(event, lab));
  uploads(lab);
  if (document.readyState === "complete") plotly(lab);
  else addEventListener("load", () => plotly(lab));
}

/** @param {KeyboardEvent} event @param {LabPage} lab */
function onKey(event, lab) {
  const typing = /** @type {Element} */ (event.target).matches("input:not([type=range], [type=checkbox]), textarea, select");
  if (typing || document.querySelector("dialog[open]")) return;
  if (event.key === "?") showHelp();
  if (event.key === "Escape") closeMenu();
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  event.preventDefault();
  if (event.shiftKey) lab.timeline.redo();
  else lab.timeline.undo();
}

function closeMenu() {
  const menu = /** @type {HTMLDetailsElement} */ (byId("export"));
  if (menu.open) menu.querySelector("summary")?.focus();
  menu.open = false;
}

async function showHelp() {
  (await import("./dialog.js")).showKeys(KEYS);
}

/** @param {MouseEvent} event @param {LabPage} lab */
function onClick(event, lab) {
  const target = /** @type {HTMLElement} */ (event.target);
  const preset = /** @type {HTMLElement | null} */ (target.closest("[data-preset]"))?.dataset.preset;
  const found = lab.page.presets.find((one) => one.id === preset);
  if (found && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    lab.take(found.knobs);
    lab.figures[0].box.scrollIntoView({ block: "nearest" });
  }
  const way = /** @type {HTMLElement | null} */ (target.closest("[data-export]"))?.dataset.export;
  if (way) take(way, lab);
  const menu = /** @type {HTMLDetailsElement} */ (byId("export"));
  if (way || !menu.contains(target)) menu.open = false;
}

/** @param {string} way @param {LabPage} lab */
async function take(way, lab) {
  const { exportAs } = await import("./exports.js");
  const query = write(lab.turned);
  const parts = Object.keys(lab.page.parts).map((name) => ({ name, url: lab.address(name) }));
  const scene = { slug: lab.page.slug, title: lab.page.title, query, parts, figure: lab.figures[0], plotlyUrl: plotlyUrl() };
  try {
    await exportAs(way, scene);
  } catch (error) {
    lab.complain(`This could not be exported. ${/** @type {Error} */ (error).message}`);
  }
}

/** The drop zone comes with the first control that chooses among data sets. @param {LabPage} lab */
async function uploads(lab) {
  const place = byId("upload");
  place.addEventListener("toggle", async () => {
    if (place.querySelector(".drop")) return;
    const { dropZone } = await import("./upload.js");
    place.append(dropZone({
      add: (table) => lab.shelf.add(table),
      drop: (id) => lab.shelf.drop(id),
      choose: (id) => lab.choose(id),
      kept: () => lab.shelf.kept,
    }));
    place.scrollIntoView({ block: "nearest" });
  });
}

const plotlyUrl = () => byId("stage").dataset.plotly ?? "";

/** Plotly blocks the page for a second: only when the text stands. @param {LabPage} lab */
function plotly(lab) {
  const start = () => {
    const script = document.createElement("script");
    script.src = plotlyUrl();
    script.addEventListener("load", () => {
      lab.figures.forEach((one) => one.refresh(true));
      lab.prepare(0);
    });
    script.addEventListener("error", () => lab.complain("The drawing library did not load: reload the page to see the picture."));
    document.head.append(script);
  };
  if ("requestIdleCallback" in window) requestIdleCallback(start, { timeout: 500 });
  else setTimeout(start, 50);
}
