"""How fast equipoise is, next to metafor, other Python packages, and the least there is to do.

    python benchmarks/speed.py [--full] [--rounds 5] [--markdown docs/speed.md]

Everything is measured in one run, in rounds: within a round each contestant has its turn, in an
order that changes, and a ratio is the median of the ratios of the rounds. So what else the machine
does, and how fast it is, weighs little. What is not installed is named and left out. The growth of
memory is read from Linux.
"""

# ruff: noqa: E402, the number of threads must be set before numpy is imported

import os

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"

import argparse
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

import bare
import peers

import equipoise as eq
from equipoise.display import markdown
from equipoise.synthesis.batch import Engine

HERE = Path(__file__).parent
BCG = HERE.parent / "tests" / "reference" / "bcg.csv"
FITS = 10_000
SAMPLE = 1_000  # fits of a slow loop, unless --full
SIZES = (10_000, 100_000, 1_000_000)
LONG_ENOUGH = 0.3  # seconds of a turn
BARE = "bare compiled loop, tau2 alone, all cores"
USUAL = ["estimate", "se", "low", "high", "tau2", "i2", "prediction_low", "prediction_high"]


class Flat(NamedTuple):
    """Many analyses, one after the other; `starts` ends with the end of the last."""

    starts: NDArray[np.intp]
    y: NDArray[np.float64]
    v: NDArray[np.float64]

    def sets(self) -> peers.Sets:
        """Return the analyses one by one."""
        cuts = self.starts[1:-1]
        return list(zip(np.split(self.y, cuts), np.split(self.v, cuts), strict=True))


class Taken(NamedTuple):
    """Seconds a fit takes: of the processor (all cores together), and by the clock."""

    cpu: float
    wall: float


class Metafor(NamedTuple):
    """R, running `metafor.R`, and the version of metafor."""

    process: subprocess.Popen[str]
    version: str


Turn = Callable[[int], Taken]
"""Do something n times, and tell the seconds a fit."""


