"""``python -m benchmarks.dash_peer PORT``: the slider demo of `tangency` as people would build it with Dash.

One callback for all sliders, as its tutorials do it: contour by broadcasting, optimum by SciPy, a new figure each time.
It is served by Dash's FastAPI backend on uvicorn, as Normball is: measured cheaper than its Flask one on gunicorn.
"""

import sys

import uvicorn
from dash import Dash, Input, Output, dcc, html

from benchmarks.slider_demo import figure


def application() -> Dash:
    """Three sliders and a graph."""
    app = Dash(__name__, backend="fastapi")
    app.layout = html.Div(
        [
            dcc.Slider(0, 1.5, 0.01, value=0.5, id="radius", updatemode="drag"),
            dcc.Slider(-3, 3, 0.05, value=2, id="first", updatemode="drag"),
            dcc.Slider(-3, 3, 0.05, value=1, id="second", updatemode="drag"),
            dcc.Graph(id="plane"),
        ]
    )
    inputs = [Input("radius", "value"), Input("first", "value"), Input("second", "value")]
    app.callback(Output("plane", "figure"), *inputs)(figure)
    return app


if __name__ == "__main__":
    uvicorn.run(
        application().server, host="127.0.0.1", port=int(sys.argv[1]),
        access_log=False, server_header=False, log_level="error",
    )  # fmt: skip
