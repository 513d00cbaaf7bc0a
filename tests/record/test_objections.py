"""What the README of the record answers to objections is so: in the tables, and on the cards."""

import csv
import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from axislib.record import checks, coders, findings, in_words, lines, robustness, states, verdict
from axislib.record.claims import ABOUT, values_of
from axislib.record.figures import cards
from axislib.record.options import Options, cutoff
from axislib.record.sensitivity import ORDER
from axislib.record.verdict import WORDS, indicators_of, kept_from_deciding
from axislib.seed.opening import find_seed
from axislib.seminar.agreement import alpha, count_codes
from axislib.words import curly, number_word

SIDES = ("supports", "contradicts")
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
        assert verdict == WORDS[row["verdict"]], claim
        assert held == (row["robustness"] if held else ""), claim
        assert not weaker or weaker == WORDS[row["charitable_verdict"]], claim


def test_numbers_in_the_answers(known, judged):
    weaker = judged[judged["charitable"] != ""]
    assert f"{len(weaker)} of the {len(judged)} have" in README
    fall = weaker[weaker["verdict"] == "contradicted"]
    assert len(fall) == 2 and fall["charitable_verdict"].str.startswith("supported").all()
    assert (fall["charitable_verdict"] == "supported_on_balance").sum() == 1
    near = weaker[weaker["verdict"] == "contradicted_on_balance"]
    assert near["charitable_verdict"].tolist() == ["not_decided"]
    causal = judged[judged["caveats"].str.split(";").map(lambda cell: "cause" in cell)]
    assert len(causal) >= 5 and causal["verdict"].isin(["not_decided", "cannot_be_tested"]).all()
    four = judged[judged["point"].isin(["C6", "C7"])]
    assert len(four) == 4 and not (four["verdict"] == "supported").any()


def test_measurements_keep_the_coders_common_test_or_the_weaker(known):
    codes = coders(known.seed)
    codes = codes[codes["fact"].str.contains("@") & (codes["column"] == "test")]
    each = codes.groupby("fact")["value"].agg([set, "size"])
    taken = {fact: ABOUT.get(fact, ABOUT[fact.split("@")[0]])["test"] for fact in each.index}
    both = each[each["size"] == 2]
    assert len(both) > 10 and all(taken[fact] in said for fact, said in both["set"].items())
    fact, claim = "fought_each_other@cl_axis_attacked", "cl_axis_attacked"
    assert both.at[fact, "set"] == {"doubly_decisive", "hoop"} and taken[fact] == "hoop"
    one = {found.name: found.test for found in indicators_of(known, claim)}
    assert one == {"fought_each_other": "hoop"}
    assert robustness(known, [claim])["robustness"].item() == "fragile"


def test_a_card_begins_with_the_article_and_the_reason_and_counts_the_findings(
    known, judged, by_claim
):
    for row in judged.to_dict("records"):
        card = by_claim[row["claim"]]
        first, second = card.partition("<ul>")[2].split("<li>")[1:3]
        said = curly(row["statement"].rstrip(".")).replace("&", "&amp;").replace('"', "&#34;")
        assert first.startswith(f"<b>The article:</b> {said}"), row["claim"]
        assert second.startswith("<b>Why:</b> "), row["claim"]
        assert ". ." not in card and "Against the form tested" not in card
        if row["findings"] > 1:
            counted = lines(findings(known, row["claim"]))["side"].value_counts()
            ours, theirs = counted.get("supports", 0), counted.get("contradicts", 0)
            words = re.search(r"Independent findings: (\w+) for it, (\w+) against it", card)
            if words is None:  # on balance, with nothing on the other side
                way = (
                    "contradict the claim and none supports it"
                    if theirs
                    else "support the claim and none contradicts it"
                )
                assert f"{number_word(ours + theirs)} findings {way}" in card
                assert not (ours and theirs) and row["verdict"].endswith("on_balance")
            else:
                assert words.groups() == (str(ours or "none"), str(theirs or "none"))
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
        shared = found.loc[found["use"] == "counted", "event"].value_counts()
        wanted = int(shared[shared > 1].sum())
        assert card.count("counts as one with other findings on ") == wanted, check.claim
        once += wanted
        kept = sum(
            bool(kept_from_deciding(row))
            for row in found.query("use == 'counted'").to_dict("records")
        )
        assert card.count("does not decide") >= kept
        assert ("; weaker form: " in card) <= bool(check.charitable)
        said = found.loc[found["kind"] == "indicator", "why"]
        assert all(curly(rule).replace("'", "&#39;") in card for rule in said)
    assert (
        once > 12
        and "weaker form: for the claim, decides: smoking gun" in by_claim["ev_unsc_cover"]
    )


