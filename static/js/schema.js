/** From the JSON Schema of a lab's knobs to the flat list of its controls. */

/**
 * The controls of a schema, in its order; those of a variant follow the choice of their union.
 * @param {Field} schema
 * @returns {Control[]}
 */
export function controls(schema) {
  const walk = walker(schema.$defs ?? {});
  return walk(schema, "", [], schema.default ?? {});
}

/** @param {Record<string, Field>} defs */
function walker(defs) {
  const named = (/** @type {Field} */ field) => (field.$ref ? defs[field.$ref.split("/").pop() ?? ""] : field);

  /** @type {(model: Field, group: string, when: [string, string][], given: any) => Control[]} */
  const walk = (model, group, when, given) =>
    Object.entries(model.properties ?? {}).flatMap(([name, field]) => {
      const key = group ? `${group}.${name}` : name;
      const variants = (field.oneOf ?? field.anyOf ?? [field]).map(named).filter((one) => one?.properties);
      if (variants.length) return union(key, field, variants, when, given[name] ?? field.default ?? {});
      return "const" in field ? [] : [control(key, group, field, when, given[name] ?? field.default ?? null)];
    });

  /** @type {(key: string, field: Field, variants: Field[], when: [string, string][], preset: any) => Control[]} */
  const union = (key, field, variants, when, preset) => {
    const words = field["x-knob"]?.choices ?? {};
    const kinds = variants.map((one) => one.properties?.kind?.const ?? "");
    const choice = {
      ...control(`${key}.kind`, key, field, when, preset.kind ?? kinds[0]),
      widget: /** @type {const} */ ("choice"),
      choices: kinds.map((kind, i) => /** @type {[string, string]} */ ([kind, words[kind] ?? variants[i].title])),
    };
    const nested = variants.flatMap((one, i) =>
      walk(one, key, [...when, [choice.key, kinds[i]]], kinds[i] === preset.kind ? preset : {}),
    );
    return [choice, ...nested];
  };
  return walk;
}

/** @type {(key: string, group: string, field: Field, when: [string, string][], given: any) => Control} */
function control(key, group, field, when, given) {
  const said = field["x-knob"] ?? {};
  const number = /** @type {any} */ ((field.anyOf ?? []).find((one) => one.type !== "null") ?? field);
  const min = number.minimum ?? number.ge ?? field.minimum ?? -Infinity;
  const max = number.maximum ?? number.le ?? field.maximum ?? Infinity;
  const [low, high] = said.soft ?? [min, max];
  const scale = said.scale ?? "linear";
  return {
    key, group, when, min, max, low, high, scale,
    whole: number.type === "integer",
    widget: widget(number, said),
    label: field.title ?? key,
    help: field.description ?? "",
    symbol: said.symbol ?? "",
    unit: said.unit ?? "",
    step: said.step ?? (number.type === "integer" ? 1 : scale === "log" ? 0.05 : (high - low) / 100),
    choices: (number.enum ?? []).map((/** @type {string} */ one) => [one, said.choices?.[one] ?? one]),
    source: said.source ?? "",
    linked: said.linked ?? "",
    play: said.play ?? 0,
    live: said.live === true,
    default: given,
  };
}

/** @type {(field: Field, said: NonNullable<Field["x-knob"]>) => Widget} */
function widget(field, said) {
  if (field.enum || (said.source && said.source !== "changes")) return "select";
  if (field.type === "boolean") return "switch";
  if (field.type === "integer" && said.scale !== "log" && !said.play) return "stepper";
  return field.type === "number" || field.type === "integer" ? "slider" : "text";
}
