"""Two codings of the bearings: how far they agree, and what hangs on whose they are."""

import re
import shutil
from dataclasses import replace

import pytest

import axislib
from axislib import SeedError
from axislib.record import Record, by_coder, coders, coders_agree, verdicts
from axislib.record.sensitivity import judged_by
from axislib.seed.opening import find_seed


def test_both_coders_judged_every_bearing_but_those_that_the_readme_names(known):
    codes = coders(known.seed)
    readme = (find_seed("context") / "README.md").read_text(encoding="utf-8")
    later = set(
        re.findall(
            r"`(br_\w+)`",
            readme.partition("by one person so far:")[2].partition("Six were corrected")[0],
        )
    )
    for _, mine in codes.groupby(["coder", "column"]):
        assert sorted(mine["fact"]) == sorted(set(known.seed.bearings["id"]) - later)
    assert codes["coder"].unique().tolist() == ["first", "second"]


def test_alpha_is_that_of_the_krippendorff_package(known):
    krippendorff = pytest.importorskip("krippendorff")
    codes, table = coders(known.seed), coders_agree(known).set_index("variable")
    for column, words, scale in (
        ("bearing", ["supports", "neither", "contradicts"], "nominal"),
        ("weight", ["low", "medium", "high"], "ordinal"),
    ):
        wide = (
            codes[codes["column"] == column]
            .pivot(index="coder", columns="fact", values="value")
            .map(words.index)
        )
        expected = krippendorff.alpha(wide.to_numpy(), level_of_measurement=scale)
        row = table.loc[column]
        assert row["alpha"] == pytest.approx(expected) and row["low"] < row["alpha"] < row["high"]
        assert row["alike"] == pytest.approx((wide.iloc[0] == wide.iloc[1]).mean())


def test_one_coder_alone_gives_other_verdicts_where_the_table_says_so(known):
    table, agreed = by_coder(known), verdicts(known).set_index("claim")
    assert len(table)
    for coder, codes in coders(known.seed).groupby("coder"):
        alone = verdicts(judged_by(known, codes)).set_index("claim")
        differ = [
            c
            for c in agreed.index
            if tuple(alone.loc[c, ["verdict", "weighed"]])
            != tuple(agreed.loc[c, ["verdict", "weighed"]])
        ]
        assert table.loc[table["coder"] == coder, "claim"].tolist() == sorted(differ)


def test_a_bearing_that_the_coders_did_not_see_stays_as_it_is(known):
    codes = coders(known.seed).query("coder == 'second' and fact != 'br_a1_1'")
    assert (
        judged_by(known, codes).seed.row("br_a1_1")["weight"] == known.seed.row("br_a1_1")["weight"]
    )


def test_without_codings_there_is_nothing_to_compare(copies):
    shutil.rmtree(copies / "coders")
    known = Record(
        axislib.open_seed(copies.parent / "kragh-holy-war", layers=["article", "context"])
    )
    assert not len(by_coder(known)) and (coders_agree(known)["units"] == 0).all()


def test_a_word_that_is_not_one_is_named(copies):
    path = copies / "coders" / "second.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",weight,high,", ",weight,huge,", 1),
        encoding="utf-8",
    )
    known = Record(
        axislib.open_seed(copies.parent / "kragh-holy-war", layers=["article", "context"])
    )
    with pytest.raises(SeedError, match=r"coders/second.csv, br_\w+: weight 'huge'"):
        by_coder(known)


def test_only_the_bearings_in_the_record_are_counted(known):
    judged = known.seed.bearings[known.seed.bearings["id"].isin(coders(known.seed)["fact"])]
    few = replace(known.seed, tables={**known.seed.tables, "bearings": judged.head(10)})
    assert (coders_agree(replace(known, seed=few))["units"] == 10).all()
