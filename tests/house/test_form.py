"""The code keeps its form: short functions, simple ones, no circle, no nested conditional."""

import ast
import graphlib
import tomllib
from pathlib import Path

import grimp
import pytest
from radon.complexity import cc_visit

ROOT = Path(__file__).parents[2]
LIMITS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["house"]
MODULES = sorted((ROOT / "axislib").rglob("*.py"))


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(source: str) -> list:
    found = []
    for block in cc_visit(source):
        found += [block, *getattr(block, "methods", []), *getattr(block, "closures", [])]
    return [block for block in found if block.letter != "C"]


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_functions_are_simple_and_short(path):
    exempt = LIMITS["exempt"].get(names(path), [])
    too_much = {
        block.name
        for block in blocks(path.read_text(encoding="utf-8"))
        if block.complexity > LIMITS["complexity"]
        or block.endline - block.lineno + 1 > LIMITS["lines_of_a_function"]
    }
    assert too_much == set(exempt), "make these simpler, or take them off the list"


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_no_conditional_stands_in_another(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nested = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.IfExp)
        and any(isinstance(part, ast.IfExp) for part in (node.body, node.orelse, node.test))
    ]
    assert not nested, f"lines {nested}: write if and return"


def test_no_import_goes_in_a_circle():
    graph = grimp.build_graph("axislib", include_external_packages=False)
    uses = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    uses["axislib"] = set()  # it hands out names and imports on first use
    list(graphlib.TopologicalSorter(uses).static_order())


def test_the_tree_is_small():
    root = [path.name for path in (ROOT / "axislib").glob("*.py")]
    assert len(MODULES) <= LIMITS["modules"]
    assert len(root) - 1 <= LIMITS["modules_beside_init"]
