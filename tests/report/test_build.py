"""The report: a site that resolves, escapes, stays offline, comes out the same twice, and never
eats a folder."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import axislib
from axislib.errors import SeedError
from axislib.explorer.evidence import Evidence
from axislib.report.build import MARKER, ReportError, build_report, codebook_page, write_site
from axislib.report.chart import EXCEL_MARK, PLOTLY, cited_ids, script_json
from axislib.report.pages import light_plotly
from axislib.report.wording import Linker, impersonal
from axislib.run.notebook import Executed, read_executed, run_notebook
from axislib.seed.opening import open_seed
from axislib.seed.package import package_text
from axislib.tables.schema import GROUPS, load_schema
from axislib.text.receipt import fingerprint
from axislib.words import curly

WORDS = {  # an invented text about invented towns
    "P01.S1": ("headline", "Of Bridges and Tolls"),
    "P02.S1": (
        "body",
        "The upper town, it is said, lent the lower town at least forty barges in the dry summer.",
    ),
    "P02.S2": (
        "body",
        "Nobody has shown that the mill-wheel was ever part of that bargain between them.",
    ),
    "P03.S1": ("body", "Such things pass."),
}
INJECTION = "<script>window.caught = 1</script><img src=x onerror='window.caught = 1'> & barges"
FACT = {"basis": "stated", "speaker": "scribe", "modality": "asserted", "polarity": "affirmed"}


def tiny_tables() -> dict[str, list[dict]]:
    """Rows of an invented seed: two towns, a loan of barges, an open question, another reading."""
    start = 0
    sentences = []
    for locator, (section, words) in WORDS.items():
        reason = {"P01.S1": "a title", "P03.S1": "a turn of phrase"}.get(locator, "")
        sentences.append(
            {
                "locator": locator,
                "section": section,
                "start": start,
                "end": start + len(words),
                "length": len(words),
                "sha256": fingerprint(words),
                "no_fact_reason": reason,
            }
        )
        start += len(words) + 1
    actors = [
        {"id": name, "name": shown, "kind": kind}
        for name, shown, kind in (
            ("upper_town", "Upper Town", "polity"),
            ("lower_town", "Lower Town", "polity"),
            ("both_towns", "Both Towns", "coalition"),
            ("scribe", "The <b>Scribe</b>", "person"),
            ("editors", "the editors", "body"),
        )
    ]
    return {
        "sentences": sentences,
        "actors": actors,
        "events": [
            {
                "id": "ev_drought",
                "anchors": "P02.S1",
                **FACT,
                "title": "The dry summer",
                "kind": "other",
                "actors": "upper_town",
                "date": "1871",
                "date_basis": "stated",
                "statement": "There was a dry summer.",
                "modality": "reported",
            }
        ],
        "transfers": [
            {
                "id": "tr_barges",
                "anchors": "P02.S1",
                **FACT,
                "giver": "upper_town",
                "receiver": "lower_town",
                "category": "economic",
                "item": "barges",
                "quantity": "40",
                "bound": "at_least",
                "unit": "barges",
                "date": "not_stated",
                "statement": INJECTION,
                "hedge": "at least",
                "hedge_on": "quantity",
            },
            {
                "id": "tr_mill_wheel",
                "anchors": "P02.S2",
                **FACT,
                "giver": "lower_town",
                "receiver": "upper_town",
                "category": "technology",
                "item": "mill-wheel",
                "bound": "unstated",
                "in_return_for": "tr_barges",
                "polarity": "left_open",
                "statement": "It is open whether a mill-wheel came in return (P02.S2).",
            },
        ],
        "dimensions": [
            {
                "id": "lending",
                "anchors": "P02.S1",
                "basis": "coded_by_us",
                "name": "Lending",
                "question": "Does one lend?",
                "definition": "Goods given for a time.",
            }
        ],
        "silences": [
            {
                "id": "si_price",
                "anchors": "P02.S2",
                "basis": "coded_by_us",
                "question": "What was the price?",
                "about": "tr_barges",
                "nearest": "P02.S2",
            }
        ],
        "readings": [
            {
                "id": "re_gift",
                "anchors": "P02.S1",
                "basis": "coded_by_us",
                "fact": "tr_barges",
                "column": "category",
                "alternative": "diplomatic",
                "why": "A loan may be a favour.",
                "what_would_settle": "A ledger.",
            }
        ],
    }


def record_tables() -> dict[str, list[dict]]:
    """Rows of an invented record outside the text: another sentence, another event."""
    words = "The ledgers of that year are lost, but the mill burned down in it."
    return {
        "sentences": [
            {
                "locator": "P91.S1",
                "section": "body",
                "start": 0,
                "end": len(words),
                "length": len(words),
                "sha256": fingerprint(words),
            }
        ],
        "actors": [{"id": "archivist", "name": "the archivist", "kind": "person"}],
        "events": [
            {
                "id": "ev_mill_burns",
                "anchors": "P91.S1",
                **FACT,
                "speaker": "archivist",
                "title": "The mill burns",
                "kind": "other",
                "date": "1871",
                "date_basis": "stated",
                "statement": "The mill burned down.",
            }
        ],
    }


def make_seed(folder: Path, text: bool = False) -> Path:
    """The invented seed as a folder, with or without its text."""
    metadata = {
        "name": "two-towns",
        "layer": "article",
        "voices": {"body": "scribe", "other": "editors"},
        "sources": [{"author": "Scribe", "title": "Of Bridges and Tolls"}],
    }
    seed = write_seed(folder / "two-towns", metadata, tiny_tables())
    if text:
        (seed / "article.txt").write_text(
            "\n".join(words for _, words in WORDS.values()), encoding="utf-8"
        )
    return seed


def write_seed(seed: Path, metadata: dict, rows: dict[str, list[dict]]) -> Path:
    """A seed's folder from its rows; columns that a row leaves out are empty."""
    seed.mkdir(parents=True)
    for name, table in load_schema()["tables"].items():
        columns = [field["name"] for field in table["fields"]]
        frame = pd.DataFrame(rows.get(name, []), columns=columns, dtype="str").fillna("")
        frame.to_csv(seed / f"{name}.csv", index=False, lineterminator="\n")
    (seed / "datapackage.json").write_text(package_text(metadata), encoding="utf-8")
    return seed


