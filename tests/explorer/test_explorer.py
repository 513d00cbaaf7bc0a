"""The explorer: one form from the models, marks that answer, lines that give the same view again,
errors in words."""

from __future__ import annotations

import csv
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import plotly.graph_objects as go
import pytest
from invented_text import invent_text
from plotly.callbacks import Points

import axislib
from axislib.explorer import charts as commands
from axislib.explorer import parts
from axislib.explorer.charts import CHARTS, LISTED
from axislib.explorer.evidence import PAGE
from axislib.figures import cited
from axislib.notebook.parameters import Common
from axislib.seed.package import package_text
from axislib.tables.schema import GROUPS, fact_tables, load_schema
from axislib.words import curly

PLOTLY = "application/vnd.plotly.v1+json"
NASTY = "<script>window.caught=1</script><img src=x onerror=window.caught=1> & Iran"
VIEWS = [
    {"chart": "timeline"},
    {
        "chart": "timeline",
        "lanes": "kind",
        "show_undated": False,
        "speakers": ["kragh", "zelenskyy"],
    },
    {"chart": "timeline", "since": "2022~", "until": "2024-10/..", "actors": ["PRK"]},
    {"chart": "aligned", "left": "modern_alignment", "right": "wwii_allies"},
    {
        "chart": "comparison",
        "left": "wwii_allies",
        "right": "historic_axis",
        "modality": ["asserted", "hedged"],
    },
    {
        "chart": "comparison",
        "readings": ["rdg_hitler_hirohito_open"],
        "dimensions": ["lend_lease_programme", "coordinated_decisions"],
    },
]


@pytest.fixture
def explorer(seed):
    return axislib.explore(seed)


@pytest.fixture
def with_text(copy, monkeypatch):
    monkeypatch.delenv("AXISLIB_TEXTS", raising=False)
    return axislib.open_seed(invent_text(copy))


def ask(explorer, **values):
    """What a person does in the form."""
    explorer.form.values = {**explorer.form.values, **values}
    return explorer


def bare(figure) -> dict:
    """A figure as data, without what tells one drawing of it from another."""
    data = json.loads(figure.to_json())
    for trace in data["data"]:
        trace.pop("uid", None)
    data["layout"] = {
        name: part for name, part in data["layout"].items() if part not in ({}, [])
    }  # what is taken away leaves an empty place
    return data


def click(explorer, trace: int, mark: int) -> None:
    """What plotly calls when a mark is clicked."""
    explorer.figure.data[trace]._dispatch_on_click(
        Points([mark], [0], [0], explorer.figure.data[trace].name, trace), None
    )


# --- the form and the view
# ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHARTS)
def test_the_form_is_the_model(explorer, name):
    ask(explorer, chart=name)
    chart = CHARTS[name]
    shown = [field["name"] for field in explorer.form.fields]
    assert shown == [
        "chart",
        *LISTED,
        *(
            n
            for n in Common.model_fields
            if n != "seed" and (n != "layers" or len(explorer._layers) > 1)
        ),
        *chart.own,
    ]
    assert set(shown) - {"chart", *LISTED} <= set(chart.model.model_fields)
    for field in explorer.form.fields:
        assert field["label"] and field["name"] in explorer.form.values
        if field["name"] not in ("chart", *LISTED):
            assert field["help"] == chart.model.model_fields[field["name"]].description
    assert explorer.form.problem == ""


def test_only_layers_that_are_there_are_offered(explorer):
    from axislib.seed.opening import layers_about

    there = ["article", *layers_about(explorer._given.folder)]
    choices = [
        c["value"] for f in explorer.form.fields if f["name"] == "layers" for c in f["choices"]
    ]
    assert choices == (there if len(there) > 1 else [])


