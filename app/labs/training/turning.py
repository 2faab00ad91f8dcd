"""The knobs of training that several labs have: each called, bounded and explained in one way."""

from typing import Any

from app.knobs import knob
from app.labs.film import MOMENTS
from app.labs.training.layers import Three
from app.networks import Tanh, Xavier


def moment(default: int = MOMENTS, seconds: float = 10) -> Any:
    """Where a film is looked at."""
    return knob(
        default, label="Moment of the training", unit="%", ge=0, le=MOMENTS, step=1, play=seconds,
        help="Where the training is looked at: play it, step it, or drag it to and fro. 0 is before the first step.",
    )  # fmt: skip


def steps(default: int = 1000, most: int = 20_000) -> Any:
    """How long the film is."""
    return knob(
        default, label="Steps of the training", ge=10, le=most, soft=(10, most), scale="log", step=0.1,
        help="How many minibatches are learnt from in all, one step each.",
    )  # fmt: skip


def changes() -> Any:
    """What is turned while it runs."""
    return knob(
        "", label="Changes while it runs", source="changes",
        help="What was turned between the start and the end of the training, and at which moment: from there on it "
        "holds. At the start and at the end a control changes the whole training instead.",
    )  # fmt: skip


def rate(default: float = 0.1) -> Any:
    """η."""
    return knob(
        default, label="Learning rate", symbol="η", ge=1e-6, le=1e6, soft=(1e-4, 10), scale="log", step=0.05, live=True,
        help="The length of a step. Too long, the training diverges, and the page says which factor exceeded what.",
    )  # fmt: skip


def batch(default: int = 32) -> Any:
    """m."""
    return knob(
        default, label="Batch", symbol="m", unit="samples", ge=1, le=2000, soft=(1, 1000), scale="log", step=0.1,
        help="How many samples each step learns from; all of them, if there are fewer.",
    )  # fmt: skip


def l1(default: float = 0.0) -> Any:
    """α₁."""
    return knob(
        default, label="L1 strength", symbol="α₁", ge=0, le=1e3, soft=(1e-5, 1), scale="log", step=0.1, live=True,
        help="The weight of the sum of the sizes of all weights beside the mean cost: α = λ/n. Biases are never "
        "penalised.",
    )  # fmt: skip


def l2(default: float = 0.0) -> Any:
    """α₂."""
    return knob(
        default, label="L2 strength", symbol="α₂", ge=0, le=1e3, soft=(1e-5, 1), scale="log", step=0.1, live=True,
        help="The weight of half the sum of squares of all weights beside the mean cost: α = λ/n. Biases are never "
        "penalised.",
    )  # fmt: skip


def drop(default: float = 0.0) -> Any:
    """1 − the share of the hidden units that is kept."""
    return knob(
        default, label="Dropout", unit="%", ge=0, le=90, step=5, live=True,
        help="The share of the hidden units that each sample does without in training; at test all are there.",
    )  # fmt: skip


def input_noise(default: float = 0.0) -> Any:
    """σ of the noise on the inputs."""
    return knob(
        default, label="Noise on the inputs", symbol="σ", ge=0, le=10, soft=(0, 1), step=0.02, live=True,
        help="The spread of what is added to the inputs in training, drawn anew for each step.",
    )  # fmt: skip


def seed() -> Any:
    """Of weights, minibatches, masks and noise."""
    return knob(
        0, label="Seed of the training", ge=0, le=9999, step=1,
        help="Draws the initial weights, minibatches and masks anew: the same seed always gives the same training.",
    )  # fmt: skip


def activation() -> Any:
    """A knob of type `AnyActivation`."""
    return knob(Tanh(), label="Activation", discriminator="kind", help="What a hidden unit makes of its sum.")


def initial() -> Any:
    """A knob of type `AnyInitial`."""
    return knob(
        Xavier(), label="Initial weights", discriminator="kind", help="How the weights are drawn before the first step."
    )


def hidden() -> Any:
    """A knob of type `Hidden`."""
    return knob(Three(), label="Hidden layers", discriminator="kind", help="How many hidden layers there are.")
