"""SECURITY.md promises nothing without a test, and the code keeps what is promised of all of it."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISES = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
MODULES = sorted((ROOT / "axislib").rglob("*.py"))
# what makes code or objects out of text or bytes
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "compile",
    "read_pickle",
    "to_pickle",
    "unsafe_load",
    "full_load",
}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PROMISES))))
def test_every_promise_has_its_test(name):
    files = (ROOT / "tests").rglob("test_*.py")
    assert any(f"def {name}(" in path.read_text(encoding="utf-8") for path in files)


def test_every_promise_names_a_test():
    rows = [line for line in PROMISES.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 5 and all("`test_" in row for row in rows)


def names_in(path: Path) -> set[str]:
    """Modules imported and functions called in a module; re.compile is no compile."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").partition(".")[0], *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(node.func.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= {node.func.attr} - {"compile", "eval", "exec"}
    return found


def test_nothing_is_unpickled_or_run_as_code():
    forbidden = FORBIDDEN_MODULES | FORBIDDEN_CALLS
    assert {
        path.name: names_in(path) & forbidden for path in MODULES if names_in(path) & forbidden
    } == {}
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert "YAML(typ=" not in text or 'typ="safe"' in text or 'typ="rt"' in text, path.name
        assert not re.search(r"yaml\.load\(|allow_pickle=True|shell=True", text), path.name


@pytest.mark.parametrize("package", ["jupyter-server", "jupyterlab", "nbconvert"])
def test_the_lock_fulfils_the_floors(package):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (floor,) = re.findall(
        rf"^{package}>=([\d.]+)$", "\n".join(project["dependencies"]), re.MULTILINE
    )
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (locked,) = re.findall(rf"^{package}==([\d.]+)$", lock, re.MULTILINE)
    assert [*map(int, locked.split("."))] >= [*map(int, floor.split("."))]
