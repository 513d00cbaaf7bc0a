"""No verdict is typed in: another value, another test, another date gives another verdict."""

import re
from dataclasses import replace

import pandas as pd
import pytest

import axislib
from axislib import SeedError
from axislib.record import (
    FORMS,
    RULE,
    VERDICTS,
    WARNINGS,
    Options,
    Record,
    checks,
    findings,
    judge,
    lines,
    values,
    verdicts,
    warnings,
)
from axislib.record.claims import ABOUT, INDICATORS
from axislib.words import number_word

CENTRAL = {"A1", "A2", "A4", "A5", "A6", "B1", "C1", "C4", "C5", "C6"}  # points of the dossier
VETOERS = ("RUS", "CHN")
FOR, AGAINST = "supports", "contradicts"


def verdict(record, claim, column="verdict"):
    return verdicts(record, [claim])[column].item()


def recoded(record, row, **cells):
    return replace(record, seed=record.seed.recode(row, **cells))


def found(*rows):
    """Findings from (side, decides), each an event of its own unless named as a third."""
    return pd.DataFrame(
        [
            {"side": side, "decides": decides, "event": "".join(event) or str(at),
             "test": "doubly_decisive" if decides else "straw_in_the_wind", "use": "counted"}
            for at, (side, decides, *event) in enumerate(rows)
        ],
        columns=["side", "decides", "event", "test", "use"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "cannot_be_tested"),
        ([(FOR, True)], "not_decided"),  # one finding is not enough
        ([(FOR, True, "a"), (FOR, False, "a")], "not_decided"),  # nor is one event told twice
        ([(FOR, True), (FOR, False)], "supported"),
        ([(FOR, True), (AGAINST, False)], "not_decided"),  # the second has to be on the same side
        ([(FOR, True), (FOR, False), (AGAINST, False)], "supported"),
        ([(FOR, True), (AGAINST, True)], "not_decided"),
        ([(AGAINST, True), (AGAINST, False), (FOR, False)], "contradicted"),
        (
            [(AGAINST, True), (AGAINST, False), *[(FOR, False)] * 4],
            "contradicted",
        ),  # never outvoted
        ([(FOR, False), (FOR, False)], "supported_on_balance"),
        ([(FOR, False), (FOR, False), (AGAINST, False)], "supported_on_balance"),
        ([(FOR, False), (AGAINST, False)], "not_decided"),
        ([(AGAINST, False), (AGAINST, False), (FOR, False)], "contradicted_on_balance"),
    ],
)
def test_judge(rows, expected):
    assert judge(found(*rows)) == expected and expected in VERDICTS


def test_the_rule_is_told_as_it_is_applied():
    for words in ("straw in the wind", "hoop", "smoking gun", "doubly decisive", "count once"):
        assert words in RULE.replace("\n", " ").lower()
    assert "fewer than two" in RULE and "twice as many" in RULE


def test_there_are_enough_checks_and_every_one_is_whole(known):
    table = verdicts(known)
    assert len(table) == 33 and table["claim"].is_unique and set(table["point"]) >= CENTRAL
    assert (table["central"] != "").sum() == 6 and (table["central"] == "thesis").sum() == 1
    for check in checks():
        assert check.literal and check.supports_if and check.contradicts_if, check.claim
        assert set(check.caveats) <= set(WARNINGS)
        assert known.seed.row(check.claim)["layer"] == "article"
        measured = values(known, check.claim)
        assert set(measured["indicator"]) == set(check.indicators), check.claim
        for name, rows in measured.groupby("indicator"):
            assert "claimed" in set(rows["role"]) and len(rows) >= 2, f"{name} has no comparison"
            assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"])).all(), name


def test_findings_resolve_and_count_once(known):
    for check in checks():
        rows = findings(known, check.claim)
        assert len(rows), check.claim
        assert all(known.seed.row(i) for cell in rows["evidence"] for i in cell.split(";"))
        assert not lines(rows).duplicated(["event", "side"]).any()
        used = {
            i for cell in rows.query("kind == 'indicator'")["evidence"] for i in cell.split(";")
        }
        again = rows[
            (rows["kind"] == "evidence")
            & rows["evidence"].isin(used & set(known.seed.measures["id"]))
        ]
        assert not (again["use"] == "counted").any()


