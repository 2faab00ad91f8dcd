/** The shares that parts draw of one figure, laid over each other and dressed for the theme. Pure. */

/** @param {unknown} one @returns {one is Record<string, any>} */
const isObject = (one) => typeof one === "object" && one !== null && !Array.isArray(one);

/** A deep union; of two values the second wins. @type {(a: any, b: any) => any} */
export function deep(a, b) {
  if (!isObject(a) || !isObject(b)) return b;
  const both = { ...a };
  for (const [key, value] of Object.entries(b)) both[key] = key in a ? deep(a[key], value) : value;
  return both;
}

/**
 * Several parts' shares as one figure; handles, too, are in the order of the parts.
 * @param {Share[]} shares
 * @returns {Share}
 */
export function merged(shares) {
  const list = (/** @type {"shapes" | "annotations"} */ name) => shares.flatMap((one) => one.layout[name] ?? []);
  const handles = shares.flatMap((one) => one.layout.meta?.handles ?? []);
  const rest = shares.reduce((all, one) => deep(all, one.layout), /** @type {Layout} */ ({}));
  return {
    data: shares.flatMap((one) => one.data ?? []),
    layout: { ...rest, shapes: list("shapes"), annotations: list("annotations"), meta: { handles } },
  };
}

/** The roles that a figure draws, each once. @param {Share} figure */
export const rolesOf = (figure) => [
  ...new Set([
    ...figure.data.map((one) => one.meta?.role ?? ""),
    ...(figure.layout.shapes ?? []).map((one) => one.name ?? ""),
  ].filter(Boolean)),
];

const PIXELS = { xsizemode: "pixel", ysizemode: "pixel" };

/** Shapes with the style of their role. @type {(figure: Share, roles: Roles, theme: Theme, hidden: Set<string>) => any[]} */
export const shapes = (figure, roles, theme, hidden) =>
  (figure.layout.shapes ?? []).map((one) => ({
    type: "path", ...("xanchor" in one && PIXELS), ...one, ...roles[one.name ?? ""]?.[theme], visible: !hidden.has(one.name ?? ""),
  }));

/** What the traces of a role are called where they have names of their own: a feature, a walker. @param {Share} figure */
export function callings(figure) {
  /** @type {Record<string, string[]>} */
  const names = {};
  for (const { meta } of figure.data) if (meta?.role && meta.name) names[meta.role] = [...new Set([...(names[meta.role] ?? []), plain(meta.name)])];
  return names;
}

/** What is shown or hidden as one: all of a role, or each of its names where it has several. @param {string} role @param {string} name @param {Record<string, string[]>} names */
const keyOf = (role, name, names) => (name && names[role]?.length > 1 ? `${role} ${name}` : role);

/** What a legend lists, each once: its key, its role, and its own words if it has some. @param {Share} figure @returns {{key: string, role: string, words?: string}[]} */
export function entries(figure) {
  const names = callings(figure);
  return rolesOf(figure).flatMap((role) => (names[role] ?? [undefined]).map((words) => ({ key: keyOf(role, words ?? "", names), role, words })));
}

/** What was escaped for Plotly, as text. @param {string} text */
const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/**
 * Traces with the style of their role, and with what several settings agreed on.
 * @type {(figure: Share, roles: Roles, theme: Theme, hidden: Set<string>, agreed?: Agreed | null) => any[]}
 */
export const traces = (figure, roles, theme, hidden, agreed) => {
  const names = callings(figure);
  return figure.data.map((one) => {
    const { role = "", name = "" } = one.meta ?? {};
    const shared = one.type === "contour" ? agreed?.contour : one.type === "heatmap" ? agreed?.heat : undefined;
    return deep({ ...one, ...look(one, roles[role]?.[theme] ?? {}), visible: !hidden.has(keyOf(role, plain(name), names)) }, shared ?? {});
  });
};

/** A role's style as this kind of trace takes it. @param {Trace} one @param {Record<string, any>} style @returns {Record<string, any>} */
function look(one, { line, fillcolor, colorscale }) {
  if (one.type === "heatmap" || one.type === "surface") return colorscale ? { colorscale } : {};
  if (one.type === "scatter3d") return line ? { line: { ...one.line, color: line.color } } : {};
  if (one.type === "contour") return { line: { ...one.line, ...line }, ...(colorscale && { colorscale }) };
  if (!line) return {};
  const coloured = (/** @type {any} */ mark) => ({ ...mark, color: Array.isArray(mark.color) ? mark.color : line.color });
  return {
    ...(one.marker && { marker: coloured(one.marker) }), ...(one.fill && { fillcolor }),
    ...(one.line && { line: one.fill ? { ...one.line, color: line.color } : { ...one.line, ...line } }),
  };
}