def figure(ids: list[list[str]]) -> dict:
    """A bar chart of two marks as plotly's notebook output has it."""
    meta = {
        "name": "loans",
        "alt": "Two things changed hands. One row a thing.",
        "twin": ["barges: P02.S1", "</script>"] * 30,
        "least": 700,
        "cards": [
            {
                "heading": "Upper Town",
                "lines": ["forty barges.\nIn summer.\nTo the lower town.", "</script>"],
                "ids": [ids[0][0].split(";"), []],
            },
            {"heading": "Key", "lines": ["Black: lent"], "key": True},
            {
                "heading": "Drawn",
                "lines": ["2 lent", "The mill:\tidle"],
                "squares": [(2, "asserted"), (1, "")],
                "chips": [[("Upper Town", "present"), ("Lower Town", "absent")]],
            },
            {
                "heading": "In order",
                "heads": ["Upper Town", "Lower Town"],
                "lines": ["Lent\nthe mill"],
                "squares": [[(1, "plain"), (2, "soft")]],
                "chips": [[("Yes", "present"), ("No", "absent")]],
            },
        ],
    }
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": "loans",
                "x": [40, 1],
                "y": ["barges", "mill-wheel"],
                "customdata": ids,
                "hovertext": ["forty", "one"],
                "hoverinfo": "text",
            }
        ],
        "layout": {
            "title": {
                "text": "<b>Two things</b>",
                "font": {"color": "#1A1A1A"},
                "subtitle": {"text": "A row a thing. Width: how many."},
            },
            "height": 320,
            "meta": meta,
        },
    }


def small_notebook() -> nbformat.NotebookNode:
    """An executed notebook with prose, code, a figure, a table, a control and a line of text."""
    table = (
        "<table><tr><th></th><th>fact</th></tr><tr><td>P02.S1</td><td>tr_barges</td></tr></table>"
        "<script>window.caught = 1</script>"
    )
    outputs = [
        new_output(
            "display_data",
            {
                PLOTLY: figure([["tr_barges;ev_drought"], ["tr_mill_wheel"]]),
                "text/plain": "fallback",
            },
        ),
        new_output("display_data", {"text/html": table, "text/plain": "fallback"}),
        new_output(
            "display_data",
            {
                "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
                "text/plain": "Widget()",
            },
        ),
        new_output("stream", name="stdout", text="see P02.S2 & more\n"),
    ]
    return new_notebook(
        cells=[
            new_markdown_cell("# What was lent\n\n## Aim\n\nOne loan, followed home. And more."),
            new_markdown_cell("## First\n\nIt stands in P02.S1 and `tr_barges`, not in `P02.S1`."),
            new_code_cell("1 + 1  # P02.S1", outputs=outputs, execution_count=1),
        ]
    )


@pytest.fixture
def seed(tmp_path) -> Path:
    return make_seed(tmp_path / "seeds")


@pytest.fixture
def site(tmp_path, seed) -> Path:
    return write_site(two_runs(), seed, tmp_path / "report").parent


def two_runs() -> list[Executed]:
    return [Executed("1-loans", small_notebook()), Executed("2-again", small_notebook())]


def parse(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def pages(folder: Path) -> dict[str, BeautifulSoup]:
    return {path.name: parse(path) for path in sorted(folder.glob("*.html"))}


# --- the site
# ---------------------------------------------------------------------------------------------


def test_every_link_has_its_target(site):
    found = pages(site)
    ids = {name: {tag["id"] for tag in page.find_all(id=True)} for name, page in found.items()}
    for name, page in found.items():
        for tag in page.find_all(["a", "link", "script", "img"]):
            address = urlsplit(tag.get("href") or tag.get("src") or "")
            if address.scheme == "data" or not (address.path or address.fragment):
                continue
            target = unquote(address.path) or name
            assert (site / target).is_file(), f"{name}: {target}"
            if address.fragment:
                assert unquote(address.fragment) in ids[target], f"{name}: #{address.fragment}"


def test_no_id_stands_twice_on_a_page(site):
    for name, page in pages(site).items():
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), name


