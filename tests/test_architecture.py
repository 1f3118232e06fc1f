"""The map: what may import what, and how large anything may grow. Change the road here, first."""

import ast
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import equipoise as eq
from equipoise import figures

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "equipoise"

# The road: data flows from left to right, and a module imports only from the left of it.
MAY_IMPORT = {
    "errors": set(),
    "display": set(),
    "evidence": {"errors", "display"},
    "effects": {"errors"},
    "synthesis": {"errors", "display", "effects"},
    "appraisal": {"errors", "display", "evidence", "effects", "synthesis"},
    "figures": {"errors", "display", "evidence", "effects", "synthesis", "appraisal"},
    "report": {"errors", "display", "evidence", "effects", "synthesis", "appraisal", "figures"},
    "cli": {"errors", "evidence", "effects", "synthesis", "appraisal", "report"},
    "__main__": {"cli"},
}

# Files and functions stay small enough to be held in mind.
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MOST_PARAMETERS = 8

MODULES = sorted(PACKAGE.rglob("*.py"))


def _part(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def _imports(path: Path) -> set[str]:
    """Parts of equipoise that a file imports; `equipoise` itself counts as its front door."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            named = [f"{module}.{alias.name}" for alias in node.names]
            names = named if module == "equipoise" else [module]
        found |= {name.split(".")[1] for name in names if name.startswith("equipoise.")}
    return found - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_the_left_of_the_road(path: Path) -> None:
    part = _part(path)
    if part == "__init__":
        return  # the front door names everything, and test_import_is_light keeps it closed
    assert _imports(path) - {part} <= MAY_IMPORT[part]


def test_every_part_is_on_the_map() -> None:
    assert {_part(path) for path in MODULES} - {"__init__"} == set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_files_and_functions_are_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            document = ast.get_docstring(node, clean=False) or ""
            lines = (node.end_lineno or 0) - node.lineno + 1 - len(document.splitlines())
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_only_the_display_rounds(path: Path) -> None:
    """Rounding to a whole number counts things; rounding to some digits shows them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    shown = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("round", "around")
        and len(node.args) + len(node.keywords) > 1
    ]
    assert not shown or _part(path) == "display"


def test_figures_have_few_named_parameters() -> None:
    for name in figures.__all__:
        drawing = getattr(figures, name)
        if name in ("save", "drawn"):
            continue
        parameters = inspect.signature(drawing).parameters.values()
        assert len(parameters) <= MOST_PARAMETERS, name
        kinds = {parameter.kind for parameter in parameters}
        assert kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}
        assert "ax" in inspect.signature(drawing).parameters, name


def test_public_names_are_these() -> None:
    assert set(eq.__all__) == {
        "Caveat", "EquipoiseError", "Evidence", "EvidenceError", "Pooled", "Problem", "Summary",
        "SummaryOfFindings", "UsageError", "assumed_interval", "assurance", "audit_claims",
        "best_worst_case", "bias_summary", "bias_table", "bias_tool", "build", "caveats",
        "check_evidence", "check_interval", "check_p_value", "claim_reviews", "combine_means",
        "combine_p_values", "compatible_counts", "cumulative", "debit", "diversity", "e_value",
        "effect_directions", "effect_sizes", "estimates", "exaggeration", "figures", "fisher_exact",
        "fragility_index", "grim", "grimmer", "henmi_copas", "henmi_copas_many", "influence",
        "information_size", "information_size_for_means", "leave_one_out", "load_evidence",
        "mantel_haenszel", "mantel_haenszel_many", "mantel_haenszel_tests", "mean_sd_from_median",
        "means_from_medians", "natural_scale", "number_needed_to_treat", "p_from_counts",
        "p_from_interval", "p_from_statistic", "peto", "peto_many", "pool", "pool_many",
        "proportion_interval", "propose_overall", "read_robvis", "regression_to_the_mean",
        "reported_numbers", "required_information_size", "reverse_fragility_index", "s_value",
        "se_from_interval", "se_from_p", "sequential_boundaries", "standard_names", "summarize",
        "summarize_effects", "summary_of_findings", "suspect_standard_errors", "swim_checklist",
        "tau2_interval", "tau2_profile", "tipping_points", "trial_sequential_analysis",
        "trial_size", "trial_size_for_means", "vote_count", "write_robvis",
    }  # fmt: skip
    for name in eq.__all__:
        assert getattr(eq, name) is not None


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="poool"):
        eq.poool  # noqa: B018


@pytest.mark.parametrize("name", [n for n in eq.__all__ if inspect.isfunction(getattr(eq, n))])
def test_public_functions_are_documented(name: str) -> None:
    function = getattr(eq, name)
    text = inspect.getdoc(function) or ""
    assert "Parameters\n----------" in text
    assert "Returns\n-------" in text or "Return" in text.splitlines()[0]
    for parameter in inspect.signature(function).parameters:
        assert parameter in text, parameter


def test_import_is_light_and_changes_nothing() -> None:
    """In a fresh process: no heavy library, no output, no setting changed."""
    script = """
import json, sys, warnings
before = list(warnings.filters)
import equipoise
heavy = ["matplotlib", "numpy", "pandas", "scipy", "jinja2", "nbclient"]
print(json.dumps({
    "loaded": [name for name in heavy if name in sys.modules],
    "filters": before == list(warnings.filters),
}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == {"loaded": [], "filters": True}
    assert done.stderr == ""


def test_checking_needs_no_pandas() -> None:
    script = """
import sys
import equipoise as eq
eq.check_evidence(sys.argv[1])
print("pandas" in sys.modules)
"""
    base = str(ROOT / "evidence" / "inversion_therapy")
    done = subprocess.run(
        [sys.executable, "-c", script, base], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
