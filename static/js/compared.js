/** Several settings in one query: plain keys are the first one's, `b.radius` overrides them for the second. Pure. */

import { find, parted, turn } from "./state.js";

export const LETTERS = ["", "b", "c", "d"];

/** What each setting overrides, the first one's own knobs first. @type {(flat: Turned) => Turned[]} */
export function unfolded(flat) {
  const shares = LETTERS.map((letter) =>
    Object.fromEntries(Object.entries(flat).flatMap(([key, value]) => (parted(key)[0] === letter ? [[parted(key)[1], value]] : []))));
  return shares.filter((one, i) => !i || Object.keys(one).length);
}

/** @type {(shares: Turned[]) => Turned} */
export const folded = (shares) =>
  Object.fromEntries(shares.flatMap((one, i) => Object.entries(one).map(([key, value]) => [LETTERS[i] ? `${LETTERS[i]}.${key}` : key, value])));

/** A setting's own knobs: the first one's with what it overrides. @type {(first: Turned, own: Turned, list: Control[]) => Turned} */
export const overlaid = (first, own, list) => turn(first, own, list);

/**
 * What a setting must override to be this one.
 * @type {(first: Turned, setting: Turned, list: Control[]) => Turned}
 */
export function overrides(first, setting, list) {
  const own = /** @type {Record<string, Value>} */ ({});
  for (const [key, value] of Object.entries(setting)) if (first[key] !== value) own[key] = value;
  for (const key of Object.keys(first)) {
    const control = find(list, key, setting);
    const partner = control?.linked ? find(list, control.linked, setting) : undefined;
    if (key in setting || !control || (partner && partner.key in setting)) continue;
    if (control.default !== null) own[key] = control.default;
    else if (partner && partner.default !== null) own[partner.key] = partner.default;
  }
  const again = overlaid(first, own, list);
  for (const [key, value] of Object.entries(setting)) if (again[key] !== value) own[key] = value;
  return own;
}

/** What is still overridden after the first setting changed: knobs that its new kinds have. @type {(first: Turned, own: Turned, list: Control[]) => Turned} */
export function kept(first, own, list) {
  const whole = overlaid(first, own, list);
  return Object.fromEntries(Object.entries(own).filter(([key]) => find(list, key, whole)));
}

/** A knob that is written down so that a setting equal to the first one is in the query at all; not a moment, which all share. @type {(setting: Turned, list: Control[], preferred: string[]) => Turned} */
export function pinned(setting, list, preferred) {
  const usable = (/** @type {Control | undefined} */ one) => one && (!one.play || one.linked) && !one.source && (setting[one.key] ?? (one.linked in setting ? null : one.default)) !== null;
  const control = [...preferred, ...list.map((one) => one.key)].map((key) => find(list, key, setting)).find(usable);
  return control ? { [control.key]: setting[control.key] ?? /** @type {Value} */ (control.default) } : {};
}

/** In what the settings differ: the knobs that any of them overrides, each with its value. @type {(settings: Turned[], list: Control[]) => [Control, any][][]} */
export function differences(settings, list) {
  const keys = [...new Set(settings.slice(1).flatMap((one) => Object.keys(overrides(settings[0], one, list))))];
  const partners = keys.flatMap((key) => list.find((one) => one.key === key)?.linked || []);
  const valueOf = (/** @type {Turned} */ one, /** @type {string} */ key) => {
    const control = find(list, key, one);
    return one[key] ?? (control?.linked && control.linked in one ? null : (control?.default ?? null));
  };
  const differing = [...new Set([...keys, ...partners])].filter((key) => settings.some((one) => valueOf(one, key) !== valueOf(settings[0], key)));
  return settings.map((one) =>
    differing.flatMap((key) => {
      const control = find(list, key, one);
      return control && valueOf(one, key) !== null ? [/** @type {[Control, any]} */ ([control, valueOf(one, key)])] : [];
    }));
}

/** The axes and levels on which figures can be compared: the union of their ranges, the same contour levels and colours. @type {(figures: Share[][]) => Agreed} */
export function agreement(figures) {
  const layouts = figures.map((shares) => Object.assign({}, ...shares.map((one) => one.layout)));
  const traces = figures.flatMap((shares) => shares.flatMap((one) => one.data ?? []));
  const axes = ["xaxis", "yaxis"].flatMap((name) => {
    const way = name === "xaxis" ? "x" : "y";
    const names = [...new Set(traces.flatMap((one) => (one[way] ?? []).filter((/** @type {any} */ value) => typeof value === "string")))];
    if (names.length) return [[name, { categoryorder: "array", categoryarray: names, range: [-0.5, names.length - 0.5] }]];
    const ranges = layouts.map((one, i) => one[name]?.range ?? reach(figures[i], way, one[name]?.type === "log")).filter(Boolean);
    return ranges.length > 1 ? [[name, { range: [Math.min(...ranges.map((one) => one[0])), Math.max(...ranges.map((one) => one[1]))] }]] : [];
  });
  const heights = layouts.map((one) => one.scene?.zaxis?.range).filter(Boolean);
  const scene = heights.length ? { scene: { zaxis: { range: [Math.min(...heights.map((one) => one[0])), Math.max(...heights.map((one) => one[1]))] } } } : {};
  return { layout: { ...Object.fromEntries(axes), ...scene }, ...levels(traces.filter((one) => one.type === "contour")), ...colours(traces.filter((one) => one.type === "heatmap")) };
}

const LINES = 26; // contour lines from the lowest level to the highest, as in a figure alone

/** @param {Trace[]} contours */
function levels(contours) {
  if (!contours.length) return {};
  const start = Math.min(...contours.map((one) => one.contours.start));
  const end = Math.max(...contours.map((one) => one.contours.end));
  return { contour: { contours: { start, end, size: (end - start) / LINES || 1 } } };
}

/** @param {Trace[]} heats */
function colours(heats) {
  if (!heats.length) return {};
  const values = heats.flatMap((one) => [one.zmin ?? least(one.z.flat()), one.zmax ?? -least(one.z.flat().map((/** @type {number} */ z) => -z))]);
  return { heat: { zmin: Math.min(...values), zmax: Math.max(...values) } };
}

/** @param {number[]} values */
const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);

/** @type {WeakMap<Trace, Record<string, [number, number]>>} */ const measured = new WeakMap();

/** How far traces without a given range reach, with a margin; null where nothing is a number. @type {(shares: Share[], way: "x" | "y", log: boolean) => [number, number] | null} */
function reach(shares, way, log) {
  const ends = shares.flatMap((one) => one.data ?? []).flatMap((one) => extent(one, way, log) ?? []);
  if (!ends.length) return null;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = 0.04 * (high - low || 1);
  return [low - margin, high + margin];
}

/** @param {Trace} trace @param {"x" | "y"} way @param {boolean} log */
function extent(trace, way, log) {
  const known = measured.get(trace) ?? {};
  measured.set(trace, known);
  if (known[way]) return known[way];
  const numbers = (trace[way] ?? []).filter((/** @type {any} */ one) => typeof one === "number" && (!log || one > 0)).map((/** @type {number} */ one) => (log ? Math.log10(one) : one));
  if (!numbers.length) return null;
  if (trace.type === "bar" && way === "y") numbers.push(0);
  return (known[way] = [least(numbers), -least(numbers.map((/** @type {number} */ one) => -one))]);
}