def test_nothing_is_fetched_from_elsewhere(site):
    for name, page in pages(site).items():
        for tag in page.find_all(True):
            for attribute in ("src", "srcset", "href") if tag.name != "a" else ("src",):
                assert "//" not in tag.get(attribute, ""), f"{name}: {tag}"
    for path in [*site.glob("*.html"), site / "assets" / "site.css", site / "assets" / "site.js"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(|cdn\.|mathjax|requirejs|mermaid", text, re.I), (
            path.name
        )


def test_every_page_has_a_strict_policy(site, seed):
    standalone = BeautifulSoup(codebook_page(open_seed(seed)), "html.parser")
    for name, page in {**pages(site), "alone": standalone}.items():
        policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        rules = dict(rule.split(maxsplit=1) for rule in policy.split("; "))
        assert (rules["default-src"], rules["script-src"]) == ("'none'", "'self'"), name
        assert "unsafe-eval" not in policy and "http" not in policy
        scripts = [tag for tag in page.find_all("script") if not tag.get("src")]
        assert all(tag["type"] == "application/json" for tag in scripts), name
        assert not [tag for tag in page.find_all(True) for a in tag.attrs if a.startswith("on")]


def test_markup_in_a_statement_shows_as_text(site):
    for name, page in pages(site).items():
        assert not page.find("img", src="x"), name
        scripts = [
            script for script in page.find_all("script") if script.get("type") != "application/json"
        ]
        assert all("caught" not in script.get_text() for script in scripts), name
        assert not page.find("b", string="Scribe"), name
    assert curly(INJECTION) in pages(site)["tables.html"].find(id="tr_barges").get_text()
    assert "<script" not in (site / "assets" / "facts.js").read_text(encoding="utf-8")


def test_rows_stand_in_the_six_groups_each_with_its_id(site, seed):
    page = pages(site)["tables.html"]
    headings = [h.get_text() for h in page.find_all("h2") if h.get("id", "").startswith("group-")]
    assert [heading.lower() for heading in headings] == [*GROUPS, "the text"]
    for frame in open_seed(seed).tables.values():
        for key in frame[frame.columns[0]]:
            assert page.find("tr", id=key), key
    row = page.find(id="tr_mill_wheel")
    assert row.find("a", href="tables.html#tr_barges") and row.find("a", href="reading.html#P02.S2")
    assert row.find("a", href="tables.html#lower_town").get_text() == "Lower Town"


def test_locators_and_lone_ids_are_linked_but_not_in_code(site):
    page = pages(site)["1-loans.html"]
    prose = page.find("h2", id="first").find_next("p")
    assert [a["href"] for a in prose.find_all("a")] == [
        "reading.html#P02.S1",
        "tables.html#tr_barges",
    ]
    assert page.select("td > a[href='reading.html#P02.S1']") and page.select(
        "td > a[href='tables.html#tr_barges']"
    )
    assert page.select("pre.stream a[href='reading.html#P02.S2']")
    assert not page.select("details.code a")
    assert "fallback" not in page.get_text() and "Widget()" not in page.get_text()
    assert "JupyterLab" not in page.get_text()  # a widget does not work on a page


def test_a_figure_has_words_marks_and_data(site):
    page = pages(site)["1-loans.html"]
    box = page.find(id="fig-loans").find(class_="plot")
    assert box["aria-label"] == "Two things changed hands. One row a thing."
    assert "barges: P02.S1" in page.find(class_="marks").get_text()
    buttons = {button["data-ids"]: button.get_text() for button in page.select(".marks button")}
    assert list(buttons) == ["tr_barges", "ev_drought", "tr_mill_wheel"]
    assert buttons["ev_drought"] == "There was a dry summer."
    held = box.find_parent("figure").find("script").string
    assert "</" not in held and json.loads(held)["data"][0]["x"] == [40, 1]
    assert page.find("a", download=True).get_text() == "Download data (CSV)"


def test_a_line_of_a_list_has_a_lead_and_parts(site):
    line = pages(site)["1-loans.html"].select_one(".cards li button")
    parts = ["forty barges.", "In summer.", "To the lower town."]
    assert [part.text for part in line.select("span")] == parts and not line.b


def test_a_list_is_drawn_in_units_of_one_size_and_its_key_comes_last(site):
    cards = pages(site)["1-loans.html"].select_one(".cards")
    assert [head.text for head in cards.select("h3")] == ["Upper Town", "Drawn", "In order", "Key"]
    bars = [[unit["class"][1] for unit in bar.select("i")] for bar in cards.select(".units")]
    assert bars == [["asserted", "asserted"], ["plain"], ["plain", "soft", "soft"]]
    assert cards["style"] == "--units: 3", "the longest bar of the figure takes the room there is"
    assert cards.select_one(".drawn b").text == "The mill:", "bold is what stands before a tab"
    assert [chip["class"][1] for chip in cards.select(".chip")] == ["present", "absent"] * 2
    strip = cards.select_one(".strips li")
    assert [part.text for part in strip.select(".lead, .chips, .chips ~ span")][:3] == [
        *("Lent", "YesNo", "the mill")
    ], "chips stand below the lead"
    assert cards.select_one(".heads").text == "Upper TownLower Town"


def test_a_phone_shows_the_first_sentence_of_a_subtitle_and_folds_the_rest(site):
    cards = pages(site)["1-loans.html"].select_one(".cards")
    told = [part.text for part in cards.select("p")]
    assert told[1:] == ["A row a thing.", "Width: how many."]
    assert cards.details.p.text == told[2]


def test_a_figures_download_is_the_rows_behind_it(site):
    path = site / "data" / "1-loans-fig-loans.csv"
    assert path.read_bytes().startswith(EXCEL_MARK.encode())
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    common = ["id", "table", "statement", "speaker", "how it is put", "anchors", "sources"]
    assert rows.columns.tolist()[:9] == ["as drawn", *common, "citation"]
    assert rows["id"].tolist() == ["tr_barges", "ev_drought", "tr_mill_wheel"]
    barges = rows.iloc[0]
    assert barges["statement"] == INJECTION and barges["speaker"] == "The <b>Scribe</b>"
    assert barges["how it is put"] == "asserted; how much: \u201cat least\u201d"
    assert (barges["anchors"], barges["quantity"], barges["unit"]) == ("P02.S1", "40.0", "barges")
    assert rows["giver"].tolist() == ["upper_town", "", "lower_town"]
    assert rows["giver, by name"].tolist() == ["Upper Town", "", "Lower Town"]
    assert (
        barges["sources"].endswith("paragraph 2, sentence 1")
        and "coded as tr_barges" in barges["citation"]
    )
    assert not [name for name in rows if not rows[name].any()], "a column is empty"
    assert rows["title"].tolist() == ["", "The dry summer", ""]


def test_index_tells_source_order_aims_and_receipt(site):
    page = pages(site)["index.html"]
    assert "Scribe, \u201cOf Bridges and Tolls\u201d" in page.find(class_="source").get_text()
    entries = page.select("ol.order > li")
    assert [entry.a["href"] for entry in entries] == [
        "1-loans.html",
        "2-again.html",
        "tables.html",
        "reading.html",
        "codebook.html",
    ]
    assert (
        "One loan, followed home." in entries[0].get_text()
        and "And more" not in entries[0].get_text()
    )
    assert "For copyright reasons" in page.find(class_="source").get_text()
    assert not page.find(class_="failure")


def test_same_input_same_bytes(site, seed):
    def digests(folder: Path) -> dict[str, str]:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        }

    before = digests(site)
    write_site(two_runs(), seed, site)
    assert digests(site) == before


