"""What the README of the record answers to objections is so: in the tables, and on the cards."""

import csv
import re
from dataclasses import replace

import pytest

from axislib.record import checks, coders, findings, lines, robustness
from axislib.record.claims import ABOUT
from axislib.record.figures import cards
from axislib.record.verdict import SUMMED, kept_from_deciding
from axislib.seed.opening import find_seed
from axislib.words import curly

README = (find_seed("context") / "README.md").read_text(encoding="utf-8")


def table_after(head):
    rows = README.partition(head)[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.fixture(scope="module")
def judged(known):
    return robustness(known)


@pytest.fixture(scope="module")
def by_claim(known, judged):
    """The HTML of each card, by claim."""
    parts = cards(known, judged).split("<summary><h4>")[1:]
    central = judged["central"] != ""
    order = [*judged.loc[central, "claim"], *judged.loc[~central, "claim"]]
    return dict(zip(order, parts, strict=True))


def test_no_cell_of_the_check_tables_was_split_by_a_comma():
    for path in (find_seed("context") / "checks").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert len({len(row) for row in csv.reader(file)}) == 1, path.name


def test_the_verdicts_told_are_those_computed(judged):
    now = {curly(row["literal"].rstrip(".")): row for row in judged.to_dict("records")}
    told = table_after("| claim | first | after two codings | now | why |")
    assert len(told) == 12 and sum(first != second for _, first, second, *_ in told) == 6
    for claim, _, _, said, _ in told:
        row = now[claim]
        form, _, weaker = said.partition("; weaker form ")
        verdict, _, held = form.partition(", ")
        assert verdict == row["verdict"].replace("_", " "), claim
        assert held == (row["robustness"] if held else ""), claim
        assert not weaker or weaker == row["charitable_verdict"].replace("_", " "), claim


def test_numbers_in_the_answers(known, judged):
    weaker = judged[judged["charitable"] != ""]
    assert f"{len(weaker)} of the {len(judged)} have" in README
    fall = weaker[weaker["verdict"].str.startswith("contradicted")]
    assert len(fall) == 2 and fall["charitable_verdict"].str.startswith("supported").all()
    assert (fall["charitable_verdict"] == "supported_on_balance").sum() == 1
    causal = judged[judged["caveats"].str.split(";").map(lambda cell: "cause" in cell)]
    assert len(causal) >= 5 and causal["verdict"].isin(["not_decided", "cannot_be_tested"]).all()
    four = judged[judged["point"].isin(["C6", "C7"])]
    assert len(four) == 4 and not (four["verdict"] == "supported").any()


def test_measurements_keep_the_coders_common_test_but_for_the_two_named(known):
    codes = coders(known.seed)
    codes = codes[codes["fact"].str.contains("@") & (codes["column"] == "test")]
    each = codes.groupby("fact")["value"].agg(["nunique", "size", "first"])
    common = each.loc[(each["nunique"] == 1) & (each["size"] == 2), "first"]
    other = {fact for fact, test in common.items() if ABOUT[fact.split("@")[0]]["test"] != test}
    assert other == {
        "fought_each_other@ev_hitler_attacks_italy", "summits_of_all@co_allies_exchanges",
    }  # fmt: skip


def test_a_card_begins_with_the_reason_and_counts_the_findings(known, judged, by_claim):
    for row in judged.to_dict("records"):
        card = by_claim[row["claim"]]
        assert card.partition("<ul>")[2].startswith("<li><b>Why:</b> "), row["claim"]
        assert ". ." not in card and "Against the form tested" not in card
        if row["findings"] > 1:
            counted = lines(findings(known, row["claim"]))["side"].value_counts()
            words = re.search(r"Independent findings: (\w+) for it, (\w+) against it", card)
            for word, side in zip(words.groups(), ("supports", "contradicts"), strict=True):
                assert (word == "none") == (counted.get(side, 0) == 0)
            assert f"Changes tried: {row['variations']}" in card


def test_every_finding_names_its_sources_and_links_them(known, by_claim):
    sources = known.seed.tables["sources"].set_index("id")
    for check in checks():
        for row in findings(known, check.claim).query("kind == 'evidence'").to_dict("records"):
            for anchor in known.seed.row(row["evidence"]).get("anchors", "").split(";"):
                source = sources.loc[anchor or row["evidence"]]
                assert not source["url"] or (
                    f'href="{source["url"].replace("&", "&amp;")}"' in by_claim[check.claim]
                )


def test_what_counts_once_and_what_differs_in_the_weaker_form_is_on_the_card(known, by_claim):
    once = 0
    for check in checks():
        found, card = findings(known, check.claim), by_claim[check.claim]
        shared = found.loc[found["use"].isin(["counted", SUMMED]), "event"].value_counts()
        wanted = int(shared[shared > 1].sum())
        assert card.count("counts once with the other findings on ") == wanted, check.claim
        once += wanted
        kept = sum(
            bool(kept_from_deciding(row))
            for row in found.query("use == 'counted'").to_dict("records")
        )
        assert card.count("does not decide") >= kept
        assert ("for the weaker form: " in card) <= bool(check.charitable)
        said = found.loc[found["kind"] == "indicator", "why"]
        assert all(curly(rule).replace("'", "&#39;") in card for rule in said)
    assert once > 15 and "for the weaker form: supports: smoking gun" in by_claim["ev_unsc_cover"]


def test_what_the_answers_say_is_conceded_is_on_the_card(known, by_claim):
    for claim, words in (
        ("rel_trump_favours", "the rule asks for two independent findings and one was found"),
        ("cl_little_evidence_of_concern", "firm, nothing found contradicts the claim"),
        ("co_axis_no_exchanges", "Letters of the Axis leaders were not counted"),
        ("cl_thesis", "we did not compare them with what Germany sent Italy"),
        ("ev_unsc_cover", "North Korea, Iran and Syria were each shielded by both at least once"),
        ("cl_out_of_proportion", "only reported, so it does not decide"),
    ):
        assert words in by_claim[claim], claim
    drones = findings(known, "tr_ed_irn_drones").set_index("id")
    assert drones.loc[["br_c9_1", "br_c9_2"], "decides"].tolist() == [False, True]


def test_counted_as_the_coders_had_them_arms_would_make_the_thesis_robust(known):
    changed = known.seed
    for row in ("br_a6_1", "br_a6_2"):
        changed = changed.recode(row, bearing="supports", test="straw_in_the_wind")
    there = robustness(replace(known, seed=changed), ["cl_thesis"]).iloc[0]
    assert (there["verdict"], there["robustness"]) == ("supported_on_balance", "robust")
    assert robustness(known, ["cl_thesis"])["robustness"].item() == "fragile"


def test_what_somebody_said_has_the_date_of_its_source(known):
    found = findings(known, "cl_little_evidence_of_concern").set_index("id")
    assert found.loc[["br_c1_1", "br_c1_5"], "use"].tolist() == ["counted", "later"]
    every = known.seed.bearings.query("evidence.str.startswith('clc_')")
    sources = known.seed.tables["sources"].set_index("id")["date"]
    for row in every.to_dict("records"):
        date = sources[known.seed.row(row["evidence"])["anchors"]]
        assert findings(known, row["target"]).set_index("id").at[row["id"], "date"] == date
