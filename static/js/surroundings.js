/** What surrounds the picture: presets, undo, export, keys, theme, and Plotly itself once the text can be read. */

import { byId, complain } from "./announce.js";

/** @typedef {import("./lab.js").LabPage} LabPage */
/** @typedef {import("./spotlight.js").Spotlight} Spotlight */

/** @param {LabPage} lab */
export function surroundings(lab) {
  byId("undo").addEventListener("click", lab.timeline.undo);
  byId("redo").addEventListener("click", lab.timeline.redo);
  byId("reset").addEventListener("click", async () => lab.take(lab.turned.hide ? (await import("./hiding.js")).left(lab.turned, lab.list) : {}));
  byId("retry").addEventListener("click", () => lab.retry());
  byId("help").addEventListener("click", showHelp);
  byId("compare").addEventListener("click", async () => (await lab.compared()).add());
  document.addEventListener("keydown", (event) => onKey(event, lab));
  document.addEventListener("themechange", () => lab.figures.forEach((one) => one.refresh(true)));
  for (const name of ["beforeprint", "afterprint"]) addEventListener(name, () => {
    lab.printing = name === "beforeprint";
    lab.figures.forEach((one) => (one.refresh(true), one.draw()));
  });
  /** @type {Promise<Spotlight> | undefined} */ let lit;
  const spotlight = () => (lit ??= import("./spotlight.js").then(({ Spotlight }) => new Spotlight(lab)));
  document.addEventListener("click", (event) => onClick(event, lab, spotlight));
  uploads(lab);
  const jump = /** @type {HTMLSelectElement | null} */ (document.getElementById("jump"));
  jump?.addEventListener("change", () => {
    document.querySelector(jump.value)?.scrollIntoView({ behavior: moves() });
    jump.value = "";
  });
  const here = /** @type {HTMLElement | null} */ (document.querySelector(".site a[aria-current]"));
  const labs = here?.closest("ul");
  if (here && labs) labs.scrollLeft = here.offsetLeft - labs.offsetLeft - 24; // where the list is wider than a phone
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".formula"))) {
    new ResizeObserver(() => { // what scrolls is reached by keys
      if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
      else one.removeAttribute("tabindex");
    }).observe(one);
  }
  if (document.readyState === "complete") plotly(lab);
  else addEventListener("load", () => plotly(lab));
}

/** How a page goes to another place. @returns {ScrollBehavior} */
export const moves = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

/** @param {KeyboardEvent} event @param {LabPage} lab */
function onKey(event, lab) {
  const typing = /** @type {Element} */ (event.target).matches("input:not([type=range], [type=checkbox]), textarea, select");
  if (typing || document.querySelector("dialog[open]")) return;
  if (event.key === "?") showHelp();
  if (event.key === "Escape") for (const menu of openMenus()) closed(menu);
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  event.preventDefault();
  if (event.shiftKey) lab.timeline.redo();
  else lab.timeline.undo();
}

const openMenus = () => /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(".menu[open]"));

/** @param {HTMLDetailsElement} menu */
function closed(menu) {
  menu.querySelector("summary")?.focus();
  menu.open = false;
}

async function showHelp() {
  (await import("./dialog.js")).showKeys();
}

/** @param {MouseEvent} event @param {LabPage} lab @param {() => Promise<Spotlight>} spotlight */
function onClick(event, lab, spotlight) {
  const target = /** @type {HTMLElement} */ (event.target);
  const link = /** @type {HTMLElement | null} */ (target.closest("[data-preset]"));
  const found = lab.page.presets.find((one) => one.id === link?.dataset.preset);
  if (link && found && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    lab.take(lab.compare?.taken(found.knobs) ?? found.knobs);
    spotlight().then((one) => one.show(link, found.shows));
  }
  const wanted = /** @type {HTMLElement | null} */ (target.closest("[data-export]"));
  if (wanted) take(wanted.dataset.export ?? "", wanted.dataset.of ?? "", lab);
  for (const menu of openMenus()) if (wanted || !menu.contains(target)) menu.open = false;
}

/** @param {string} way @param {string} panel one figure of several, or "" for all @param {LabPage} lab */
async function take(way, panel, lab) {
  const { exportAs } = await import("./exports.js");
  try {
    await exportAs(way, { lab, panel, plotlyUrl: plotlyUrl() });
  } catch (error) {
    complain("not_exported", { reason: /** @type {Error} */ (error).message });
  }
}

/** The drop zone comes with the first control that chooses among data sets. @param {LabPage} lab */
async function uploads(lab) {
  const place = byId("upload");
  place.hidden = !!lab.turned.hide || !lab.list.some((one) => one.source === "datasets");
  place.addEventListener("toggle", async () => {
    if (place.querySelector(".drop")) return;
    const [{ dropZone }, shelf] = await Promise.all([import("./upload.js"), lab.shelved()]);
    place.append(dropZone({
      add: (table, file) => shelf.add(table, file),
      drop: (id) => shelf.drop(id),
      choose: (id) => lab.choose(id),
      kept: () => shelf.kept,
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
    script.addEventListener("error", () => complain("no_plotly"));
    document.head.append(script);
  };
  if ("requestIdleCallback" in window) requestIdleCallback(start, { timeout: 500 });
  else setTimeout(start, 50);
}