def test_a_mirror_or_a_mere_report_never_decides(known):
    every = pd.concat([findings(known, check.claim) for check in checks()])
    deciding = every[every["decides"]]
    assert len(deciding) > 15 and set(deciding["tier"]) <= {
        "primary",
        "scholarly",
        "press",
        "reference",
    }
    assert set(deciding["modality"]) == {"asserted"} and set(deciding["confidence"]) == {"verified"}
    penang = findings(known, "cl_axis_uncoordinated").set_index("id").loc["br_a1_5"]
    assert (penang["tier"], penang["test"], penang["decides"]) == ("mirror", "hoop", False)


def test_what_came_later_decides_nothing(known):
    rows = findings(known, "cl_no_infantry_use")
    assert (
        rows["use"].tolist().count("later") == 2
        and verdict(known, "cl_no_infantry_use") == "not_decided"
    )
    then = recoded(known, "cx_massed_assaults", date="2024-09", modality="asserted")
    assert findings(then, "cl_no_infantry_use").set_index("id").at["br_b5_1", "use"] == "counted"


def test_warnings_come_with_their_implication_and_number(known):
    table = warnings(verdicts(known)).set_index("warning")
    assert (table["implication"].str.len() > 40).all() and table.at["one report", "claims"] == 1
    later = verdicts(known).query("later > 0")
    assert all("later" in cell for cell in later["caveats"])


# --- what changes a verdict


def test_a_changed_measure_changes_the_verdict(known):
    assert verdict(known, "co_axis_no_exchanges") == "not_decided"
    many = recoded(known, "mc_meetings_axis_de_it_war", value="12", low="12", high="12")
    assert lines(findings(many, "co_axis_no_exchanges"))["side"].tolist().count(AGAINST) == 1
    assert verdict(known, "tr_prk_troops") == "not_decided"  # two counts of the same soldiers
    few = recoded(known, "mc_troops_four_november", value="3000", low="2000", high="4000")
    found = findings(few, "tr_prk_troops").set_index("id")
    assert found.at["men_sent", "side"] == "contradicts"


def test_an_indicator_obeys_the_rule_of_findings(known):
    """Its date and the kind of its source decide as those of any other finding."""
    for check in checks():
        rows = findings(known, check.claim).query("kind == 'indicator'")
        assert not (rows["when"].isin(["within", "after"]) & (rows["use"] == "counted")).any()
        assert not (rows["decides"] & (rows["modality"] != "asserted")).any()
    men = findings(known, "tr_prk_troops").set_index("id").loc["men_sent"]
    assert (men["when"], men["modality"], men["decides"]) == ("before", "reported", False)
    assert "mc_troops_four_kursk" not in men["evidence"]
    late = recoded(known, "mc_troops_axis_csir", as_of="2024-11-20")
    assert findings(late, "ev_italian_troops").set_index("id").at["men_at_the_front", "use"] == (
        "later"
    )


def test_a_part_of_what_a_claim_joins_supports_the_charitable_form_only(known):
    row = verdicts(known, ["ev_russia_repays_prk"]).iloc[0]
    assert (row["verdict"], row["charitable_verdict"]) == ("not_decided", "supported_on_balance")
    assert row["strongest_against"] == ""  # what came later is shown under all findings only
    literal = findings(known, "ev_russia_repays_prk")
    assert not (literal["side"] == "supports").any()


def test_votes_on_one_event_count_once_as_their_total(known):
    claim = "cl_ed_unified_front"
    rows = findings(known, claim).set_index("id")
    assert rows.loc[["br_c6_3", "br_c6_4"], "use"].str.contains("of the same event").all()
    assert rows.loc["br_c6_2", "use"] == rows.loc["br_c6_3", "use"]
    assert verdict(known, claim) == "not_decided"


