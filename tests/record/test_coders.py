"""How far a verdict holds: two codings, each finding left out, every choice."""

import re
import shutil
from dataclasses import replace

import pytest

import axislib
from axislib import SeedError
from axislib.record import (
    Record,
    coders,
    coders_agree,
    exceptions,
    findings,
    in_words,
    lines,
    robustness,
    thesis_in_words,
    variations,
    verdicts,
)
from axislib.record.sensitivity import ORDER, each_alone, judged_by
from axislib.record.verdict import TESTS
from axislib.seed.opening import find_seed

README = (find_seed("context") / "README.md").read_text(encoding="utf-8")


def named_after(words):
    """The ids that the README names between these words and the end of the paragraph."""
    told = README.partition(words)[2].partition("\n\n")[0]
    spans = re.findall(r"`(br_\w+_)(\d+)` to `\1(\d+)`", told)  # the first and the last of several
    more = {f"{row}{n}" for row, low, high in spans for n in range(int(low), int(high) + 1)}
    return {*re.findall(r"`(br_\w+)`", told), *more}


def test_two_coders_coded_every_finding(known):
    codes = coders(known.seed)
    every = known.seed.bearings["id"]
    unseen = named_after("was seen by no coder:")
    assert len(unseen) == 1 and unseen <= set(every) and not unseen & set(codes["fact"])
    seen = every[~every.isin(unseen)]
    assert set(seen) <= set(codes["fact"])
    assert f"judged {len(seen)} of the {len(every)} findings" in README
    only = known.seed.bearings[known.seed.bearings["id"].isin(unseen)]
    assert set(only["bearing"]) == {"neither"} and (only["charitable"] != "").all()
    codes = codes[codes["fact"].isin(known.seed.bearings["id"])]
    directed = codes[codes["column"] == "bearing"]
    assert not directed.duplicated(["fact", "coder"]).any()
    assert directed["fact"].value_counts().reindex(seen).eq(2).all()
    tested = codes.loc[codes["column"] == "test", ["fact", "coder"]].to_numpy().tolist()
    wanted = directed.loc[directed["value"] != "neither", ["fact", "coder"]].to_numpy().tolist()
    assert sorted(tested) == sorted(wanted)


def test_where_both_coders_agree_their_coding_is_the_one_in_the_table(known):
    bearings = known.seed.bearings.set_index("id")
    later = named_after("common judgement of their two coders;")
    assert later == set(exceptions(known)["finding"])
    bearings = bearings[~bearings.index.isin(later)]
    for column in ORDER:
        mine = coders(known.seed).query("column == @column and fact in @bearings.index")
        each = mine.groupby("fact")["value"].agg(["nunique", "size", "first"])
        same = each.loc[(each["nunique"] == 1) & (each["size"] == 2), "first"]
        assert len(same) > 70 and (bearings.loc[same.index, column] == same).all()


def test_where_the_coders_differ_one_of_them_is_followed_or_the_weaker(known):
    """Where neither coder shares our direction it is neither; of two tests the weaker is taken."""
    bearings, codes = known.seed.bearings.set_index("id"), coders(known.seed)
    codes = codes[codes["fact"].isin(bearings.index)]
    differ = {column: 0 for column in ORDER}
    for (fact, column), rows in codes.groupby(["fact", "column"]):
        said, taken = set(rows["value"]), bearings.loc[fact, column]
        if len(said) == 2 and (column == "bearing" or taken):
            differ[column] += 1
            assert taken in said | {"neither"}, (fact, column)
    assert min(differ.values()) > 3
    bare = {"br_c2_1": {"hoop", "straw_in_the_wind"}, "br_b2_1": {"hoop", "straw_in_the_wind"},
            "br_c7_13": {"neither", "supports"}}  # fmt: skip
    assert named_after("That is so for three findings, of 277:") >= set(bare)
    for fact, said in bare.items():
        column = "bearing" if "neither" in said else "test"
        there = set(codes.query("fact == @fact and column == @column")["value"])
        weaker = "neither" if column == "bearing" else min(said, key=TESTS.index)
        assert there == said and bearings.loc[fact, column] == weaker