def test_a_filter_changes_chart_rows_and_lines(explorer):
    every = len(explorer._listing.ids)
    ask(explorer, speakers=["choe"])
    assert {row["speaker"] for row in explorer.rows.rows} == {"Choe Son-hui"} or len(
        {row["speaker"] for row in explorer.rows.rows}
    ) == 1
    assert 0 < len(explorer._listing.ids) < every
    assert explorer.python == "axislib.timeline(axislib.open_seed().select(speakers=['choe']))"
    texts = [line["text"] for line in explorer.lines.lines]
    assert [texts[0], *texts[2:4]] == [
        "import axislib\n" + explorer.python,
        explorer.papermill,
        explorer.plan,
    ]
    assert "explore(view=" in texts[1] and "Kragh" in texts[4]


@pytest.mark.parametrize("view", VIEWS)
def test_the_python_line_gives_the_same_figure(explorer, view):
    ask(explorer, **view)
    assert explorer.form.problem == ""
    figure = eval(explorer.python, {"axislib": axislib})
    assert bare(figure) == bare(explorer._drawn)
    assert bare(explorer.figure) == bare(go.Figure(parts.captioned(figure)[0]))


def test_redrawing_leaves_nothing_of_the_view_before(explorer):
    chance = random.Random(1939)
    for _ in range(25):
        ask(
            explorer,
            chart=chance.choice(list(CHARTS)),
            speakers=chance.choice([[], ["editors"], ["kragh"], ["choe"]]),
            since=chance.choice(["", "2022", "1950"]),
            lanes=chance.choice(["kind", "coalition"]),
            show_undated=chance.random() < 0.7,
            right=chance.choice(["historic_axis", "wwii_allies"]),
        )
        assert bare(explorer.figure) == bare(go.Figure(parts.captioned(explorer._drawn)[0]))


def test_the_caption_says_what_the_title_said(explorer):
    for name in CHARTS:
        ask(explorer, chart=name)
        assert (
            explorer.figure.layout.meta["alt"]
            == f"{explorer.caption.title}. {explorer.caption.rule}"
        )
        assert explorer.figure.layout.title.text is None and explorer.caption.twin
        assert (
            explorer.figure._config["displaylogo"] is False
            and explorer.figure._config["showSendToCloud"] is False
        )


# --- the same view outside
# ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "view", [{**VIEWS[1], "since": "2022~"}, VIEWS[5]], ids=["timeline", "comparison"]
)
def test_the_papermill_command_reproduces_the_view(explorer, view, tmp_path):
    ask(explorer, **view)
    words = shlex.split(explorer.papermill)
    assert words[0] == "papermill" and shutil.which("sh")
    command = f"{shlex.quote(sys.executable)} -m {explorer.papermill}"
    notebook = Path(words[1]).resolve()
    command = command.replace(words[1], shlex.quote(str(notebook)), 1)
    done = subprocess.run(
        command,
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(axislib.__file__).parents[1])},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outputs = [
        o for cell in nbformat.read(tmp_path / words[2], 4).cells for o in cell.get("outputs", [])
    ]
    figures = [o["data"][PLOTLY] for o in outputs if PLOTLY in o.get("data", {})]
    expected = bare(explorer._drawn)
    assert any(
        {"data": f["data"], "layout": f["layout"]}
        == {"data": expected["data"], "layout": expected["layout"]}
        for f in figures
    )


@pytest.mark.parametrize("view", VIEWS)
def test_the_plan_is_one_run_with_these_parameters(explorer, view, tmp_path):
    from axislib.batch import expand_plan, read_plan

    ask(explorer, **view)
    (tmp_path / "plan.yaml").write_text(explorer.plan, encoding="utf-8")
    runs = expand_plan(read_plan(tmp_path / "plan.yaml"))
    assert [run.notebook for run in runs] == [explorer.chart.notebook]
    assert runs[0].full == explorer.asked.model_dump(mode="json")


