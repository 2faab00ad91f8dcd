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
    const usual = usualOf(table, now("target"));
    const values = control.source === "columns" ? table.columns : (table.classes[now("target") || table.target] ?? []).map(String);
    const taken = new Set(["target", "first", "second"].filter((one) => one !== name).map((one) => now(one) || usual[one]));
    return values.map((one) => {
      const suggested = one === usual[name];
      return [one, suggested ? `${one} (suggested)` : one, control.source === "columns" && taken.has(one), suggested];
    });
  }

  /** @param {string} kind @returns {Option[]} */
  #titles(kind) {
    const tables = [...this.#tables.values()].filter((one) => one !== null);
    const suited = (/** @type {Table} */ one) => (one.task === kind ? 0 : 1);
    return tables.sort((a, b) => suited(a) - suited(b)).map((one) => [one.id, one.title]);
  }
}

/** What is taken where nothing is chosen. @param {Table} table @param {string} target @returns {Record<string, string>} */
function usualOf(table, target) {
  const classes = table.classes[target || table.target] ?? [];
  return { target: table.target, first: table.suggested[0], second: table.suggested[1], positive: String(classes.at(-1) ?? "") };
}