def test_what_the_answers_say_is_conceded_is_on_the_card(known, by_claim):
    for claim, words in (
        ("rel_trump_favours", "if either were left out, it would be undecided"),
        ("rel_ed_loose_alliance", "nothing but their group at the UN"),
        (
            "tr_prk_troops",
            "two independent observers will regard the claim as supported on balance",
        ),
        ("ev_second_nuclear_state", "as two findings: 4 to 1"),
        ("cl_out_of_proportion", "the measure would point neither way with the 3.55%"),
        ("cl_little_evidence_of_concern", "The claim is about serious worry"),
        ("ev_prk_without_heavy_equipment", "could not consult a source for it"),
        ("cl_little_evidence_of_concern", "nothing found contradicts that"),
        ("co_axis_no_exchanges", "Letters and envoys of the Axis leaders were not counted"),
        ("cl_thesis", "we did not compare them with what Germany sent Italy"),
        ("cl_thesis", "the Axis leads in four: soldiers at a partner’s front; defence treaties"),
        ("cl_thesis", "Xi’s own count, which includes video calls"),
        ("cl_thesis", "in June 2019 Xi already spoke of nearly 30 meetings"),
        ("cl_thesis", "letters between Hitler and Mussolini are not counted"),
        ("cl_thesis", "that Italy’s soldiers and the pledge of the Axis contradict it"),
        ("cl_thesis", "The treaties, the pledge and the planning were added by us"),
        ("cl_thesis", "with both counted, the Axis would lead in five of seven"),
        ("cl_axis_uncoordinated", "one to begin, widen or end a war, or to stay out of one"),
        ("cl_axis_uncoordinated", "rests in five of its nine years on the agreement"),
        ("co_axis_no_exchanges", "after the armistice of September 1943 it would be 12"),
        ("cl_ed_unified_front", "They do so by a tie"),
        ("rel_interests_align", "the four most populous states apart from China and America"),
        ("rel_ed_loose_alliance", "the measure would contradict the claim: 19 to 12"),
        ("rel_hitler_despises", "if either of two were removed, it would be undecided"),
        ("co_axis_no_exchanges", "no count comparable to that of the Allies’ messages"),
        ("co_axis_no_exchanges", "fails there and call it contradicted"),
        ("rel_hitler_despises", "an earlier act is weak evidence of a later feeling"),
        ("cl_deliveries_cleared", "they are one finding and the rule asks for two"),
        ("rel_ed_loose_alliance", "counts neither way, counted against it: 19 to 12"),
        ("rel_interests_align", "The three series of voting positions disagree"),
        ("ev_unsc_cover", "the claim would be contradicted on balance only"),
        ("ev_unsc_cover", "North Korea and Syria were each shielded by both at least once"),
        ("cl_out_of_proportion", "North Korea to Russia (sold), 5.5% to 18%; Estonia"),
        ("cl_out_of_proportion", "only reported, so it does not decide"),
        ("cl_out_of_proportion", "we widened this to everyone who supports Ukraine"),
        ("rel_coordinate_actions", "counted for the claim: 14 to 7"),
        ("cl_deliveries_blunted", "without it the claim would be supported on balance"),
        ("ev_second_nuclear_state", "of the four only Russia was openly a party to the war"),
        ("rel_interests_align", "the claim as tested is stronger than the article’s"),
        (
            "cl_little_evidence_of_concern",
            "stayed away from Pyongyang’s celebration of 27 July 2024",
        ),
        ("tr_irn_drones", "admitted in November 2022 a limited number"),
        ("ev_russia_repays_prk", "by our rule parts are not added up"),
        ("tr_prk_troops", "was a ceiling for Kursk; the article’s is a floor"),
        ("rel_trump_favours", "drops “now”"),
        ("cl_thesis", "it is nine meetings for the Axis to none for the four"),
        ("cl_thesis", "with the two counted separately, it would be 4 to 2"),
        ("cl_axis_uncoordinated", "Only the target and the hour surprised Berlin"),
        ("cl_axis_attacked", "Read the two as one"),
        ("ev_hitler_attacks_italy", "in 21 calendar months"),
        ("cmp_axis_allies_lend_lease", "Over the GDP of the whole period it is 5.4%"),
        ("cl_out_of_proportion", "is 1.6 to 5.0 times that"),
        ("ev_unsc_cover", "Statements that were blocked and vetoes that were threatened"),
        ("rel_coordinate_actions", "it would then still be 11 to 7"),
        ("cl_ed_unified_front", "voted alike in 65% of 147 votes"),
        (
            "rel_ed_loose_alliance",
            "Without help (deliveries, soldiers, payment): 13 to 11, undecided",
        ),
        ("rel_interests_align", "five of the six pairs agree more than the median pair"),
        ("ev_second_nuclear_state", "counted against it: 3 to 2, undecided"),
        ("cl_no_whole_units", "shows what was being prepared, not what was possible"),
        ("cl_little_evidence_of_concern", "are compatible with “hardly any” evidence"),
        ("cl_no_infantry_use", "with them it would be 1 to 2, contradicted on balance"),
        ("tr_prk_troops", "though no number, in April 2025"),
        ("cmp_axis_allies_lend_lease", "we do not count silence as evidence; here we do"),
        ("tr_chn_dual_use", "With the three counted as one, it would be 1 to 1"),
        ("cl_thesis", "the attack on Italy in 1943, is in the record"),
        ("cl_out_of_proportion", "are not set against GDP, as both coders noted"),
        ("ev_unsc_cover", "vetoes that Russia cast alone show no joint cover"),
        ("tr_irn_drones", "the claim as tested drops the war"),
    ):
        assert words in by_claim[claim], claim
    drones = findings(known, "tr_irn_drones").set_index("id")
    assert drones.loc[["br_c9_1", "br_c9_2"], "decides"].tolist() == [False, True]


