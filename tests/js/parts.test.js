// The latest wins, nothing goes backwards, and parts of one state are painted together.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Lanes } from "../../static/js/parts.js";
import { Sweeps } from "../../static/js/sweeps.js";

/** Lanes whose answers come when the test says so. */
function bench(settled = {}) {
  const asked = [];
  const painted = [];
  const troubles = [];
  const load = (part, query, signal) =>
    new Promise((resolve, reject) => {
      asked.push({ part, query, give: () => resolve(`${part} at ${query}`), fail: reject, get given_up() { return signal.aborted; } });
      signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    });
  const told = { paint: (answers) => painted.push(answers), trouble: (part) => troubles.push(part), busy: () => {} };
  return { lanes: new Lanes(load, told, settled), asked, painted, troubles };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("only what changed is asked for", () => {
  const { lanes, asked } = bench({ contour: "a" });
  lanes.want({ contour: "a", solution: "r=1" });
  assert.deepEqual(asked.map((one) => one.part), ["solution"]);
});

test("while one request is on its way only the newest of the next ones is sent", async () => {
  const { lanes, asked, painted } = bench();
  for (const query of ["1", "2", "3", "4"]) lanes.want({ solution: query });
  assert.equal(asked.length, 1);
  asked[0].give();
  await turn();
  assert.deepEqual(asked.map((one) => one.query), ["1", "4"]);
  asked[1].give();
  await turn();
  assert.deepEqual(painted, [{ solution: "solution at 1" }, { solution: "solution at 4" }]);
});

test("parts of one state are painted together", async () => {
  const { lanes, asked, painted } = bench();
  lanes.want({ contour: "a", solution: "a" });
  asked[1].give();
  await turn();
  assert.equal(painted.length, 0, "the solution waits for its contour");
  asked[0].give();
  await turn();
  assert.deepEqual(painted, [{ solution: "solution at a", contour: "contour at a" }]);
});

test("a slow part does not hold up the others for long, and comes later by itself", async () => {
  const { lanes, asked, painted } = bench();
  lanes.want({ path: "a", solution: "a" });
  asked[1].give();
  await new Promise((resolve) => setTimeout(resolve, 90));
  assert.deepEqual(painted, [{ solution: "solution at a" }]);
  lanes.want({ path: "a", solution: "b" });
  asked[2].give();
  await turn();
  assert.deepEqual(painted[1], { solution: "solution at b" });
  asked[0].give();
  await turn();
  assert.deepEqual(painted[2], { path: "path at a" });
});

test("a request that takes too long is given up for a newer one", async () => {
  const { lanes, asked, painted } = bench();
  lanes.want({ solution: "old" });
  const later = performance.now() + 1000;
  mock.method(performance, "now", () => later);
  lanes.want({ solution: "new" });
  mock.restoreAll();
  assert.equal(asked[0].given_up, true);
  asked[1].give();
  await turn();
  assert.deepEqual(painted, [{ solution: "solution at new" }]);
});

test("after a frame from memory nothing older is painted", async () => {
  const { lanes, asked, painted } = bench();
  lanes.want({ solution: "1" });
  lanes.hold("solution");
  asked[0].give();
  await turn();
  assert.deepEqual(painted, []);
  lanes.want({ solution: "1" });
  assert.equal(asked.length, 2, "the exact answer is asked for again");
});

test("a refusal is told once, and asked again only when something changed or on request", async () => {
  const { lanes, asked, troubles } = bench();
  lanes.want({ solution: "bad" });
  asked[0].fail(new Error("no"));
  await turn();
  lanes.want({ solution: "bad" });
  assert.deepEqual([asked.length, troubles], [1, ["solution"]]);
  lanes.retry("solution");
  assert.equal(asked.length, 2);
});

const knob = { key: "radius", linked: "strength", scale: "linear", whole: false, min: 0, max: 2, low: 0, high: 2, step: 0.5 };
const parts = { solution: { knobs: ["problem", "radius", "strength"], sweeps: ["radius"], streams: false }, contour: { knobs: ["problem"], sweeps: [], streams: false } };

test("a sweep is fetched once for each state of the other knobs, and finds the frame of a position", async () => {
  const asked = [];
  const sweeps = new Sweeps(parts, async (part, query) => (asked.push(`${part}?${query}`), { values: [0, 0.5, 1], frames: ["a", "b", "c"] }));
  await sweeps.fetch(knob, [{ strength: 3 }]);
  await sweeps.fetch(knob, [{ radius: 1 }]);
  assert.deepEqual(asked, ["solution?sweep=radius"], "neither the knob itself nor its linked one matters");
  assert.deepEqual(sweeps.at("solution", knob, { radius: 0.5 }, 0.5), { value: 0.5, frame: "b" });
  assert.equal(sweeps.at("solution", knob, {}, 0.52), null, "between two positions there is no frame");
  assert.equal(sweeps.at("solution", { ...knob, high: 1 }, {}, 99), null, "nor beyond the end of the slider");
  assert.equal(sweeps.at("solution", knob, { "problem.kind": "bowl" }, 0.5), null);
});

test("a sweep that the server refuses is not asked for again", async () => {
  let calls = 0;
  const sweeps = new Sweeps(parts, async () => { calls += 1; throw new Error("no"); });
  await sweeps.fetch(knob, [{}]);
  await sweeps.fetch(knob, [{}]);
  assert.equal(calls, 1);
  assert.equal(sweeps.at("solution", knob, {}, 0.5), null);
});

test("a sweep on its way for a state that has passed is given up, and may be fetched again", async () => {
  const signals = [];
  const sweeps = new Sweeps(parts, (_, __, signal) => (signals.push(signal), new Promise((_, no) => signal.addEventListener("abort", no))));
  sweeps.fetch(knob, [{}]);
  sweeps.fetch(knob, [{}]);
  sweeps.fetch(knob, [{ "problem.kind": "bowl" }]);
  assert.deepEqual(signals.map((one) => one.aborted), [true, false]);
  await turn();
  sweeps.fetch(knob, [{}]);
  assert.equal(signals.length, 3);
});

test("several settings need several sweeps; what is on its way for one of them is not given up for another", async () => {
  const calls = [];
  const sweeps = new Sweeps(parts, (_, query, signal) => new Promise((resolve) => calls.push({ query, signal, give: () => resolve({ values: [0.5], frames: [query] }) })));
  sweeps.fetch(knob, [{}]);
  const both = [{}, { "problem.kind": "bowl" }];
  const fetched = sweeps.fetch(knob, both);
  assert.deepEqual(calls.map((one) => [one.query, one.signal.aborted]), [["sweep=radius", false], ["problem.kind=bowl&sweep=radius", false]]);
  assert.equal(sweeps.has(knob, both), false);
  calls.forEach((one) => one.give());
  await fetched;
  assert.equal(sweeps.has(knob, both), true);
  assert.equal(sweeps.at("solution", knob, both[1], 0.5).frame, "problem.kind=bowl&sweep=radius");
});

test("who has stopped asks for nothing, and paints nothing", async () => {
  const { lanes, asked, painted } = bench();
  lanes.want({ solution: "1" });
  lanes.stop();
  asked[0].give();
  await turn();
  assert.deepEqual([asked[0].given_up, painted], [true, []]);
});

test("the share that is done is that of what was asked for, in parts of what says how far it is", async () => {
  const shares = [];
  const asked = [];
  const load = (part, query, signal, told) => new Promise((resolve) => asked.push({ give: () => resolve("answer"), told }));
  const lanes = new Lanes(load, { paint: () => {}, trouble: () => {}, busy: (is, share) => shares.push([is, share]) });
  lanes.want({ a: "1", b: "1" });
  asked[0].told(0.5);
  asked[1].give();
  await new Promise((resolve) => setTimeout(resolve, 90));
  assert.deepEqual(shares.at(-1), [true, 0.75]);
  asked[0].give();
  await turn();
  assert.equal(shares.at(-1)[0], false);
  lanes.want({ a: "2", b: "1" });
  assert.deepEqual(shares.at(-1), [true, 0], "the next work begins anew");
});

test("what another source draws is asked for again, unless it is the answer itself", () => {
  const { lanes, asked } = bench({ film: "m=1", plain: "m=1" });
  lanes.hold("film", "m=2");
  lanes.hold("plain");
  lanes.want({ film: "m=2", plain: "m=2" });
  assert.deepEqual(asked.map((one) => one.part), ["plain"]);
  lanes.hold("plain");
  lanes.want({ film: "m=2", plain: "m=1" });
  assert.deepEqual(asked.map((one) => one.part), ["plain", "plain"]);
});
