"""What a role is: its words, its symbol, and how it looks in each theme."""

from dataclasses import dataclass
from typing import Any, Literal

Theme = Literal["light", "dark"]
Style = dict[str, Any]


_MARKERS = {
    "": "circle", "disc": "circle", "ring": "circle-open", "cross": "cross-thin-open", "diamond": "diamond",
    "frame": "diamond-open",
}  # fmt: skip


@dataclass(frozen=True)
class Role:
    """A meaning: its words in the legend, its symbol if it is a point, and its style by theme."""

    label: str
    light: Style
    dark: Style
    symbol: str = ""

    @property
    def marker(self) -> str:
        """Plotly's name of the symbol, for points that are a trace."""
        return _MARKERS[self.symbol]


def mark(
    label: str,
    light: str,
    dark: str,
    *,
    width: float = 2,
    dash: str = "solid",
    fill: float = 0.0,
    symbol: str = "",
    layer: str = "above",
) -> Role:
    """A role drawn with one hue: a line, and a fill of the given opacity."""

    def style(colour: str) -> Style:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return {
            "line": {"color": colour, "width": width, "dash": dash},
            "fillcolor": f"rgba({red},{green},{blue},{fill:g})",
            "layer": layer,
        }

    return Role(label, style(light), style(dark), symbol)