def test_codebook_stands_alone(seed):
    page = BeautifulSoup(codebook_page(open_seed(seed)), "html.parser")
    assert not page.find(["script", "img"]) and page.find("style")
    assert not page.select("a[href$='.html']")
    assert {"table-transfers", "words-polarity"} <= {tag["id"] for tag in page.find_all(id=True)}


# --- with and without the text
# ----------------------------------------------------------------------------


def test_words_stand_only_where_the_text_is_at_hand_and_wanted(tmp_path):
    seed = make_seed(tmp_path / "seeds", text=True)
    sentence = WORDS["P02.S2"][1]
    quoting = small_notebook()
    broken = sentence.replace(" ", "<br>", 3).replace("mill-wheel", "mill-<br>wheel")
    quoting.cells[-1].outputs[0].data[PLOTLY]["data"][0]["hovertext"] = [
        "forty",
        f"<i>{broken}</i>",
    ]
    quoting.cells[-1].outputs.append(new_output("stream", name="stdout", text=sentence))
    open_ = write_site([Executed("1-loans", quoting)], seed, tmp_path / "with").parent
    shut = write_site(
        [Executed("1-loans", quoting)], seed, tmp_path / "without", with_text=False
    ).parent
    assert sentence in pages(open_)["reading.html"].get_text()
    assert "All 4 sentences were found" in pages(open_)["index.html"].get_text()
    assert sentence in (open_ / "assets" / "facts.js").read_text(encoding="utf-8")
    for path in (
        path
        for path in shut.rglob("*")
        if path.suffix in (".html", ".js", ".csv") and path.name != "plotly.min.js"
    ):
        plain = re.sub(r"(\s|<br>)+", " ", path.read_text(encoding="utf-8"))
        assert "ever part of that bargain" not in plain, path.name
    shown = pages(shut)["reading.html"].find(id="P02.S2")
    assert shown.find(class_="ours").find("a").get_text() and not shown.find(class_="words")


