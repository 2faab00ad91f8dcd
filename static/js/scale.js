/** The track of a slider: whole positions 0 … last, each with its value. */

const NEAR = 1e-3; // of a position: values are rounded to six digits

/** @typedef {Pick<Control, "scale" | "whole" | "min" | "max" | "low" | "high" | "step">} Track */

/** A log track that accepts 0 has it at position 0, before its decades. @param {Track} track */
const zeros = (track) => (track.scale === "log" && track.min === 0 ? 1 : 0);

/** @type {(track: Track) => number} */
export function last(track) {
  const span = track.scale === "log" ? Math.log10(track.high / track.low) : track.high - track.low;
  return Math.round(span / track.step) + zeros(track);
}

/** The value at a position, free of binary dust. @type {(track: Track, position: number) => number} */
export function valueAt(track, position) {
  const steps = position - zeros(track);
  if (steps < 0) return track.scale === "log" ? 0 : track.low;
  if (position >= last(track)) return track.high;
  if (track.scale === "log") return decimal(track, track.low * 10 ** (steps * track.step));
  return Number((track.low + steps * track.step).toPrecision(10));
}

/** @type {(track: Track, value: number) => number} */
const decimal = (track, value) => (track.whole ? Math.round(value) : Number(value.toPrecision(6)));

/** The position of a value, between whole ones where it lies between. @type {(track: Track, value: number) => number} */
export function positionOf(track, value) {
  const end = last(track);
  if (track.scale === "log" && value <= 0) return 0;
  const steps = track.scale === "log" ? Math.log10(value / track.low) / track.step : (value - track.low) / track.step;
  return Math.min(end, Math.max(zeros(track), steps + zeros(track)));
}

/** The value on the nearest whole position. @type {(track: Track, value: number) => number} */
export const onTrack = (track, value) => valueAt(track, Math.round(positionOf(track, value)));

/** A value some positions further. @type {(track: Track, value: number, by: number) => number} */
export function stepped(track, value, by) {
  const position = positionOf(track, value);
  const whole = by > 0 ? Math.floor(position + NEAR) : Math.ceil(position - NEAR);
  return valueAt(track, Math.min(last(track), Math.max(0, whole + by)));
}

/** A free value, inside what is accepted and rounded to a twentieth of a step. @type {(track: Track, value: number) => number} */
export function fine(track, value) {
  const inside = Math.min(track.max, Math.max(track.min, value));
  if (track.scale === "log") return decimal(track, inside);
  const grain = track.step / 20;
  return Number((Math.round(inside / grain) * grain).toPrecision(10));
}