def test_to_follow_the_coders_instead_would_change_no_verdict(known):
    changed = known.seed
    for row in exceptions(known).to_dict("records"):
        changed = changed.recode(row["finding"], bearing=row["coders"], test="straw_in_the_wind")
    there, here = (
        verdicts(one).set_index("claim")["verdict"] for one in (replace(known, seed=changed), known)
    )
    assert there[there != here].to_dict() == {}


def test_the_thesis_is_told_with_what_it_rests_on(known):
    said = thesis_in_words(known, robustness(known, ["cl_thesis"]))
    assert "**supported on balance** (fragile). It rests on two findings: that the" in said
    assert "the leaders of China and Russia have met 45 times, by a count" in said
    assert "includes video calls, against at most 17 meetings for any two Axis leaders" in said
    assert "Of five respects measured on both sides, the Axis leads in four: " in said
    assert (
        "the share of pairs that have a defence treaty; a pledge to make no separate peace" in said
    )
    assert "The article does not mention three of these; we added them." in said
    assert "it is three of three pairs against two of six; the sides are level only if" in said
    assert "If either were removed, it would be undecided." in said
    assert thesis_in_words(known, robustness(known, ["tr_prk_troops"])) == ""


def test_alpha_is_that_of_the_krippendorff_package(known):
    krippendorff = pytest.importorskip("krippendorff")
    ids = set(known.seed.bearings["id"])
    codes, table = coders(known.seed), coders_agree(known).set_index("variable")
    codes = codes[codes["fact"].isin(ids)]
    for column, words in ORDER.items():
        mine = codes[codes["column"] == column]
        mine = mine[mine["fact"].duplicated(keep=False)]
        wide = mine.pivot(index="coder", columns="fact", values="value")
        numbers = wide.replace({word: at for at, word in enumerate(words)}).astype(float)
        expected = krippendorff.alpha(numbers.to_numpy(), level_of_measurement="nominal")
        row = table.loc[column]
        assert row["alpha"] == pytest.approx(expected) and row["low"] < row["alpha"] < row["high"]
        assert row["alike"] == pytest.approx((wide.nunique() == 1).mean())


def test_where_one_coding_alone_gives_another_grade_the_verdict_says_so(known):
    changed = known.seed.recode("br_a3_1", bearing="supports")  # against both coders
    known = replace(known, seed=changed)
    table = robustness(known).set_index("claim")
    for coder, judged in each_alone(known).items():
        alone = verdicts(judged).set_index("claim")["verdict"]
        differ = set(alone.index[alone != table["verdict"]])
        said = table["coders_differ"].str.contains(f"the {coder} coder\u2019s judgements")
        assert set(table.index[said]) == differ
    assert set(table["coders_differ"]) > {"no"}
    assert "of each finding alpha is" in in_words(known, table.reset_index())


def test_dropping_a_finding_changes_the_label_where_it_should(known):
    table = robustness(known).set_index("claim")
    assert table.loc["cl_out_of_proportion", "robustness"] == "fragile"
    assert table.loc["tr_irn_drones", "robustness"] == "fragile"  # a drop to on balance counts
    assert table.loc["cl_deliveries_cleared", "robustness"] == "thin"
    dropped = variations(known, "cl_out_of_proportion").query("kind == 'finding'")
    assert "not_decided" in set(dropped["verdict"])
    seed = known.seed  # without its other findings the drones would rest on one
    seed = seed.recode("br_c9_1", bearing="neither").recode("br_c9_2", bearing="neither")
    seed = seed.recode("br_c9_3", bearing="neither").recode("br_c9_4", bearing="neither")
    few = robustness(replace(known, seed=seed), ["tr_irn_drones"]).iloc[0]
    assert (few["verdict"], few["robustness"]) == ("not_decided", "thin")