@pytest.mark.parametrize(
    "word", ["a b", "it's", 'say "so"', "$HOME", "`date`", "a\\b", "{x: ['1']}", "50%", "!x"]
)
def test_a_shell_gives_back_what_was_quoted(word):
    done = subprocess.run(
        ["sh", "-c", f"printf %s {commands._quoted(word)}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == word


def test_the_notebook_is_named_as_seen_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Path(commands.notebook_path("2-timeline")).is_absolute()
    (tmp_path / "2-timeline.ipynb").write_text("{}")
    assert commands.notebook_path("2-timeline") == "2-timeline.ipynb"


def test_a_seed_by_its_path_is_opened_by_its_path(copy):
    explorer = axislib.explore(str(copy))
    assert explorer.python == f"axislib.timeline(axislib.open_seed({str(copy)!r}))"
    assert bare(eval(explorer.python, {"axislib": axislib})) == bare(explorer._drawn)


def test_a_seed_changed_in_python_says_that_the_lines_do_not_know(seed):
    changed = axislib.explore(seed.recode("tr_prk_troops", bound="exact"))
    assert all("changed in Python" in line["text"] for line in changed.lines.lines[:3])
    assert "changed in Python" not in axislib.explore(seed).lines.lines[0]["text"]


# --- the evidence for a mark
# --------------------------------------------------------------------------------


def test_a_click_on_any_mark_opens_its_rows(explorer):
    for name in CHARTS:
        ask(explorer, chart=name)
        for number, trace in enumerate(explorer.figure.data):
            for mark, data in enumerate(trace.customdata if trace.customdata is not None else []):
                click(explorer, number, mark)
                assert explorer.form.problem == ""
                ids = list(dict.fromkeys(data[0].split(";")))
                assert explorer.panel.view["id"] == ids[0]
                assert explorer.panel.view["among"] == data[0].split(";")
                assert explorer.panel.view["statement"] and explorer.panel.view["cite"]


def test_a_click_still_answers_after_the_chart_was_redrawn(explorer):
    ask(explorer, chart="comparison")
    ask(explorer, speakers=["kragh"])
    ask(explorer, speakers=[])
    click(explorer, 0, 0)
    assert explorer.panel.view["id"] == explorer.figure.data[0].customdata[0][0].split(";")[0]


def test_every_row_of_every_table_opens(explorer):
    for row_id in explorer.evidence.places:
        explorer.choose(row_id)
        assert explorer.form.problem == "" and explorer.panel.view["id"] == row_id
        for group in explorer.panel.view["links"]:
            for row in group["to"]:
                assert row in explorer.evidence.places and explorer.panel.view["words"][row]


def test_the_sentence_stands_in_its_paragraph(with_text):
    explorer = axislib.explore(with_text)
    explorer.choose("tr_rus_satellite_data")
    sentences = explorer.panel.view["sentences"]
    assert [s["locator"] for s in sentences] == ["P14.S1", "P14.S2", "P14.S3", "P14.S4"]
    assert [s["locator"] for s in sentences if s["anchor"]] == ["P14.S3"]
    assert "sentence P14.S3" in sentences[2]["words"]


def test_without_the_text_statement_and_locator_stand(copy, monkeypatch):
    monkeypatch.delenv("AXISLIB_TEXTS", raising=False)
    explorer = axislib.explore(axislib.open_seed(copy))
    explorer.choose("tr_rus_satellite_data")
    view = explorer.panel.view
    assert view["sentences"] == [] and view["anchors"] == ["P14.S3"]
    assert view["statement"].startswith("In return for Iran\u2019s drones")


def test_speaker_certainty_readings_and_links_are_told(explorer):
    explorer.choose("tr_prk_troops")
    view = explorer.panel.view
    told = dict(view["facts"])
    assert (
        told["Who says so"] == "Martin Kragh"
        and "how much: \u201cat least\u201d" in told["How it is put"]
        and "stated as a fact" in told["How certain"]
    )
    titles = {group["title"]: group["to"] for group in view["links"]}
    assert "tr_rus_food" in titles["Repaid by"]
    explorer.choose("co_hitler_hirohito_decisions")
    assert any("left open" in r["change"] and r["settle"] for r in explorer.panel.view["readings"])
    explorer.choose("cl_west_not_smug")
    assert any(group["title"] == "Supported by" for group in explorer.panel.view["links"])


def test_links_lead_on_and_back(explorer):
    explorer.choose("tr_prk_troops")
    explorer.panel.asked = "tr_rus_food"
    assert (
        explorer.panel.view["id"] == "tr_rus_food"
        and explorer.panel.view["before"] == "tr_prk_troops"
    )
    assert explorer.rows.chosen == "tr_rus_food"
    explorer.panel.asked = "tr_prk_troops"
    assert explorer.panel.view["id"] == "tr_prk_troops" and explorer.panel.view["before"] == ""


def test_neighbours_behind_one_mark_are_gone_through(explorer):
    explorer._reader.open(["co_prk_arms", "co_no_limits"])
    explorer.panel.asked = "co_no_limits"
    assert explorer.panel.view["before"] == ""
    assert explorer.panel.view["among"] == ["co_prk_arms", "co_no_limits"]
    explorer.panel.asked = explorer.panel.view["links"][0]["to"][0]
    assert explorer.panel.view["before"] == "co_no_limits" and explorer.panel.view["among"] == []
    explorer.panel.asked = "co_no_limits"
    assert len(explorer.panel.view["among"]) == 2


def test_a_reading_in_force_is_what_the_panel_shows(explorer):
    ask(explorer, chart="comparison", readings=["rdg_hitler_hirohito_open"])
    explorer.choose("co_hitler_hirohito_decisions")
    assert "left open" in dict(explorer.panel.view["facts"])["How it is put"]


# --- the list
# -------------------------------------------------------------------------------------


def test_the_list_has_all_facts_a_page_at_a_time(explorer, seed):
    seen = []
    for page in range(explorer.rows.pages):
        explorer.rows.page = page
        assert len(explorer.rows.rows) <= PAGE
        seen += [row["id"] for row in explorer.rows.rows]
    assert seen == list(seed.facts["id"])
    assert explorer.rows.says.endswith(f"of {len(seed.facts)}")


def test_hedged_claims_come_first_and_fit_on_one_page(explorer, seed):
    ask(explorer, hedged=True)
    claims = list(seed.claims.loc[seed.claims["hedge"] != "", "id"])
    assert [row["id"] for row in explorer.rows.rows][: len(claims)] == claims


def test_tables_words_and_marks_narrow_the_list(explorer, seed):
    ask(explorer, tables=["silences", "readings"])
    listed = [*seed.silences["id"], *seed.readings["id"]]
    assert explorer._listing.ids == listed
    ask(explorer, tables=[], words="satellite")
    found = seed.search("satellite")["id"].tolist()
    assert found == [row["id"] for row in explorer.rows.rows]
    ask(explorer, words="", tables=list(load_schema()["tables"]), drawn=True)
    assert set(cited(explorer._drawn)) == set(explorer._listing.ids)
    ask(explorer, tables=["claims"], drawn=False, hedged=True)
    assert explorer._listing.ids == seed.claims.query("hedge != ''")["id"].tolist() != []
    ask(explorer, tables=[], words="no such words anywhere")
    assert explorer.rows.rows == [] and explorer.rows.says == "no row meets all of this"


def test_rows_come_before_the_chart_while_one_asks_for_rows(explorer):
    assert "axl-rows-first" not in explorer._main._dom_classes
    for asked, nothing in ({"words": "war"}, {"words": ""}), ({"hedged": True}, {"hedged": False}):
        ask(explorer, **asked)
        assert "axl-rows-first" in explorer._main._dom_classes
        ask(explorer, **nothing)
        assert "axl-rows-first" not in explorer._main._dom_classes


def test_what_was_found_is_said_beside_the_search(explorer):
    drawn = explorer.figure
    explorer.form.values = {**explorer.form.values, "words": "holy war"}
    assert explorer.form.says == "9 rows" and explorer.figure is drawn
    explorer.form.values = {**explorer.form.values, "words": "", "actors": ["China"]}
    assert "name China" in explorer.form.says


def test_a_chart_without_marks_says_that_rows_meet_the_choices(explorer):
    explorer.form.values = {**explorer.form.values, "chart": "timeline", "speakers": ["choe"]}
    explorer.form.values = {**explorer.form.values, "chart": "exchanges"}
    assert not axislib.cited(explorer._drawn)
    assert f"{len(explorer.part.facts)} statement" in explorer.caption.rule


def test_every_table_but_the_sentences_can_be_listed(explorer):
    field = next(f for f in explorer.form.fields if f["name"] == "tables")
    offers = [choice["value"] for choice in field["choices"]]
    assert sorted(offers) == sorted(set(load_schema()["tables"]) - {"sentences"})
    assert set(fact_tables()) < set(offers)
    assert {c["group"].lower() for c in field["choices"]} == set(GROUPS)


# --- errors and hostile words
# ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "words", "wrong"),
    [
        ({"since": "2024-13"}, "there is no month 13", ["since"]),
        ({"since": "2024-13", "until": "soon"}, "Until:", ["since", "until"]),
        ({"speakers": ["nobody"]}, "'nobody' is not known", []),
        ({"chart": "comparison", "left": "atlantis"}, "atlantis", []),
        ({"lanes": "shoe size"}, "Undated events by", ["lanes"]),
        ({"layers": ["rumour"]}, "rumour", []),
    ],
)
def test_a_mistake_is_told_in_words_and_the_last_view_stays(explorer, values, words, wrong):
    before, line = bare(explorer.figure), explorer.python
    ask(explorer, **values)
    assert words in explorer.form.problem and "Traceback" not in explorer.form.problem
    assert set(wrong) <= set(explorer.form.wrong)
    assert bare(explorer.figure) == before and explorer.python == line
    fresh = axislib.explore(explorer._given)
    ask(explorer, **{name: fresh.form.values[name] for name in values if name in fresh.form.values})
    assert explorer.form.problem == "" and explorer.form.wrong == []


def test_a_year_may_be_a_number_and_a_list_one_word(explorer):
    ask(explorer, since=2022, speakers="kragh")
    assert explorer.form.problem == "" and (explorer.asked.since, explorer.asked.speakers) == (
        "2022",
        ["kragh"],
    )
    ask(explorer, since=2022.5)
    assert "Since: 2022.5 is not a date" in explorer.form.problem and explorer.form.wrong == [
        "since"
    ]


def test_a_bug_of_ours_is_no_traceback_either(explorer, monkeypatch, capsys):
    monkeypatch.setattr("axislib.explorer.explorer.select", lambda *args, **limits: 1 / 0)
    ask(explorer, speakers=["kragh"])
    assert "ZeroDivisionError" in explorer.form.problem
    monkeypatch.undo()
    ask(explorer, speakers=[])
    assert explorer.form.problem == "" and capsys.readouterr() == ("", "")


def test_what_several_charts_ask_is_kept_from_one_to_the_other(explorer):
    usual = commands.started()
    ask(explorer, left="wwii_allies")
    for name, chart in CHARTS.items():
        ask(explorer, chart=name)
        assert explorer.form.problem == ""
        begun = {n: usual[n] for n in chart.own}
        assert begun == chart.model().model_dump(include=set(chart.own))
        own = {n: getattr(explorer.asked, n) for n in chart.own}
        assert own == begun | ({"left": "wwii_allies"} if "left" in begun else {})


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_left_is_told(explorer, name):
    ask(explorer, chart=name, speakers=["choe"], modality=["predicted"])
    assert "No statement meets all of these conditions" in explorer.form.problem
    assert explorer.rows.rows == []


def test_a_row_that_is_not_there(explorer):
    explorer.choose("nonsense")
    assert "'nonsense' is not a row" in explorer.form.problem


def test_markup_in_a_statement_is_text(seed):
    explorer = axislib.explore(seed.recode("ev_iran_drones", statement=NASTY, title=NASTY))
    figure = bare(explorer.figure)
    figure["layout"].pop(
        "meta"
    )  # the text twin: plotly draws nothing of it, and parts.js sets it as text
    drawn = json.dumps(figure)
    assert "<script" not in drawn and "<img" not in drawn and "&lt;script" in drawn
    explorer.choose("ev_iran_drones")
    assert explorer.panel.view["statement"] == curly(
        NASTY
    )  # as it stands: parts.js sets it as text
    explorer.form.values = {**explorer.form.values, "words": "<script>"}
    assert [row["statement"] for row in explorer.rows.rows] == [curly(NASTY)]


def test_the_script_of_the_parts_sets_text_only_and_fetches_nothing():
    script = parts.Part._esm
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "DOMParser",
        "fetch(",
        "import(",
        "http:",
        "https:",
        "url(",
    ):
        assert way not in script
    assert "url(" not in (Path(parts.__file__).with_name("parts.css")).read_text(encoding="utf-8")


