// Shares of one figure laid over each other, dressed by role; handles and their knobs; what is drawn as a table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clear, dragged, led, nudged, scaled, towards } from "../../static/js/grips.js";
import { callings, entries, frame, merged, rolesOf, shapes, traces } from "../../static/js/merge.js";
import { csv, pathPoints } from "../../static/js/table.js";

const contour = {
  data: [{ type: "contour", meta: { role: "contour" }, x: [0, 1], y: [0, 1], z: [[1, 2], [3, 4]], line: { width: 1 } }],
  layout: { xaxis: { range: [0, 1], title: { text: "bmi" } }, shapes: [{ name: "axis", path: "M0,0L1,1" }], meta: { handles: [{ role: "free" }] } },
};
const solution = {
  data: [],
  layout: { shapes: [{ name: "ball", path: "M1,0L0,1Z" }, { name: "optimum", path: "M-1,0L1,0", xanchor: 2, yanchor: 3 }], meta: { handles: [{ role: "ball" }] } },
};
const roles = {
  contour: { light: { colorscale: [[0, "#000"]] }, dark: { colorscale: [[0, "#fff"]] } },
  ball: { light: { line: { color: "blue" } }, dark: { line: { color: "cyan" } } },
};
const both = merged([contour, solution]);

test("lists are joined in the order of the parts, the rest is merged deeply", () => {
  assert.deepEqual(both.layout.shapes.map((one) => one.name), ["axis", "ball", "optimum"]);
  assert.deepEqual(both.layout.meta.handles.map((one) => one.role), ["free", "ball"]);
  assert.equal(both.layout.xaxis.title.text, "bmi");
  assert.equal(both.data[0], contour.data[0], "a trace keeps its identity: that is how a change is seen");
  assert.equal(contour.layout.shapes.length, 1, "a share is not changed");
});

test("powers of ten are as large as the other tick labels, and no axis says k or μ", () => {
  const drawn = (/** @type {any} */ axis) => frame({ data: [], layout: { xaxis: axis } }, "light").xaxis;
  assert.equal(1.25 * drawn({ type: "log" }).tickfont.size, drawn({}).tickfont.size); // Plotly enlarges them by 1.25
  assert.equal(drawn({}).exponentformat, "power");
});

test("a narrow figure has few ticks, and so has a range of many decades that settings agreed on", () => {
  const drawn = (/** @type {number} */ width, agreed = { layout: {} }) =>
    frame({ data: [], layout: { xaxis: {}, yaxis: { type: "log", dtick: 1, range: [-3, 1] } } }, "light", {}, new Set(), agreed, width);
  assert.deepEqual([drawn(358).xaxis.nticks, drawn(220).xaxis.nticks], [8, 4]);
  assert.deepEqual([drawn(358).yaxis.dtick, drawn(220).yaxis.dtick], [1, 1]);
  assert.equal(drawn(220, { layout: { yaxis: { range: [-15, 1] } } }).yaxis.dtick, 4);
});

test("roles dress shapes and traces for the theme, and hide them", () => {
  assert.deepEqual(rolesOf(both), ["contour", "axis", "ball", "optimum"]);
  const dark = shapes(both, roles, "dark", new Set(["optimum"]));
  assert.equal(dark[1].line.color, "cyan");
  assert.deepEqual(dark.map((one) => one.visible), [true, true, false]);
  assert.equal(traces(both, roles, "dark", new Set())[0].colorscale[0][1], "#fff");
  assert.equal(traces(both, roles, "dark", new Set())[0].line.width, 1);
});

test("a frame of a sweep leaves out what every shape has: type, and pixels for what has an anchor", () => {
  const [, ball, optimum] = shapes(both, roles, "light", new Set());
  assert.deepEqual([ball.type, ball.xsizemode], ["path", undefined]);
  assert.deepEqual([optimum.type, optimum.xsizemode, optimum.ysizemode], ["path", "pixel", "pixel"]);
});

test("the layout keeps what the part says over what the page prefers", () => {
  const layout = frame(both, "dark");
  assert.deepEqual(layout.xaxis.range, [0, 1]);
  assert.equal(layout.xaxis.title.text, "bmi");
  assert.equal(layout.xaxis.title.font.color, layout.font.color);
  assert.ok(!("shapes" in layout) && !("meta" in layout));
});

const track = (low, high, step, scale = "linear") => ({ scale, whole: false, min: low, max: high, low, high, step });
const known = { x: track(-3, 3, 0.05), y: track(-3, 3, 0.05), radius: track(0, 1.5, 0.01), angle: track(0, 180, 1), curvature: track(0.05, 20, 0.05, "log") };
const find = (key) => known[key];
const point = { kind: "point", at: [2, 1], knobs: { x: "x", y: "y" } };
const ray = { kind: "ray", at: [1, 0.5], knob: "radius", unit: [2, 1] };
const axis = { kind: "axis", at: [1, 2], origin: [1, 1], reach: 2, offset: 90, knobs: { angle: "angle", curvature: "curvature" } };

