// A schema as pydantic writes it, small, with one of everything.
const number = (minimum, maximum, rest) => ({ type: "number", minimum, maximum, ...rest });

export const SCHEMA = {
  $defs: {
    Bowl: {
      title: "Bowl",
      properties: {
        kind: { const: "bowl", default: "bowl", type: "string" },
        angle: number(0, 180, { title: "Angle", default: 0, "x-knob": { unit: "°", step: 1 } }),
        rows: { type: "integer", minimum: 1, maximum: 5000, default: 100, "x-knob": { scale: "log", soft: [1, 5000], step: 0.1 } },
        noise: number(0, 10, { default: 1, "x-knob": { step: 0.05 } }),
      },
    },
    Table: {
      title: "Real data",
      properties: {
        kind: { const: "table", default: "table", type: "string" },
        dataset: { type: "string", default: "diabetes", "x-knob": { source: "datasets" } },
        target: { anyOf: [{ type: "string" }, { type: "null" }], default: null, "x-knob": { source: "columns" } },
        first: { anyOf: [{ type: "string" }, { type: "null" }], default: null, "x-knob": { source: "columns" } },
        others: { type: "string", enum: ["absent", "free"], default: "absent", "x-knob": { choices: { absent: "left out" } } },
        standardise: { type: "boolean", default: true },
      },
    },
    Clouds: {
      title: "Two clouds",
      properties: {
        kind: { const: "clouds", default: "clouds", type: "string" },
        noise: number(0, 0.5, { default: 0.05, "x-knob": { step: 0.01 } }),
      },
    },
  },
  properties: {
    problem: {
      title: "Problem",
      oneOf: [{ $ref: "#/$defs/Bowl" }, { $ref: "#/$defs/Table" }, { $ref: "#/$defs/Clouds" }],
      default: { kind: "bowl", angle: 30 },
    },
    radius: {
      title: "Radius", default: 0.5, anyOf: [number(0, 10), { type: "null" }],
      "x-knob": { symbol: "t", soft: [0, 1.5], step: 0.01, linked: "strength" },
    },
    strength: {
      title: "Strength", default: null, anyOf: [number(0, 1e6), { type: "null" }],
      "x-knob": { symbol: "α", soft: [1e-4, 1], step: 0.05, scale: "log", linked: "radius" },
    },
  },
};
