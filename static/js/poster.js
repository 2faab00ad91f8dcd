/** The figures as one image: each with its heading, what was solved, how it went, and its legend in words. */

import { swatch } from "./legend.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, GAP, LINE] = [800, 24, 20];
const FONT = "system-ui, sans-serif";
const INK = "#1b1e22";

/** @typedef {{svg: string, width: number, height: number}} Poster */

/** All figures, or one panel of each setting, side by side by setting. @param {import("./exports.js").Scene} scene @returns {Promise<Poster>} */
export async function poster({ lab, panel }) {
  const panels = lab.page.figures.filter((one) => !panel || one.name === panel);
  const root = made("svg", { xmlns: SVG, "font-family": FONT, fill: INK });
  let [bottom, x] = [0, GAP];
  for (const [i, column] of lab.columns.entries()) {
    let y = GAP;
    for (const { name, label, aspect } of panels) {
      const heading = [lab.columns.length > 1 ? "ABCD"[i] : "", lab.page.title, label].filter(Boolean).join(" · ");
      y = written(root, heading, x, y, { size: 18, weight: 600 });
      y = await drawn(root, column, name, x, y, aspect === "wide" ? WIDTH / 2 : WIDTH);
      const { objective, outcome, roles } = column.words(name);
      y = written(root, outcome, x, written(root, objective, x, y, { size: 15 }), { size: 15 });
      y = listed(root, column, name, roles, x, y) + GAP;
    }
    bottom = Math.max(bottom, y);
    x += WIDTH + GAP;
  }
  root.setAttribute("viewBox", `0 0 ${x} ${bottom}`);
  root.setAttribute("width", String(x));
  root.setAttribute("height", String(bottom));
  root.prepend(made("rect", { width: x, height: bottom, fill: "#fff" }));
  return { svg: new XMLSerializer().serializeToString(root), width: x, height: bottom };
}

/** A poster as pixels, two for each of its own. @param {Poster} poster @returns {Promise<string>} */
export async function rastered({ svg, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

/** @param {string} tag @param {Record<string, unknown>} attributes */
function made(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** @param {Element} root @param {import("./column.js").Column} column @param {string} panel @param {number} x @param {number} y @param {number} height */
async function drawn(root, column, panel, x, y, height) {
  const figure = column.figures.get(panel)?.dressed("light");
  if (!figure) return y;
  const url = await window.Plotly.toImage(figure, { format: "svg", width: WIDTH, height });
  const picture = new DOMParser().parseFromString(decodeURIComponent(url.slice(url.indexOf(",") + 1)), "image/svg+xml").documentElement;
  picture.setAttribute("x", String(x));
  picture.setAttribute("y", String(y));
  root.append(document.importNode(picture, true));
  return y + height;
}

/** Words in lines of the width of a figure; returns where the next may begin. @param {Element} root @param {string} text @param {number} x @param {number} y @param {{size: number, weight?: number}} look */
function written(root, text, x, y, { size, weight = 400 }) {
  const ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  ruler.font = `${weight} ${size}px ${FONT}`;
  let line = "";
  const lines = [];
  for (const word of text.split(" ").filter(Boolean)) {
    if (line && ruler.measureText(`${line} ${word}`).width > WIDTH) lines.push(line), (line = "");
    line = line ? `${line} ${word}` : word;
  }
  for (const one of [...lines, line].filter(Boolean)) {
    const words = root.appendChild(made("text", { x, y: (y += 1.4 * size), "font-size": size, "font-weight": weight }));
    words.textContent = one;
  }
  return y + 8;
}

/** The legend; returns where the next may begin. @param {Element} root @param {import("./column.js").Column} column @param {string} panel @param {{role: string, words: string}[]} roles @param {number} left @param {number} top */
function listed(root, column, panel, roles, left, top) {
  const figure = column.figures.get(panel);
  const ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  ruler.font = `13px ${FONT}`;
  let [x, y] = [left, top];
  for (const { role, words } of figure ? roles : []) {
    const width = 34 + ruler.measureText(words).width + 18;
    if (x > left && x + width > left + WIDTH) [x, y] = [left, y + LINE + 4];
    const mark = swatch(role, /** @type {import("./figure.js").Figure} */ (figure), "light");
    for (const [name, value] of Object.entries({ x, y, width: 26, height: 22 })) mark.setAttribute(name, String(value));
    const text = made("text", { x: x + 32, y: y + 16, "font-size": 13 });
    text.textContent = words;
    root.append(mark, text);
    x += width;
  }
  return y + (roles.length ? LINE + 4 : 0);
}