def test_the_first_widget_compiles_no_grammar():
    code = (
        "import sys, axislib; axislib.explore()\n"
        "assert 'nbformat' in sys.modules and 'rfc3987_syntax' not in sys.modules\n"
        "import rfc3987_syntax"  # and whoever needs it gets it
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_redrawn_chart_follows_its_frame(explorer):
    for values in ({}, {"actors": ["PRK"]}, {"chart": "comparison"}, {"chart": "timeline"}):
        ask(explorer, **values)
        # what plotly reports back from the browser after it drew
        explorer.figure.layout.width, explorer.figure.layout.autosize = 960, True
        ask(explorer, speakers=["kragh"])
        assert explorer.figure.layout.autosize is True and explorer.figure.layout.width is None
        ask(explorer, speakers=[])


def test_plotlys_script_is_sent_once(explorer):
    figures = set()
    for name in CHARTS:
        ask(explorer, chart=name)
        figures.add(explorer.figure.model_id)
    assert len(figures) == 1


def test_a_cell_that_is_run_again_closes_what_it_showed(seed, monkeypatch):
    class Shell:
        parent_header = {"metadata": {"cellId": "cell-1"}}
        execution_count = 1

    monkeypatch.setattr(parts, "get_ipython", Shell)
    first, second = axislib.explore(seed), axislib.explore(seed)
    for explorer in (first, second):  # two in one run of a cell: both stay
        explorer._repr_mimebundle_()
    assert first.figure.comm and second.figure.comm
    monkeypatch.setattr(Shell, "execution_count", 2)
    third = axislib.explore(seed)
    third._repr_mimebundle_()
    assert first.figure.comm is None and second.panel.comm is None and third.figure.comm


def test_where_no_widget_can_be_shown_words_stand(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == explorer.instead


def test_the_explorer_opens_another_seed(copy):
    folder = copy.parent / "other"
    shutil.copytree(copy, folder)
    metadata = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (folder / "datapackage.json").write_text(
        package_text({**{k: v for k, v in metadata.items() if k != "resources"}, "name": "other"}),
        encoding="utf-8",
    )
    assert axislib.explore(str(folder)).evidence.seed.name == "other"


# --- undo, views to keep, files to download
# ----------------------------------------------------------------------------


def test_every_choice_can_be_undone_and_all_at_once(explorer):
    first = dict(explorer.form.values)
    ask(explorer, speakers=["choe"])
    ask(explorer, chart="comparison")
    explorer.form.values = {**explorer.form.values, "words": "war"}
    assert explorer.tools.past == 3
    explorer.tools.asked = "undo 1"
    assert explorer.form.values["words"] == "" and explorer.chart.name == "comparison"
    explorer.tools.asked = "undo 2"
    assert explorer.chart.name == "timeline" and explorer.asked.speakers == ["choe"]
    explorer.choose("tr_prk_troops")
    explorer.tools.asked = "reset 3"
    assert explorer.form.values == first and "hint" in explorer.panel.view
    explorer.tools.asked = "undo 4"
    assert explorer.asked.speakers == ["choe"]


def test_a_view_can_be_kept_and_shared(explorer):
    ask(explorer, chart="comparison", actors=["PRK"], dimensions=["troops_beside_partner"])
    ask(explorer, tables=["quotations"], words="holy war")
    explorer.choose("ev_iran_drones")
    view = explorer.view
    again = axislib.explore(view=json.loads(json.dumps(view)))
    assert again.view == view and again.python == explorer.python
    assert again.rows.rows == explorer.rows.rows
    assert again.panel.view["id"] == "ev_iran_drones"
    line = next(each["text"] for each in explorer.lines.lines if "explore(" in each["text"])
    space = {}
    exec(line.replace("axislib.explore", "made = axislib.explore"), space)
    assert space["made"].view == view


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ({"chart": "comparision"}, "did you mean comparison"),
        ({"actor": ["PRK"]}, "did you mean actors"),
        ("[]", "write a dict"),
    ],
)
def test_a_wrong_view_is_refused(view, words):
    with pytest.raises(axislib.SeedError, match=words):
        axislib.explore(view=view)


