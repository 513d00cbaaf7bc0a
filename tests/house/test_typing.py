"""Whoever types the public names sees them, and is told of a misspelt one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import axislib

ROOT = Path(__file__).parents[2]


def errors(tmp_path: Path, code: str) -> list[str]:
    """What pyright says of the code, strictly."""
    (tmp_path / "case.py").write_text(f"# pyright: strict\n{code}\n", encoding="utf-8")
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({"extraPaths": [str(ROOT)], "reportMissingTypeStubs": False}), encoding="utf-8"
    )
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    run = subprocess.run([*command, "-p", str(tmp_path)], capture_output=True, text=True)
    return [found["message"] for found in json.loads(run.stdout)["generalDiagnostics"]]


def test_all_public_names_are_visible(tmp_path):
    lines = ["import axislib", *(f"print(axislib.{name})" for name in axislib.__all__)]
    found = errors(tmp_path, "\n".join(lines))
    assert not [message for message in found if "is not a known attribute" in message]


@pytest.mark.parametrize(
    "call, message",
    [
        ("axislib.timeln", '"timeln" is not a known attribute'),
        ('axislib.timeline(axislib.open_seed(), lanez="x")', 'No parameter named "lanez"'),
    ],
)
def test_a_misspelt_name_is_seen(tmp_path, call, message):
    assert any(message in found for found in errors(tmp_path, f"import axislib\n{call}"))


def test_the_project_has_no_type_error():
    command = [sys.executable, "-m", "pyright", "--outputjson"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    summary = json.loads(run.stdout)
    found = [
        f"{Path(one['file']).name}:{one['range']['start']['line'] + 1}: {one['message']}"
        for one in summary["generalDiagnostics"]
        if one["severity"] == "error"
    ]
    assert not found, "\n".join(found[:20])
