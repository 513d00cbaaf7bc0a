"""The layer context: sound, sourced, in other words, and nowhere unless asked for."""

import json
import re

import pandas as pd
import pytest

import axislib
from axislib import SeedError
from axislib.check import check_tables
from axislib.check.cells import known_ids
from axislib.seed.opening import find_seed, known_beyond, read_metadata, read_seed_cells
from axislib.seed.package import is_current, package_text
from axislib.tables.schema import fact_tables, load_schema, read_cells, split_cell, table_names

CONTEXT = find_seed("context")
OPTIONAL = ["sources", "measures", "bearings"]


def edit(folder, table, row, column, value):
    path = folder / f"{table}.csv"
    cells = read_cells(path)
    cells.loc[cells["id"] == row, column] = value
    cells.to_csv(path, index=False, lineterminator="\n")


def test_the_record_is_sound_and_its_package_current():
    metadata = read_metadata(CONTEXT)
    assert (
        check_tables(
            read_seed_cells(CONTEXT), metadata.get("voices"), known_beyond(CONTEXT, metadata)
        )
        == []
    )
    assert is_current(CONTEXT)


def test_frictionless_agrees():
    from frictionless import Package

    report = Package(str(CONTEXT / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])


def test_nothing_of_it_appears_when_only_the_article_is_asked_for(seed, both):
    assert list(seed.tables) == list(load_schema()["tables"]) and not set(OPTIONAL) & set(
        seed.tables
    )
    ids = {
        i
        for name in both.tables
        for i in both.tables[name].loc[both.tables[name]["layer"] == "context"].iloc[:, 0]
    }
    here = {i for frame in seed.tables.values() for i in frame.iloc[:, 0]}
    assert len(ids) > 400 and not ids & here
    with pytest.raises(AttributeError, match="has no 'measures'"):
        _ = seed.measures
    for name in ("comparison", "timeline"):
        assert not set(axislib.cited(getattr(axislib, name)(seed))) & ids


def test_both_layers_say_where_a_row_comes_from(seed, both):
    assert both.layers == ("article", "context") and set(both.facts["layer"]) == {
        "article",
        "context",
    }
    for name, frame in seed.tables.items():
        pd.testing.assert_frame_equal(
            both.tables[name][both.tables[name]["layer"] == "article"].reset_index(drop=True), frame
        )


def test_every_row_answers_with_a_source_and_its_confidence(both):
    sources = both.sources.set_index("id")
    for name in [*fact_tables(), "measures"]:
        for row in both.tables[name].query("layer == 'context'").to_dict("records"):
            anchors = split_cell(row["anchors"])
            assert anchors and set(anchors) <= set(sources.index), row["id"]
            if name == "measures":
                assert row["confidence"] in ("verified", "partly", "common"), row["id"]
                assert (row["confidence"] == "verified") == ("general_knowledge" not in anchors), (
                    row["id"]
                )
    assert (sources.loc[sources["kind"] == "page", "url"].str.startswith("http")).all()
    assert ((sources["tier"] == "none") == (sources["kind"] == "general_knowledge")).all()
    copies = sources["note"].fillna("").str.contains("a mirror or repost")
    assert (sources.loc[copies, "tier"] == "mirror").all()
    assert both.why("cx_tripartite_pact")["section"].tolist() == ["source", "source"]
    assert "storiesfromhistory" in both.why("cx_tripartite_pact")["sentence"].iloc[0]


def test_all_of_the_dossier_is_in(both):
    context = both.events.query("layer == 'context'")
    dossier = {
        note.removeprefix("dossier ") for note in context["note"] if note.startswith("dossier ")
    }
    assert len(dossier) == 133 and len(both.measures) == 86
    assert {"HA001", "WA027", "OT004", "MA058"} <= dossier


def test_polities_are_those_of_their_time(both):
    early = both.events[(both.events["layer"] == "context") & (both.events["date"] < "1946")]
    acted = {actor for cell in early["actors"] for actor in split_cell(cell)}
    assert {
        "nazi_germany",
        "kingdom_of_italy",
        "imperial_japan",
        "soviet_union",
        "republic_of_china",
        "imperial_iran",
    } <= acted
    assert not acted & {"DEU", "ITA", "JPN", "RUS", "CHN", "IRN"}
    late = both.events[(both.events["layer"] == "context") & (both.events["date"] > "1992")]
    assert not {actor for cell in late["actors"] for actor in split_cell(cell)} & {
        "soviet_union",
        "nazi_germany",
    }


