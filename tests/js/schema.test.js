// The control panel is read off the JSON Schema that pydantic writes for a lab's knobs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { controls } from "../../static/js/schema.js";
import { SCHEMA } from "./knobs.js";

const list = controls(SCHEMA);
const of = (key, kind) => list.find((one) => one.key === key && (!kind || one.when.some(([, value]) => value === kind)));

test("a union becomes a choice followed by the controls of each variant", () => {
  assert.deepEqual(list.map((one) => one.key), [
    "problem.kind", "problem.angle", "problem.rows", "problem.noise", "problem.dataset", "problem.target", "problem.first",
    "problem.others", "problem.standardise", "problem.noise", "radius", "strength",
  ]);
  assert.deepEqual(of("problem.kind").choices, [["bowl", "Bowl"], ["table", "Real data"], ["clouds", "Two clouds"]]);
  assert.deepEqual(of("problem.dataset").when, [["problem.kind", "table"]]);
});

test("widgets follow the type", () => {
  const widgets = Object.fromEntries(list.map((one) => [one.key, one.widget]));
  assert.equal(widgets["problem.kind"], "choice");
  assert.equal(widgets["problem.angle"], "slider");
  assert.equal(widgets["problem.dataset"], "select");
  assert.equal(widgets["problem.target"], "select", "a text that may be null still has its source");
  assert.equal(widgets["problem.others"], "select");
  assert.equal(widgets["problem.standardise"], "switch");
});

test("a whole number on a log scale is a slider that stays whole, any other a stepper", () => {
  assert.equal(of("problem.rows").widget, "slider");
  assert.equal(of("problem.rows").whole, true);
  assert.equal(controls({ properties: { seed: { type: "integer", minimum: 0, maximum: 9 } } })[0].widget, "stepper");
});

test("a whole number that plays is a slider, and says how long it plays", () => {
  const [step] = controls({ properties: { step: { type: "integer", minimum: 0, maximum: 9, "x-knob": { play: 5 } } } });
  assert.deepEqual([step.widget, step.whole, step.play, step.step], ["slider", true, 5, 1]);
  assert.equal(of("problem.angle").play, 0);
});

test("an optional number keeps its bounds, its soft ends and its link", () => {
  const { min, max, low, high, step, scale, linked, symbol } = of("strength");
  assert.deepEqual([min, max, low, high, step, scale, linked, symbol], [0, 1e6, 1e-4, 1, 0.05, "log", "radius", "α"]);
  assert.equal(of("radius").default, 0.5);
  assert.equal(of("strength").default, null);
});

test("the union's own default wins over the variant's", () => {
  assert.equal(of("problem.kind").default, "bowl");
  assert.equal(of("problem.angle").default, 30);
  assert.equal(of("problem.noise", "clouds").default, 0.05);
});
