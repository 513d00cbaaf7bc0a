"""No verdict is typed in: another value, another weight, another date gives another verdict."""

import re
from dataclasses import replace

import pandas as pd
import pytest

import axislib
from axislib import SeedError
from axislib.record import (
    RULE,
    VERDICTS,
    WARNINGS,
    Options,
    Record,
    checks,
    choices,
    every_way,
    findings,
    judge,
    values,
    verdicts,
    warnings,
)
from axislib.record.indicators import ABOUT, INDICATORS

HIGH = {
    "A1",
    "A2",
    "A4",
    "A5",
    "A6",
    "B1",
    "C1",
    "C4",
    "C5",
    "C6",
}  # the points of the dossier that bear on the central argument


def verdict(record, claim, column="verdict"):
    return verdicts(record, [claim])[column].item()


def with_measure(record, row, **cells):
    return replace(record, seed=record.seed.recode(row, **cells))


def found(*rows):
    return pd.DataFrame(rows, columns=["side", "points", "when"])


# --- the rule
# -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "rows", "expected"),
    [
        ("weighed", [], "cannot_be_tested"),
        ("weighed", [("neither", 0.0, "before")], "cannot_be_tested"),
        ("weighed", [("supports", 3.0, "before")], "supported"),
        ("weighed", [("supports", 3.0, "before"), ("contradicts", 1.0, "before")], "supported"),
        ("weighed", [("supports", 2.0, "before"), ("contradicts", 1.0, "before")], "partly"),
        ("weighed", [("supports", 1.0, "before"), ("contradicts", 3.0, "before")], "contradicted"),
        (
            "weighed",
            [("supports", 3.0, "before"), ("contradicts", 3.0, "after")],
            "overtaken_by_events",
        ),
        ("weighed", [("contradicts", 3.0, "within")], "overtaken_by_events"),
        (
            "weighed",
            [("contradicts", 3.0, "before"), ("contradicts", 3.0, "after")],
            "contradicted",
        ),
        ("weighed", [("supports", 2.0, "after")], "supported"),
        ("weighed", [("contradicts", 2.0, "undated")], "contradicted"),
        ("never", [("supports", 9.0, "before"), ("contradicts", 2.0, "before")], "contradicted"),
        ("never", [("supports", 9.0, "before"), ("contradicts", 1.0, "before")], "supported"),
        (
            "never",
            [("supports", 3.0, "before"), ("contradicts", 3.0, "after")],
            "overtaken_by_events",
        ),
        ("some", [("supports", 2.0, "before"), ("contradicts", 9.0, "before")], "supported"),
        ("some", [("supports", 1.0, "before"), ("contradicts", 9.0, "before")], "contradicted"),
    ],
)
def test_judge(form, rows, expected):
    assert judge(form, found(*rows)) == expected and expected in VERDICTS


def test_the_rule_is_told_as_it_is_applied():
    assert (
        "three quarters" in RULE
        and "a quarter or less" in RULE
        and "3 points" in RULE
        and "2 points" in RULE
    )


# --- the checks
# ---------------------------------------------------------------------------------------


def test_there_are_enough_checks_and_all_high_points_are_among_them(known):
    table = verdicts(known)
    assert len(table) >= 12 and table["claim"].is_unique
    assert set(table["point"]) >= HIGH
    assert set(table["verdict"]) == set(VERDICTS), "the five verdicts all occur"


def test_every_check_is_whole(known):
    for check in checks():
        assert check.supports_if and check.contradicts_if and check.caveats, check.claim
        assert set(check.caveats) <= set(WARNINGS)
        row = known.seed.row(check.claim)
        assert row["layer"] == "article" and row["statement"]
        measured = values(known, check.claim)
        assert set(measured["indicator"]) == set(check.indicators), check.claim
        for stick, rows in measured.groupby("indicator"):
            assert "claimed" in set(rows["role"]) and len(rows) >= 2, (
                f"{check.claim}: {stick} stands alone"
            )
            assert (rows["low"] <= rows["value"]).all() and (rows["value"] <= rows["high"]).all(), (
                f"{check.claim}: {stick}"
            )


def test_findings_resolve_and_count_once(known):
    for check in checks():
        rows = findings(known, check.claim)
        assert len(rows), check.claim
        for row in rows.to_dict("records"):
            for i in row["evidence"].split(";"):
                assert known.seed.row(i), i
        used = {
            i
            for cell in rows.query("kind == 'indicator'")["evidence"]
            for i in cell.split(";")
            if i.startswith("mc_")
        }
        assert (
            rows[(rows["kind"] == "evidence") & rows["evidence"].isin(used)]["points"] == 0
        ).all()


def test_unverified_and_reported_count_one_step_less(known):
    rows = findings(known, "cl_little_evidence_of_concern").set_index("evidence")
    assert (
        rows.at["cx_campbell_anxious", "weight"] == "medium"
        and rows.at["cx_campbell_anxious", "points"] == 1
    )
    rows = findings(known, "rel_coordinate_actions").set_index("evidence")
    assert (
        rows.at["mc_planning_four", "confidence"] == "partly"
        and rows.at["mc_planning_four", "points"] == 1
    )


def test_warnings_come_with_their_implication(known):
    table = warnings(known)
    assert (table["implication"].str.len() > 40).all()
    assert "tr_rus_satellite_data" in table.set_index("warning").at["one report", "claims"]
    later = verdicts(known).query("later > 0")
    assert all("later" in cell or "date_unknown" in cell for cell in later["caveats"])