def test_a_measure_that_points_neither_way_takes_the_place_of_its_parts(known):
    rows = findings(known, "rel_ed_loose_alliance").set_index("id")
    assert rows.at["pairs_with_defence", "side"] == "neither"
    assert rows.loc[["br_c7_2", "br_c7_3"], "use"].str.contains("takes its place").all()
    council = findings(known, "ev_unsc_cover").set_index("id")  # a counter-example stays
    assert council.loc[["council_cover", "br_c5_3"], "side"].tolist() == ["neither", AGAINST]
    assert council.loc[["br_c5_3", "br_c5_10"], "use"].eq("counted").all()
    votes = known.table("council_key_votes").query("actor != 'CHN'")
    bare = replace(known, tables={"council_key_votes": votes})  # so the measure says nothing
    there = findings(bare, "ev_unsc_cover").set_index("id")
    assert there.at["council_cover", "when"] == "undated"
    assert there.at["br_c5_10", "use"] == "counted"


def test_only_what_nothing_found_could_settle_cannot_be_tested(known):
    table = verdicts(known).query("verdict == 'cannot_be_tested'")
    assert set(table["point"]) == {"A9"} and len(table) == 1
    for claim in table["claim"]:
        assert set(findings(known, claim)["side"]) == {"neither"}
    seed = known.seed
    for row in seed.bearings.query("target == 'cl_may_free_troops' and id != 'br_b5_5'")["id"]:
        seed = seed.recode(row, bearing="neither", test="")
    none = replace(known, seed=seed)
    assert verdict(none, "cl_may_free_troops") == "cannot_be_tested"
    later = recoded(none, "br_b5_5", bearing=AGAINST, test="straw_in_the_wind")
    assert "later" in set(findings(later, "cl_may_free_troops")["use"])
    assert verdict(later, "cl_may_free_troops") == "not_decided"


def test_what_came_later_is_on_neither_side_and_no_sentence_is_cut(known):
    for check in checks():
        found, row = findings(known, check.claim), verdicts(known, [check.claim]).iloc[0]
        counted = set(lines(found)["why"].str.rstrip(".")) | set(lines(found)["statement"])
        for side in ("decisive", "strongest_against"):
            assert not row[side] or row[side] in {text.rstrip(".") for text in counted}
        for said in found["statement"]:
            assert said.count("(") == said.count(")"), said


def test_silence_speaks_against_nothing(known):
    for row in ("br_c4_3", "br_c7_8"):
        assert known.seed.row(row)["bearing"] == "neither"
    told = verdicts(known, ["tr_rus_satellite_data"]).iloc[0]
    assert told["charitable_verdict"] == "not_decided" and told["strongest_against"] == ""


def test_a_measure_is_named_before_an_example(known):
    told = verdicts(known, ["rel_interests_align", "cl_ed_unified_front"])
    assert (
        told["decisive"]
        .iloc[0]
        .startswith("In the General Assembly from 2022 to 2024 (absences left out), five")
    )
    assert told["decisive"].iloc[1].startswith("In the General Assembly")


def test_leaders_are_compared_over_the_years_of_their_war(known):
    rows = values(known, "co_axis_no_exchanges").query("indicator == 'most_meetings'")
    assert rows.groupby("role")["value"].max().to_dict() == {
        "baseline": 45, "claimed": 9, "compared": 10,
    }  # fmt: skip


def test_a_hoop_that_was_passed_is_a_straw():
    rows = found((FOR, False), (FOR, False)).assign(test=["straw_in_the_wind", "hoop"])
    assert lines(rows)["event"].tolist() == ["1", "0"] and judge(rows) == "supported_on_balance"


def test_a_changed_quantity_of_the_article_changes_the_verdict(known):
    assert (
        verdict(recoded(known, "tr_prk_troops", quantity="50000"), "tr_prk_troops") == "not_decided"
    )


def test_a_changed_data_table_changes_the_verdict(known):
    assert verdict(known, "cl_out_of_proportion") == "supported_on_balance"
    shares = known.table("support_relative").copy()
    of_prk = shares["giver"] == "PRK"
    shares.loc[of_prk, ["share_low", "share_high"]] /= 1000
    changed = replace(known, tables={"support_relative": shares})
    found = findings(changed, "cl_out_of_proportion").set_index("id")
    assert found.at["support_over_gdp", "side"] == "contradicts"
    assert verdict(changed, "cl_out_of_proportion") == "not_decided"


