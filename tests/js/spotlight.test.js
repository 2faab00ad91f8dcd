/** Where a claim shows: which figure, which numbers, in which words. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { aimed, reading } from "../../static/js/spotlight.js";
import { speak } from "../../static/js/words.js";

const PANELS = [{ name: "plane" }, { name: "distance" }];
speak({ yes: "yes", no: "no" });

test("a claim is shown at the figure that it names, or at the first", () => {
  assert.deepEqual(aimed(["distance", "worst"], PANELS), { panel: "distance", names: ["worst"] });
  assert.deepEqual(aimed(["zeros", "place"], PANELS), { panel: "plane", names: ["zeros", "place"] });
  assert.deepEqual(aimed([], PANELS), { panel: "plane", names: [] });
});

test("a readout may have the name of the figure that is shown", () => {
  assert.deepEqual(aimed(["distance", "distance", "worst"], PANELS), { panel: "distance", names: ["distance", "worst"] });
});

test("numbers are read with their label and unit, words after a colon, and what does not apply is left out", () => {
  const readouts = {
    alpha: { value: -0.25, label: "α*" }, share: { value: 72.5, label: "share", unit: "%" },
    place: { value: "a corner", label: "w* lies at" }, active: { value: false, label: "active" }, none: { value: null, label: "t" },
  };
  const read = reading(["alpha", "share", "place", "active", "none", "unknown"], readouts).map((one) => one.join(""));
  const alike = { a: { value: 1, label: "norm" }, b: { value: 2, label: "norm", group: "Clipped" }, c: { value: 3, label: "C", group: "Clipped" } };
  assert.deepEqual(reading(["a", "b", "c"], alike).map((one) => one.join("")), ["norm = 1", "Clipped: norm = 2", "C = 3"]);
  assert.deepEqual(read, ["α* = −0.25", "share = 72.5 %", "w* lies at: a corner", "active = no"]);
});