def test_asking_for_a_text_that_is_not_there_is_refused(seed, tmp_path):
    with pytest.raises(SeedError, match="no copy of the text was found"):
        write_site([], seed, tmp_path / "report", with_text=True)
    assert not (tmp_path / "report").exists()


def test_rows_of_another_layer_are_there_and_say_so(tmp_path):
    seed = make_seed(tmp_path / "seeds", text=True)
    write_seed(
        tmp_path / "seeds" / "ledgers",
        {"name": "ledgers", "layer": "context", "about": "two-towns"},
        record_tables(),
    )
    found = pages(write_site(two_runs(), seed, tmp_path / "report").parent)
    assert (
        found["tables.html"].find("tr", id="ev_mill_burns").find_all("td")[-1].get_text()
        == "external record"
    )
    assert (
        "context"
        in found["reading.html"]
        .find(id="P91.S1")
        .find_parent("details", class_="section")
        .h2.get_text()
    )
    assert "All 4 sentences were found" in found["index.html"].get_text(), (
        "the record's sentences are none of the text's"
    )


# --- what the panel knows
# ---------------------------------------------------------------------------------


def test_panel_rows_say_who_how_sure_what_else_and_what_is_linked(seed):
    evidence = Evidence(open_seed(seed))
    barges = evidence.view("tr_barges")
    facts = dict(barges["facts"])
    assert (barges["statement"], facts["Who says so"]) == (INJECTION, "The <b>Scribe</b>")
    assert facts["How it is put"] == "\u25cf asserted; how much: \u201cat least\u201d"
    assert facts["Where"] == "paragraph 2, sentence 1" and "Data set" not in facts
    assert barges["readings"][0]["change"] == "Category: diplomatic."
    links = {group["title"]: group["to"] for group in barges["links"]}
    assert links["Repaid by"] == ["tr_mill_wheel"]
    assert "si_price" in links["Mentioned in"]
    back = {group["title"]: group["to"] for group in evidence.view("tr_mill_wheel")["links"]}
    assert back["In return for"] == ["tr_barges"]
    assert evidence.view("si_price")["statement"] == "Not stated: What was the price?"
    line = (
        r"Scribe, \u201cOf Bridges and Tolls\u201d, paragraph 2, sentence 1; paraphrased"
        r" and coded as tr_barges by the coders in axislib \S+, data set two-towns\."
    )
    assert re.fullmatch(line, barges["cite"])


def test_a_sentence_answers_with_what_was_taken_from_it(seed):
    (group,) = Evidence(open_seed(seed)).view("P02.S2")["links"]
    assert group["title"] == "Statements taken from it" and "tr_mill_wheel" in group["to"]


def test_ids_of_heatmaps_and_flows():
    heat = {"data": [{"type": "heatmap", "z": [[1, 2]], "customdata": [[["e1"], ["e2", "words"]]]}]}
    assert cited_ids(heat) == ["e1", "e2"]
    flow = {
        "data": [
            {"node": {"customdata": [["e1", "words"]]}, "link": {"customdata": ["e2;e1"]}},
            {"customdata": [["e3;e4"]]},
        ]
    }
    assert cited_ids(flow) == ["e1", "e2", "e3", "e4"]


def test_json_in_a_page_cannot_end_its_script():
    assert (
        script_json({"a": "</script><!--", "b": float("nan")})
        == '{"a":"\\u003c/script>\\u003c!--","b":null}'
    )


def test_output_of_one_machine_or_one_run_is_made_impersonal():
    here = Path(__file__).resolve().parents[2]
    assert (
        impersonal(f"{here / 'axislib' / 'seed.py'} at 0x7f12ab34cd56")
        == f"{Path('axislib', 'seed.py')} at 0x\u2026"
    )


@pytest.mark.parametrize(
    ("fragment", "gone"),
    [
        ("<p onclick='x()'>P</p>", "onclick"),
        ("<a href=' javascript:x()'>P</a>", "javascript"),
        ("<img src='https://example.org/a.png'>", "example"),
        ("<iframe src='a'></iframe>", "iframe"),
        ("<style>@import 'a.css'</style>", "import"),
        ("<p style='background: url(a.png)'>P</p>", "url("),
        ("<link rel='stylesheet' href='a.css'>", "a.css"),
        ("<svg><image xlink:href='a.png'/></svg>", "a.png"),
        ("<a href='java&#9;script:x()'>P</a>", "script:"),
        ("<a href='java&#10;script:x()'>P</a>", "script:"),
        ("<a href='data:text/html,x'>P</a>", "data:"),
        ("<a href='a' ping='https://example.org'>P</a>", "ping"),
        ("<svg><a><animate attributeName='href' values='javascript:x()'/></a></svg>", "animate"),
        ("<svg><a><set attributeName='href' to='javascript:x()'/></a></svg>", "<set"),
        ("<button formaction='javascript:x()'>P</button>", "formaction"),
        ("<form action='javascript:x()'><input></form>", "action"),
        ("<iframe srcdoc='<script>x()</script>'></iframe>", "srcdoc"),
        ("<math><mtext><style><img src=x onerror=x()></style></mtext></math>", "onerror"),
        ("<img src='data:image/png;base64,AA' onerror='x()'>", "onerror"),
        ("<div id='fig-1-data'>{}</div>", "fig-1-data"),
    ],
)
def test_foreign_markup_becomes_harmless(fragment, gone):
    assert gone not in Linker([], []).html(fragment)


