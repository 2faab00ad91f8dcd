/** The browser's history as undo and redo: one entry for each gesture, replaced while it lasts. */

const QUIET = 400; // ms without a change that end a gesture
const BEAT = 500; // ms between replaced addresses: a browser may refuse more than 100 in half a minute

/**
 * @param {(search: string) => void} restore called when the user goes back or forward
 * @param {(canUndo: boolean, canRedo: boolean) => void} tell
 */
export function timeline(restore, tell) {
  let here = history.state?.at ?? 0;
  let newest = here;
  let inGesture = false;
  let quiet = 0;
  let beat = 0;
  let query = "";
  let gesture = "";
  let lasts = false;
  const told = () => tell(here > 0, here < newest);
  const replace = () => {
    beat = 0;
    history.replaceState({ at: here }, "", query ? `?${query}` : location.pathname);
  };
  const settle = () => {
    clearTimeout(quiet);
    if (beat) {
      clearTimeout(beat);
      replace();
    }
    inGesture = false;
  };
  addEventListener("popstate", (event) => {
    clearTimeout(beat);
    beat = 0;
    inGesture = false;
    here = event.state?.at ?? 0;
    newest = Math.max(newest, here);
    told();
    restore(location.search);
  });
  told();
  return {
    /** @param {string} next @param {string} name what is turned: something else is another gesture; "" is one by itself */
    record(next, name) {
      if (!name || name !== gesture) settle();
      gesture = name;
      query = next;
      if (!inGesture) {
        newest = here += 1;
        history.pushState({ at: here }, "", query ? `?${query}` : location.pathname);
        inGesture = true;
        told();
      } else beat ||= setTimeout(replace, BEAT);
      clearTimeout(quiet);
      if (!name) settle();
      else if (!lasts) quiet = setTimeout(settle, QUIET);
    },
    /** While something plays, all of it is one gesture. @param {boolean} is */
    lasting(is) {
      lasts = is;
      if (!is) settle();
    },
    undo: () => (settle(), here > 0 && history.back()),
    redo: () => (settle(), here < newest && history.forward()),
  };
}