# --- what changes a verdict
# -----------------------------------------------------------------------------


def test_a_changed_measure_changes_the_verdict(known):
    assert verdict(known, "co_axis_no_exchanges") == "contradicted"
    assert (
        verdict(
            with_measure(known, "mc_meetings_axis_de_it", value="3", low="3", high="3"),
            "co_axis_no_exchanges",
        )
        == "supported"
    )
    assert verdict(known, "tr_prk_troops") == "supported"
    few = with_measure(known, "mc_troops_four_november", value="3000", low="2000", high="4000")
    assert (
        verdict(
            with_measure(few, "mc_troops_four_kursk", value="3000", low="2000", high="4000"),
            "tr_prk_troops",
        )
        != "supported"
    )


def test_a_changed_quantity_of_the_article_changes_the_verdict(known):
    other = replace(known, seed=known.seed.recode("tr_prk_troops", quantity="50000"))
    assert (
        verdict(known, "tr_prk_troops") == "supported"
        and verdict(other, "tr_prk_troops") != "supported"
    )


def test_a_changed_data_table_changes_the_verdict(known):
    assert verdict(known, "cl_out_of_proportion") == "supported"
    shares = known.table("support_relative").copy()
    of_prk = shares["giver"] == "PRK"
    shares.loc[of_prk, ["share_low", "share_high"]] = (
        shares.loc[of_prk, ["share_low", "share_high"]] / 1000
    )
    assert (
        verdict(replace(known, tables={"support_relative": shares}), "cl_out_of_proportion")
        == "contradicted"
    )
    assert verdict(known, "cl_out_of_proportion") == "supported"


def test_a_changed_event_changes_the_verdict(known):
    late = replace(known, seed=known.seed.recode("cx_prk_munitions_begin", date="2023-08"))
    assert verdict(known, "cl_deliveries_blunted") == "partly"
    assert verdict(late, "cl_deliveries_blunted") == "contradicted"
    known_then = replace(known, seed=known.seed.recode("cx_massed_assaults", date="2024-09"))
    assert verdict(known, "cl_no_infantry_use") == "overtaken_by_events"
    assert verdict(known_then, "cl_no_infantry_use") == "contradicted"


def test_a_changed_bearing_changes_the_verdict(known):
    assert verdict(known, "cl_axis_uncoordinated") == "contradicted"
    seed = known.seed
    for row in seed.bearings.query(
        "target == 'cl_axis_uncoordinated' and bearing == 'contradicts'"
    )["id"]:
        seed = seed.recode(row, bearing="neither")
    assert verdict(replace(known, seed=seed), "cl_axis_uncoordinated") == "supported"


def test_the_two_verdicts_differ_where_the_form_decides(known):
    table = verdicts(known).set_index("claim")
    apart = table[table["verdict"] != table["weighed"]]
    assert set(apart["form"]) <= {"never", "some"} and len(apart)


def test_nothing_is_mutated(known):
    before = {name: frame.copy() for name, frame in known.seed.tables.items()}
    verdicts(known), choices(known, ["cl_ed_unified_front"])
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, known.seed.tables[name])


# --- choices
# ------------------------------------------------------------------------------------------


def test_choices_show_both(known):
    moved = choices(known)
    assert {"vintage", "absence", "period"} <= set(moved["option"])
    ways = every_way(known)
    assert set(ways["option"]) == {"vintage", "series", "absence", "denominator", "period"}
    support = ways[(ways["claim"] == "cl_out_of_proportion") & (ways["option"] == "denominator")]
    assert (
        len(support) == 4 and support["claimed"].is_unique and (support["side"] == "supports").all()
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"series": "votes"}, "series: 'votes' is not known"),
        ({"vintage": "2020"}, "vintage"),
        ({"series": "legacy", "vintage": "2024-06"}, "not yet estimated"),
        ({"absence": "no"}, "left_out, as_abstention"),
        ({"period": "2022/.."}, "is open"),
        ({"period": "2024-13"}, "period"),
        ({"denominator": "gdp"}, "nominal_one_year"),
    ],
)
def test_options_refuse(given, words):
    with pytest.raises(SeedError, match=words):
        Options(**given)


def test_the_record_has_to_be_asked_for(seed):
    with pytest.raises(SeedError, match=re.escape("layers=['article', 'context']")):
        Record(seed)


def test_unknown_claim(known):
    with pytest.raises(SeedError, match="'cl_nothing' has no check"):
        verdicts(known, ["cl_nothing"])


def test_it_works_without_the_derived_tables(known):
    names = (
        "support_relative",
        "lend_lease",
        "dprk_support",
        "assembly_fronts",
        "assembly_agreement",
        "assembly_ukraine_votes",
        "ideal_distances",
        "council_key_votes",
        "treaty_obligations",
        "wars_together",
        "conflicts_together",
        "arms_transfers",
        "pairs",
        "sources",
    )
    bare = replace(known, tables={name: pd.DataFrame() for name in names})
    table = verdicts(bare)
    assert len(table) == len(verdicts(known)) and set(table["verdict"]) <= set(VERDICTS)


def test_a_selection_leaves_out_what_it_left_out(both):
    part = Record(axislib.select(both, speakers=["choe"]))
    assert verdicts(part)["claim"].tolist() == ["rel_choe_prk_supports"]


def test_every_indicator_of_the_table_is_read_and_every_check_names_known_ones():
    assert set(ABOUT) == set(INDICATORS)
    assert {name for check in checks() for name in check.indicators} <= set(INDICATORS)
