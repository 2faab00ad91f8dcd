/** The data sets that can be chosen, and what each offers to the selects of a problem. */

import { ask } from "./api.js";
import { say } from "./words.js";

/** @typedef {import("./widgets.js").Option} Option */

const DATASETS = "/api/v1/datasets";
const NAMES = "normball-tables"; // what the files of uploaded tables were called, here alone: the server does not know

export class Shelf {
  /** @type {string} the uploaded table that was fitted last */ #own = "";
  /** @type {Set<string>} uploaded tables that were removed here */ #removed = new Set();
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

  /** @param {Table} table @param {string} [file] what its file is called */
  add(table, file) {
    const names = { ...remembered(), ...(file && { [table.id]: file }) };
    if (file) remember(names);
    this.#removed.delete(table.id);
    this.#tables.set(table.id, names[table.id] ? { ...table, title: say("own_table", { file: names[table.id], rows: table.rows }) } : table);
    this.changed();
  }

  /** @param {string} id */
  drop(id) {
    this.#tables.delete(id);
    this.#removed.add(id);
    if (this.#own === id) this.#own = "";
  }

  /** A change of kind, with the table of one's own that the old kind fitted, where the new one can. @param {Changes} changes @param {import("./setting.js").Setting} setting @returns {Changes} */
  completed(changes, setting) {
    const [[key, kind] = ["", null]] = Object.entries(changes);
    const list = setting.lab.list;
    for (const { key, source } of list) {
      const chosen = source === "datasets" && setting.find(key) && String(setting.now(key));
      if (chosen) this.#own = chosen.startsWith("csv-") ? chosen : "";
    }
    const table = this.#tables.get(this.#own);
    const tabled = list.find((one) => one.source === "datasets" && one.when.some(([union, variant]) => union === key && variant === kind));
    const fits = table && (kind !== "classification" || Object.values(table.classes).some((one) => one.length > 1));
    return tabled && fits ? { ...changes, [tabled.key]: table.id } : changes;
  }

  /** Whether a setting fits a table that was removed here: what is still on the screen comes from the browser's memory. @param {import("./setting.js").Setting} setting */
  lost(setting) {
    return setting.lab.list.some(({ key, source }) => source === "datasets" && setting.find(key) && this.#removed.has(setting.now(key)));
  }

  /** A table, or null until it has come. @param {string} id */
  find(id) {
    if (id?.startsWith("csv-") && !this.#tables.has(id) && !this.#removed.has(id)) {
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
    if (control.source === "targets") return table.columns.map((one) => [one, one, false, one === (now("target") || table.target)]); // a network learns any column
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

/** @returns {Record<string, string>} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(NAMES) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {Record<string, string>} names */
function remember(names) {
  try {
    localStorage.setItem(NAMES, JSON.stringify(Object.fromEntries(Object.entries(names).slice(-20))));
  } catch {
    // a browser that keeps nothing calls it a table of so many rows
  }
}