def test_counted_as_the_coders_had_them_four_findings_would_make_the_thesis_robust(known):
    changed = known.seed
    for side, rows in (
        ("supports", ("br_a6_1", "br_a6_2")),
        ("contradicts", ("br_a6_6", "br_a6_7")),
    ):
        for row in rows:
            codes = coders(known.seed).query("fact == @row and column == 'bearing'")["value"]
            assert codes.tolist() == [side, side], row
            changed = changed.recode(row, bearing=side, test="straw_in_the_wind")
    there = robustness(replace(known, seed=changed), ["cl_thesis"]).iloc[0]
    assert (there["verdict"], there["robustness"]) == ("supported_on_balance", "robust")
    assert robustness(known, ["cl_thesis"])["robustness"].item() == "fragile"
    found = findings(replace(known, seed=changed), "cl_thesis")
    against = found["id"].isin(["br_a6_6", "br_a6_7"])  # they belong to the measure of respects
    alone = found.assign(use=found["use"].mask(against, "counted"))
    assert lines(alone)["side"].value_counts().to_dict() == {"supports": 4, "contradicts": 2}
    assert verdict.judge(alone) == "supported_on_balance"
    assert verdict.judge(alone[alone["id"] != "br_a6_1"]) == "not_decided"


def test_the_thesis_in_years_at_war_and_without_a_partner_attacked(known):
    seed = known.seed.recode("mc_meetings_axis_de_it", value="9", low="9", high="9")
    for row in ("mc_meetings_four_2023", "mc_meetings_four_2024", "mc_meetings_four_prk"):
        seed = seed.recode(row, value="0", low="0", high="0")
    found = findings(replace(known, seed=seed), "cl_thesis")
    found = found[found["id"] != "br_a6_4"]  # the lead in meetings, which is gone
    assert lines(found)["side"].value_counts().to_dict() == {"supports": 1, "contradicts": 1}
    assert verdict.judge(found) == "not_decided"
    found = findings(known, "cl_thesis")
    assert verdict.judge(found[found["id"] != "br_a6_3"]) == "not_decided"
    war = findings(known, "cl_axis_uncoordinated", "charitable")
    there = war[war["id"] != "br_a1_6"]  # Pearl Harbor
    assert lines(there)["side"].value_counts().to_dict() == {"supports": 2, "contradicts": 1}
    assert verdict.judge(there) == "supported_on_balance"


def test_the_shares_of_gdp_on_the_cards(known):
    rows = known.table("support_relative").set_index(["giver", "denominator"]).sort_index()
    rows = rows[rows["gdp_unit"].str.contains("nominal")]
    estonia = {
        span: rows.loc[("EST", span), "share_high"].item() for span in ("one_year", "period")
    }
    sold = rows.loc[["PRK"]]
    sold = sold[sold["until"].astype(str) == "2024-10"].droplevel("giver")
    low, high = (sold.loc["one_year", f"share_{end}"] for end in ("low", "high"))
    then = float(known.seed.row("mc_gdp_est")["value"]) / 100
    times = [each / share for share in (then, estonia["one_year"]) for each in (low, high)]
    assert [round(each, 1) for each in times] == [1.6, 5.0, 2.3, 7.3]
    ends = [sold.loc["period", f"share_{end}"] for end in ("low", "high")]
    assert [round(100 * each, 1) for each in (*ends, estonia["period"])] == [2.0, 6.5, 0.8]
    lent = rows.loc["USA"].query("kind == 'grant'")["share_high"]
    assert [round(100 * lent[span], 1) for span in ("one_year", "period")] == [25.3, 5.4]


def test_what_the_other_cut_off_would_change(known):
    newer = {"unga_votes", "unsc_votes", "ucdp_acd", "sipri", "kiel_ust", "gapminder"}
    newer |= {"ideal_points_2025_07"}  # data sets of which a version of 2025 or 2026 is used
    newer |= {"src_ambassador_absent", "src_first_clash", "src_russia_supplied_north_korea_over"}

    def new(row):
        cell = row["evidence"]
        if row["kind"] == "evidence":
            cell = known.seed.row(cell).get("anchors", "")
        return not newer.isdisjoint(cell.split(";"))

    changed, counts = {}, {}
    for check in checks():
        found = findings(known, check.claim)
        older = found[[not new(row) for row in found.to_dict("records")]].copy()
        # North Korea's share of GDP, which the measure that falls away had counted
        older.loc[older["id"] == "br_b2_1", "use"] = "counted"
        for what, kept in (
            ("published", older),
            ("happened", found.assign(use=found["use"].mask(
                found["id"].isin(["br_b3_2", "br_b6_2", "br_b6_3", "br_b7_7"]), "counted"))),
        ):  # fmt: skip
            counts[check.claim, what] = lines(kept)["side"].value_counts().to_dict()
            if verdict.judge(kept) != verdict.judge(found):
                changed[check.claim, what] = verdict.judge(kept)
    assert changed == {
        ("cl_thesis", "published"): "not_decided",
        ("cl_ed_unified_front", "published"): "contradicted_on_balance",
        ("rel_interests_align", "published"): "contradicted_on_balance",
        ("cl_little_evidence_of_concern", "published"): "not_decided",
        ("ev_second_nuclear_state", "happened"): "supported",
        ("tr_prk_troops", "happened"): "supported_on_balance",
    }
    assert counts["rel_ed_loose_alliance", "published"] == {"supports": 18, "contradicts": 10}