def test_the_lines_hold_search_tables_and_the_chosen_row(explorer, seed):
    ask(explorer, speakers=["choe"])
    ask(explorer, tables=["relations"], words="war")
    explorer.choose("rel_choe_prk_supports")
    import_line, chart, listed, chosen = explorer.lines.lines[0]["text"].splitlines()
    assert import_line == "import axislib" and chart == explorer.python
    found = eval(listed, {"axislib": axislib})
    assert found["id"].tolist() == [row["id"] for row in explorer.rows.rows] != []
    assert eval(chosen, {"axislib": axislib})["id"].tolist() == ["rel_choe_prk_supports"]
    for asked in ({"hedged": True}, {"hedged": True, "words": "", "speakers": []}):
        ask(explorer, **asked)
        listed = explorer.lines.lines[0]["text"].splitlines()[2]
        found = eval(listed, {"axislib": axislib})["id"].tolist()
        assert found == explorer._listing.ids


def test_the_rows_are_downloaded_with_names(explorer):
    ask(explorer, actors=["CHN"])
    explorer.tools.asked = "csv 1"
    lines = list(csv.reader(explorer.tools.file["text"].splitlines()))
    assert lines[0] == ["id", "statement", "who says so", "how it is put", "where", "table"]
    assert len(lines) - 1 == len(explorer._listing.ids) and "CHN" not in {x[2] for x in lines}
    assert explorer.tools.file["name"] == "kragh-holy-war-rows.csv"