def test_a_changed_event_changes_the_finding(known):
    def side(record):
        return (
            findings(record, "cl_deliveries_blunted").set_index("id").at["first_shipment", "side"]
        )

    during = recoded(known, "cx_prk_munitions_begin", date="2023-08")  # it lasted until November
    late = recoded(known, "cx_prk_munitions_begin", date="2023-12")
    assert (side(known), side(during), side(late)) == ("supports", "neither", "contradicts")
    assert verdict(late, "cl_deliveries_blunted") == "contradicted_on_balance"


def test_a_changed_bearing_or_test_changes_the_verdict(known):
    assert verdict(known, "cl_axis_uncoordinated") == "contradicted"
    changed = known
    for number in (1, 3, 11, 12, 13):  # those that decide become straws
        row = f"br_a1_{number}"
        changed = recoded(changed, row, test="straw_in_the_wind")
    assert verdict(changed, "cl_axis_uncoordinated") == "not_decided"


def test_literal_and_charitable_forms_can_differ(known):
    table = verdicts(known).set_index("claim")
    cover = table.loc["ev_unsc_cover"]
    assert (cover["verdict"], cover["charitable_verdict"]) == ("contradicted", "supported")
    same = table[table["charitable"] == ""]
    assert (same["charitable_verdict"] == "").all()  # none is shown without a weaker form
    other = {form: findings(known, "co_allies_exchanges", form)["test"].tolist() for form in FORMS}
    assert other["literal"] == other["charitable"]  # though its indicator serves another claim


def test_a_measure_is_as_good_as_the_weakest_source_it_needs(known):
    found = findings(known, "cl_thesis").set_index("id")
    meetings = found.loc["br_a6_4"]  # put together from a leader's own count and a mirror
    assert (meetings["tier"], meetings["modality"], meetings["decides"]) == (
        "mirror",
        "reported",
        False,
    )
    assert meetings["statement"].endswith("45 (45 to 46) meetings")


def test_the_votes_on_syria_are_those_of_the_list(known):
    votes = known.table("council_key_votes", topic="syria")
    votes = votes[votes["date"] < "2024-11-01"]
    no = {who: set(votes.query("actor == @who and vote == 'no'")["document"]) for who in VETOERS}
    assert no["CHN"] <= no["RUS"]
    every, lone, both = votes["document"].nunique(), len(no["RUS"]), number_word(len(no["CHN"]))
    statement = known.seed.row("cx_vetoes_on_syria")["statement"]
    assert f"Of {every} votes on Syria" in statement
    assert f"no on {lone}, and China on {both} of those {lone}; all {lone} were" in statement


def test_voting_agreement_is_corrected_for_chance_and_has_non_western_baselines(known):
    rows = values(known, "rel_interests_align").query("indicator == 'pairs_agree'")
    compared = rows[rows["role"] == "compared"]
    assert len(compared) == 6 and rows["who"].str.contains("voted alike in").all()
    votes = known.within("assembly_agreement", left="RUS", right="CHN")[
        ["n", "identical", "by_chance"]
    ]
    n, same, chance = votes.sum()
    here = rows.loc[rows["who"].str.startswith("Russia and China"), "value"].item()
    assert here == pytest.approx((same - chance) / (n - chance)) and here < same / n


def test_nothing_is_mutated(known):
    before = {name: frame.copy() for name, frame in known.seed.tables.items()}
    verdicts(known)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, known.seed.tables[name])


# --- options


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
    measured = known.seed.folder.parent / "context" / "measured"
    names = [path.stem for path in measured.glob("*.csv")]
    table = verdicts(replace(known, tables={name: pd.DataFrame() for name in names}))
    assert len(names) > 20 and len(table) == 33 and set(table["verdict"]) <= set(VERDICTS)


def test_a_selection_leaves_out_what_it_left_out(both):
    part = Record(axislib.select(both, speakers=["choe"]))
    assert verdicts(part)["claim"].tolist() == ["rel_choe_prk_supports"]


def test_every_indicator_of_the_table_is_read_and_every_check_names_known_ones():
    assert {name.partition("@")[0] for name in ABOUT} == set(INDICATORS)
    named = {f"{name}@{check.claim}" for check in checks() for name in check.indicators}
    assert {name for name in ABOUT if "@" in name} <= named
    assert {name for check in checks() for name in check.indicators} <= set(INDICATORS)
