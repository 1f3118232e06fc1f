"""The command line: arguments in, exit code out (0 fine, 1 evidence with problems, 2 usage)."""

from __future__ import annotations

import argparse
import gc
import io
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from equipoise import __version__
from equipoise.errors import EquipoiseError, EvidenceError, UsageError

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
        where = f" ({error.filename})" if error.filename else ""
        _complain(f"{error.strerror or error}{where}. Fix: check the path and its rights.")
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
    audit.add_argument(
        "--format",
        choices=("text", "jsonld"),
        default="text",
        help="text to read (default), or schema.org ClaimReview as JSON-LD",
    )
    audit.set_defaults(run=_audit)

    rules = commands.add_parser("rules", help="print when caveats are raised, and on whose word")
    rules.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="an evidence base, for its own thresholds"
    )
    rules.set_defaults(run=_rules)

    _add_pool(commands.add_parser("pool", help="pool the studies of a table, CSV or Parquet"))

    build = commands.add_parser("build", help="make every figure, table and notebook")
    _add_folders(build)
    build.add_argument("-o", "--output", default="build", metavar="DIR", help="default: build")
    build.add_argument("--only", action="append", metavar="NAME", help="only bases of this name")
    build.add_argument("--no-notebooks", action="store_true", help="leave the notebooks out")
    build.set_defaults(run=_build)
    return parser


def _add_pool(pool: argparse.ArgumentParser) -> None:
    pool.add_argument("table", metavar="TABLE", help="a file .csv or .parquet, one row a study")
    pool.add_argument(
        "--by",
        action="append",
        metavar="COLUMN",
        help="one analysis for each value; may be given twice",
    )
    pool.add_argument(
        "--measure", metavar="KEY", help="RR, OR, SMD, ...: compute the effects from the table"
    )
    pool.add_argument("--estimator", default="REML", metavar="NAME", help="of tau2; default: REML")
    pool.add_argument("--ci-method", default="hksj", metavar="NAME", help="default: hksj")
    pool.add_argument("--level", default=0.95, type=float, metavar="SHARE", help="default: 0.95")
    pool.add_argument("--prediction-df", metavar="DF", help="k-1, k-2 or normal")
    pool.add_argument("--tau2", type=float, metavar="VALUE", help="known, instead of estimated")
    pool.add_argument("--weights", metavar="COLUMN", help="of your own; GENQ needs them")
    pool.add_argument(
        "--columns", metavar="NAMES", help="with --by: numbers to give, as k,estimate,low,high"
    )
    pool.add_argument(
        "--natural", action="store_true", help="give ratios as ratios, not as logarithms"
    )
    pool.add_argument(
        "-o", "--output", metavar="FILE", help="a file .csv or .parquet; default: the terminal"
    )
    pool.set_defaults(run=_pool)


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
    from equipoise.report.claims import claims_jsonld, claims_text

    evidence = load_evidence(options.folder)
    audit = audit_claims(evidence)
    as_data = options.format == "jsonld"
    _print(claims_jsonld(evidence, audit) if as_data else claims_text(audit))
    return FINE


def _rules(options: argparse.Namespace) -> int:
    from equipoise.appraisal.rules import RULES
    from equipoise.evidence.load import load_evidence
    from equipoise.evidence.thresholds import CUSTOMARY

    folder = options.folder
    thresholds = load_evidence(folder).review.thresholds if folder else CUSTOMARY
    for rule in RULES:
        lowers = f", lowers by {rule.lowers}" if rule.lowers else ""
        _print(f"{rule.code} ({rule.severity}) {rule.title} [{rule.domain}{lowers}]")
        _print(f"  when:   {rule.stated(thresholds)}")
        _print(f"  source: {rule.reference}{' (rule of thumb)' if rule.rule_of_thumb else ''}")
    return FINE


def _pool(options: argparse.Namespace) -> int:
    from equipoise.synthesis.batch import pool_many
    from equipoise.synthesis.files import (
        check_output,
        column_name,
        read_table,
        with_effects,
        write_table,
    )
    from equipoise.synthesis.method import Method
    from equipoise.synthesis.natural_scale import natural_scale
    from equipoise.synthesis.pool import pool
    from equipoise.synthesis.result_table import SHOWN, result_table

    method = Method(
        estimator=options.estimator,
        ci_method=options.ci_method,
        level=options.level,
        prediction_df=options.prediction_df,
        tau2=options.tau2,
    )
    wanted = _names(options.columns)
    if wanted and not options.by:
        raise UsageError("--columns chooses the numbers of a table of analyses: give --by too")
    table = read_table(options.table)
    if options.output:
        check_output(options.output, options.table)
    try:
        table = with_effects(table, options.measure)
        weights = table[column_name(table, options.weights)] if options.weights else None
        if options.by:
            by = [column_name(table, name) for name in options.by]
            columns = wanted or (None if options.output else SHOWN)
            result = pool_many(table, by=by, weights=weights, columns=columns, **asdict(method))
        else:
            pooled = pool(table, weights=weights, **asdict(method))
            result = pooled.to_frame()
        result = natural_scale(result) if options.natural else result
    except UsageError as error:
        raise UsageError(f"{options.table}: {error}") from error
    if options.output:
        write_table(result, options.output)
        _print(options.output)
    else:
        _print(result_table(result) if options.by else str(pooled))
    return FINE


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


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