PLANTED = (
    '<a href="java&#9;script:window.caught=1">go</a>'
    '<svg><a><animate attributeName="href" values="javascript:window.caught=1"/>'
    '<set attributeName="href" to="javascript:window.caught=1"/><text>go</text></a></svg>'
    '<button formaction="javascript:window.caught=1">go</button>'
    '<a href="#main" ping="https://example.org/">go</a>'
    '<iframe srcdoc="&lt;script&gt;window.caught=1&lt;/script&gt;"></iframe>'
    '<details open ontoggle="window.caught=1">go</details>'
)


def test_nothing_planted_in_remarks_or_markdown_survives(seed, tmp_path):
    said = new_output("display_data", {"text/markdown": f"**On this article.** {PLANTED}"})
    shown = new_output("display_data", {"text/html": PLANTED})
    notebook = new_notebook(
        cells=[
            new_markdown_cell(f"# Title\n\n{PLANTED}"),
            new_code_cell("1", outputs=[said, shown]),
        ]
    )
    page = parse(
        write_site([Executed("1-planted", notebook)], seed, tmp_path / "report").with_name(
            "1-planted.html"
        )
    )
    main = page.find("main")
    assert not main.find(["svg", "animate", "set", "iframe", "form"])
    for tag in main.find_all(True):
        assert not {"formaction", "ping", "srcdoc"} & set(tag.attrs)
        assert not any(name.startswith("on") for name in tag.attrs)
        assert "script:" not in "".join(str(tag.get("href", "")).split())


def test_links_to_other_sites_stay_links():
    assert (
        Linker([], []).html('<a href="https://doi.org/1">x</a>')
        == '<a href="https://doi.org/1">x</a>'
    )


# --- failures and folders
# ---------------------------------------------------------------------------------


def save(folder: Path, name: str, *sources: str) -> Path:
    path = folder / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(
        new_notebook(cells=[new_markdown_cell(f"# {name}"), *map(new_code_cell, sources)]), path
    )
    return path


def test_a_failing_notebook_is_shown_first_and_fails_the_report(seed, tmp_path):
    good = save(
        tmp_path / "nb",
        "1-good",
        "import os\nprint(os.path.basename(os.getcwd()))\nopen('left_behind', 'w').close()",
    )
    bad = save(
        tmp_path / "nb",
        "2-bad",
        "print('so far')",
        "raise ValueError('no <b>barges</b>')",
        "print('never')",
    )
    with pytest.raises(ReportError, match="1 of 2 notebooks failed") as failure:
        build_report(str(seed), tmp_path / "report", [good, bad], progress=False)
    index = failure.value.index
    found = pages(index.parent)
    first = found["index.html"].find("h1").find_next_sibling()
    assert "failure" in first["class"] and "ValueError: no <b>barges</b>" in first.get_text()
    assert first.a["href"] == "2-bad.html#failure" and found["2-bad.html"].find(id="failure")
    assert [out.get_text() for out in found["2-bad.html"].select("pre.stream")] == ["so far"]
    assert found["1-good.html"].find(class_="stream").get_text().startswith("axislib-run-")
    assert not list(tmp_path.rglob("left_behind")), "a notebook wrote outside its scratch folder"
    everything = "".join(path.read_text(encoding="utf-8") for path in index.parent.glob("*.html"))
    assert str(tmp_path) not in everything, "a page names a folder of this machine"


def test_a_notebook_that_hangs_or_dies_fails_alone(tmp_path):
    slow = run_notebook(save(tmp_path, "slow", "import time\ntime.sleep(60)"), cell_timeout=2)
    dead = run_notebook(save(tmp_path, "dead", "import os\nos._exit(1)"))
    assert "longer than 2 seconds" in slow.error and "died" in dead.error


def test_parameters_reach_the_notebook_and_its_page(seed, tmp_path):
    path = tmp_path / "1-ask.ipynb"
    cell = new_code_cell("town: str = 'none'  # which", metadata={"tags": ["parameters"]})
    how = new_markdown_cell("## Parameters\n\nChange a value, then run all cells.")
    nbformat.write(
        new_notebook(
            cells=[new_markdown_cell("# Ask"), how, cell, new_code_cell("print(f'it is {town}')")]
        ),
        path,
    )
    run = run_notebook(path, parameters={"town": "lower"})
    page = parse(write_site([run], seed, tmp_path / "report").with_name("1-ask.html"))
    assert "it is lower" in page.find(class_="stream").get_text()
    assert page.select_one(".tools dl").get_text() == "townlower"
    assert "run all cells" not in page.get_text(), "a page has no cells to run"