def main() -> None:
    """Measure, and print the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--full", action="store_true", help="let slow loops fit all sets")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--markdown", type=Path, help="write the page to this file")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        sys.stdout.write(json.dumps(grow(chosen.child[0], Path(chosen.child[1]))))
        return
    text = "\n".join(page(chosen.rounds, FITS if chosen.full else SAMPLE))
    sys.stdout.write(text)
    if chosen.markdown:
        chosen.markdown.write_text(text, encoding="utf-8")


def page(rounds: int, sample: int) -> list[str]:
    """Return the page, line by line."""
    loops, absent = peers.installed()
    bcg = eq.effect_sizes(pd.read_csv(BCG), "RR")
    one = Flat(np.array([0, len(bcg)]), *bcg[["effect", "variance"]].to_numpy().T.copy())
    many = simulated(FITS)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, metafor(Path(folder), one, many) as r:
        absent += [] if r else ["metafor"]
        single = compete(singles(one, loops, r), rounds)
        several = compete(batches(many, loops, r, sample), rounds)
        million = [growth(engine, n, Path(folder)) for n in SIZES for engine in ("numpy", "numba")]
        ready = compilation(Path(folder))
    to_bare = _ratio(several["equipoise numba, all cores"], several[BARE], "wall")
    return [
        "# How fast equipoise is",
        "",
        "*Written by `python benchmarks/speed.py --markdown docs/speed.md`.*",
        "",
        f"Measured in one run of {rounds} rounds on {os.cpu_count()} cores, under a load of "
        f"{load:.1f} before and {os.getloadavg()[0]:.1f} after. Times are medians of rounds, in "
        "microseconds a fit; a ratio is the median of the ratios within rounds. CPU adds up all "
        f"cores. Python {platform.python_version()}, numpy {np.__version__}, numba "
        f"{version('numba')}. Not installed: {', '.join(absent) or 'nothing'}.",
        "",
        "## One analysis: the 13 BCG trials, log risk ratios, REML, Hartung-Knapp",
        "",
        ranking(single, "equipoise pool, every number"),
        f"## {FITS:,} analyses of 2 to 40 studies, REML",
        "",
        "Wanted: mean, standard error, Hartung-Knapp interval, tau2, I2, prediction interval. "
        f"A loop fits {sample:,} of the sets.",
        "",
        ranking(several, "equipoise numpy, 1 core"),
        f"By the clock, these numbers with numba take {to_bare:.2g} times what tau2 alone takes in "
        f"the bare loop. {ready}",
        "",
        "## Up to a million analyses, every number",
        "",
        markdown.table(pd.DataFrame(million)),
    ]


def simulated(n: int) -> Flat:
    """Return n analyses of 2 to 40 studies as they are usually simulated.

    Variances are χ²₁/4 between 0.009 and 0.6 (Brockwell & Gordon 2001, Stat Med 20:825-840), tau2
    is 0, 0.05, 0.1 or 0.3.
    """
    rng = np.random.default_rng(1)
    k = rng.integers(2, 41, n)
    starts = np.concatenate([[0], np.cumsum(k)])
    v = np.empty(starts[-1])
    lacking = np.arange(len(v))
    while len(lacking):
        v[lacking] = 0.25 * rng.chisquare(1, len(lacking))
        lacking = lacking[(v[lacking] < 0.009) | (v[lacking] > 0.6)]
    tau2 = rng.choice([0.0, 0.05, 0.1, 0.3], n).repeat(k)
    return Flat(starts, rng.normal(0.5, np.sqrt(v + tau2)), v)


def clocked(call: Callable[[], object], fits: int) -> Turn:
    """Return a turn of a Python call that makes so many fits."""

    def turn(n: int) -> Taken:
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(n):
            call()
        total = n * fits
        return Taken((time.process_time() - cpu) / total, (time.perf_counter() - wall) / total)

    return turn


@contextmanager
def metafor(folder: Path, one: Flat, many: Flat) -> Iterator[Metafor | None]:
    """Start R with metafor and both data sets loaded; None if it is not installed."""
    files = []
    for name, flat in (("bcg", one), ("many", many)):
        files.append(folder / f"{name}.csv")
        analysis = np.arange(len(flat.starts) - 1).repeat(np.diff(flat.starts))
        frame = pd.DataFrame({"analysis": analysis, "effect": flat.y, "variance": flat.v})
        frame.to_csv(files[-1], index=False, float_format="%.17g")
    rscript = shutil.which("Rscript")
    test = ["-e", "quit(status = !requireNamespace('metafor', quietly = TRUE))"]
    if rscript is None or subprocess.run([rscript, *test], check=False).returncode:  # noqa: S603
        yield None
        return
    command = [rscript, str(HERE / "metafor.R"), *map(str, files)]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101
        yield Metafor(process, process.stdout.readline().strip())
        process.communicate()  # the end of its input ends it


def asked(process: subprocess.Popen[str], what: str, fits: int) -> Turn:
    """Return a turn of R."""

    def turn(n: int) -> Taken:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        process.stdin.write(f"{what} {n * fits}\n")
        process.stdin.flush()
        cpu, wall = map(float, process.stdout.readline().split())
        return Taken(cpu / (n * fits), wall / (n * fits))

    return turn


def singles(one: Flat, loops: dict[str, peers.Loop], r: Metafor | None) -> dict[str, Turn]:
    """Return who pools one analysis."""
    sets = one.sets()
    turns = {"equipoise pool, every number": clocked(lambda: eq.pool(one.y, one.v), 1)}
    for name, loop in loops.items():
        turns[name] = clocked(partial(loop, sets), 1)
    if r:
        turns[f"metafor {r.version}, rma"] = asked(r.process, "bcg", 1)
    return turns


def batches(
    many: Flat, loops: dict[str, peers.Loop], r: Metafor | None, sample: int
) -> dict[str, Turn]:
    """Return who pools many analyses."""

    def ours(engine: Engine, columns: list[str] | None) -> Turn:
        return clocked(lambda: pool_all(many, engine, columns), FITS)

    sets = many.sets()
    kernel = bare.compiled()
    turns = {
        "equipoise numpy, 1 core": ours("numpy", USUAL),
        "equipoise numpy, 1 core, every number": ours("numpy", None),
        "equipoise numba, all cores": ours("numba", USUAL),
        "equipoise numba, all cores, every number": ours("numba", None),
        BARE: clocked(lambda: kernel(*many), FITS),
    }
    for name, loop in loops.items():
        some = sets if "size" in name else sets[:sample]
        turns[name] = clocked(partial(loop, some), len(some))
    if r:
        turns[f"metafor {r.version}, rma, loop"] = asked(r.process, "many", sample)
    return turns


def pool_all(many: Flat, engine: Engine, columns: list[str] | None) -> pd.DataFrame:
    """Pool by equipoise."""
    return eq.pool_many(many.y, many.v, starts=many.starts[:-1], columns=columns, engine=engine)


def compete(turns: dict[str, Turn], rounds: int) -> dict[str, list[Taken]]:
    """Give everyone a turn, and again, in another order each round."""
    often = {name: _often(turn) for name, turn in turns.items()}
    taken: dict[str, list[Taken]] = {name: [] for name in turns}
    names = list(turns)
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            taken[name].append(turns[name](often[name]))
    return taken


def _often(turn: Turn) -> int:
    """Return how often to do it in a turn, after a first time that compiles and imports."""
    turn(1)
    started = time.perf_counter()
    turn(1)
    return max(1, round(LONG_ENOUGH / (time.perf_counter() - started)))


def ranking(taken: dict[str, list[Taken]], ours: str) -> str:
    """Return the table: times, and how they compare with ours and with metafor."""
    r = next((name for name in taken if name.startswith("metafor")), None)
    rows = []
    for name, times in taken.items():
        row = {
            "": name,
            "CPU, µs": f"{median(t.cpu for t in times) * 1e6:.2f}",
            "clock, µs": f"{median(t.wall for t in times) * 1e6:.2f}",
            "CPU / " + ours: f"{_ratio(times, taken[ours], 'cpu'):.3g}",
        }
        if r:
            row["metafor's CPU / its CPU"] = f"{_ratio(taken[r], times, 'cpu'):.4g}"
            row["metafor's clock / its clock"] = f"{_ratio(taken[r], times, 'wall'):.4g}"
        rows.append(row)
    return markdown.table(pd.DataFrame(rows))


def _ratio(a: list[Taken], b: list[Taken], what: str) -> float:
    ratios = [getattr(x, what) / getattr(y, what) for x, y in zip(a, b, strict=True)]
    return float(median(ratios))


def growth(engine: Engine, n: int, folder: Path) -> dict[str, str]:
    """Measure n analyses in a process of their own."""
    path = folder / f"{n}.npz"
    if not path.exists():
        np.savez(path, **simulated(n)._asdict())
    found = child(engine, path)
    return {
        "analyses": f"{n:,}",
        "engine": "numpy, 1 core" if engine == "numpy" else "numba, all cores",
        "clock, µs a fit": f"{found['wall'] / n * 1e6:.2f}",
        "CPU, µs a fit": f"{found['cpu'] / n * 1e6:.2f}",
        "input, MB": f"{found['input']:.0f}",
        "output, MB": f"{found['output']:.0f}",
        "growth of memory at its peak, MB": f"{found['growth']:.0f}",
    }


def child(engine: Engine, path: Path, **environment: str) -> dict[str, float]:
    """Run `grow` in a fresh process."""
    command = [sys.executable, str(Path(__file__)), "--child", engine, str(path)]
    done = subprocess.run(  # noqa: S603
        command, check=True, capture_output=True, text=True, env={**os.environ, **environment}
    )
    return dict(json.loads(done.stdout))


def grow(engine: Engine, path: Path) -> dict[str, float]:
    """Pool the analyses of a file; return times, sizes, and by how much the peak of memory grew."""
    with np.load(path) as file:
        many = Flat(file["starts"], file["y"], file["v"])
    few = simulated(100)
    started = time.perf_counter()
    pool_all(few, engine, None)
    first = time.perf_counter() - started
    before = _peak()
    cpu, wall = time.process_time(), time.perf_counter()
    result = pool_all(many, engine, None)
    return {
        "first": first,
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "input": sum(x.nbytes for x in many) / 1e6,
        "output": float(result.memory_usage().sum()) / 1e6,
        "growth": (_peak() - before) / 1e6,
    }


def _peak() -> int:
    """Return the most memory that this process has held, in bytes.

    `resource` would count what the parent held when it made the process.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def compilation(folder: Path) -> str:
    """Return how long a process takes to be ready: compiling, and with what was compiled kept."""
    cache = str(folder / "numba")
    path = folder / f"{SIZES[0]}.npz"
    first, again = (child("numba", path, NUMBA_CACHE_DIR=cache)["first"] for _ in range(2))
    return (
        f"The first call with numba takes {first:.1f} s to compile, and {again:.2f} s in every "
        "later process, which loads what was compiled. These seconds are in no table."
    )


if __name__ == "__main__":
    main()