def test_bearings_join_the_two_layers(both):
    layer = {
        i: row
        for frame in both.tables.values()
        if "id" in frame
        for i, row in zip(frame["id"], frame["layer"], strict=True)
    }
    assert all(layer[i] == "article" for i in both.bearings["target"]) and all(
        layer[i] == "context" for i in both.bearings["evidence"]
    )
    places = {
        i: anchors
        for name in fact_tables()
        for i, anchors in zip(both.tables[name]["id"], both.tables[name]["anchors"], strict=True)
    }
    assert all(row["anchors"] == places[row["target"]] for row in both.bearings.to_dict("records"))


def test_data_sets_behind_the_derived_tables_are_sources(both):
    shipped = pd.read_csv(CONTEXT / "measured" / "sources.csv", dtype=str)
    listed = both.sources.query("kind == 'data_set'").set_index("id")
    assert set(shipped["id"]) == set(listed.index)
    assert all(
        listed.at[row["id"], "title"] == row["title"] and listed.at[row["id"], "url"] == row["url"]
        for row in shipped.to_dict("records")
    )


def test_tables_have_plain_quotes_and_dashes_and_titles_are_short(both):
    accented = set()
    for name in table_names(CONTEXT):
        text = (CONTEXT / f"{name}.csv").read_bytes().decode()
        accented |= {sign for sign in text if not sign.isascii()}
        assert "\r" not in text, name
    assert accented and all(sign.isalpha() for sign in accented)  # names as they are spelled
    assert both.events["title"].str.split().str.len().max() <= 8


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "words"),
    [
        ("bearings", "br_a1_1", "target", "cl_nowhere", "is in none of: facts"),
        ("bearings", "br_a1_1", "evidence", "cx_nowhere", "is in none of: facts or measures"),
        ("bearings", "br_a1_1", "test", "huge", "is not a word of test"),
        ("measures", "mc_oil", "dyad", "RUS-RPK", "is not a pair of known actors"),
        ("measures", "mc_oil", "value", "much", "is not a number"),
        ("events", "cx_yalta", "anchors", "src_nowhere", "is in none of: sentences"),
        (
            "events",
            "cx_yalta",
            "id",
            "ev_choe_remark",
            "is already the id of the seed that this one is about",
        ),
    ],
)
def test_mistakes_are_named(copies, table, row, column, value, words):
    edit(copies, table, row, column, value)
    with pytest.raises(SeedError, match=words):
        axislib.open_seed(copies.parent / "kragh-holy-war", layers=["article", "context"])
    assert len(axislib.open_seed(copies.parent / "kragh-holy-war").facts)


def test_a_layer_without_the_optional_tables_opens(copies):
    for name in OPTIONAL:
        if name != "sources":
            (copies / f"{name}.csv").unlink()
    seed = axislib.open_seed(copies.parent / "kragh-holy-war", layers=["article", "context"])
    assert "sources" in seed.tables and "bearings" not in seed.tables


def test_an_article_needs_no_optional_table(seed):
    assert table_names(seed.folder) == list(load_schema()["tables"])
    listed = [
        resource["name"] for resource in json.loads(package_text(dict(seed.metadata)))["resources"]
    ]
    assert listed == list(load_schema()["tables"])
    assert set(OPTIONAL) <= {resource["name"] for resource in read_metadata(CONTEXT)["resources"]}
    assert load_schema()["tables"]["measures"]["group"] == "the record"
    with pytest.raises(KeyError):
        load_schema()["tables"]["nothing"]


def test_anchors_of_an_article_are_sentences_only(seed):
    known = known_ids(seed.tables)
    assert known["sentences"] == set(seed.sentences["locator"])


def test_own_words(both):
    """No row of the record is a passage from the dossier's sources: statements are short and end
    like sentences."""
    statements = both.events.query("layer == 'context'")["statement"]
    assert (
        statements.str.endswith(".").all() and not statements.str.contains('["\u201c\u201d]').any()
    )
    assert all(len(re.findall(r"\w+", statement)) <= 45 for statement in statements)