def test_the_founding_act_is_chosen_by_the_user():
    explorer = axislib.explore(axislib.open_seed(layers=["article", "context"]))
    ask(explorer, chart="aligned")
    title = explorer.caption.title
    field = next(f for f in explorer.form.fields if f["name"] == "founding")
    groups = {choice["value"]: choice["group"] for choice in field["choices"]}
    assert groups["cx_joint_statement"].startswith("Today") and len(groups) > 10
    other = next(v for v, g in groups.items() if g == groups["cx_joint_statement"])
    ask(explorer, founding=[other])
    assert explorer.form.problem == "" and explorer.caption.title != title
    assert f"founding=['{other}']" in explorer.python


def test_dark_plots_for_a_dark_lab(explorer):
    light = explorer.figure.layout.paper_bgcolor
    explorer.form.theme = "dark"
    assert explorer.figure.layout.paper_bgcolor != light
    explorer.form.theme = "light"
    assert explorer.figure.layout.paper_bgcolor == light


def test_a_link_that_says_the_same_names_its_table(explorer):
    explorer.choose("ev_hitler_attacks_italy")
    view = explorer.panel.view
    assert all(words != view["statement"] for words in view["words"].values())


def test_a_row_that_is_no_longer_there_leaves_the_panel():
    explorer = axislib.explore()
    explorer.choose("tr_prk_troops")
    ask(explorer, layers=["context"])
    assert "hint" in explorer.panel.view and explorer.rows.chosen == ""
