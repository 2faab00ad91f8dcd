"""The network with all that runs through it: values, gradients, and the gradients again by differences."""

from dataclasses import dataclass
from functools import cached_property

from app.data.library import Library
from app.geometry.numerals import numeral, raised
from app.labs.backprop.network import WEIGHTS, Network
from app.networks.graphs import Differences, Edge, Gradients, differences, gradients, values


@dataclass(frozen=True, eq=False)
class Passed:
    """A network, its values, its gradients, and its gradients again by differences."""

    network: Network
    values: dict[str, float]
    gradients: Gradients
    by_differences: Differences

    def slope(self, name: str) -> float:
        """∂J by the value of a node."""
        return float(self.gradients.nodes[name])

    def penalty_share(self, name: str) -> float:
        """α∂Ω by a parameter: 0 at a bias, from which no edge leads to Ω."""
        return float(self.gradients.edges["omega", WEIGHTS.index(name)]) if name in WEIGHTS else 0.0

    @property
    def largest(self) -> float:
        """The largest gradient on the page."""
        return max(abs(float(one)) for one in self.gradients.nodes.values())

    @cached_property
    def apart(self) -> tuple[float, str | Edge]:
        """The largest distance between the two ways, as a share of the largest gradient, and where: off the kinks."""
        nodes, edges = self.gradients
        gaps: dict[str | Edge, float] = {
            one: abs(float(nodes[one]) - slope) for one, slope in self.by_differences.nodes.items()
        }
        gaps |= {one: abs(float(edges[one]) - slope) for one, slope in self.by_differences.edges.items()}
        smooth = {one: gap for one, gap in gaps.items() if one not in self.by_differences.crossed}
        worst = max(smooth, key=lambda one: smooth[one])
        return smooth[worst] / (self.largest or 1.0), worst

    def handed(self, done: int) -> dict[str, float]:
        """What has come back to each node after so many steps of the backward pass."""
        graph = self.network.graph
        found = {"J": 1.0} if done else {}
        for node, _ in graph.operations[::-1][:done]:
            found.setdefault(node.name, 0.0)  # nothing reads it
            for place, one in enumerate(node.inputs):
                found[one] = found.get(one, 0.0) + float(self.gradients.edges[node.name, place])
        return found


def passed(_: Library, network: Network) -> Passed:
    """All of it. Pure, for `Library.once`."""
    found = values(network.graph, network.given)
    numbers = {name: float(value) for name, value in found.items()}
    return Passed(network, numbers, gradients(network.graph, found), differences(network.graph, network.given))


def signed(number: float, digits: int = 5) -> str:
    """A number in a sentence."""
    return numeral(number, digits)


def short(number: float, digits: int) -> str:
    """The same for a place with little room, at most seven signs: 3·10⁻⁵, −0.0012."""
    if number and not 1e-3 <= abs(number) < 99_999.5:
        mantissa, power = f"{number:.0e}".split("e")
        return f"{mantissa}·10{raised(int(power))}".replace("-", "−")
    return numeral(round(number, 4), digits)
