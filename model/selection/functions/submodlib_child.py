"""The process in which submodlib runs: a line on its input is a job, and the answer is left in a file.

It is started by its path, not as part of the package, so that it loads numpy and submodlib's own extension and
nothing else: submodlib's Python package would load scikit-learn and numba to do no more than pass lists on.
"""

from __future__ import annotations

import json
import math
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

_FUNCTIONS = {  # class in submodlib_cpp, kernels and numbers in the order of its constructor
    "logdetmi": ("LogDeterminantMutualInformation", ("pool", "cross", "query"), ("ridge", "eta")),
    "flvmi": ("FacilityLocationMutualInformation", ("pool", "cross"), ("eta",)),
    "flqmi": ("FacilityLocationVariantMutualInformation", ("cross",), ("eta",)),
    "gcmi": ("GraphCutMutualInformation", ("cross",), ()),
    "com": ("ConcaveOverModular", ("cross",), ("eta",)),
}
_EPSILON = 0.1  # read by the stochastic optimizers alone


def main() -> None:
    """Do one job after another until the input ends."""
    for library in ("numpy", "submodlib_cpp"):
        import_module(library)  # before memory is limited: what a library takes for itself does not count
    for line in sys.stdin:
        job = json.loads(line)
        answer = Path(job["answer"])
        try:
            _limit(job["seconds"], job["bytes"])
            found = _chain(job)
        except MemoryError:
            found = {"error": "memory"}
        except Exception as error:
            found = {"error": f"{type(error).__name__}: {error}"}
        _leave(found, answer)


def _limit(seconds: float, size: int) -> None:
    """Bound the processor time, should the parent die meanwhile, and the memory beyond what is in use now."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 2, most))
    if sys.platform == "linux":  # elsewhere the address space is not what a process uses
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + size, most))


def _chain(job: dict[str, Any]) -> dict[str, Any]:
    submodlib_cpp = import_module("submodlib_cpp")
    name, kernels, numbers = _FUNCTIONS[job["function"]]
    if job["function"] == "logdetmi" and _indefinite(job):
        return {"error": "indefinite"}
    lists = _kernels(Path(job["kernels"]), kernels)
    n, queries = len(lists[kernels.index("cross")]), job["queries"]
    arguments = [n, queries, *lists, *(job[number] for number in numbers)]
    if name == "ConcaveOverModular":
        arguments.append(submodlib_cpp.ConcaveOverModular.logarithmic)
    function = getattr(submodlib_cpp, name)(*arguments)
    optimizer = "LazyGreedy" if job["lazy"] else "NaiveGreedy"
    # Neither optimizer may take the last item: there would be nothing left to compare it with.
    budget = min(job["budget"], n - 1)
    picks = (
        function.maximize(optimizer, budget, False, False, _EPSILON, False, False, [], False)
        if budget
        else []
    )
    if any(item < 0 or not math.isfinite(gain) for item, gain in picks):  # -1: no gain was a number
        return {"error": "indefinite"}
    if job["budget"] > budget:
        taken = {item for item, _ in picks}
        (last,) = set(range(n)) - taken
        picks.append((last, function.marginalGain(taken, last)))
    return {"items": [item for item, _ in picks], "gains": [gain for _, gain in picks]}


def _indefinite(job: dict[str, Any]) -> bool:
    """Whether the queries would explain more of some item than there is, so that its gain is NaN.

    submodlib then reads beyond its memory, and every gain is NaN.
    """
    import numpy as np

    if job["eta"] <= 1:
        return False
    pool, cross, query = (
        np.load(Path(job["kernels"]) / f"{name}.npy") for name in ("pool", "cross", "query")
    )
    root = np.linalg.cholesky(query.astype(np.float64) + job["ridge"] * np.eye(len(query)))
    explained = np.square(job["eta"] * np.linalg.solve(root, cross.T)).sum(axis=0)
    return bool((pool.diagonal() + job["ridge"] <= explained).any())


def _kernels(folder: Path, names: tuple[str, ...]) -> list[list[list[float]]]:
    import numpy as np

    return [np.load(folder / f"{name}.npy").tolist() for name in names]


def _leave(found: dict[str, Any], path: Path) -> None:
    """Write the answer so that it is there in full or not at all."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(found))
    new.replace(path)


if __name__ == "__main__":
    main()
