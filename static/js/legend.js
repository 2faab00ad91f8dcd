/** The legend in words: each role that is drawn, with its own mark; a press hides or shows it. */

import { rolesOf } from "./merge.js";
import { el } from "./widgets.js";

/** @typedef {import("./figure.js").Figure} Figure */

const SVG = "http://www.w3.org/2000/svg";

/** @param {HTMLElement} list @param {Figure} figure @param {() => void} changed */
export function legend(list, figure, changed) {
  let shown = "";
  return () => {
    const roles = rolesOf(figure.whole).filter((role) => figure.roles[role]);
    const key = `${roles} ${figure.theme()} ${[...figure.hidden]}`;
    if (key === shown) return;
    shown = key;
    const held = document.activeElement?.getAttribute("data-role");
    list.replaceChildren(...roles.map((role) => el("li", {}, entry(role, figure, changed))));
    /** @type {HTMLElement | null} */ (list.querySelector(`[data-role="${held}"]`))?.focus();
  };
}

/** @param {string} role @param {Figure} figure @param {() => void} changed */
function entry(role, figure, changed) {
  const { hidden } = figure;
  const button = el("button", { type: "button", "data-role": role, "aria-pressed": !hidden.has(role) });
  button.append(swatch(role, figure), figure.roles[role].label);
  button.addEventListener("click", () => {
    if (!hidden.delete(role)) hidden.add(role);
    changed();
  });
  return button;
}

/** The mark of a role as it is drawn: its symbol, its line or its area. @param {string} role @param {Figure} figure */
function swatch(role, figure) {
  const style = figure.roles[role][figure.theme()];
  const shape = figure.whole.layout.shapes?.find((one) => one.name === role);
  const mark = shape?.xanchor !== undefined && shape.path;
  const svg = document.createElementNS(SVG, "svg");
  const path = svg.appendChild(document.createElementNS(SVG, "path"));
  svg.setAttribute("viewBox", "-13 -11 26 22");
  svg.setAttribute("aria-hidden", "true");
  const { color, width, dash } = style.line ?? { color: style.colorscale?.[1]?.[1], width: 1.5 };
  const area = !mark && /,0\.\d+\)$/.test(style.fillcolor ?? "");
  path.setAttribute("d", mark || (area ? "M-12-6H12V6H-12Z" : "M-12,0H12"));
  path.setAttribute("fill", mark || area ? style.fillcolor : "none");
  path.setAttribute("stroke", color ?? "currentColor");
  path.setAttribute("stroke-width", String(width ?? 2));
  const dashes = /** @type {Record<string, string>} */ ({ dot: "2 3", dash: "7 4", dashdot: "7 3 2 3" });
  if (dashes[dash]) path.setAttribute("stroke-dasharray", dashes[dash]);
  return svg;
}
