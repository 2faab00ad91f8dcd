"""Somebody who turns a control by real input events and counts the pictures that this gives."""

import math
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Locator, Page

# A picture is a change of what is drawn: of the overlay's shapes, or of the contour lines. Plotly draws inside one
# animation frame, so that a change seen by the observer's microtask is one frame of the screen.
WATCH = """
(layer) => {
  const plot = document.querySelector(".figure .plot");
  const lines = { contour: ".contourlayer path", shapes: ".shapelayer path" }[layer];
  const seen = () => [...plot.querySelectorAll(lines)].slice(0, 12)
    .map((one) => one.getAttribute("d") + one.getAttribute("transform")).join();
  const watch = { pictures: [], presses: [], waits: [], last: seen() };
  window.__watch?.stop();
  const observer = new MutationObserver(() => {
    const now = performance.now(), found = seen();
    if (!found || found === watch.last) return;
    watch.last = found;
    watch.pictures.push(now);
    if (watch.presses.length > watch.waits.length) watch.waits.push(now - watch.presses.at(-1));
  });
  observer.observe(plot, { subtree: true, childList: true, attributes: true, attributeFilter: ["d", "transform"] });
  const pressed = (event) => watch.presses.push(event.timeStamp);
  addEventListener("keydown", pressed, true);
  watch.stop = () => { observer.disconnect(); removeEventListener("keydown", pressed, true); };
  window.__watch = watch;
}
"""
SETTLE = 400  # ms until everything that a turn started has ended
BACK = {"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}


@dataclass(frozen=True)
class Hand:
    """Turns controls of one page."""

    page: Page

    def slider(self, knob: str) -> Locator:
        """The slider of a knob."""
        return self.page.locator(f'[data-knob="{knob}"] input[type=range]')

    def press(self, control: Locator, key: str) -> None:
        """Focus, and press a key once."""
        control.focus()
        self.page.keyboard.press(key)

    def latency(self, control: Locator, presses: int, layer: str = "shapes") -> float:
        """The median of milliseconds from a key press to the changed picture, each press from rest."""
        self._watch(control, layer)
        for i in range(max(2, presses)):
            self.page.keyboard.press("ArrowLeft" if i % 8 < 4 else "ArrowRight")
            self.page.wait_for_function("(n) => window.__watch.waits.length > n", arg=i, polling=20)
            self.page.wait_for_timeout(30 + 7 * (i % 5))
        return float(median(self.page.evaluate("window.__watch.waits")))

    def holding(self, control: Locator, steps: int, layer: str = "shapes") -> float:
        """Pictures a second while an arrow key is held, there and back."""
        self._watch(control, layer)
        for key in ("ArrowLeft", "ArrowRight"):
            for _ in range(min(steps // 2, 60)):
                self.page.keyboard.down(key)  # again without `up`: a key that repeats itself
            self.page.keyboard.up(key)
        return self._rate()

    def dragging_slider(self, slider: Locator, steps: int) -> float:
        """Pictures a second while the thumb is dragged from end to end and back."""
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box is not None
        y, width = box["y"] + box["height"] / 2, box["width"] - 24
        self._watch(slider, "shapes")
        self.page.mouse.move(box["x"] + 12 + width / 2, y)
        self.page.mouse.down()
        for i in range(steps):
            self.page.mouse.move(box["x"] + 12 + width * (0.5 + 0.45 * math.sin(3 * math.pi * i / steps)), y)
        self.page.mouse.up()
        return self._rate()

    def dragging(self, grip: Locator, steps: int, layer: str) -> float:
        """Pictures a second while a handle is dragged around in a circle."""
        grip.scroll_into_view_if_needed()
        box = grip.bounding_box()
        assert box is not None
        x, y, reach = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 60
        self._watch(grip, layer)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for i in range(steps):
            turn = 2 * math.pi * i / steps
            self.page.mouse.move(x - reach * (1 - math.cos(turn)), y + reach * math.sin(turn))
        self.page.mouse.up()
        return self._rate()

    def _watch(self, control: Locator, layer: str) -> None:
        control.focus()
        self.page.wait_for_timeout(SETTLE)
        self.page.evaluate(WATCH, layer)

    def _rate(self) -> float:
        seen = self.page.evaluate("window.__watch.pictures")
        return 1000.0 * (len(seen) - 1) / (seen[-1] - seen[0]) if len(seen) > 1 else 0.0
