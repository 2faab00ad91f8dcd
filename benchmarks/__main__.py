"""``python -m benchmarks [GROUP …] [--quick] [--json FILE]``: one table of ratios, each beside what it has to reach."""

import argparse
import json
import os
import platform
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from benchmarks.table import Row, heading, verdict
from benchmarks.timing import FULL, QUICK, Pace

GROUPS = {
    "optima": "Constrained optimum in the plane, warm; CPU time of one call",
    "surfaces": "Values over a grid; CPU time of one call",
    "paths": "Paths of the diabetes data; CPU time of a whole path",
    "walks": "Optimizers at work; CPU time of the whole walk",
    "networks": "Training networks; CPU time of one step of one model",
    "serving": "Over HTTP; CPU of the server, and bytes, for one step",
    "streams": "Thirty trainings streamed at once, over HTTP",
    "browser": "In headless Chromium: what is transferred, and how smooth it is",
    "lighthouse": "Lighthouse, desktop",
}


def main() -> None:
    """Run the groups and print the table."""
    chosen = arguments()
    for library in ("OPENBLAS", "OMP", "MKL"):  # before NumPy is imported by a group; its servers inherit it
        os.environ[f"{library}_NUM_THREADS"] = "1"
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors")
    if os.getloadavg()[0] > 0.5 * (os.cpu_count() or 1):
        print(f"This machine is busy (load {os.getloadavg()[0]:.1f}): the browser is faster than it seems here.")
    found: dict[str, list[Row]] = {}
    for name in chosen.groups or GROUPS:
        print(heading(GROUPS[name]), flush=True)
        found[name] = rows(name, QUICK if chosen.quick else FULL)
        print(*(row.line() for row in found[name]), sep="\n", flush=True)
    print(verdict([row for group in found.values() for row in group]))
    if chosen.json:
        as_data = {name: [asdict(row) | {"missed": row.missed} for row in group] for name, group in found.items()}
        chosen.json.write_text(json.dumps(as_data, ensure_ascii=False, indent=1) + "\n")


def arguments() -> argparse.Namespace:
    """What is asked on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", choices=[[], *GROUPS], help=", ".join(GROUPS))
    parser.add_argument("--quick", action="store_true", help="one tiny round: whether everything runs, not how fast")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the table as JSON")
    return parser.parse_args()


def rows(group: str, pace: Pace) -> list[Row]:
    """The rows of a group; its peers are imported only when they are measured."""
    measured: list[Row] = import_module(f"benchmarks.{group}").rows(pace)
    return measured


if __name__ == "__main__":
    main()