def test_pacts_meetings_and_affection_in_the_weaker_forms(known, monkeypatch):
    def sides(claim):
        found = findings(known, claim, "charitable")
        return found, lines(found)["side"].value_counts().to_dict()

    war, counted = sides("cl_axis_uncoordinated")
    assert counted == {"supports": 3, "contradicts": 1}
    monkeypatch.setitem(ABOUT["duty_to_consult"], "event", "apart")
    apart = findings(replace(known), "cl_axis_uncoordinated", "charitable")
    assert verdict.judge(war) == "supported_on_balance" and verdict.judge(apart) == "not_decided"
    years = known.table("treaty_obligations", left="nazi_germany", right="imperial_japan")
    duty = years[years["consultation"] == 1]["treaties"].astype(str)
    assert (len(duty), duty.str.contains("2540").sum()) == (9, 5)  # ATOP's number of the agreement
    _, counted = sides("co_axis_no_exchanges")
    assert counted == {"supports": 1}
    _, counted = sides("rel_hitler_despises")
    assert counted == {"supports": 2, "contradicts": 1}
    twelve = known.seed.recode("mc_meetings_axis_de_it_war", value="12", low="12", high="12")
    found = findings(replace(known, seed=twelve), "co_axis_no_exchanges")
    apart = found.assign(event=found["event"].mask(found["id"] == "br_a4_1", "apart"))
    assert verdict.judge(found) == "not_decided"
    assert verdict.judge(apart) == "contradicted_on_balance"


def test_the_tie_and_the_states_compared(known, monkeypatch):
    def measured(record, claim, name):
        return next(one for one in indicators_of(record, claim) if one.name == name)

    for absence, both, side in (
        ("left_out", (0.566, 0.566), "supports"), ("as_abstention", (0.466, 0.560), "neither"),
        ("as_fourth_vote", (0.466, 0.560), "neither"),
    ):  # fmt: skip
        chosen = known.changed(Options(absence=absence))
        found = measured(chosen, "cl_ed_unified_front", "voting_as_one")
        most = [max(v.value for v in values_of(found.values, r)) for r in ("claimed", "compared")]
        assert most == pytest.approx(both, abs=0.0005) and found.side == side
    turned = {"IND": "neither", "IDN": "supports", "PAK": "supports", "NGA": "neither"}
    assert tuple(turned) == states.NON_WESTERN
    for left_out, side in turned.items():
        monkeypatch.setattr(states, "NON_WESTERN", tuple(who for who in turned if who != left_out))
        anew = replace(known)  # it has read no indicator yet
        assert measured(anew, "rel_interests_align", "pairs_agree").side == side
        there = verdict.verdicts(anew, ["rel_interests_align"])["verdict"].item()
        assert there == "not_decided"
    assert {*states.WESTERN} - {*states.WEST} == {("USA", "ISR"), ("USA", "JPN")}


def test_what_somebody_said_has_the_date_of_its_source(known):
    found = findings(known, "cl_little_evidence_of_concern").set_index("id")
    assert found.loc[["br_c1_1", "br_c1_5"], "use"].tolist() == ["counted", "later"]
    every = known.seed.bearings.query("evidence.str.startswith('clc_')")
    sources = known.seed.tables["sources"].set_index("id")["date"]
    for row in every.to_dict("records"):
        date = sources[known.seed.row(row["evidence"])["anchors"]]
        assert findings(known, row["target"]).set_index("id").at[row["id"], "date"] == date


CHANGED = {
    ("TWICE", 1.5): {
        "cl_ed_unified_front": "contradicted_on_balance",
        "rel_coordinate_actions": "supported_on_balance",
        "rel_ed_loose_alliance": "supported_on_balance",
    },
    ("TWICE", 3): {"cl_little_evidence_of_concern": "not_decided"},
    ("FEWEST", 1): {
        "cl_deliveries_cleared": "supported_on_balance",
        "ev_no_limits_declared": "supported_on_balance",
        "tr_prk_troops": "supported_on_balance",
        "ev_prk_without_heavy_equipment": "supported_on_balance",
        "cl_may_free_troops": "supported_on_balance",
    },
    ("FEWEST", 3): dict.fromkeys((
        "cl_thesis", "cmp_axis_allies_lend_lease", "ev_italian_troops", "cl_out_of_proportion",
        "rel_trump_favours", "cl_little_evidence_of_concern",
    ), "not_decided"),
    ("SECOND_HAND", ("disputed", "hedged", "predicted")): dict.fromkeys((
        "cl_out_of_proportion", "rel_choe_prk_supports", "tr_chn_dual_use",
        "ev_second_nuclear_state",
    ), "supported"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), CHANGED)
def test_what_other_bars_would_change(known, judged, monkeypatch, name, value):
    monkeypatch.setattr(verdict, name, value)
    there = verdict.verdicts(known).set_index("claim")["verdict"]
    here = judged.set_index("claim")["verdict"]
    assert there[there != here].to_dict() == CHANGED[name, value]


def test_findings_that_serve_more_than_one_claim_and_what_they_rest_on(known, judged):
    counted = pd.concat(
        lines(findings(known, claim)).assign(claim=claim) for claim in judged["claim"]
    )
    claims = counted.groupby("event")["claim"].nunique()
    told = f"{len(claims)} independent findings, {(claims > 1).sum()} bear on more than one claim"
    assert told in in_words(known, judged) and told.replace(",", "") in README
    assert "not independent" not in in_words(known, robustness(known, ["cl_thesis"]))
    sent = counted["event"].isin(["cx_prk_soldiers", "deployment"])
    assert counted.loc[sent, "claim"].nunique() == 6
    tiers, decide = (part["tier"].value_counts() for part in (counted, counted[counted["decides"]]))
    assert (tiers.sum(), tiers["reference"], tiers["mirror"]) == (149, 15, 15)
    assert (decide.sum(), decide["reference"]) == (16, 7)
    assert "of the 16 that could decide, seven rest on reference" in README