def test_at_least_twenty_are_robust_or_not_decided(known):
    table = robustness(known)
    open_ = table["verdict"].isin(["not_decided", "cannot_be_tested"])
    assert ((table["robustness"] == "robust") | open_).sum() >= 20
    assert (table["same"] <= table["variations"]).all()
    silent = (table["robustness"] == "robust") & (table["verdict"] == "not_decided")
    assert ((table["would_alter_it"] == "") == silent).all()


def test_robust_is_a_verdict_that_no_change_alters_even_to_on_balance(known):
    for row in robustness(known).to_dict("records"):
        tried = variations(known, row["claim"])["verdict"]
        holds = "robust" if (tried == row["verdict"]).all() else "fragile"
        assert row["robustness"] == ("thin" if row["findings"] < 2 else holds), row["claim"]
        directed = row["verdict"] not in ("not_decided", "cannot_be_tested")
        assert row["robustness"] != "robust" or row["findings"] > 2 or not directed


def test_both_ends_of_a_range_are_tried(known):
    tried = variations(known, "co_axis_no_exchanges").query("kind == 'choice'")
    assert tried["change"].str.contains("with 9 rather than 10 as the figure").any()
    words = " ".join(variations(known, "cl_out_of_proportion")["change"])
    assert "at its low end" in words and "at its high end" in words


def test_a_cut_and_a_date_of_force_that_were_chosen_are_tried_the_other_way(known):
    for claim, change, there in (
        ("co_axis_no_exchanges", "with 12 rather than 9 as the figure for Hitler-Mussolini meetings while both",
         "not_decided"),  # the total of all years contains the twelve
        ("rel_ed_loose_alliance", "with 1 rather than 2 as the figure for Pairs of the four with a defence treaty",
         "not_decided"),  # the measure then contradicts it, nineteen to twelve
    ):  # fmt: skip
        tried = variations(known, claim).set_index("change")["verdict"]
        assert tried[tried.index.str.contains(change)].tolist() == [there]
    low = known.seed.recode("mc_defence_four", value="1", low="1", high="1")
    found = findings(replace(known, seed=low), "rel_ed_loose_alliance")
    assert lines(found)["side"].tolist().count("contradicts") == 12


def test_a_weaker_form_says_what_leaving_out_single_findings_would_change(known):
    told = robustness(known).set_index("claim")["weaker_holds"]
    assert "if either of two were removed, it would be undecided" in told["rel_hitler_despises"]
    assert (
        "would stand without any one" in told["ev_unsc_cover"]
        and told["cl_deliveries_cleared"] == ""
    )
    less = known.seed.recode("br_a1_10", charitable="neither", charitable_test="")
    less = less.recode("br_a1_2", charitable="neither", charitable_test="")
    there = robustness(replace(known, seed=less), ["cl_axis_uncoordinated"]).iloc[0]
    assert there["charitable_verdict"] == "supported_on_balance"
    assert "if either of two were removed" in there["weaker_holds"]


def test_every_choice_of_the_options_is_tried(known):
    changes = " ".join(variations(known, "rel_interests_align")["change"])
    for word in ("legacy", "foreign policy votes", "June 2024", "as abstention", "2006 to 2024"):
        assert word in changes


def test_a_bearing_that_the_coders_did_not_see_stays_as_it_is(known):
    codes = coders(known.seed).query("coder == 'second' and fact != 'br_a1_1'")
    assert judged_by(known, codes).seed.row("br_a1_1")["test"] == known.seed.row("br_a1_1")["test"]


def test_without_codings_there_is_nothing_to_compare(copies):
    shutil.rmtree(copies / "coders")
    known = Record(
        axislib.open_seed(copies.parent / "kragh-holy-war", layers=["article", "context"])
    )
    assert not each_alone(known) and (coders_agree(known)["units"] == 0).all()


