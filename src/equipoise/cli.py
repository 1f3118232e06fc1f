"""The command line: arguments in, exit code out (0 fine, 1 evidence with problems, 2 usage)."""

from __future__ import annotations

import argparse
import gc
import io
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from equipoise import __version__
from equipoise.errors import EquipoiseError, EvidenceError

FINE, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; bad data never ends in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack – and ∞
    options = _parser().parse_args(arguments)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)  # so that what was begun is cleaned up
    try:
        return int(options.run(options))
    except EvidenceError as error:
        _complain(str(error))
        return PROBLEMS
    except EquipoiseError as error:
        _complain(str(error))
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return FINE
    except OSError as error:
        _complain(
            f"{error.strerror or error} ({error.filename}). Fix: check the path and its rights."
        )
        return USAGE
    except KeyboardInterrupt:
        _complain("stopped; what was there before is as it was.")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="equipoise",
        description="Research evidence, summarized so that no number leaves without its caveats.",
    )
    parser.add_argument("--version", action="version", version=f"equipoise {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="list every problem of an evidence base")
    _add_folders(check)
    check.set_defaults(run=_check)

    show = commands.add_parser("show", help="print what is known about an outcome")
    show.add_argument("folder", metavar="FOLDER", help="an evidence base")
    show.add_argument("outcome", nargs="*", metavar="OUTCOME", help="default: every analysis")
    show.set_defaults(run=_show)

    audit = commands.add_parser("audit", help="print the claims with their verdicts")
    audit.add_argument("folder", metavar="FOLDER", help="an evidence base")
    audit.set_defaults(run=_audit)

    build = commands.add_parser("build", help="make every figure, table and notebook")
    _add_folders(build)
    build.add_argument("-o", "--output", default="build", metavar="DIR", help="default: build")
    build.add_argument("--only", action="append", metavar="NAME", help="only bases of this name")
    build.add_argument("--no-notebooks", action="store_true", help="leave the notebooks out")
    build.set_defaults(run=_build)
    return parser


def _add_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folders", nargs="*", metavar="FOLDER", help="evidence bases; default: all under evidence/"
    )


def _check(options: argparse.Namespace) -> int:
    from equipoise.evidence.load import check_evidence

    found = 0
    for folder in _folders(options):
        problems = check_evidence(folder)
        found += len(problems)
        for problem in problems:
            _print(f"{folder.resolve().name}/{problem}")
        verdict = "1 problem" if len(problems) == 1 else f"{len(problems) or 'no'} problems"
        _print(f"{folder}: {verdict}")
    return PROBLEMS if found else FINE


def _show(options: argparse.Namespace) -> int:
    from equipoise.appraisal.summary import summarize_all
    from equipoise.evidence.load import load_evidence

    summaries = summarize_all(load_evidence(options.folder), options.outcome or None)
    _print(f"\n\n{'-' * 80}\n\n".join(map(str, summaries)))
    return FINE


def _audit(options: argparse.Namespace) -> int:
    from equipoise.appraisal.claims import audit_claims
    from equipoise.evidence.load import load_evidence

    for row in audit_claims(load_evidence(options.folder)).to_dict("records"):
        _print(f"{row['claim_id']}: {row['verdict'].upper()}")
        _print(f"  said:  {row['claim']}" + (f" ({row['stated']})" if row["stated"] else ""))
        if row["recomputed"]:
            _print(f"  found: {row['recomputed']} [{row['studies']}; {row['evidence_source_id']}]")
        _print(f"  why:   {row['reason']}")
    return FINE


def _build(options: argparse.Namespace) -> int:
    from equipoise.report.build import build

    gc.disable()  # a build makes much, drops little and ends soon
    folders = [f for f in _folders(options) if not options.only or f.resolve().name in options.only]
    if not folders:
        names = ", ".join(options.only)
        raise EquipoiseError(f"There is no evidence base called {names}.")
    for folder in folders:
        made = build(
            folder,
            options.output,
            notebooks=not options.no_notebooks,
            progress=_progress,
        )
        _print(f"{made}")
    return FINE


def _folders(options: argparse.Namespace) -> list[Path]:
    if options.folders:
        return [Path(folder) for folder in options.folders]
    found = sorted(path.parent for path in Path("evidence").glob("*/review.toml"))
    if not found:
        raise EquipoiseError(
            "There is no evidence base under evidence/. Fix: name a folder, or run this where the "
            "evidence folder is."
        )
    return found


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _progress(step: str) -> None:
    sys.stderr.write(f"  {step}\n")
    sys.stderr.flush()


def _complain(text: str) -> None:
    sys.stderr.write(f"equipoise: {text}\n")
