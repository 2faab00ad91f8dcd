/** What is turned while a training runs, as the query writes it: "40:rate=0.3,60:l2=0.01", each from a moment on. Pure. */

/** @typedef {{moment: number, name: string, value: number}} Change */

const CHANGE = /^\s*(\d{1,3}):(\w+)=([0-9.eE+-]+)\s*$/;

/** The changes in the order of their moments; what cannot be read is left to the server to refuse. @type {(text: unknown) => Change[]} */
export const read = (text) =>
  String(text ?? "").split(",").flatMap((one) => {
    const [, moment, name, value] = CHANGE.exec(one) ?? [];
    return name ? [{ moment: Number(moment), name, value: Number(value) }] : [];
  }).sort((one, other) => one.moment - other.moment);

/** @type {(changes: Change[]) => string} */
export const written = (changes) =>
  [...changes].sort((one, other) => one.moment - other.moment || (one.name < other.name ? -1 : 1))
    .map(({ moment, name, value }) => `${moment}:${name}=${value}`).join(",");

/** The value that holds at a moment by what was turned before it; undefined where nothing was. @type {(changes: Change[], name: string, moment: number) => number | undefined} */
export const held = (changes, name, moment) => changes.filter((one) => one.name === name && one.moment <= moment).at(-1)?.value;

/** With one more change: in the place of an earlier one of this knob at this moment; none where it changes nothing. @type {(changes: Change[], added: Change, usual: unknown) => Change[]} */
export function turned(changes, added, usual) {
  const others = changes.filter((one) => one.name !== added.name || one.moment !== added.moment);
  return (held(others, added.name, added.moment) ?? usual) === added.value ? others : [...others, added];
}