/** Plotly enlarges powers of ten by this factor. */
const POWER = 1.25;

/** A title longer than a small figure: its first characters, an escaped one counting as one. */
const LONG = /^((?:&\w+;|.){38}).{2,}$/su;

/** What is no role has these colours: words, tick labels, grid, axes through 0. */
const INK = {
  light: { word: "#1b1e22", tick: "#565d65", grid: "#e9ebed", zero: "#b9bfc5", paper: "#fcfcfb" },
  dark: { word: "#e9ebed", tick: "#a6aeb6", grid: "#262c31", zero: "#545d66", paper: "#131619" },
};

/** Everything of the layout but the shapes, which move. @type {(figure: Share, theme: Theme, roles?: Roles, hidden?: Set<string>, agreed?: Agreed | null, width?: number) => any} */
export function frame(figure, theme, roles = {}, hidden = new Set(), agreed = null, width = 400) {
  const { shapes: _, meta: __, annotations, ...rest } = figure.layout;
  if ("scene" in rest) return deep(deep(spatially(theme), rest), { scene: agreed?.layout.scene ?? {} });
  const ticks = width < 250 ? 4 : 8;
  const whole = deep(deep(plainly(theme, figure, ticks), rest), agreed?.layout ?? {});
  for (const { title } of [whole.xaxis, whole.yaxis]) if (title.text) title.text = title.text.replace(LONG, "$1…");
  for (const axis of [whole.xaxis, whole.yaxis]) if (axis.type === "log") {
    axis.tickfont = { ...axis.tickfont, size: axis.tickfont.size / POWER };
    if (axis.range) axis.dtick = Math.max(axis.dtick ?? 1, Math.ceil((axis.range[1] - axis.range[0]) / ticks)); // decades
  }
  if (annotations) whole.annotations = annotations.map((/** @type {any} */ one) => noted(one, roles[one.name]?.[theme], !hidden.has(one.name), INK[theme].paper));
  return whole;
}

/** Words at a place of a figure, in the colour of their role, readable over lines. @param {any} one @param {any} style @param {boolean} visible @param {string} paper */
const noted = (one, style, visible, paper) =>
  deep({ showarrow: false, font: { size: 12, shadow: `0 0 2px ${paper},`.repeat(3).slice(0, -1), ...(style?.line && { color: style.line.color }) } }, { ...one, visible });

/** A figure in space before any part says otherwise: it is turned by dragging, and stays so when it is drawn anew. @param {Theme} theme */
function spatially(theme) {
  const ink = INK[theme];
  const axis = {
    gridcolor: ink.grid, zerolinecolor: ink.zero, linecolor: ink.grid, showbackground: false, showspikes: false, nticks: 6, exponentformat: "power",
    tickfont: { color: ink.tick, size: 11 }, title: { font: { color: ink.word, size: 13 } },
  };
  return {
    autosize: true, hovermode: "closest", showlegend: false, margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", color: ink.word, size: 13 },
    scene: { dragmode: "turntable", uirevision: "turned", xaxis: axis, yaxis: axis, zaxis: axis },
  };
}

/** A figure before any part says otherwise. @param {Theme} theme @param {Share} figure @param {number} nticks */
function plainly(theme, figure, nticks) {
  const ink = INK[theme];
  const axis = {
    fixedrange: true, gridcolor: ink.grid, zerolinecolor: ink.zero, zerolinewidth: 1, linecolor: ink.grid, ticks: "", nticks, exponentformat: "power", minexponent: 4,
    tickfont: { color: ink.tick, size: 12 }, title: { font: { color: ink.word, size: 14 }, standoff: 6 },
  };
  const isPlane = figure.layout.yaxis?.scaleanchor;
  const named = figure.data.some((one) => one.type === "bar"); // names need more room than numbers
  return {
    autosize: true, dragmode: false, hovermode: "closest", showlegend: false,
    // Equal sums: a square stays a square, and Plotly has nothing to adjust for the equal scales of a plane.
    margin: isPlane ? { l: 60, r: 12, t: 12, b: 60 } : { l: 64, r: 16, t: 10, b: 50 },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", color: ink.word, size: 13 },
    xaxis: named ? { ...axis, automargin: true } : { ...axis, tickangle: 0 }, yaxis: { ...axis, tickangle: 0, automargin: !isPlane },
  };
}