def test_a_notebook_run_elsewhere_is_read_with_its_error(tmp_path):
    error = new_output("error", ename="ZeroDivisionError", evalue="by zero")
    notebook = new_notebook(cells=[new_code_cell("1/0", outputs=[error])])
    notebook.metadata["widgets"] = {"state": "x" * 1000}
    nbformat.write(notebook, tmp_path / "a.ipynb")
    run = read_executed(tmp_path / "a.ipynb", "run-1")
    assert (run.name, run.error) == (
        "run-1",
        "ZeroDivisionError: by zero",
    ) and "widgets" not in run.notebook.metadata


def test_a_folder_that_is_no_report_is_left_alone(seed, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.docx").write_text("years of work")
    for refuse in (lambda: write_site([], seed, mine), lambda: build_report(str(seed), mine, [])):
        with pytest.raises(SeedError, match="not a report of axislib"):
            refuse()
    assert [path.name for path in mine.iterdir()] == ["thesis.docx"] and (
        mine / "thesis.docx"
    ).read_text() == "years of work"


def test_an_older_report_is_replaced_whole_or_stays_whole(site, seed, tmp_path, monkeypatch):
    (site / "stale.html").write_text("old")
    before = sorted(path.name for path in site.iterdir())
    monkeypatch.setattr("axislib.files.write_whole", full_disk)
    with pytest.raises(SeedError, match="No space left on device"):
        write_site([], seed, site)
    assert sorted(path.name for path in site.iterdir()) == before
    monkeypatch.undo()
    write_site([], seed, site)
    assert not (site / "stale.html").exists() and (site / MARKER).is_file()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def full_disk(path: Path, text: str) -> None:
    raise OSError(28, "No space left on device")


def test_what_cannot_work_is_said_before_anything_runs(seed, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SeedError, match="is a file"):
        build_report(str(seed), tmp_path / "file", [])
    with pytest.raises(SeedError, match="not found"):
        build_report(str(seed), tmp_path / "report", ["9-none"])
    with pytest.raises(SeedError, match="a name of its own"):
        write_site([Executed("index", small_notebook())], seed, tmp_path / "report")


def test_a_notebook_left_in_the_folder_is_no_page_until_it_is_named(tmp_path, monkeypatch):
    from axislib.report.build import find_notebooks

    for module in ("report.build", "run.notebook"):
        monkeypatch.setattr(f"axislib.{module}.notebooks_folder", lambda: tmp_path)
    for name in ("2-timeline", "Untitled"):
        save(tmp_path, name)
    assert [path.stem for path in find_notebooks()] == ["2-timeline"]
    assert [path.stem for path in find_notebooks(["Untitled"])] == ["Untitled"]


def test_a_layer_given_as_one_word_is_a_list_of_one():
    from axislib.report.build import notebooks_for

    seed = axislib.open_seed()
    assert (
        notebooks_for(seed, {"layers": "article"})
        == notebooks_for(seed, {"layers": ["article"]})
        != []
    )


def test_the_contents_page_counts_the_records_facts_apart(tmp_path):
    from axislib.report.build import write_site

    index = write_site([], "kragh-holy-war", tmp_path / "site", with_text=False).read_text(
        encoding="utf-8"
    )
    seed, both = axislib.open_seed(), axislib.open_seed(layers=["article", "context"])
    assert f"We drew {len(seed.facts)} statements from the article" in index
    others = len(both.facts) - len(seed.facts)
    assert f"put.\nA further {others} statements from other sources" in index


# --- for teachers, and for those who take the tables away
# ----------------------------------------------------------------------------


def test_the_minutes_of_each_plan_add_up():
    notes = (Path(__file__).parents[2] / "notebooks" / "teacher.md").read_text(encoding="utf-8")
    plans = re.findall(r"^\| minutes \|.*\n\|[-| ]+\n((?:\|.*\n)+)", notes, re.MULTILINE)
    minutes = [
        sum(int(row.split("|")[1]) for row in plan.splitlines() if row.strip()) for plan in plans
    ]
    assert minutes == [45, 90, 90, 90]


def test_the_first_plan_needs_the_website_alone():
    notes = (Path(__file__).parents[2] / "notebooks" / "teacher.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", notes, flags=re.MULTILINE)[1:]
    rows = [row for row in sections[0].splitlines() if re.match(r"\| \d", row)]
    assert sections[0].startswith("Forty-five minutes") and rows
    assert all(re.search(r"\]\(\S+#\S+\) \|$", row) for row in rows), "each has its place"
    assert sections[-1].startswith("For those who use the command line")
    assert "```" not in "".join(sections[:-1]), "commands come last"


def test_every_question_for_discussion_has_a_pointer():
    notebooks = Path(__file__).parents[2] / "notebooks"
    notes = (notebooks / "teacher.md").read_text(encoding="utf-8")
    remarks, asked = axislib.open_seed().metadata["remarks"], 0
    for path in sorted(notebooks.glob("[1-7]-*.ipynb")):
        cells = [cell["source"] for cell in nbformat.read(path, as_version=4).cells]
        part = notes.partition(f"]({path.name}#questions-for-discussion)\n")[2].partition("### ")[0]
        words = next(words for words in cells if words.startswith("## Questions for discussion"))
        own = re.findall(r"^\d+\. (.+)$", words, re.MULTILINE)
        own += [curly(said) for said in [remarks.get(path.stem, {}).get("question")] if said]
        for question in own:
            asked += 1
            assert re.search(rf"^\d\. \*{re.escape(question)}\* [\w\u201c]", part, re.MULTILINE), (
                question
            )
    assert asked == 24


def test_the_teachers_notes_are_a_page_where_the_seminar_is(seed, tmp_path):
    found = pages(
        write_site([Executed("7-seminar", small_notebook())], seed, tmp_path / "r").parent
    )
    link = found["7-seminar.html"].select_one("footer a.for-teacher")
    menu = found["7-seminar.html"].select_one(".bar nav li:last-child a")
    top = found["index.html"].select_one("main .to-teacher a")
    assert menu["href"] == top["href"] == "teacher.html", "at once, without the switch"
    assert link["href"] == "teacher.html" and "Ninety minutes" in found["teacher.html"].get_text()
    assert "teacher.html" not in pages(write_site([], seed, tmp_path / "s").parent)


def test_tables_come_as_csv_and_one_workbook_and_exchanges_as_a_network(seed, tmp_path):
    import openpyxl

    chart = figure([["tr_barges"], ["tr_mill_wheel"]])
    chart["layout"]["meta"]["name"] = "exchanges"
    output = new_output("display_data", {PLOTLY: chart})
    drawn = new_notebook(cells=[new_code_cell("1", outputs=[output])])
    data = write_site([Executed("1-loans", drawn)], seed, tmp_path / "r").parent / "data"
    edges = pd.read_csv(data / "1-loans-fig-exchanges-transfers.csv", encoding="utf-8-sig")
    assert list(zip(edges["source"], edges["target"], strict=True)) == [
        ("upper_town", "lower_town"),
        ("lower_town", "upper_town"),
    ]
    nodes = pd.read_csv(
        data / "1-loans-fig-exchanges-givers-and-receivers.csv", encoding="utf-8-sig"
    )
    assert nodes["label"].tolist() == ["Upper Town", "Lower Town"]
    assert len(pd.read_csv(data / "tables" / "transfers.csv", encoding="utf-8-sig")) == 2
    book = openpyxl.load_workbook(data / "tables.xlsx")
    assert {"codebook", "transfers"} <= set(book.sheetnames)


def test_each_statement_of_the_text_page_is_credited_and_none_is_repeated(tmp_path):
    page = parse(write_site([], out=tmp_path / "r", with_text=False).with_name("reading.html"))
    for sentence in page.select(".sentence"):
        assert sentence.find(class_="ours").get_text(strip=True), "no sentence is empty"
    said = page.find(id="P16.S2").find(class_="ours")
    assert "Choe Son-hui" in said.get_text()
    assert "reported" in said.find("small").get_text()
    # what is put as a denial says so itself: "denied" beside it would deny it once more
    assert "never coordinated" in page.find(id="P20.S2").get_text()
    assert not [note for note in page.select(".ours small") if "deni" in note.get_text()]
    folds = [line.get_text() for line in page.select("details.paragraph > summary span")]
    assert len({*folds} - {"Nothing coded"}) == len(folds) - folds.count("Nothing coded")
    assert folds[18].startswith("The Second World War took place. Anyone considering whether")
    statements = [link.get_text() for link in page.find(id="P02.S1").select(".ours a")]
    assert len(statements) == len(set(statements)) > 1


def test_what_follows_the_first_chart_without_one_is_folded(seed, tmp_path):
    output = new_output("display_data", {PLOTLY: figure([["tr_barges"], ["tr_mill_wheel"]])})
    cells = [
        new_markdown_cell("# T\n\n## Before\n\nWords."),
        new_markdown_cell("## Chart"),
        new_code_cell("1", outputs=[output]),
        new_markdown_cell("## After\n\nWords.\n\n## Questions for discussion\n\n1. Why?"),
    ]
    run = Executed("1-loans", new_notebook(cells=cells))
    page = pages(write_site([run], seed, tmp_path / "r").parent)["1-loans.html"]
    folded = [head.get_text() for head in page.select("details.section > summary h2")]
    assert folded == ["After", "Questions for discussion"]
    assert [part.h2.get_text() for part in page.select("details.for-teacher")] == [folded[1]]


def test_pages_begin_with_a_lighter_plotly():
    """Were plotly built in another way, the whole script would be used: right, but slow."""
    assert "Plotly" in (script := light_plotly())
    assert re.search(r"\.rest=\(\)=>\w+\.register\(\[\w+\(\)", script)
