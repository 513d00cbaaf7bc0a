"""``axislib batch`` and ``axislib diff`` as typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from batch_helpers import write_notebook, write_plan
from bs4 import BeautifulSoup
from click.testing import CliRunner

from axislib.cli.batch import batch
from axislib.files import SUMS
from axislib.seed.package import received


def test_dry_run_prints_the_runs_and_runs_nothing(many: Path, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(batch, [str(many), "--dry-run"])
    assert (
        said.exit_code == 0
        and "double-3.ipynb: double.ipynb(number=3)" in said.output
        and "4 runs; nothing was run." in said.output
    )
    assert not (tmp_path / "runs").exists()


def test_exit_codes(many: Path, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(batch, [str(many), "--no-progress"])
    assert (
        said.exit_code == 0
        and "4 runs: 4 done" in said.output
        and (tmp_path / "runs" / "many" / "manifest.csv").exists()
    )
    write_notebook(tmp_path / "bad.ipynb", "1 / 0")
    said = CliRunner().invoke(
        batch, [str(write_plan(tmp_path / "bad.yaml", "notebooks: [bad.ipynb]\n"))]
    )
    assert (
        said.exit_code == 1
        and "failed: bad.ipynb: cell 1: ZeroDivisionError: division by zero" in said.output
    )


def test_the_site_shows_failures_first(tmp_path: Path):
    plan = write_plan(
        tmp_path / "plan.yaml",
        "title: By kind\ngroups:\n  a: {notebooks: [2-timeline], fixed: {lanes: kind}}\n  b:"
        " {notebooks: [bad.ipynb]}\n",
    )
    write_notebook(
        tmp_path / "bad.ipynb",
        "raise ValueError('broken here')",
        parameters='seed: str = "kragh-holy-war"',
    )
    said = CliRunner().invoke(batch, [str(plan), "--out", str(tmp_path / "out"), "--no-progress"])
    assert said.exit_code == 1 and "The site: " in said.output
    index = (tmp_path / "out" / "site" / "index.html").read_text(encoding="utf-8")
    assert "<h1>By kind</h1>" in index
    assert "broken here" in index and index.index("b-bad.html") < index.index("a-2-timeline.html")


def test_the_site_tells_the_runs_apart(tmp_path: Path):
    plan = write_plan(
        tmp_path / "plan.yaml",
        """
        title: Seminar <of> Tuesday
        notebooks: [show.ipynb]
        fixed: {lanes: kind}
        groups:
          by_actor: {grid: {actors: [[RUS], [PRK, CHN]]}}
          named: {runs: [{name: early, parameters: {until: "1950"}}]}
        """,
    )
    write_notebook(
        tmp_path / "show.ipynb",
        "print(1)",
        parameters=(
            'seed: str = "kragh-holy-war"\nlanes: str = ""\nactors: list[str] = []\nuntil: str = ""'
        ),
    )
    said = CliRunner().invoke(batch, [str(plan), "--out", str(tmp_path / "out"), "--no-progress"])
    assert said.exit_code == 0, said.output
    page = BeautifulSoup(
        (tmp_path / "out" / "site" / "index.html").read_text(encoding="utf-8"), "html.parser"
    )
    assert page.h1.get_text() == "Seminar <of> Tuesday" and page.title.get_text().startswith(
        "Seminar <of> Tuesday"
    )
    entries = [" ".join(entry.get_text(" ").split()) for entry in page.select("ol.order > li")[:3]]
    assert entries[0].startswith("by_actor/show-RUS actors: Russia") and entries[2].startswith(
        "named/show-early until: 1950"
    )
    assert entries[1].startswith("by_actor/show-PRK+CHN actors: North Korea, China")
    assert "kind" not in "".join(entries)  # the same in every run: it tells nothing apart


def test_help_of_a_notebook():
    said = CliRunner().invoke(batch, ["--help-notebook", "2-timeline"])
    assert (
        said.exit_code == 0
        and "lanes: Literal['actor', 'coalition', 'kind', 'speaker'] = 'actor'" in said.output
    )


def test_the_command_line_stays_light():
    program = (
        "import sys; from click.testing import CliRunner; from axislib.cli.main import main\n"
        "for name in ('', *main.commands):\n"
        "    words = [*filter(None, [name]), '--help']\n"
        "    assert CliRunner().invoke(main, words).exit_code == 0, name\n"
        "heavy = {'pandas', 'papermill', 'plotly', 'nbformat', 'jupyter_client', 'distributed',"
        " 'zmq'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_papermill_alone_keeps_working_and_refuses_unknown_names(tmp_path: Path):
    from axislib.notebook.lab import notebooks_folder

    source = notebooks_folder() / "2-timeline.ipynb"
    papermill = [
        sys.executable,
        "-m",
        "papermill",
        str(source),
        str(tmp_path / "out.ipynb"),
        "--no-progress-bar",
        "-p",
    ]
    assert (
        subprocess.run([*papermill, "lanes", "kind"], capture_output=True, timeout=120).returncode
        == 0
    )
    refused = subprocess.run(
        [*papermill, "lane", "kind"], capture_output=True, text=True, timeout=120
    )
    assert refused.returncode != 0 and "did you mean lanes?" in refused.stderr


def test_a_system_that_cannot_fork_runs_ordinary_kernels(many: Path, tmp_path: Path):
    program = (
        "from axislib.run import warm; warm.can_fork = lambda: False\nfrom axislib.batch import"
        f" run_batch; result = run_batch({str(many)!r}, out={str(tmp_path / 'out')!r},"
        " progress=False)\nassert result.ok and {row['kernel'] for row in result.rows} =="
        " {'ordinary'}, result.rows"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_runs_are_proved_by_running_them_again_cold(tmp_path: Path):
    table = "import pandas as pd\npd.DataFrame({'id': ['a'], 'n': [n]})"
    write_notebook(tmp_path / "same.ipynb", "n = 1", table, parameters="number: int = 0")
    write_notebook(
        tmp_path / "luck.ipynb",
        "import os",
        "n = os.urandom(9).hex()",
        table,
        parameters="x: int = 0",
    )
    plan = write_plan(
        tmp_path / "plan.yaml",
        """
        groups:
          a: {notebooks: [same.ipynb], grid: {number: [1, 2, 3]}}
          b: {notebooks: [luck.ipynb]}
        """,
    )
    options = ["--no-progress", "--no-site", "--out", str(tmp_path / "out")]
    said = CliRunner().invoke(batch, [str(plan), *options, "--prove", "2"])
    assert said.exit_code == 0, said.output  # the first and the third, by the plan's order
    assert "2 of 4 runs, repeated in fresh processes: the same figures and tables" in said.output
    said = CliRunner().invoke(batch, [str(plan), *options, "--prove", "9"])
    assert (
        said.exit_code == 1
        and "4 of 4 runs, repeated in fresh processes: 1 difference" in said.output
    )
    assert "differs in a fresh process: b/luck.ipynb, tables: changed: table 1" in said.output
    kernels = {row["kernel"] for row in json.loads(manifest(tmp_path / "out"))["rows"]}
    assert kernels == {"warm"}, "what is proved are the warm runs"


def manifest(out: Path) -> str:
    return (out / "manifest.json").read_text(encoding="utf-8")


def test_what_was_changed_in_a_batch_is_named(many: Path, tmp_path: Path):
    out = tmp_path / "out"
    said = CliRunner().invoke(batch, [str(many), "--no-progress", "--out", str(out)])
    assert said.exit_code == 0, said.output
    assert received(out)[1] == []
    changed = out / "double-3.ipynb"
    changed.write_text(changed.read_text(encoding="utf-8").replace("6", "7"), encoding="utf-8")
    assert received(out)[1] == ["changed: double-3.ipynb"]
    (out / SUMS).unlink()
    assert received(out) == (4, ["changed: double-3.ipynb"])
