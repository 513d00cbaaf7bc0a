"""A seed opened: its tables, its ids, why a fact stands, and what follows from another coding."""

import os
import shutil
import warnings

import pandas as pd
import pytest
from invented_text import invent_text

import axislib
from axislib import SeedError
from axislib.seed import opening
from axislib.seed.opening import find_seed, read_seed_cells
from axislib.tables.schema import fact_tables, fields_of, load_schema


def test_all_tables_are_there_and_are_attributes(seed):
    assert list(seed.tables) == list(load_schema()["tables"])
    assert seed.events is seed.tables["events"]
    with pytest.raises(AttributeError, match="did you mean events"):
        _ = seed.evnets


def test_coverage_has_every_sentence_explained(seed):
    coverage = seed.coverage()
    assert len(coverage) == 57 and coverage["explained"].all()
    assert ((coverage["facts"] > 0) != (coverage["no_fact_reason"] != "")).all()


def test_every_id_resolves(seed):
    everything = {
        i
        for name, frame in seed.tables.items()
        for i in frame[load_schema()["tables"][name]["key"]]
    }
    assert set(seed.links["target"]) <= everything
    assert set(seed.evidence["locator"]) <= set(seed.sentences["locator"])
    assert sum(len(frame) for frame in seed.tables.values()) == len(everything), (
        "an id is used twice"
    )


def test_every_fact_has_evidence(seed):
    assert set(seed.facts["id"]) <= set(seed.evidence["id"])


def test_layer_column_says_where_a_row_comes_from(seed):
    assert all((frame["layer"] == "article").all() for frame in seed.tables.values())


def test_why_without_the_text(seed, monkeypatch):
    monkeypatch.delenv("AXISLIB_TEXTS", raising=False)
    why = axislib.open_seed().why("tr_ed_prk_arms")
    assert why["locator"].tolist() == ["P02.S2", "P03.S2"] and why["section"].tolist() == [
        "standfirst",
        "summary",
    ]
    assert (why["statement"] != "").all() and (why["speaker"] == "editors").all()
    assert (why["sentence"] == "").all() or seed.text is not None


def test_why_with_the_text(article):
    why = axislib.open_seed().why("tr_rus_satellite_data")
    assert "Houthis" in why["sentence"].iloc[0] and why["sentence"].iloc[0] in article


def test_the_whole_receipt_is_exact_with_the_text(article):
    assert (axislib.open_seed().text.receipt["status"] == "exact").all()


def test_why_is_printed_whole(copy, monkeypatch):
    monkeypatch.delenv("AXISLIB_TEXTS", raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    why = axislib.open_seed(invent_text(copy)).why("tr_ed_prk_arms")
    printed, table = str(why), why._repr_html_()
    assert (
        max(map(len, printed.splitlines())) <= 60
        and "\u2026" not in printed
        and "..." not in printed + table
    )
    flat = " ".join(printed.split())
    for row in why.to_dict("records"):
        for cell in row.values():
            assert (
                cell in flat
                and cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in table
            )
    assert flat.count(why["statement"].iloc[0]) == 1 and "<table" in table
    assert type(why[["locator"]]) is pd.DataFrame and str(why.iloc[:0]) == str(
        pd.DataFrame(why).iloc[:0]
    )


def test_why_says_that_the_text_is_not_at_hand(copy, monkeypatch):
    monkeypatch.delenv("AXISLIB_TEXTS", raising=False)
    assert "no copy of the text was found" in str(axislib.open_seed(copy).why("tr_ed_prk_arms"))


def test_why_of_an_unknown_id(seed):
    with pytest.raises(SeedError, match="'tr_nothing' is not an id"):
        seed.why("tr_nothing")


def test_recode_gives_a_new_seed(seed):
    before = {name: frame.copy() for name, frame in seed.tables.items()}
    other = seed.recode("ev_prk_troops_sent", date="2024-10")
    assert other.row("ev_prk_troops_sent")["latest"] == pd.Timestamp("2024-10-31")
    assert pd.isna(seed.row("ev_prk_troops_sent")["latest"])
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, seed.tables[name])


