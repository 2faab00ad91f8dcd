/** What is drawn, as a table: one row for each point, in the coordinates of the figure. Pure. */

/** @typedef {[number, number]} Point */

const PIECES = 8; // points on each cubic piece

/** The points of an SVG path of M, L, C and Z. @param {string} path @returns {Point[]} */
export function pathPoints(path) {
  /** @type {Point[]} */
  const points = [];
  let start = /** @type {Point} */ ([0, 0]);
  for (const [, letter, body] of path.matchAll(/([MLCZ])([^MLCZ]*)/g)) {
    const numbers = (body.match(/[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?/g) ?? []).map(Number);
    const pairs = Array.from({ length: numbers.length / 2 }, (_, i) => /** @type {Point} */ ([numbers[2 * i], numbers[2 * i + 1]]));
    if (letter === "M") start = pairs[0];
    if (letter === "Z") points.push(start);
    else if (letter === "C") for (let i = 0; i < pairs.length; i += 3) points.push(...cubic([points[points.length - 1], ...pairs.slice(i, i + 3)]));
    else points.push(...pairs);
  }
  return points;
}

/** @param {Point[]} four @returns {Point[]} */
function cubic([a, b, c, d]) {
  return Array.from({ length: PIECES }, (_, i) => {
    const t = (i + 1) / PIECES;
    const at = (/** @type {0 | 1} */ k) =>
      (1 - t) ** 3 * a[k] + 3 * (1 - t) ** 2 * t * b[k] + 3 * (1 - t) * t ** 2 * c[k] + t ** 3 * d[k];
    return i + 1 === PIECES ? d : [at(0), at(1)];
  });
}

/** A figure as rows of CSV: what it is of, role, number of the item, x, y and, for a surface, z. @param {Share} figure @param {string[]} of */
export function csv(figure, of) {
  const shapes = (figure.layout.shapes ?? []).flatMap((one, i) => {
    const ends = one.type === "line" ? [[one.x0, one.y0], [one.x1, one.y1]] : pathPoints(one.path ?? "");
    const points = one.xanchor === undefined ? ends : [[one.xanchor, one.yanchor]];
    return points.map(([x, y]) => [one.name ?? "", i, x, y, ""]);
  });
  const traces = figure.data.flatMap((one, i) => cells(one).map(([x, y, z]) => [one.meta?.role ?? "", i, x, y, z]));
  return [...traces, ...shapes].map((row) => [...of, ...row.map(cell)].join(","));
}

/** A name may hold a comma or a quote. @param {any} one */
const cell = (one) => (typeof one === "string" && /[",\n]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one);

/** @param {Trace} trace @returns {any[][]} */
function cells({ x = [], y = [], z }) {
  if (!z) return x.map((/** @type {number} */ one, /** @type {number} */ i) => [one, y[i], ""]);
  if (!Array.isArray(z[0])) return x.map((/** @type {number} */ one, /** @type {number} */ i) => [one, y[i], z[i]]);
  return z.flatMap((/** @type {number[]} */ row, /** @type {number} */ i) => row.map((value, j) => [x[j], y[i], value]));
}
