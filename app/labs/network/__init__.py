"""Train a network and watch: what it says, its weights, its losses with and without the penalty.

Everything that acts on a training in one place, and all of it can be turned, some of it while the training runs.
Nielsen, Neural Networks and Deep Learning, ch. 3; Goodfellow, Bengio & Courville (2016), Deep Learning, ch. 7 and 8.
"""

from app.labs.film import Film, filmed
from app.labs.lab import Lab, Panel, Part, parts
from app.labs.network import learnt, showing
from app.labs.network.knobs import NetworkKnobs
from app.labs.network.planning import plan, training_milliseconds
from app.labs.network.presets import PRESETS
from app.labs.network.script import script

FILM = Film(plan=plan, picture=showing.picture)
LEARNT = Film(plan=plan, picture=learnt.numbers)


def _ground_milliseconds(**_: object) -> float:
    return 0.8


NETWORK = Lab(
    slug="network",
    title="Network",
    question="What happens when a network learns?",
    knobs=NetworkKnobs,
    figures=(
        Panel("says", "What the network says"),
        Panel("network", "Its weights", "wide"),
        Panel("losses", "Loss, with and without the penalty", "wide"),
        Panel("accuracies", "Accuracy", "wide"),
        Panel("units", "What each hidden unit gives on", "wide"),
        Panel("spread", "How its weights are spread, by layer", "wide"),
    ),
    parts=parts(
        Part("ground", showing.ground, cost=_ground_milliseconds),
        filmed("training", FILM, cost=training_milliseconds),
        Part("weights", LEARNT, cost=training_milliseconds, shown=False),
    ),
    presets=PRESETS,
    script=script,
)