test("a point's position is two knobs, inside what they accept", () => {
  assert.deepEqual(dragged(point, [1.5, -9], find), { x: 1.5, y: -3 });
});

test("on a ray only the part along it counts", () => {
  assert.deepEqual(dragged(ray, [1, 0.5], find), { radius: 0.5 });
  assert.deepEqual(dragged(ray, [1 - 1, 0.5 + 2], find), { radius: 0.5 }, "a step across the ray changes nothing");
});

test("an axis turns the angle, less its offset, and its length the curvature", () => {
  assert.deepEqual(dragged(axis, [1, 2], find), { angle: 0, curvature: 4 });
  assert.deepEqual(dragged(axis, [0, 1], find), { angle: 90, curvature: 4 });
  assert.equal(dragged(axis, [1, -1], find).angle, 0, "an axis has no direction");
  assert.equal(dragged(axis, [1, 1], find).curvature, 20, "at its origin it is as short as it can be");
});

test("the edge of the ball scales with the distance from 0, wherever it is held", () => {
  assert.equal(scaled(known.radius, 0.5, [0, -2], [3, 0]), 0.75);
});

test("arrow keys move handles, with Shift ten times as far; an angle goes round", () => {
  const at = { x: 2, y: 1, radius: 0.5, angle: 180, curvature: 1 };
  const now = (key) => at[key];
  assert.deepEqual(nudged(point, "ArrowUp", false, now, find), { y: 1.05 });
  assert.deepEqual(nudged(ray, "ArrowRight", true, now, find), { radius: 0.6 });
  assert.deepEqual(nudged(axis, "ArrowLeft", false, now, find), { angle: 0 });
  assert.equal(nudged(point, "Tab", false, now, find), null);
});

test("a path becomes points on the curve", () => {
  assert.deepEqual(pathPoints("M0,0L1,2Z"), [[0, 0], [1, 2], [0, 0]]);
  const curve = pathPoints("M1,0C1,0.5523 0.5523,1 0,1");
  assert.deepEqual([curve[0], curve.at(-1)], [[1, 0], [0, 1]]);
  for (const [x, y] of curve) assert.ok(Math.abs(Math.hypot(x, y) - 1) < 1e-3, "on the quarter of a circle");
  assert.deepEqual(pathPoints("M1e-05,-2E3L.5,0"), [[1e-5, -2000], [0.5, 0]]);
});

test("what is drawn as CSV: surfaces point by point, marks at their place", () => {
  const lines = csv(both, ["A", "plane"]);
  assert.deepEqual(lines.slice(0, 4), ["contour,0,0,0,1", "contour,0,1,0,2", "contour,0,0,1,3", "contour,0,1,1,4"].map((one) => `A,plane,${one}`));
  assert.equal(lines.at(-1), "A,plane,optimum,2,2,3,");
});

test("names of bars and lines across a chart as CSV", () => {
  const chart = { data: [{ type: "bar", meta: { role: "bar" }, x: ['a "b", c'], y: [2] }], layout: { shapes: [{ type: "line", name: "rule", x0: 3, x1: 3, y0: 0, y1: 1 }] } };
  assert.deepEqual(csv(chart, ["B", "bars"]), ['B,bars,bar,0,"a ""b"", c",2,', "B,bars,rule,0,3,0,", "B,bars,rule,0,3,1,"]);
});

const series = { light: { line: { color: "red", width: 2, dash: "dash" }, fillcolor: "rgba(255,0,0,0.2)", layer: "above" }, dark: { line: { color: "pink", width: 2, dash: "dash" }, fillcolor: "pale" } };
const dress = (trace) => traces({ data: [{ meta: { role: "series" }, ...trace }], layout: {} }, { series }, "dark", new Set())[0];

test("each kind of trace takes what it can of its role", () => {
  assert.deepEqual(dress({ type: "bar", marker: { color: "red" } }).marker, { color: "pink" });
  assert.deepEqual(dress({ type: "scatter", marker: { color: "red", size: 7 } }).marker, { color: "pink", size: 7 });
  assert.deepEqual(dress({ type: "scatter", line: { color: "red" } }).line, { color: "pink", width: 2, dash: "dash" });
  const band = dress({ type: "scatter", fill: "toself", fillcolor: "old", line: { width: 0 } });
  assert.deepEqual([band.fillcolor, band.line.width], ["pale", 0]);
});

test("words at a place have the colour of their role, and hide with it", () => {
  const noted = { data: [], layout: { annotations: [{ name: "series", text: "bmi" }] } };
  const [one] = frame(noted, "dark", { series }, new Set(["series"])).annotations;
  assert.deepEqual([one.font.color, one.visible, one.showarrow], ["pink", false, false]);
});

test("what settings agreed on goes over what a part says", () => {
  const agreed = { layout: { xaxis: { range: [-9, 9] } }, contour: { contours: { start: 5 } } };
  assert.deepEqual(frame(both, "light", {}, new Set(), agreed).xaxis.range, [-9, 9]);
  const [trace] = traces({ ...both, data: [{ ...both.data[0], contours: { start: 1, size: 2 } }] }, roles, "light", new Set(), agreed);
  assert.deepEqual(trace.contours, { start: 5, size: 2 });
});

