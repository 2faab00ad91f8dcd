"""What a network has learnt, taken elsewhere: a forward pass written here says what the page says."""

import json
from typing import Any

import numpy as np
import pytest

from app.data import Library, Uploads
from app.labs.network import NETWORK
from app.web.queries import parse
from app.web.questions import computed, question

LIBRARY = Library(Uploads(None))
KINDS: dict[str, dict[str, str]] = {
    "usual": {},
    "functions of the inputs": {"features.kind": "chosen"},
    "softmax": {"pattern.kind": "digits", "hidden.units_1": "8"},
    "a curve": {"pattern.kind": "curve"},
    "normalised": {"finer.kind": "chosen", "finer.layer_norm": "true", "activation.kind": "leaky_relu"},
    "classic dropout": {"drop": "40", "finer.kind": "chosen", "finer.dropout": "classic", "finer.drop_inputs": "20"},
}
APPLIED = {
    "tanh": lambda z, _: np.tanh(z),
    "leaky_relu": lambda z, given: np.where(z > 0, z, given["leak"] * z),
}


def told(part: str, given: dict[str, str]) -> dict[str, Any]:
    """The answer as it leaves the server."""
    asked = question(NETWORK, NETWORK.parts[part], {"steps": "150", "moment": "80", **given})
    return dict(json.loads(computed(asked, LIBRARY)))


def said(numbers: dict[str, Any], X: np.ndarray) -> np.ndarray:
    """The last layer's sums (n, n_out), as the outcome's sentence says that they are computed."""
    a, last = X, numbers["layers"][-1]
    for layer in numbers["layers"]:
        z = a @ np.array(layer["weights"]).T + layer["biases"]
        if "gains" in layer:
            spread = np.sqrt(z.var(axis=1, keepdims=True) + 1e-5)
            z = layer["gains"] * (z - z.mean(axis=1, keepdims=True)) / spread + layer["shifts"]
        a = z if layer is last else APPLIED[numbers["activation"]["kind"]](z, numbers["activation"])
    return np.asarray(a)


@pytest.mark.parametrize("kind", KINDS)
def test_its_weights_say_elsewhere_what_it_says_here(kind: str) -> None:
    given = KINDS[kind]
    numbers, page = told("weights", given)["numbers"], told("training", given)["readouts"]
    plan = NETWORK.parts["training"].compute.planned(  # type: ignore[attr-defined]
        NETWORK.given(NETWORK.parts["training"], parse(NETWORK.knobs, {"steps": "150", **given}), LIBRARY)
    )
    X, y = plan.task.validation.inputs, plan.task.validation.targets
    assert X.shape[1] == len(numbers["inputs"]) == len(numbers["layers"][0]["weights"][0])
    assert numbers["step"] == page["step"]["value"] == 120
    z = said(numbers, X)
    if numbers["output"] == "sigmoid":
        loss = np.mean(np.logaddexp(0, z) - y * z)
        assert 100 * np.mean((z > 0) == (y > 0.5)) == pytest.approx(page["test_accuracy"]["value"])
    elif numbers["output"] == "softmax":
        loss = np.mean(np.log(np.exp(z).sum(axis=1)) - (y * z).sum(axis=1))
        assert 100 * np.mean(z.argmax(axis=1) == y.argmax(axis=1)) == pytest.approx(page["test_accuracy"]["value"])
    else:
        loss = 0.5 * np.mean(((z - y) ** 2).sum(axis=1))
    assert loss == pytest.approx(page["test_loss"]["value"], rel=1e-10)


def test_no_page_asks_for_them_by_itself(client: Any) -> None:
    page = client.get("/labs/network").text
    data = json.loads(page.partition('id="lab">')[2].partition("</script>")[0])
    assert "weights" not in data["parts"]
    assert "weights" not in data["answers"]
    assert data["extras"]["weights"]["knobs"] == client.get("/api/v1/labs/network").json()["parts"]["weights"]["knobs"]
    assert 'data-export="weights"' in page
    assert 'data-export="weights"' not in client.get("/labs/tangency").text
