"""The silence filled: the article's word stands, the record fills, and what changes is told."""

import pytest

import axislib
from axislib import SeedError
from axislib.record import filled, filled_seed, what_changes


def test_the_articles_word_stands(both, seed):
    table = filled(both)
    own = axislib.levels(seed).set_index(["dimension", "coalition"])["level"]
    for row in table.query("origin == 'article'").to_dict("records"):
        said = own[row["dimension"], row["coalition"]]
        assert row["article"] == said and (said == "not_stated" or row["filled"] == said)
        assert row["filled_by"] == (
            "article"
            if said != "not_stated"
            else "record"
            if row["record"] != "not_stated"
            else "nobody"
        )


def test_silence_is_filled_for_all_three_coalitions(both):
    by = filled(both).query("filled_by == 'record'").groupby("coalition").size()
    assert set(by.index) == {"historic_axis", "wwii_allies", "modern_alignment"} and by.min() >= 5
    assert (filled(both).query("filled_by == 'nobody'")["filled"] == "not_stated").all()


def test_what_changes(both, seed):
    table = what_changes(both).set_index("dimension")
    assert table.loc["lend_lease_programme", ["article", "filled"]].tolist() == [
        "cannot say",
        "alike",
    ]
    assert (
        table.at["no_attack_on_partner", "filled"] == "more"
        and table.at["defence_treaty", "filled"] == "less"
    )
    assert table.query("article != 'cannot say'")["changed"].sum() == 0
    assert table.query("origin == 'context'")["article"].eq("cannot say").all()


def test_filled_seed_keeps_only_what_fills(both, seed):
    part = filled_seed(both)
    new = part.cooperation[part.cooperation["layer"] == "context"]
    said = axislib.levels(seed).query("level != 'not_stated'")
    assert not set(zip(new["dimension"], new["coalition"], strict=True)) & set(
        zip(said["dimension"], said["coalition"], strict=True)
    )
    assert len(both.cooperation) > len(part.cooperation) > len(seed.cooperation)


def test_what_only_later_events_show_does_not_fill(both):
    row = both.seed if hasattr(both, "seed") else both
    late = row.recode("coc_four_vetoes", about="cx_iran_attacked")
    before = (
        filled(both)
        .set_index(["dimension", "coalition"])
        .at[("diplomatic_cover", "modern_alignment"), "record"]
    )
    after = (
        filled(late)
        .set_index(["dimension", "coalition"])
        .at[("diplomatic_cover", "modern_alignment"), "record"]
    )
    assert before == "mixed" and after == "absent"


def test_the_record_has_to_be_asked_for(seed):
    with pytest.raises(SeedError, match="open the seed with layers"):
        filled(seed)
