/** The data sets that can be chosen, and what each offers to the selects of a problem. */

import { ask } from "./api.js";

/** @typedef {import("./widgets.js").Option} Option */

const DATASETS = "/api/v1/datasets";

export class Shelf {
  /** @type {Map<string, Table | null>} null while it is on its way, or where there is none */ #tables = new Map();
  /** @type {Promise<void> | null} */ #listed = null;
  kept = "";

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** The bundled data sets, asked for when a select first needs them. */
  list() {
    this.#listed ??= ask(DATASETS).then(
      ({ datasets, kept }) => {
        for (const table of datasets) this.#tables.set(table.id, table);
        this.kept = kept;
        this.changed();
      },
      () => void (this.#listed = null),
    );
  }

  /** @param {Table} table */
  add(table) {
    this.#tables.set(table.id, table);
    this.changed();
  }

  /** @param {string} id */
  drop(id) {
    this.#tables.delete(id);
  }

  /** A table, or null until it has come. @param {string} id */
  find(id) {
    if (id.startsWith("csv-") && !this.#tables.has(id)) {
      this.#tables.set(id, null);
      ask(`${DATASETS}/${encodeURIComponent(id)}`).then((table) => this.add(table), () => {});
    }
    return this.#tables.get(id) ?? null;
  }

  /**
   * The options of a select.
   * @param {Control} control
   * @param {(name: string) => any} now the value of a sibling in the same union
   * @returns {Option[] | null}
   */
  options(control, now) {
    this.list();
    const name = control.key.slice(control.group.length + 1);
    if (control.source === "datasets") return this.#titles(now("kind"));
    const table = this.find(now("dataset"));
    if (!table) return null;
    const meant = meaning(table, now);
    if (control.source === "classes") return (table.classes[meant.target] ?? []).map((one) => [String(one), String(one), false, String(one) === meant.positive]);
    const taken = ["target", "first", "second"].filter((one) => one !== name).map((one) => (one === "target" ? meant.target : now(one)));
    const fits = (/** @type {string} */ one) =>
      name === "target" && now("kind") === "classification" ? table.classes[one]?.length > 1 : table.numbers.includes(one);
    return table.columns.map((one) => [one, one, taken.includes(one) || !fits(one), one === meant[name]]);
  }

  /** @param {string} kind @returns {Option[]} */
  #titles(kind) {
    const tables = [...this.#tables.values()].filter((one) => one !== null);
    const suited = (/** @type {Table} */ one) => (one.task === kind ? 0 : 1);
    return tables.sort((a, b) => suited(a) - suited(b)).map((one) => [one.id, one.title]);
  }
}

/** The columns that are fitted, chosen or not, as the server takes them. @param {Table} table @param {(name: string) => any} now @returns {Record<string, string>} */
export function meaning(table, now) {
  const classified = now("kind") === "classification";
  const targets = classified
    ? [table.target, ...table.columns].filter((one) => table.classes[one]?.length > 1)
    : [table.target, ...table.numbers.toReversed()].filter((one) => table.numbers.includes(one) && (one === table.target || !table.suggested.includes(one)));
  const target = now("target") || targets[0];
  const usable = [...table.suggested, ...table.numbers].filter((one) => one !== target);
  const first = now("first") || usable.find((one) => one !== now("second"));
  const second = now("second") || usable.find((one) => one !== first);
  return { target, first, second, positive: String(now("positive") || (table.classes[target]?.at(-1) ?? "")) };
}