@pytest.mark.parametrize(
    ("fact", "changes", "words"),
    [
        ("tr_prk_troops", {"modality": "sure"}, "is not a word of modality"),
        ("tr_prk_troops", {"giver": "nobody"}, "is in none of: actors"),
        ("tr_prk_troops", {"quantity": "many"}, "is not a number"),
        ("tr_prk_troops", {"colour": "red"}, "is not a column of transfers"),
        ("tr_prk_troops", {"id": "x"}, "is not a column of transfers that may change"),
        ("ev_prk_troops_sent", {"date": "2024-13"}, "13"),
        ("nothing", {"modality": "asserted"}, "is not an id"),
    ],
)
def test_recode_refuses_what_the_table_would(seed, fact, changes, words):
    with pytest.raises(SeedError, match=words):
        seed.recode(fact, **changes)


def test_every_reading_applies(seed):
    for reading in seed.readings.to_dict("records"):
        row = seed.read_as(reading["id"]).row(reading["fact"])
        assert (
            str(row[reading["column"]])
            == reading["alternative"]
            != str(seed.row(reading["fact"])[reading["column"]])
        )


def test_codings_replace_cells(seed, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "fact,column,value\nco_coordinate_actions,polarity,left_open\n", encoding="utf-8"
    )
    for codings in (path, pd.read_csv(path)):
        assert (
            axislib.open_seed(codings=codings).row("co_coordinate_actions")["polarity"]
            == "left_open"
        )


def test_unknown_layer(seed):
    with pytest.raises(SeedError, match="'gossip' is not a layer"):
        axislib.open_seed(layers=["article", "gossip"])


def test_relative_events_get_their_neighbours_bound(seed):
    declared = seed.row("ev_no_limits_declared")
    assert (
        pd.isna(declared["earliest"])
        and declared["latest"] == seed.row("ev_invasion_2022")["latest"]
    )


def test_dates_are_no_more_precise_than_the_text(seed):
    dated = seed.events[seed.events["date_basis"] == "stated"].set_index("id")["date"].to_dict()
    assert dated == {
        "ev_prk_troops_sent": "2024-10/..",
        "ev_invasion_2022": "2022",
        "ev_hitler_attacks_italy": "1943",
    }


def test_facts_gathers_all_fact_tables(seed):
    assert len(seed.facts) == sum(len(seed.tables[name]) for name in fact_tables())
    assert {"id", "statement", "speaker", "modality", "table"} <= set(seed.facts.columns)


def test_columns_come_in_schema_order(seed):
    for name, frame in seed.tables.items():
        want = [field["name"] for field in fields_of(name)]
        assert list(frame.columns)[: len(want)] == want


