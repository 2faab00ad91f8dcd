// Several settings in one query: what each overrides, what follows the first, in what they differ, what they share.
import assert from "node:assert/strict";
import { test } from "node:test";
import { agreement, differences, folded, kept, overlaid, overrides, pinned, unfolded } from "../../static/js/compared.js";
import { controls } from "../../static/js/schema.js";
import { SCHEMA } from "./knobs.js";

const list = controls(SCHEMA);
const table = { "problem.kind": "table", "problem.dataset": "wine", "problem.first": "ash" };
const bowl = { "problem.kind": "bowl", "problem.angle": 40 };

test("plain keys are the first setting's, the others override them", () => {
  const flat = { radius: 0.4, "b.radius": 0.7, "c.problem.kind": "bowl" };
  assert.deepEqual(unfolded(flat), [{ radius: 0.4 }, { radius: 0.7 }, { "problem.kind": "bowl" }]);
  assert.deepEqual(folded(unfolded(flat)), flat);
  assert.deepEqual(unfolded({ "d.radius": 1 }), [{}, { radius: 1 }], "letters without a gap");
});

test("whatever two settings are, what one overrides makes it from the other", () => {
  const states = [{}, { radius: 0.4 }, { strength: 0.1 }, table, { ...table, radius: 1 }, bowl, { ...bowl, strength: 0.2 }, { ...table, "problem.dataset": "iris" }];
  for (const first of states) {
    for (const setting of states) {
      const made = overlaid(first, overrides(first, setting, list), list);
      const value = (turned, key) => turned[key] ?? (key === "radius" && "strength" in turned ? null : list.find((one) => one.key === key)?.default ?? null);
      for (const key of ["radius", "strength", "problem.kind", "problem.dataset", "problem.angle"]) {
        if (key !== "problem.dataset" && key !== "problem.angle" || key in setting) assert.equal(value(made, key), value(setting, key), `${key} of ${JSON.stringify([first, setting, made])}`);
      }
    }
  }
});

test("what is not overridden follows the first; what its new kind does not have is given up", () => {
  assert.deepEqual(kept(table, { "problem.angle": 40, radius: 1 }, list), { radius: 1 });
  assert.deepEqual(kept(bowl, { "problem.angle": 50 }, list), { "problem.angle": 50 });
});

test("a copy writes down one knob, the preferred one if it has it", () => {
  assert.deepEqual(pinned({}, list, ["radius"]), { radius: 0.5 });
  assert.deepEqual(pinned({ strength: 0.1 }, list, ["radius", "strength"]), { strength: 0.1 }, "its partner is given");
  assert.deepEqual(pinned({}, list, []), { "problem.kind": "bowl" });
});

test("only what differs is told", () => {
  const told = (...settings) => differences(settings, list).map((one) => one.map(([control, value]) => `${control.key}=${value}`).join());
  assert.deepEqual(told({ radius: 0.4 }, { radius: 0.7 }), ["radius=0.4", "radius=0.7"]);
  assert.deepEqual(told({}, { radius: 0.5 }), ["", ""], "the default, written down, is no difference");
  assert.deepEqual(told({}, { strength: 0.1 }), ["radius=0.5", "strength=0.1"]);
  assert.deepEqual(told({}, { "problem.kind": "bowl", "problem.angle": 40 }), ["problem.angle=30", "problem.angle=40"]);
});

const plane = (low, high, start, end) => [{ data: [{ type: "contour", contours: { start, end, size: 1 } }], layout: { xaxis: { range: [low, high] }, yaxis: { range: [low, high] } } }];

test("axes are the union of the ranges, levels run from the lowest to the highest", () => {
  const { layout, contour } = agreement([plane(-1, 2, 0, 10), plane(-3, 1, 2, 52)]);
  assert.deepEqual(layout, { xaxis: { range: [-3, 2] }, yaxis: { range: [-3, 2] } });
  assert.deepEqual(contour.contours, { start: 0, end: 52, size: 2 });
});

test("without a range the data say how far they reach, on a log axis in decades, bars from 0", () => {
  const chart = (x, y, layout = {}, type = "scatter") => [{ data: [{ type, x, y }], layout }];
  const log = agreement([chart([1, 10], [1e-3, 1], { yaxis: { type: "log" } }), chart([5, 90], [1, 1e2], { yaxis: { type: "log" } })]).layout;
  assert.ok(Math.abs(log.yaxis.range[0] + 3.12) < 1e-9 && Math.abs(log.yaxis.range[1] - 2.08) < 1e-9);
  assert.ok(log.xaxis.range[0] < 1 && log.xaxis.range[1] > 90);
  const bars = agreement([chart(["a"], [2], {}, "bar"), chart(["a"], [3], {}, "bar")]).layout;
  assert.ok(bars.yaxis.range[0] <= 0 && bars.yaxis.range[1] > 3);
  const [one, two] = [["a", "b"], ["b", "c"]].map((names) => chart(names, [1, 2], {}, "bar"));
  assert.deepEqual(agreement([one, two]).layout.xaxis, { categoryorder: "array", categoryarray: ["a", "b", "c"], range: [-0.5, 2.5] });
});

test("colours mean the same", () => {
  const heat = (z) => [{ data: [{ type: "heatmap", z }], layout: {} }];
  assert.deepEqual(agreement([heat([[1, 5]]), heat([[-2], [3]])]).heat, { zmin: -2, zmax: 5 });
});

test("heights in space reach over those of all settings", () => {
  const space = (range) => [{ data: [], layout: { scene: { zaxis: { range } } } }];
  assert.deepEqual(agreement([space([1, 3]), space([0, 2])]).layout.scene, { zaxis: { range: [0, 3] } });
});
