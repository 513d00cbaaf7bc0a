"""Every example in README and docstrings runs."""

import doctest
import importlib
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import axislib
from axislib.cli.main import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MODULES = sorted(
    m.name
    for m in pkgutil.walk_packages(axislib.__path__, "axislib.")
    if not m.name.endswith("__main__")
)


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize("name", ["axislib", *MODULES])
def test_docstring_examples(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_readme_python_runs():
    values: dict = {}
    assert blocks("python")
    for block in blocks("python"):
        exec(block, values)
    sides = (axislib.thesis(values[name])["only_right_known"] for name in ("seed", "other"))
    before, after = sides
    assert (before, after) == (4, 3)  # as the README says


def test_readme_row_is_the_row(seed):
    shown = dict(line.split(None, 1) for line in blocks("text")[0].splitlines())
    row = seed.row("tr_rus_satellite_data")
    for column, words in shown.items():
        value = "not_stated" if column == "quantity" else row[column]
        assert words.startswith(str(value)), column


def test_readme_commands_exist():
    commands = set(re.findall(r"`axislib ([a-z]+)", README)) | {
        shlex.split(line)[1]
        for block in blocks("sh")
        for line in block.splitlines()
        if line.startswith("axislib ")
    }
    assert commands
    for command in commands:
        assert CliRunner().invoke(main, [command, "--help"]).exit_code == 0, command


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help(name):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0 and main.commands[name].help


def test_readme_papermill_runs_as_it_stands(tmp_path):
    (line,) = [
        line
        for block in blocks("sh")
        for line in block.splitlines()
        if line.startswith("papermill ")
    ]
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    for command in (line, f"{line} -p speakers kragh"):
        ran = subprocess.run(
            [sys.executable, "-m", *shlex.split(command)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert ran.returncode == 0, ran.stderr[-2000:]


def test_readme_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target


def test_public_names_are_explained():
    for name in axislib.__all__:
        assert getattr(axislib, name).__doc__, name


def test_every_benchmark_can_be_run():
    """``make bench`` is no part of CI: a name that moved would be noticed only by hand."""
    asked = [sys.executable, "-m", "pytest", "benchmarks", "--collect-only", "-q", "--no-header"]
    ran = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