def test_agreement_as_the_answers_have_it(known):
    codes = coders(known.seed).rename(columns={"fact": "unit", "value": "code"})
    measured = codes["unit"].str.contains("@")
    assert codes.loc[measured, "unit"].nunique() == 22
    pairs = [codes["coder"].isin(two) for two in (
        ["first", "second"], ["third", "fourth"], ["fifth", "sixth"], ["seventh", "eighth"],
    )]  # fmt: skip
    of_claim = known.seed.bearings.set_index("id")["target"]
    last = codes[pairs[3]].groupby(["unit", "column"])["code"].nunique()
    assert set(last) == {1} and "on all of which they agreed" in README
    draw = np.random.default_rng(1)
    for column, told in (
        ("bearing", (0.91, 0.93, 1.0, 0.84, 0.85, 0.96)),
        ("test", (0.90, 0.90, 0.75, 1.0, 0.82, 0.95)),
    ):  # fmt: skip
        mine = codes["column"] == column
        parts = [codes[mine], *(codes[mine & pair & ~measured] for pair in pairs[:3])]
        alphas = [round(alpha(count_codes(part, ORDER[column])), 2) for part in parts]
        assert alphas == list(told[:4])
        own = codes[mine & ~measured]
        each = [
            count_codes(rows, ORDER[column]) for _, rows in own.groupby(own["unit"].map(of_claim))
        ]
        drawn = [
            alpha(np.vstack([each[at] for at in draw.integers(0, len(each), len(each))]))
            for _ in range(500)
        ]
        assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx(told[4:], abs=0.015)


def with_straws(record, claim, event="", **sides):
    """The verdict on a claim with these as further straws, by side, and how many count on each."""
    rows = record.seed.tables["bearings"]
    more = [
        {**rows.iloc[0], "target": claim, "id": f"br_more_{each}", "evidence": each,
         "bearing": side, "test": "straw_in_the_wind", "event": event}
        for side, evidence in sides.items() for each in evidence
    ]  # fmt: skip
    tables = {**record.seed.tables, "bearings": pd.concat([rows, pd.DataFrame(more)])}
    found = findings(replace(record, seed=replace(record.seed, tables=tables)), claim)
    counts = lines(found)["side"].value_counts()
    return verdict.judge(found), counts.get("supports", 0), counts.get("contradicts", 0)


def test_what_further_straws_would_change_is_as_the_cards_have_it(known):
    claim = "rel_coordinate_actions"
    assert with_straws(known, claim) == ("not_decided", 11, 7)
    help_ = ["cx_fath_missiles", "cx_drone_licence", "cx_irn_chn_plan"]
    assert with_straws(known, claim, supports=help_) == ("supported_on_balance", 14, 7)
    alike = {"event": "war_votes", "supports": ["cx_es11_3", "cx_es11_5"]}
    assert with_straws(known, claim, **alike) == ("not_decided", 12, 7)
    total = with_straws(known, claim, **alike, contradicts=["mc_es11"])
    assert total == ("not_decided", 11, 7)
    found = findings(known, claim)
    assert verdict.judge(found[found["side"] != "supports"]) == "contradicted_on_balance"
    claim = "cl_little_evidence_of_concern"
    assert with_straws(known, claim) == ("contradicted_on_balance", 1, 2)
    one = with_straws(known, claim, supports=["cx_friendly_neighbour"])
    assert one == ("not_decided", 2, 2)


WORDS_OF_LEADERS = [f"br_c6_{number}" for number in (16, 17, 18, 19)]
HELP = [f"br_c7_{n}" for n in (22, 23, 36, 37, 38, 39, 70, 76, 77, 79, 80)]  # of any kind
SANCTIONS = [f"br_c6_{number}" for number in (9, 10, 11, 12)]  # the votes on them


@pytest.mark.parametrize(
    ("claim", "left_out", "then"),
    [
        ("cl_deliveries_blunted", ["br_b1_1"], "supported_on_balance"),
        ("ev_second_nuclear_state", [], "supported_on_balance"),
        ("ev_second_nuclear_state", ["br_b6_8"], "supported_on_balance"),
        ("cl_ed_unified_front", WORDS_OF_LEADERS, "contradicted_on_balance"),
        ("cl_ed_unified_front", ["voting_as_one", "roll_calls_on_ukraine"], "not_decided"),
        ("cl_ed_unified_front", ["br_c6_20"], "contradicted_on_balance"),  # the group at the UN
        ("cl_little_evidence_of_concern", ["br_c1_1"], "not_decided"),
        ("cl_little_evidence_of_concern", ["br_c1_6"], "not_decided"),
        ("rel_hitler_despises", ["br_a3_5", "br_a3_6"], "contradicted_on_balance"),
        ("rel_trump_favours", ["br_c10_3"], "not_decided"),
        ("cl_deliveries_cleared", [], "not_decided"),
        ("rel_hitler_despises", ["br_a3_7"], "supported_on_balance"),
        ("cl_deliveries_blunted", ["br_b1_2"], "supported_on_balance"),
        ("rel_ed_loose_alliance", HELP, "not_decided"),
        ("rel_coordinate_actions", ["br_c7_35"], "not_decided"),  # the invasion alone
        ("rel_coordinate_actions", ["br_c7_7"], "not_decided"),
        ("rel_interests_align", [], "not_decided"),
        ("rel_interests_align", SANCTIONS, "not_decided"),
        ("rel_interests_align", ["br_c6_10"], "contradicted_on_balance"),
        ("tr_irn_drones", ["br_c9_2"], "supported_on_balance"),  # the wreck
    ],
)
def test_what_a_claim_would_be_without_a_finding_is_as_its_card_has_it(
    known, claim, left_out, then
):
    found = findings(known, claim)
    assert verdict.judge(found[~found["id"].isin(left_out)]) == then


