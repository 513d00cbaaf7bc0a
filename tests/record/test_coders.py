"""How far a verdict holds: two codings, each finding left out, every choice."""

import re
import shutil
from dataclasses import replace

import pytest

import axislib
from axislib import SeedError
from axislib.record import Record, coders, coders_agree, in_words, robustness, variations, verdicts
from axislib.record.sensitivity import ORDER, each_alone, judged_by
from axislib.seed.opening import find_seed


def test_both_codings_cover_every_finding_but_those_that_the_readme_names(known):
    codes, bearings = coders(known.seed), known.seed.bearings
    readme = (find_seed("context") / "README.md").read_text(encoding="utf-8")
    named = readme.partition("by one person so far:")[2].partition("\n\n")[0]
    later = set(re.findall(r"`(br_\w+)`", named))
    directed = set(bearings.loc[bearings["bearing"] != "neither", "id"])
    for (_, column), mine in codes.groupby(["coder", "column"]):
        coded = set(mine["fact"])
        assert len(mine) == len(coded)
        missing = (directed if column == "test" else set(bearings["id"])) - coded
        assert missing <= later
    assert codes["coder"].unique().tolist() == ["first", "second"]


def test_alpha_is_that_of_the_krippendorff_package(known):
    krippendorff = pytest.importorskip("krippendorff")
    codes, table = coders(known.seed), coders_agree(known).set_index("variable")
    for column, words in ORDER.items():
        wide = (
            codes[codes["column"] == column]
            .pivot(index="coder", columns="fact", values="value")
            .map(list(words).index)
        )
        expected = krippendorff.alpha(wide.to_numpy(), level_of_measurement="nominal")
        row = table.loc[column]
        assert row["alpha"] == pytest.approx(expected) and row["low"] < row["alpha"] < row["high"]
        assert row["alike"] == pytest.approx((wide.iloc[0] == wide.iloc[1]).mean())


def test_where_one_coding_alone_gives_another_grade_the_verdict_says_so(known):
    table = robustness(known).set_index("claim")
    for coder, judged in each_alone(known).items():
        alone = verdicts(judged).set_index("claim")["verdict"]
        differ = set(alone.index[alone != table["verdict"]])
        said = table["coders_differ"].str.contains(f"the {coder} coder alone")
        assert set(table.index[said]) == differ
    assert (table["coders_differ"] != "").any()
    words = in_words(table.reset_index(), coders_agree(known))
    assert "alpha 0.65" in words and "measures consistency only" in words


def test_dropping_a_finding_changes_the_label_where_it_should(known):
    table = robustness(known).set_index("claim")
    assert table.loc["cl_out_of_proportion", "robustness"] == "fragile"
    assert table.loc["tr_ed_irn_drones", "robustness"] == "robust"
    assert table.loc["cl_deliveries_cleared", "robustness"] == "thin"
    tried = variations(known, "cl_out_of_proportion")
    decisive = tried[tried["change"].str.startswith("Support as a share")].iloc[0]
    assert (decisive["kind"], decisive["verdict"]) == ("finding", "not_decided")
    seed = known.seed  # without its other findings the drones would rest on one
    seed = seed.recode("br_c9_1", bearing="neither").recode("br_c9_2", bearing="neither")
    few = robustness(replace(known, seed=seed), ["tr_ed_irn_drones"]).iloc[0]
    assert (few["verdict"], few["robustness"]) == ("not_decided", "thin")


def test_at_least_twenty_are_robust_or_not_decided(known):
    table = robustness(known)
    open_ = table["verdict"].isin(["not_decided", "cannot_be_tested"])
    assert ((table["robustness"] == "robust") | open_).sum() >= 20
    assert (table["same"] <= table["variations"]).all() and table["would_alter_it"].all()


def test_every_choice_of_the_options_is_tried(known):
    changes = " ".join(variations(known, "rel_interests_align")["change"])
    for word in ("legacy", "foreign policy votes", "2024-06", "as abstention", "2006 to 2024"):
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
    assert coders_agree(replace(known, seed=part))["units"].tolist() == [4, 2]