test("several traces of a role call it by their names", () => {
  const data = ["a&lt;b", "c", "a&lt;b"].map((name) => ({ meta: { role: "series", name } }));
  assert.deepEqual(callings({ data: [...data, { meta: { role: "plain" } }], layout: {} }), { series: ["a<b", "c"] });
});

const named = (/** @type {string[]} */ ...names) => ({ data: names.map((name) => ({ meta: { role: "series", name } })), layout: {} });

test("features that share a look are listed one by one, and hiding one leaves the other", () => {
  const [first, second] = entries(named("age", "s5&amp;s6"));
  assert.deepEqual([first.role, second.role, second.words], ["series", "series", "s5&s6"]);
  assert.notEqual(first.key, second.key);
  const visible = (/** @type {string} */ key) => traces(named("age", "s5&amp;s6"), { series }, "light", new Set([key])).map((one) => one.visible);
  assert.deepEqual([visible(first.key), visible(second.key)], [[false, true], [true, false]]);
});

test("the only name of a role hides with its marks", () => {
  const walker = { ...named("Adam"), layout: { shapes: [{ name: "series", path: "M0,0Z" }] } };
  const [{ key, words }, ...more] = entries(walker);
  assert.deepEqual([words, more], ["Adam", []]);
  const hidden = new Set([key]);
  assert.deepEqual([...traces(walker, { series }, "light", hidden), ...shapes(walker, { series }, "light", hidden)].map((one) => one.visible), [false, false]);
});

const diamond = pathPoints("M2,0L0,2L-2,0L0,-2Z");

test("the boundary of a ball in a direction", () => {
  assert.deepEqual(towards(diamond, [1, 1]), [1, 1]);
  assert.deepEqual(towards(diamond, [-3, 0]), [-2, 0]);
  assert.equal(towards([[0, 0]], [1, 0]), null);
});

test("a ball's handle lies opposite of ŵ, stays where it was, and makes way for what it would cover", () => {
  const free = (...marks) => ([x, y]) => Math.min(...marks.map(([a, b]) => 40 * Math.hypot(a - x, b - y)));
  assert.deepEqual(clear([1, 1], null, diamond, free([1, 1])), [-1, -1]);
  assert.deepEqual(clear([1, 1], [4, 0], diamond, free([1, 1])), [2, 0], "on the boundary, in the direction where it was");
  const room = free([1, 1], [-1, -1]);
  assert.ok(room(clear([1, 1], null, diamond, room)) > 34);
  const window = (one) => (one[0] < 0 ? -1 : free([1, 1])(one));
  assert.ok(clear([1, 1], null, diamond, window)[0] >= 0, "and never outside the window");
});

test("a handle of one knob is led along its axis", () => {
  assert.deepEqual(led({ kind: "point", at: [1, 2], knobs: { x: "a" } }, [5, 6]), [5, 2]);
  assert.deepEqual(led({ kind: "ray", at: [1, 2], unit: [3, 0] }, [5, 6]), [5, 2]);
  assert.deepEqual(led({ kind: "ray", at: [1, 2], unit: [3, 1] }, [5, 6]), [5, 6]);
});

test("a figure in space: surfaces in the colours of their role, axes in the theme's ink, no axes of a plane", () => {
  const surface = { type: "surface", meta: { role: "contour" }, x: [0, 1], y: [0, 1], z: [[1, 2], [3, 4]] };
  const way = { type: "scatter3d", meta: { role: "ball" }, x: [0, 1], y: [2, 3], z: [4, 5], line: { color: "red", width: 5 } };
  const space = { data: [surface, way], layout: { scene: { zaxis: { range: [1, 4], title: { text: "cost" } } } } };
  const [drawn, path] = traces(space, roles, "dark", new Set(["ball"]));
  assert.deepEqual([drawn.colorscale, drawn.visible], [[[0, "#fff"]], true]);
  assert.deepEqual([path.line, path.visible], [{ color: "cyan", width: 5 }, false]);
  const [light, dark] = ["light", "dark"].map((theme) => frame(space, theme));
  assert.notEqual(light.scene.zaxis.gridcolor, dark.scene.zaxis.gridcolor);
  assert.deepEqual([dark.scene.zaxis.title.text, dark.scene.zaxis.range, dark.scene.dragmode], ["cost", [1, 4], "turntable"]);
  assert.ok(!("xaxis" in dark) && dark.scene.uirevision, "what was turned by hand stays turned");
  const agreed = frame(space, "dark", roles, new Set(), { layout: { xaxis: { range: [0, 9] }, scene: { zaxis: { range: [0, 9] } } } });
  assert.deepEqual([agreed.scene.zaxis.range, agreed.scene.zaxis.title.text, "xaxis" in agreed], [[0, 9], "cost", false]);
  assert.deepEqual(csv(space, ["A", "space"]).slice(3), ["A,space,contour,0,1,1,4", "A,space,ball,1,0,2,4", "A,space,ball,1,1,3,5"]);
});