def counted_apart(record, claim, rows):
    """The verdict with these rows as events of their own, and how many count on each side."""
    seed = record.seed
    for row in rows:
        seed = seed.recode(row, event=f"only_{row}")
    found = findings(replace(record, seed=seed), claim)
    counts = lines(found)["side"].value_counts()
    return verdict.judge(found), counts.get("supports", 0), counts.get("contradicts", 0)


def test_if_far_more_meant_twice_the_measure_of_gdp_would_depend_on_the_release(known):
    rows = known.table("support_relative", denominator="one_year")
    sold = rows[(rows["giver"] == "PRK") & (rows["until"].astype(str) == "2024-10")]
    low = sold.loc[sold["gdp_unit"].str.contains("nominal"), "share_low"].item()
    then = float(known.seed.row("mc_gdp_est")["value"]) / 100
    later = rows.loc[(rows["giver"] == "EST") & rows["gdp_unit"].str.contains("nominal")]
    assert then < low < 2 * then and low > 2 * later["share_high"].item()
    found = findings(known, "cl_out_of_proportion")
    neither = found.assign(side=found["side"].mask(found["id"] == "support_over_gdp", "neither"))
    neither.loc[neither["side"] == "neither", "use"] = "decides nothing either way"
    assert lines(neither)["side"].tolist() == ["supports"]
    assert verdict.judge(neither) == "not_decided"


def test_what_the_cards_concede_follows_from_the_record(known):
    council = findings(known, "ev_unsc_cover")
    since = council[council["date"].str[:4] >= "2022"]
    assert verdict.judge(since) == "contradicted_on_balance"
    assert lines(since)["side"].value_counts().to_dict() == {"contradicts": 2, "supports": 1}
    feeling = findings(known, "rel_hitler_despises")
    assert verdict.judge(feeling[feeling["id"] != "br_a3_1"]) == "supported_on_balance"
    apart = replace(known, seed=known.seed.recode("br_b1_9", event="february"))
    for form in ("literal", "charitable"):
        found = findings(apart, "cl_deliveries_cleared", form)
        assert verdict.judge(found) == "supported_on_balance"
    for claim, rows, then in (
        ("rel_ed_loose_alliance", (), ("not_decided", 19, 11)),
        ("rel_ed_loose_alliance", ("br_c7_2", "br_c7_3"), ("not_decided", 21, 11)),
        ("tr_prk_troops", (), ("not_decided", 1, 0)),
        ("tr_prk_troops", ("br_b3_4",), ("supported_on_balance", 2, 0)),
        ("ev_second_nuclear_state", (), ("supported_on_balance", 3, 1)),
        ("ev_second_nuclear_state", ("br_b6_5",), ("supported_on_balance", 4, 1)),
        ("ev_unsc_cover", ("br_c5_10",), ("contradicted", 3, 6)),
    ):
        assert counted_apart(known, claim, rows) == then, (claim, rows)
    for series, nearer in (("all_votes", 1), ("foreign_policy_votes", 1), ("legacy", 0)):
        chosen = known.changed(Options(series=series))
        found = {one.name: one for one in indicators_of(chosen, "rel_interests_align")}
        four, west = (
            np.median([value.value for value in values_of(found["distance_of_pairs"].values, role)])
            for role in ("claimed", "compared")
        )
        assert (four < west) == bool(nearer)
    payment = verdict.verdicts(known, ["ev_russia_repays_prk"]).iloc[0]
    assert payment["charitable_verdict"] == "supported_on_balance"


def with_event(record, claim, **events):
    """The findings on a claim with other names for the events of these rows."""
    seed = record.seed
    for row, event in events.items():
        seed = seed.recode(row, event=event)
    return findings(replace(record, seed=seed), claim)