def test_a_word_that_is_not_one_is_named(copies):
    path = copies / "coders" / "second.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",test,hoop,", ",test,huge,", 1), encoding="utf-8"
    )
    known = Record(
        axislib.open_seed(copies.parent / "kragh-holy-war", layers=["article", "context"])
    )
    with pytest.raises(SeedError, match=r"coders/second.csv, br_\w+: test 'huge'"):
        coders(known.seed)


def test_only_the_bearings_in_the_record_are_counted(known):
    few = known.seed.bearings[known.seed.bearings["id"].str.startswith("br_a2_")].head(4)
    part = replace(known.seed, tables={**known.seed.tables, "bearings": few})
    assert coders_agree(replace(known, seed=part))["units"].tolist() == [4, 4]


def test_what_the_third_sheet_changed(known):
    """Where the last two coders agreed against us, theirs was taken; what was new stays neither."""
    codes = coders(known.seed).query("coder in ['fifth', 'sixth'] and column == 'bearing'")
    each = codes.groupby("fact")["value"].agg(["nunique", "first"])
    assert len(each) == 118 and named_after("theirs was taken:") <= {*each.index}
    taken = known.seed.bearings.set_index("id")["bearing"]
    for fact in named_after("theirs was taken:"):
        assert each.loc[fact, "nunique"] == 1 and taken[fact] == each.loc[fact, "first"]
    new = each[each.index.isin([f"br_c7_{number}" for number in range(60, 89)])]
    assert len(new) == 29 and set(new.index[new["nunique"] > 1]) == {
        "br_c7_73", "br_c7_87", "br_c7_88",
    }  # fmt: skip
    assert (taken[new.index[new["nunique"] > 1]] == "neither").all()


def test_where_the_coders_differed_neither_way_would_change_one_verdict(known):
    codes = coders(known.seed).query("column == 'bearing'")
    codes = codes[codes["fact"].isin(known.seed.bearings["id"])]
    said = codes.groupby("fact")["value"].nunique()
    apart, seed = said.index[said > 1], known.seed
    for fact in apart:
        seed = seed.recode(fact, bearing="neither", test="")
    there, here = (
        verdicts(one).set_index("claim")["verdict"] for one in (replace(known, seed=seed), known)
    )
    assert there[there != here].to_dict() == {"rel_ed_loose_alliance": "supported_on_balance"}
    found = lines(findings(replace(known, seed=seed), "rel_ed_loose_alliance"))["side"]
    assert found.value_counts().to_dict() == {"supports": 18, "contradicts": 9}
    assert f"on the direction of {len(apart)} findings" in README


def test_what_would_alter_a_verdict_is_told_in_sentences(known):
    """Changes of one kind that give one verdict are told together, each of several numbered."""
    also = robustness(known, ["cl_deliveries_blunted", "rel_interests_align"])["also"].tolist()
    first = "It would become supported on balance if one finding were left out: (1) The sea"
    assert first in also[0] and "; or (2) Officials blamed mines" in also[0]
    assert "contradicted on balance if one finding were left out: Some shells" in also[0]
    assert "with the older (“legacy”) series of voting positions, missed votes as a" in also[1]
    one = robustness(known, ["cl_no_infantry_use"])["would_alter_it"].item()
    assert one == "It would become contradicted on balance if events that may be later than the" \
        " article were counted."  # fmt: skip
    neutral = robustness(known, ["ev_second_nuclear_state"])["would_alter_it"].item()
    assert "undecided if one neutral finding counted against it: North Korea has" in neutral


def test_two_envoys_count_once_in_either_claim(known):
    found = lines(findings(known, "ev_no_limits_declared", "charitable"))
    assert found["event"].tolist().count("denials") == 1 and len(found) == 2
    every = findings(known, "rel_ed_loose_alliance")
    assert (every["event"] == "denials").sum() == 2
