"""Every command, whatever screen, file or folder its words and files come from or go to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from axislib.cli.main import main

# what a person may have in a folder and what bears a library's name
SHADOWS = ("json.py", "pandas.py", "random.py", "yaml.py", "click.py", "axislib.py")
PROGRAM = [sys.executable, "-P", "-c", "from axislib.cli.main import main; main()"]


def axislib(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        env=os.environ | {"CI": "1", "PYTHONUTF8": "0"} | environment,
        capture_output=True,
        timeout=120,
    )


@pytest.mark.parametrize("code_page", ["cp1252", "cp1251", "cp437", "ascii", "utf-8"])
def test_a_name_in_any_script_reaches_a_file_in_any_code_page(tmp_path, code_page):
    coders = [part for name in ("Łukasz", "Мария", "小林") for part in ("--for", name)]
    said = axislib(tmp_path, "sheet", *coders, PYTHONIOENCODING=code_page)
    assert (said.returncode, said.stderr) == (0, b"")
    assert "sheet-" in said.stdout.decode(code_page, "replace")
    told = axislib(tmp_path, "verify", "Łódź-Мария", PYTHONIOENCODING=code_page)
    assert told.returncode == 1 and b"Traceback" not in told.stderr
    assert b"no report, batch or data set" in told.stderr


def test_modules_of_ones_own_are_nobody_elses(tmp_path):
    for name in SHADOWS:
        (tmp_path / name).write_text("raise SystemExit('mine was imported')", encoding="utf-8")
    plan = "notebooks: [2-timeline]\ngrid: {lanes: [actor, kind, speaker]}\n"
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    for safe in ("", "1"):
        for options in ((), ("--cold",)):
            options = ("plan.yaml", "--no-site", "--out", f"out{safe}{len(options)}", *options)
            said = axislib(tmp_path, "batch", *options, PYTHONSAFEPATH=safe)
            assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    "arguments",
    [("check", "{}"), ("check", "a/{}"), ("verify", "{}"), ("text", "{}"), ("diff", "{}", "b")]
    + [("batch", "{}"), ("agree", "{}"), ("sheet", "--seed", "{}"), ("export", "--seed", "{}")]
    + [("report", "{}", "--no-open"), ("report", "--seed", "{}"), ("new", "x", "--text", "{}")],
    ids=" ".join,
)
def test_a_name_that_is_too_long_is_one_sentence(arguments):
    said = CliRunner().invoke(main, [word.format("x" * 5000) for word in arguments])
    assert said.exit_code == 1 and isinstance(said.exception, SystemExit)
