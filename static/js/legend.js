/** The legends in words: each role that a panel draws, or each of its names, with its own mark; a press hides or shows it in every setting. */

import { byId } from "./announce.js";
import { entries, rolesOf } from "./merge.js";
import { el } from "./widgets.js";

/** @typedef {import("./figure.js").Figure} Figure */

const SVG = "http://www.w3.org/2000/svg";
const DASHES = /** @type {Record<string, string>} */ ({
  dot: "2 3", dash: "7 4", dashdot: "7 3 2 3", longdash: "10 4", longdashdot: "10 3 2 3",
});

export class Legends {
  /** @type {Map<string, Set<string>>} what is hidden in each panel */ #hidden = new Map();
  /** @type {Map<string, string>} what is listed, by panel */ #listed = new Map();

  /** @param {(panel: string) => Figure[]} figures one for each setting */
  constructor(figures) {
    this.figures = figures;
  }

  /** @param {string} panel @returns {Set<string>} */
  hidden(panel) {
    const known = this.#hidden.get(panel) ?? new Set();
    this.#hidden.set(panel, known);
    return known;
  }

  /** Follow what was just drawn. @param {string} panel */
  sync(panel) {
    const figures = this.figures(panel);
    if (!figures.length) return;
    const [{ roles, theme }] = figures;
    /** @type {Map<string, {role: string, words: Set<string>}>} settings may call the same differently */ const drawn = new Map();
    for (const { key, role, words } of figures.flatMap((one) => entries(one.whole))) {
      if (roles[role]) drawn.set(key, { role, words: new Set([...(drawn.get(key)?.words ?? []), words ?? roles[role].label]) });
    }
    const all = [...drawn].map(([key, { role, words }]) => ({ key, role, words: [...words].join(", ") }));
    const listed = JSON.stringify([all, theme(), ...this.hidden(panel)]);
    if (listed === this.#listed.get(panel)) return;
    this.#listed.set(panel, listed);
    const list = byId(`legend-${panel}`);
    const held = document.activeElement?.getAttribute("data-role");
    list.replaceChildren(...all.map((one) => el("li", {}, this.#entry(panel, one))));
    /** @type {HTMLElement | null} */ (list.querySelector(`[data-role="${CSS.escape(held ?? "")}"]`))?.focus();
  }

  /** @param {string} panel @param {{key: string, role: string, words: string}} entry */
  #entry(panel, { key, role, words }) {
    const hidden = this.hidden(panel);
    const button = el("button", { type: "button", "data-role": key, "aria-pressed": !hidden.has(key) });
    const figure = this.figures(panel).find((one) => rolesOf(one.whole).includes(role)) ?? this.figures(panel)[0];
    button.append(swatch(role, figure, figure.theme()), words);
    button.addEventListener("click", () => {
      if (!hidden.delete(key)) hidden.add(key);
      this.figures(panel).forEach((one) => one.refresh(true));
    });
    return button;
  }
}

/** A point of a trace by Plotly's name of its symbol. @param {string} symbol */
const spot = (symbol) =>
  symbol.startsWith("diamond") ? "M0-5L5,0L0,5L-5,0Z" : symbol.startsWith("cross") ? "M-5,0H5M0-5V5" : "M-4,0a4,4 0 1 0 8,0a4,4 0 1 0-8,0Z";

/** The mark of a role as it is drawn: its symbol, its line or its area. @param {string} role @param {Figure} figure @param {Theme} theme */
export function swatch(role, figure, theme) {
  const style = figure.roles[role][theme];
  const shape = figure.whole.layout.shapes?.find((one) => one.name === role && one.xanchor !== undefined);
  const trace = figure.whole.data.find((one) => one.meta?.role === role);
  const mark = shape?.path && (trace?.mode === "lines" ? "M-12,0H12" : "") + shape.path;
  const svg = document.createElementNS(SVG, "svg");
  const path = svg.appendChild(document.createElementNS(SVG, "path"));
  svg.setAttribute("viewBox", "-13 -11 26 22");
  svg.setAttribute("aria-hidden", "true");
  const { color, width, dash } = style.line ?? { color: style.colorscale?.[1]?.[1], width: 1.5 };
  const bar = ["bar", "heatmap", "surface"].includes(trace?.type ?? "");
  const dots = !mark && trace?.mode === "markers";
  const symbol = String(trace?.marker?.symbol ?? "");
  const area = !mark && !dots && (trace ? trace.fill : /,0\.\d+\)$/.test(style.fillcolor ?? ""));
  path.setAttribute("d", mark || (area || bar ? "M-12-6H12V6H-12Z" : dots ? spot(symbol) : "M-12,0H12"));
  path.setAttribute("fill", dots && symbol.endsWith("open") ? "none" : bar || dots ? color ?? "none" : mark || area ? style.fillcolor : "none");
  path.setAttribute("stroke", trace?.fill ? "none" : (color ?? "currentColor"));
  path.setAttribute("stroke-width", String(width ?? 2));
  const dashes = DASHES[dash] ?? (/px/.test(dash) ? dash.replaceAll("px", "") : "");
  if (dashes && !dots && !bar) path.setAttribute("stroke-dasharray", dashes);
  return svg;
}
