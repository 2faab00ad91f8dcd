"""How an algorithm ended: data, never an exception, for a run that diverges is a result with a sentence."""

from typing import Literal, NamedTuple

Kind = Literal["converged", "out_of_steps", "stopped", "diverged", "unbounded", "searched"]


class Outcome(NamedTuple):
    """How it ended, and the same in a sentence for people.

    - converged: the optimality conditions hold;
    - out_of_steps: it was still on its way;
    - stopped: it was told to end before, by a rule such as patience;
    - diverged: it grew beyond what is worth drawing;
    - unbounded: there is no optimum to find;
    - searched: the best of a search that proves nothing.
    """

    kind: Kind
    sentence: str
