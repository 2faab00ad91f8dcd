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

/** Traces with the style of their role. @type {(figure: Share, roles: Roles, theme: Theme, hidden: Set<string>) => any[]} */
export const traces = (figure, roles, theme, hidden) =>
  figure.data.map((one) => {
    const role = one.meta?.role ?? "";
    const { layer: _, fillcolor: __, ...style } = roles[role]?.[theme] ?? {};
    return { ...deep(one, style), visible: !hidden.has(role) };
  });

/** A title longer than a small figure: its first characters, an escaped one counting as one. */
const LONG = /^((?:&\w+;|.){38}).{2,}$/su;

/** What is no role has these colours: words, tick labels, grid, axes through 0. */
const INK = {
  light: { word: "#1b1e22", tick: "#565d65", grid: "#e9ebed", zero: "#b9bfc5" },
  dark: { word: "#e9ebed", tick: "#a6aeb6", grid: "#262c31", zero: "#545d66" },
};

/** Everything of the layout but the shapes, which move. @type {(figure: Share, theme: Theme) => any} */
export function frame(figure, theme) {
  const ink = INK[theme];
  const axis = {
    fixedrange: true, gridcolor: ink.grid, zerolinecolor: ink.zero, zerolinewidth: 1, linecolor: ink.grid, ticks: "", nticks: 8, tickangle: 0,
    tickfont: { color: ink.tick, size: 12 }, title: { font: { color: ink.word, size: 14 }, standoff: 6 },
  };
  const quiet = {
    autosize: true, dragmode: false, hovermode: "closest", showlegend: false,
    // Equal sums: a square stays a square, and Plotly has nothing to adjust for the equal scales of a plane.
    margin: { l: 60, r: 12, t: 12, b: 60 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", color: ink.word, size: 13 }, xaxis: axis, yaxis: axis,
  };
  const { shapes: _, meta: __, ...rest } = figure.layout;
  const whole = deep(quiet, rest);
  for (const { title } of [whole.xaxis, whole.yaxis]) if (title.text) title.text = title.text.replace(LONG, "$1…");
  return whole;
}
