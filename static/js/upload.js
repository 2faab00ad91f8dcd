/** Data of one's own: a drop zone and a file input that send a CSV and choose it. */

import { ask } from "./api.js";
import { el } from "./widgets.js";
import { say } from "./words.js";

/** @typedef {{add: (table: Table, file: string) => void, drop: (id: string) => void, choose: (id: string | null) => void, kept: () => string}} Doors */

const MOST_BYTES = 1_000_000;
const DATASETS = "/api/v1/datasets";

/** @param {Doors} doors */
export function dropZone(doors) {
  const input = el("input", { type: "file", accept: ".csv,text/csv", id: "csv-file" });
  const said = el("div", { role: "status", className: "said" });
  const zone = el(
    "div", { className: "drop" },
    el("label", { htmlFor: input.id }, say("drop_here")), input,
    el("p", { className: "hint" }, say("csv_rules")), said,
  );
  const take = async (/** @type {File | undefined} */ file) => {
    if (!file) return;
    tell(said, [say("reading", { file: file.name })]);
    try {
      accepted(await send(file), file.name, doors, said);
    } catch (error) {
      refused(/** @type {any} */ (error), said);
    }
    input.value = "";
  };
  input.addEventListener("change", () => take(input.files?.[0]));
  zone.addEventListener("dragover", (event) => (event.preventDefault(), zone.classList.add("over")));
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(event.dataTransfer?.files[0]);
  });
  return zone;
}

/** @param {File} file @returns {Promise<Table>} */
function send(file) {
  if (file.size > MOST_BYTES) throw new Error(say("too_large", { file: file.name, bytes: file.size.toLocaleString("en") }));
  return ask(DATASETS, { method: "POST", headers: { "Content-Type": "text/csv" }, body: file });
}

/** @param {Table} table @param {string} file its name @param {Doors} doors @param {HTMLElement} said */
function accepted(table, file, doors, said) {
  doors.add(table, file);
  doors.choose(table.id);
  const left = table.left_out?.length ? say("left_out", { columns: table.left_out.join(", ") }) : "";
  const remove = el("button", { type: "button" }, say("remove_table"));
  remove.addEventListener("click", async () => {
    await ask(`${DATASETS}/${table.id}`, { method: "DELETE" }).catch(() => {});
    doors.drop(table.id);
    doors.choose(null);
    tell(said, [say("removed")]);
  });
  tell(said, [say("table_size", { file, rows: table.rows, columns: table.columns.length }), left, table.kept ?? doors.kept()]);
  said.append(remove);
}

/** @param {import("./api.js").Trouble} error @param {HTMLElement} said */
function refused(error, said) {
  tell(said, [error.message]);
  const errors = error.problem?.errors ?? [];
  if (errors.length) said.append(el("ul", {}, ...errors.map((one) => el("li", {}, [one.where ?? one.knob, one.message].filter(Boolean).join(": ")))));
}

/** @param {HTMLElement} said @param {string[]} sentences */
function tell(said, sentences) {
  said.replaceChildren(...sentences.filter(Boolean).map((one) => el("p", {}, one)));
}
