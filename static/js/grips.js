/** From where a handle is dragged to the knobs that this turns, and back. Pure. */

import { fine, onTrack, positionOf, stepped } from "./scale.js";

/** @typedef {[number, number]} Point */
/** @typedef {(key: string) => Control | undefined} Find */
/** @typedef {(key: string) => number} Now */

/** The knobs of a handle by what they do: x and y, along, angle and curvature. @param {Handle} handle */
export const knobsOf = (handle) => handle.knobs ?? { along: handle.knob ?? "" };

/** A handle as far as its knobs can be turned here; null where none can. @type {(handle: Handle, find: Find) => Handle | null} */
export function free(handle, find) {
  const knobs = Object.entries(knobsOf(handle)).filter(([, key]) => find(key));
  return knobs.length ? { ...handle, knobs: Object.fromEntries(knobs) } : null;
}

/** The knobs after a handle was dragged to a point. @type {(handle: Handle, to: Point, find: Find) => Record<string, number>} */
export function dragged(handle, to, find) {
  const turned = /** @type {Record<string, number>} */ ({});
  for (const [name, value] of Object.entries(meant(handle, to))) {
    const key = knobsOf(handle)[name];
    const control = key && find(key);
    if (control && Number.isFinite(value)) turned[key] = handle.kind === "ray" ? onTrack(control, value) : fine(control, value);
  }
  return turned;
}

/** @type {(handle: Handle, to: Point) => Record<string, number>} */
function meant(handle, [x, y]) {
  if (handle.kind === "point") return { x: x / (handle.unit?.[0] ?? 1), y: y / (handle.unit?.[1] ?? 1) };
  if (handle.kind === "ray") {
    const [ux, uy] = handle.unit ?? [1, 0];
    return { along: (x * ux + y * uy) / (ux * ux + uy * uy) };
  }
  const [ox, oy] = handle.origin ?? [0, 0];
  const degrees = (Math.atan2(y - oy, x - ox) * 180) / Math.PI - (handle.offset ?? 0);
  return {
    angle: ((degrees % 180) + 180) % 180,
    curvature: ((handle.reach ?? 1) / Math.max(1e-9, Math.hypot(x - ox, y - oy))) ** 2,
  };
}

/** Where a handle goes that is dragged: a coordinate that turns nothing stays. @type {(handle: Handle, to: Point) => Point} */
export const led = ({ kind, at, unit, knobs }, [x, y]) => [
  (kind === "ray" ? unit?.[0] === 0 : kind === "point" && !knobs?.x) ? at[0] : x,
  (kind === "ray" ? unit?.[1] === 0 : kind === "point" && !knobs?.y) ? at[1] : y,
];

const ROOM = 34; // pixels around a handle in which nothing else should lie

/** The boundary of a star-shaped set about 0 in the direction of a point. @type {(boundary: Point[], toward: Point) => Point | null} */
export function towards(boundary, [x, y]) {
  const side = (/** @type {Point} */ [a, b]) => a * y - b * x;
  for (let i = 0; i < boundary.length; i++) {
    const [p, q] = [boundary[i], boundary[(i + 1) % boundary.length]];
    const [a, b] = [side(p), side(q)];
    if (a * b > 0 || a === b) continue;
    const share = a / (a - b);
    const met = /** @type {Point} */ (p.map((one, k) => one + share * (q[k] - one)));
    if (met[0] * x + met[1] * y > 0) return met;
  }
  return null;
}

/**
 * Where the handle of a ball lies: on its boundary, and where it covers nothing. It stays where it was as long as it may;
 * else it goes opposite of where it was given (no optimum is there, for the way to ŵ leads downhill), else where most room is.
 * @param {Point} at @param {Point | null} was @param {Point[]} boundary @param {(one: Point) => number} room in pixels; negative outside
 * @returns {Point}
 */
export function clear(at, was, boundary, room) {
  const opposite = /** @type {Point} */ ([-at[0], -at[1]]);
  const first = [was ?? opposite, opposite].map((one) => towards(boundary, one)).filter((one) => one !== null);
  const middles = boundary.map((one, i) => /** @type {Point} */ (one.map((x, k) => (x + boundary[(i + 1) % boundary.length][k]) / 2)));
  const best = [...boundary, ...middles].reduce((a, b) => (room(b) > room(a) ? b : a), at);
  return first.find((one) => room(one) >= ROOM) ?? best;
}

/** The ball grabbed anywhere on its edge: every ray from the centre scales alike. @type {(control: Control, value: number, from: Point, to: Point) => number} */
export const scaled = (control, value, from, to) =>
  onTrack(control, (value * Math.hypot(...to)) / Math.max(1e-9, Math.hypot(...from)));

/** What an arrow key does to a handle: [the knob, the direction]. */
const KEYS = /** @type {Record<string, Record<string, [string, number]>>} */ ({
  point: { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowDown: ["y", -1], ArrowUp: ["y", 1] },
  ray: { ArrowLeft: ["along", -1], ArrowRight: ["along", 1], ArrowDown: ["along", -1], ArrowUp: ["along", 1] },
  axis: { ArrowLeft: ["angle", 1], ArrowRight: ["angle", -1], ArrowDown: ["curvature", 1], ArrowUp: ["curvature", -1] },
});

/** The knobs after a key, or null where the key means nothing here. @type {(handle: Handle, key: string, far: boolean, now: Now, find: Find) => Record<string, number> | null} */
export function nudged(handle, key, far, now, find) {
  const [name, direction] = KEYS[handle.kind]?.[key] ?? [];
  const knob = name && knobsOf(handle)[name];
  const control = knob ? find(knob) : undefined;
  if (!knob || !control || !direction) return null;
  const by = direction * (far ? 10 : 1);
  const value = stepped(control, now(knob), by);
  const goesRound = name === "angle" && value === now(knob) ? (by > 0 ? control.low : control.high) : value;
  return { [knob]: goesRound };
}

/** The knob that assistive technology hears first, as [value, least, most] positions. @type {(handle: Handle, now: Now, find: Find) => [number, number, number]} */
export function heard(handle, now, find) {
  const key = Object.values(knobsOf(handle))[0];
  const control = find(key);
  return control ? [Math.round(positionOf(control, now(key))), 0, Math.round(positionOf(control, control.high))] : [0, 0, 0];
}