def test_further_concessions_follow_from_the_record(known):
    def without(claim, *rows):
        found = findings(known, claim)
        found = found[~found["id"].isin(rows)]
        counts = lines(found)["side"].value_counts()
        return verdict.judge(found), counts.get("supports", 0), counts.get("contradicts", 0)

    claim = "rel_ed_loose_alliance"
    assert without(claim, *HELP) == ("not_decided", 13, 11)
    bloc = with_straws(known, claim, contradicts=["clc_not_a_bloc"])
    assert bloc == ("not_decided", 19, 12)
    every = findings(known, claim)
    against = lines(every).query("side == 'contradicts'")["event"]
    for out in zip(against, against[1:], strict=False):  # one fewer changes nothing, two do
        for events, then in ((out[:1], "not_decided"), (out, "supported_on_balance")):
            left = every[~every["event"].isin(events) | (every["side"] != "contradicts")]
            assert verdict.judge(left) == then, events
    single = every.loc[every["use"] == "counted", "side"].value_counts()
    assert (single["supports"], single["contradicts"]) == (28, 14) and len(against) == 11
    left = every[every["event"] != "resolution_votes"]
    assert verdict.judge(left) == "not_decided"
    assert lines(left)["side"].value_counts().to_dict() == {"supports": 18, "contradicts": 10}
    found = lines(findings(known, claim)).query("side == 'supports'")
    who = known.seed.events.set_index("id")["actors"].str.split(";").map(set)
    outside = [row for row in found["evidence"] if "RUS" not in who[row]]
    assert outside == ["cx_irn_chn_plan", "cx_iran_prk_missiles"] and len(found) == 19
    alone = [row for row in found["evidence"] if who[row] == {"IRN", "PRK"}]
    assert alone == ["cx_iran_prk_missiles"]
    russian = every["evidence"].map(lambda row: "RUS" in who.get(row, ()))
    left = lines(every[~russian | (every["side"] != "supports")])
    assert left["side"].value_counts().to_dict() == {"supports": 2, "contradicts": 11}
    assert without("rel_coordinate_actions", "br_c7_7") == ("not_decided", 10, 7)
    pair = known.seed.bearings.query("id == 'br_a4_3'")["evidence"].tolist()
    never = with_straws(known, "co_axis_no_exchanges", supports=["cx_trench_training"])
    assert pair == ["mc_meetings_axis_de_jp"] and never == ("supported_on_balance", 2, 1)
    spoken = known.seed.recode("cx_choe_moscow", modality="asserted")
    there = verdict.verdicts(replace(known, seed=spoken), ["rel_choe_prk_supports"])
    assert there["verdict"].item() == "supported"
    claim = "rel_interests_align"
    measure = next(one for one in indicators_of(known, claim) if one.name == "pairs_agree")
    middle = np.median([value.value for value in values_of(measure.values, "compared")])
    four = [value for value in values_of(measure.values, "claimed") if value.value <= middle]
    assert [value.who for value in four] == ["Russia and Iran voted alike in 68% of 167 votes"]
    assert without(claim, "br_c6_5", "br_c6_6") == ("not_decided", 3, 3)
    claim = "ev_second_nuclear_state"
    fought = with_straws(known, claim, contradicts=["cx_prk_not_in_combat"])
    assert fought == ("not_decided", 3, 2)
    assert without("cl_no_whole_units", "br_b5_10") == ("not_decided", 1, 0)
    units = findings(known, "cl_no_whole_units").assign(use="counted")
    assert verdict.judge(units) == "not_decided" and len(lines(units)) == 4
    assert verdict.judge(units[units["id"] != "br_b5_3"]) == "contradicted_on_balance"
    quarrels = without("cl_ed_unified_front", "br_c6_23", "br_c6_24")
    assert quarrels == ("not_decided", 4, 4)
    assert without("cl_axis_uncoordinated", "br_a1_11")[0] == "contradicted"
    assert without("rel_ed_loose_alliance", "br_c7_85") == ("not_decided", 19, 10)
    drones = with_straws(
        known, "tr_rus_satellite_data", supports=["cx_first_drones", "cx_wsj_houthi_data"]
    )
    assert drones == ("supported_on_balance", 2, 0)
    assert without("cl_little_evidence_of_concern", "br_c1_1", "br_c1_6") == ("not_decided", 1, 0)
    assert without("cmp_axis_allies_lend_lease", "grants") == ("not_decided", 1, 0)
    used = findings(known, "cl_no_infantry_use")
    used.loc[used["id"] == "br_b5_1", "use"] = "counted"
    assert verdict.judge(used) == "contradicted_on_balance"
    goods = with_event(known, "tr_chn_dual_use", br_c3_2="us_shares")
    assert verdict.judge(goods) == "supported_on_balance" and len(lines(goods)) == 3
    goods = with_event(known, "tr_chn_dual_use", br_c3_2="us_shares", br_c3_3="us_shares")
    assert verdict.judge(goods) == "not_decided"
    council = with_event(
        known, "ev_unsc_cover", br_c5_6="war_votes",
        **{f"br_c5_{number}": "resolution_votes" for number in (1, 2, 4, 8, 9)},
    )  # fmt: skip
    assert lines(council)["side"].value_counts().to_dict() == {"contradicts": 2, "supports": 1}
    assert verdict.judge(council) == "contradicted"
    since = council[council["date"].str[:4] >= "2022"]
    assert len(lines(since)) == 1 and verdict.judge(since) == "not_decided"
    payment = findings(known, "ev_russia_repays_prk")
    parts = payment["use"] == verdict.PART
    added = payment.assign(side=payment["side"].mask(parts, "supports"),
                           use=payment["use"].mask(parts, "counted"))  # fmt: skip
    assert lines(added)["side"].value_counts().to_dict() == {"supports": 5}
    assert verdict.judge(added) == "supported_on_balance"


def test_the_claims_without_a_verdict_are_those_named(known):
    rows = known.seed.tables["claims"]
    rows = rows.query("kind == 'empirical' and polarity == 'affirmed'")
    rows = set(rows.loc[rows["speaker"].isin(["kragh", "editors"]), "id"])
    tested = {check.claim for check in checks()}
    named = table_after("| claims without a verdict | why |")
    named = {claim.strip("` ") for cell, _ in named for claim in cell.split(",")}
    assert named == rows - tested and (len(named), len(rows & tested)) == (21, 3)


