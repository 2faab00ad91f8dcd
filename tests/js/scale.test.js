// Positions of a slider and the values that stand there: the same as the server's sweep has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fine, last, onTrack, positionOf, stepped, valueAt } from "../../static/js/scale.js";
import { format } from "../../static/js/numbers.js";
import { speak } from "../../static/js/words.js";

speak({ yes: "yes", no: "no" });

const radius = { scale: "linear", whole: false, min: 0, max: 10, low: 0, high: 1.5, step: 0.01 };
const strength = { scale: "log", whole: false, min: 0, max: 1e6, low: 1e-4, high: 1, step: 0.05 };
const rows = { scale: "log", whole: true, min: 1, max: 5000, low: 1, high: 5000, step: 0.1 };

test("a linear track has no binary dust", () => {
  assert.equal(last(radius), 150);
  assert.deepEqual([0, 1, 7, 29, 150].map((one) => valueAt(radius, one)), [0, 0.01, 0.07, 0.29, 1.5]);
});

test("a log track that accepts 0 begins with it, then divides decades", () => {
  assert.equal(last(strength), 81);
  assert.deepEqual([0, 1, 21, 41, 81].map((one) => valueAt(strength, one)), [0, 1e-4, 1e-3, 1e-2, 1]);
  assert.equal(valueAt(strength, 2), 0.000112202, "six significant digits, as the server rounds");
});

test("position and value are inverse at every position", () => {
  for (const track of [radius, strength]) {
    for (let i = 0; i <= last(track); i++) assert.ok(Math.abs(positionOf(track, valueAt(track, i)) - i) < 1e-4, `${i}`);
  }
});

test("values beyond the soft ends stay at the end of the track", () => {
  assert.equal(positionOf(radius, 9), 150);
  assert.equal(positionOf(strength, 1e5), 81);
  assert.equal(positionOf(strength, 1e-9), 1, "almost 0 is not 0");
});

test("a whole knob has whole values", () => {
  for (let i = 0; i <= last(rows); i++) assert.ok(Number.isInteger(valueAt(rows, i)));
});

test("a step goes to the neighbouring position, from anywhere, and stops at the ends", () => {
  assert.equal(stepped(radius, 0.5, 1), 0.51);
  assert.equal(stepped(radius, 0.505, 1), 0.51);
  assert.equal(stepped(radius, 0.505, -1), 0.5);
  assert.equal(stepped(radius, 1.5, 10), 1.5);
  assert.equal(stepped(strength, 1e-4, -1), 0);
  for (let i = 1; i < last(strength); i++) {
    const [back, on] = [-1, 1].map((by) => stepped(strength, valueAt(strength, i), by));
    assert.deepEqual([back, on], [valueAt(strength, i - 1), valueAt(strength, i + 1)], "rounded values are on their position");
  }
});

test("a dragged value is inside what is accepted, finer than a step", () => {
  assert.equal(fine(radius, -1), 0);
  assert.equal(fine(radius, 0.12345), 0.1235);
  assert.equal(onTrack(radius, 0.12345), 0.12);
});

test("numbers as people read them", () => {
  const read = { "0.5": 0.5, "−0.33333": -1 / 3, "1.118": 1.118034, "3.20×10⁻¹⁶": 3.2e-16, "1.00×10⁶": 1e6, "0": 0, "—": null, yes: true };
  for (const [text, value] of Object.entries(read)) assert.equal(format(value), text);
  assert.equal(format("a corner"), "a corner");
});