def test_a_seed_opened_again_is_the_same_and_nobody_elses(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(find_seed("kragh-holy-war"), folder)
    first, second = axislib.open_seed(folder), axislib.open_seed(folder)
    for name, frame in first.tables.items():
        pd.testing.assert_frame_equal(frame, second.tables[name])
    first.events.loc[0, "title"] = "Changed"
    first.metadata["title"] = "Changed"
    third = axislib.open_seed(folder)
    assert (
        third.events.loc[0, "title"]
        == second.events.loc[0, "title"]
        != "Changed"
        != third.metadata["title"]
    )
    twin = tmp_path / "elsewhere" / "mine"
    shutil.copytree(folder, twin)
    assert (axislib.open_seed(folder).folder, axislib.open_seed(twin).folder) == (folder, twin)


def test_a_seed_changed_in_place_is_read_anew_and_refused(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(find_seed("kragh-holy-war"), folder)
    axislib.open_seed(folder)
    file = folder / "events.csv"
    words, stat = file.read_text(encoding="utf-8"), file.stat()
    file.write_text(
        words.replace("asserted", "asserteb", 1), encoding="utf-8"
    )  # as long as before, and as old
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(SeedError, match="asserteb"):
        axislib.open_seed(folder)
    file.write_text(words, encoding="utf-8")
    assert len(axislib.open_seed(folder).events)


def test_a_layer_is_read_anew_when_the_seed_it_is_about_has_changed(tmp_path):
    for name in ("kragh-holy-war", "context"):
        shutil.copytree(find_seed(name), tmp_path / name)
    axislib.open_seed(tmp_path / "kragh-holy-war", layers=["article", "context"])
    bearings = axislib.open_seed(tmp_path / "context", layers=["context"]).bearings
    claim = bearings["target"].iloc[0]
    for file in (tmp_path / "kragh-holy-war").glob("*.csv"):
        file.write_text(
            file.read_text(encoding="utf-8").replace(claim, "renamed_claim"), encoding="utf-8"
        )
    with pytest.raises(SeedError, match=claim):
        axislib.open_seed(tmp_path / "context", layers=["context"])


def test_a_seed_is_read_once_while_nothing_changes(tmp_path, monkeypatch):
    folder, read = tmp_path / "mine", []
    shutil.copytree(find_seed("kragh-holy-war"), folder)
    opening._kept.cache_clear()
    monkeypatch.setattr(
        opening, "read_seed_cells", lambda f: read.append(f.name) or read_seed_cells(f)
    )
    (folder / "other.csv").mkdir()  # what is no table of a seed is not looked at
    for _ in range(3):
        axislib.open_seed(folder)
    assert read == ["mine"]
    shutil.copytree(folder, tmp_path / "named otherwise")
    assert (
        axislib.open_seed(tmp_path / "named otherwise").name == "named otherwise" and len(read) == 2
    )


def test_a_seed_written_while_it_is_read_is_not_kept(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    shutil.copytree(find_seed("kragh-holy-war"), folder)
    opening._kept.cache_clear()
    file = folder / "events.csv"
    before = file.read_text(encoding="utf-8")
    other = before.replace(",stated,", ",implied,", 1)

    def writing(place):
        file.write_text(other, encoding="utf-8")
        return read_seed_cells(place)

    monkeypatch.setattr(opening, "read_seed_cells", writing)
    changed = axislib.open_seed(folder).events["basis"].tolist()
    monkeypatch.setattr(opening, "read_seed_cells", read_seed_cells)
    assert axislib.open_seed(folder).events["basis"].tolist() == changed
    file.write_text(before, encoding="utf-8")
    assert axislib.open_seed(folder).events["basis"].tolist() != changed


def test_only_the_seeds_used_last_are_kept(tmp_path, monkeypatch):
    read: list[str] = []
    opening._kept.cache_clear()
    monkeypatch.setattr(
        opening, "read_seed_cells", lambda f: read.append(f.name) or read_seed_cells(f)
    )
    folders = [tmp_path / f"seed{n}" for n in range(opening._KEPT + 1)]
    for folder in folders:
        shutil.copytree(find_seed("kragh-holy-war"), folder)
    axislib.open_seed(folders[0])
    for folder in folders[1:]:
        axislib.open_seed(folder)
        axislib.open_seed(folders[0])
    assert read == [folder.name for folder in folders]
    assert opening._kept.cache_info().currsize == opening._KEPT


@pytest.mark.parametrize("layers", [("article",), ("article", "context")])
def test_why_answers_for_every_kind_of_id(layers):
    seed = axislib.open_seed(layers=layers)
    for name, frame in seed.tables.items():
        key = load_schema()["tables"][name]["key"]
        for row_id in frame[key].head(3):
            answer = seed.why(row_id)
            assert len(answer) and (answer["statement"] != "").all(), (name, row_id)


def test_why_of_an_actor_and_of_a_sentence_is_what_names_it(seed):
    resting = seed.facts[seed.facts["anchors"].str.split(";").map(lambda a: "P14.S3" in a)]
    assert set(seed.why("P14.S3")["id"]) == set(resting["id"])
    russia = seed.why("RUS")
    assert (russia["speaker"] != "").all() and "tr_prk_troops" in set(russia["id"])


@pytest.mark.parametrize(
    ("row_id", "near"), [("tr_prk_trops", "tr_prk_troops"), ("PKR", "PRK"), ("P14.S33", "P14.S3")]
)
def test_an_unknown_id_gets_the_nearest_right_one(seed, row_id, near):
    with pytest.raises(SeedError, match=f"'{row_id}' is not an id .* did you mean {near}"):
        seed.why(row_id)


def test_a_recoding_that_moves_no_level_says_so(seed):
    with pytest.warns(UserWarning, match="moves no level.*write bears='for'|bears='against'"):
        other = seed.recode("co_italian_troops", polarity="denied")
    assert axislib.levels(other).equals(axislib.levels(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        seed.recode("co_italian_troops", polarity="left_open")
        seed.recode("tr_prk_troops", polarity="denied")


def test_a_seed_shows_itself_in_few_words(seed):
    assert len(repr(seed)) < 300 and "Martin Kragh" in repr(seed)
    page = seed._repr_html_()
    assert len(page) < 8000 and "transfers" in page and str(len(seed.transfers)) in page
    assert "{" not in page


def test_a_seed_is_a_collection_of_tables(seed):
    assert seed["transfers"] is seed.transfers and list(seed) == list(seed.tables)
    assert "transfers" in seed and "tr_prk_troops" in seed and "nothing" not in seed
    with pytest.raises(SeedError, match="'transfer' is not a table; did you mean transfers?"):
        seed["transfer"]


def test_seeds_can_be_compared(seed):
    assert seed == axislib.open_seed() and seed != axislib.open_seed(layers=["context"])
    assert seed != seed.recode("tr_prk_troops", bound="exact") and seed != "kragh-holy-war"
    assert hash(seed) == hash(axislib.open_seed())


def test_search_finds_words_in_every_table(seed):
    found = seed.search("Holy WAR")
    assert {"quotations", "frames"} <= set(found["table"]) and (found["statement"] != "").all()
    assert seed.search("zyzzyva").empty
    with pytest.raises(SeedError, match="no word was given"):
        seed.search(" ")


def test_the_codebook_of_a_table(seed):
    rows = seed.codebook("transfers")
    own = [field["name"] for field in fields_of("transfers")]
    assert rows["column"].tolist() == [*own, "layer", "earliest", "latest"]
    assert len(seed.codebook()) == sum(frame.shape[1] for frame in seed.tables.values())
    with pytest.raises(SeedError, match="did you mean transfers?"):
        seed.codebook("transfer")


def test_a_table_as_pandas_users_expect_it(seed):
    plain, frame = seed.transfers, seed.frame("transfers", names=True)
    assert "" not in set(frame.select_dtypes("str").stack())
    assert frame["date"].isna().sum() == (plain["date"] == "not_stated").sum() > 0
    called = dict(zip(seed.actors["id"], seed.actors["name"], strict=True))
    assert frame["giver_name"].tolist() == [called[giver] for giver in plain["giver"]]
    several = seed.frame("events", names=True).set_index("id").loc["ev_invasion_2022"]
    assert several["actors_name"] == "; ".join(called[i] for i in several["actors"].split(";"))
    assert seed.frame("transfers").columns.tolist() == plain.columns.tolist()
    assert (plain["date"] == "not_stated").any(), "the seed itself stays as it is"
    with pytest.raises(SeedError, match="did you mean transfers"):
        seed.frame("transfer")


def test_verbs_chain_as_the_functions_do(seed):
    part = seed.select(actors="North Korea").keep("transfers", category="troops")
    same = axislib.keep(axislib.select(seed, actors="PRK"), "transfers", category=["troops"])
    assert part == same and set(part.transfers["category"]) == {"troops"}


def test_in_a_notebook_an_error_is_its_message(seed):
    with pytest.raises(SeedError) as caught:
        seed.why("tr_prk_trops")
    (shown,) = caught.value._render_traceback_()
    assert "did you mean tr_prk_troops?" in shown and "Traceback" not in shown


def test_who_says_so_is_in_what_was_found(seed):
    found = seed.search("holy war").set_index("id")
    assert found.loc["rel_choe_prk_supports", "speaker"] == "choe"


def test_the_codebook_has_every_column_of_every_table(seed):
    for name, frame in seed.tables.items():
        assert set(seed.codebook(name)["column"]) == set(frame.columns)


def test_why_says_what_is_hedged(seed):
    hedged = seed.claims[seed.claims["hedge"] != ""].iloc[0]
    (row,) = seed.why(hedged["id"]).drop_duplicates("id").to_dict("records")
    assert {c: row[c] for c in ("polarity", "hedge", "hedge_on")} == {
        c: hedged[c] for c in ("polarity", "hedge", "hedge_on")
    }


def test_search_in_one_table(seed):
    found = seed.search("holy war", "quotations")
    assert set(found["table"]) == {"quotations"} and len(found)
    with pytest.raises(SeedError, match="'quotation' is not a table; did you mean quotations"):
        seed.search("holy war", "quotation")
