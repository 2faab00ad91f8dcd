"""What each mark in a figure means, and how it looks: the only place with colours, dashes and symbols.

Hues follow Okabe and Ito's palette (2008), which stays apart for the colour-blind; no two roles that meet in a figure
differ by hue alone: dash, symbol or fill differs too.
"""

from dataclasses import dataclass
from typing import Any, Literal

Theme = Literal["light", "dark"]
Style = dict[str, Any]


_MARKERS = {"": "circle", "disc": "circle", "ring": "circle-open", "cross": "cross-thin-open", "diamond": "diamond"}


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


def _mark(
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


_CONTOUR_LIGHT = [[0, "#5f88a5"], [0.35, "#8aaabf"], [1, "#c3d3de"]]
_CONTOUR_DARK = [[0, "#86a7bd"], [0.35, "#587a92"], [1, "#2e4453"]]

ROLES: dict[str, Role] = {
    "contour": Role("contours of the loss J", {"colorscale": _CONTOUR_LIGHT}, {"colorscale": _CONTOUR_DARK}),
    "ball": _mark("the ball: weights the constraint allows", "#0072b2", "#56b4e9", width=2.5, fill=0.12, layer="below"),
    "level_set": _mark("contour through the optimum", "#d55e00", "#ff9a4d", width=3),
    "path": _mark("path of the optimum as the ball grows", "#6b5b95", "#b9a7e6", width=2, dash="dash"),
    "normal_cone": _mark("normal cone of the ball at the optimum", "#b8930a", "#f0e442", width=3, fill=0.22),
    "gradient": _mark("−∇J, the pull of the loss (direction)", "#1a1a1a", "#f5f5f5", width=2.5, fill=1),
    "hessian_axis": _mark("axes of the Hessian", "#767676", "#9a9a9a", width=1, dash="dashdot"),
    "free_optimum": _mark("free optimum ŵ", "#1a1a1a", "#f5f5f5", width=2.5, symbol="cross"),
    "penalised_twin": _mark("the same optimum from the other form", "#00795a", "#33c79a", width=2.5, symbol="ring"),
    "optimum": _mark("optimum w*, certified", "#d55e00", "#ff9a4d", width=1.5, fill=1, symbol="disc"),
    "optimum_uncertain": _mark("optimum w*, not certified", "#d55e00", "#ff9a4d", width=2.5, symbol="disc"),
    "penalised_apart": _mark(
        "the penalty's optimum: not the same point", "#00795a", "#33c79a", width=2.5, symbol="ring"
    ),
    "optimum_searched": _mark("optimum w*, found by search", "#d55e00", "#ff9a4d", width=2.5, fill=0.35, symbol="disc"),
    "shortcut": _mark("where the shortcut lands", "#b0407f", "#f29bcb", width=2, fill=0.35, symbol="diamond"),
}


# Several of one kind in a figure: no two share both hue and dash.
_SERIES = (
    ("#0072b2", "#56b4e9", "solid"),
    ("#d55e00", "#ff9a4d", "dash"),
    ("#00795a", "#33c79a", "dot"),
    ("#b0407f", "#f29bcb", "dashdot"),
    ("#8a6d00", "#f0e442", "longdash"),
    ("#5a5a5a", "#c9c9c9", "longdashdot"),
    ("#6b5b95", "#b9a7e6", "solid"),
    ("#1a1a1a", "#f5f5f5", "dash"),
)
ROLES |= {
    f"{kind}_{i}": _mark(f"{kind} {i}", light, dark, width=2, dash=dash, fill=0.25, symbol="disc")
    for kind, most in (("walker", 6), ("feature", 8))
    for i, (light, dark, dash) in enumerate(_SERIES[:most], start=1)
}


def style(role: str, theme: Theme = "light") -> Style:
    """How a role looks in a theme."""
    found = ROLES[role]
    return found.light if theme == "light" else found.dark
