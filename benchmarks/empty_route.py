"""``python -m benchmarks.empty_route PORT``: a FastAPI route that validates a few floats and answers nothing.

It is what a route costs before it does anything, under the settings with which Normball itself is served.
"""

import sys
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

app = FastAPI(docs_url=None, redoc_url=None)


class Few(BaseModel):
    """What a slider demo needs."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    minimiser_1: float = Field(2.0, ge=-3.0, le=3.0)
    minimiser_2: float = Field(1.0, ge=-3.0, le=3.0)
    radius: float = Field(0.5, ge=0.0, le=10.0)


@app.get("/empty")
async def empty(few: Annotated[Few, Query()]) -> Response:  # noqa: ARG001 (validated, and that is all)
    return Response(b"{}", media_type="application/json")


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False, server_header=False, log_level="error")
