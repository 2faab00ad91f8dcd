"""Axes over the layers of a network: ticks at whole layers only."""

from app.figures import marks
from app.figures.marks import Mark


def over_layers(
    count: int, title: str, heights: tuple[float, float], *, word: str = "layer", log_y: bool = False
) -> Mark:
    """A chart over so many layers."""
    chart = marks.chart(word, title, log_y=log_y, x_range=(0.5, count + 0.5), y_range=heights)
    return chart | {"xaxis": {**chart["xaxis"], "tick0": 0, "dtick": max(1, -(-count // 10))}}
