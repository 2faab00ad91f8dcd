"""Every setting, from the environment (NORMBALL_HOST, NORMBALL_PORT, …), with its default and what it does."""

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How this process serves; nothing here changes what a URL answers."""

    model_config = SettingsConfigDict(env_prefix="NORMBALL_", frozen=True)

    host: str = Field("127.0.0.1", description="the address to listen on; a container listens on 0.0.0.0")
    port: int = Field(8000, ge=0, le=65535, description="the port to listen on")
    data: Path | None = Field(
        Path("data"), description="the folder of uploaded data sets; empty: they are kept in memory only"
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=64,
        description="processes for long computations",
    )
    memory: int = Field(64, ge=1, le=4096, description="megabytes of answers kept in memory")
    waiting: int = Field(64, ge=1, le=4096, description="long computations that may wait before new ones are refused")
    deadline: float = Field(20, gt=0, le=600, description="seconds after which a long computation is given up")
    frame_ancestors: str = Field(
        "'none'",
        pattern=r"^[A-Za-z0-9'*:/. -]{1,200}$",
        description="who may show these pages in a frame, as a Content-Security-Policy source list",
    )