REPEATED = {
    "deliveries and soldiers": "cx_shahed_wreck cx_iran_admits_drones cx_prk_munitions_begin"
    " cx_prk_containers_2023 cx_first_prk_missile cx_arms_value_study cx_seoul_troops_november"
    " cx_prk_not_in_combat cx_first_clash cx_koksan cx_nato_enabler cx_two_brigades"
    " cx_trench_training cx_budanov_november cx_interpreters cx_infantry_arms cx_budanov_shells"
    " cx_officials_relief cx_statesman_relief cx_ryder_replacements cx_analysts_rear"
    " cx_week_of_losses",
    "votes on the war": "cx_es11_1 cx_es11_2 cx_es11_3 cx_es11_4 cx_es11_5 cx_es11_6"
    " cx_veto_invasion cx_veto_annexations cx_crimea_rights_2022 cx_crimea_rights_2023"
    " cx_nuclear_plant_2024",
    "exercise, a treaty or a count of meetings": "cx_first_naval_drill cx_treaty_extended"
    " cx_xi_counts_42",
}


def test_the_list_on_the_alliance_is_complete_by_its_rule(known):
    events, four = known.seed.events, {"RUS", "CHN", "IRN", "PRK"}
    acting = events["actors"].map(lambda cell: len(four & {*cell.split(";")}) > 1)
    acting &= (events["layer"] == "context") & (events["earliest"] < cutoff(known.seed)[0])
    listed = known.seed.bearings.query("target == 'rel_ed_loose_alliance'")["evidence"]
    repeated = {row for rows in REPEATED.values() for row in rows.split()}
    assert set(events.loc[acting, "id"]) - {*listed} == repeated - {*listed}
    assert all(kind in README for kind in REPEATED) and not repeated & {*listed}


def test_a_lead_of_two_instead_of_twice_as_many_would_change_six_verdicts(known):
    changed = {}
    for check in checks():
        for form in ("literal", "charitable")[: 1 + bool(check.charitable)]:
            found = findings(known, check.claim, form)
            counts, now = lines(found)["side"].value_counts(), verdict.judge(found)
            lead = counts.get("supports", 0) - counts.get("contradicts", 0)
            then = "supported_on_balance" if lead > 1 else "not_decided"
            then = "contradicted_on_balance" if lead < -1 else then
            if now in ("supported", "contradicted", "cannot_be_tested"):
                then = now  # a finding decides, or none counts
            changed |= {(check.claim, form): then} if then != now else {}
    assert changed == {
        ("rel_ed_loose_alliance", "literal"): "supported_on_balance",
        ("rel_coordinate_actions", "literal"): "supported_on_balance",
        ("cl_ed_unified_front", "literal"): "contradicted_on_balance",
        ("cl_ed_unified_front", "charitable"): "contradicted_on_balance",
        ("cl_little_evidence_of_concern", "literal"): "not_decided",
        ("rel_hitler_despises", "charitable"): "not_decided",
    }
    assert f"{number_word(len(changed))} verdicts would change: ties" in README


def test_what_the_latest_answers_say_follows_from_the_record(known, by_claim):
    def without(claim, *rows, form="literal"):
        found = findings(known, claim, form)
        found = found[~found["id"].isin(rows)]
        return verdict.judge(found), *(list(lines(found)["side"]).count(side) for side in SIDES)

    def told(claim, words):
        assert words in by_claim[claim], words

    claim = "cl_deliveries_blunted"
    late = ("br_b1_1", "br_b1_2")
    assert without(claim, form="charitable") == ("supported_on_balance", 2, 0)
    assert without(claim, *late) == ("supported_on_balance", 2, 0)
    told(claim, "it would be supported on balance, 2 to 0")
    assert without("rel_choe_prk_supports", "br_b8_2", "br_b8_4") == ("supported_on_balance", 2, 0)
    told("rel_choe_prk_supports", "Without the treaty and Kim’s phrase it would be 2 to 0")
    same = with_event(known, "ev_second_nuclear_state", br_b6_9="deployment")
    assert verdict.judge(same) == "supported_on_balance" and len(lines(same)) == 3
    told("ev_second_nuclear_state", "as one finding: 2 to 1, supported on balance")
    assert without("tr_irn_drones", "br_c9_3", "iranian_arms") == ("supported", 3, 0)
    told("tr_irn_drones", "without them it would be 3 to 0")
    coal = known.seed.recode("br_a5_3", bearing="contradicts")
    found = findings(replace(known, seed=coal), "cmp_axis_allies_lend_lease")
    assert verdict.judge(found) == "not_decided"
    told("cmp_axis_allies_lend_lease", "would count against the claim: 1 to 1, undecided")
    assert without("rel_ed_loose_alliance", "br_c7_48") == ("not_decided", 19, 10)
    claim, ties = "rel_ed_loose_alliance", set()
    assert with_straws(known, claim, contradicts=["cx_beijing_denies_dual_use"])[1:] == (19, 12)
    four, acting = ("RUS", "CHN", "IRN", "PRK"), known.seed.events.set_index("id")["actors"]
    for row in findings(known, claim).query("side == 'supports'")["evidence"]:
        who = [one for one in four if one in acting.get(row, "").split(";")]
        ties |= {frozenset(pair) for pair in combinations(who, 2)} if len(who) == 2 else set()
    assert len(ties) == 6
    told(claim, "all six pairs have ties")
    told("rel_coordinate_actions", "since 11 joint acts and votes outweigh 7 separate ways")
    votes = indicators_of(known, "cl_ed_unified_front")[0].values
    four, west = (values_of(votes, role) for role in ("claimed", "compared"))
    assert "of 147 votes" in four[0].who and "of 173 votes" in west[0].who
    assert abs(four[0].value - west[0].value) < states.TIE < 0.01
    told("cl_ed_unified_front", "we call a difference below 0.005 a tie")
    told("tr_prk_troops", "earlier or partial counts are left out")
