"""A part of a seed: what stays, what goes, and that nothing dangles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import axislib
from axislib import SeedError, select
from axislib.tables.schema import vocabulary

SEED = axislib.open_seed()


def test_no_condition_keeps_everything(seed):
    part = select(seed)
    assert all(len(part.tables[name]) == len(frame) for name, frame in seed.tables.items())


def test_actor_keeps_agents_and_coalitions(seed):
    ids = set(select(seed, actors=["PRK"]).facts["id"])
    assert {"tr_prk_troops", "ev_choe_remark", "rel_common_worldview"} <= ids
    assert not {"tr_irn_drones", "ev_hitler_attacks_italy"} & ids


def test_coalition_keeps_members(seed):
    ids = set(select(seed, coalitions=["historic_axis"]).facts["id"])
    assert {
        "ev_hitler_attacks_italy",
        "cmp_thesis",
        "ev_italian_troops",
    } <= ids and "tr_irn_drones" not in ids


def test_claims_are_found_through_the_facts_they_are_about(seed):
    assert "cl_deliveries_critical" in set(select(seed, actors=["PRK"]).facts["id"])


def test_dates_drop_what_cannot_be_within_and_keep_the_undated(seed):
    ids = set(select(seed, since="2020").events["id"])
    assert (
        "ev_hitler_attacks_italy" not in ids
        and {"ev_invasion_2022", "ev_italian_troops", "ev_no_limits_declared"} <= ids
    )
    assert "ev_invasion_2022" not in set(select(seed, until="1950").events["id"])


def test_speakers(seed):
    part = select(seed, speakers=["editors"])
    assert set(part.facts["speaker"]) == {"editors"}
    assert part.quotations.empty  # their quoted words have no named source
    part = select(seed, speakers=["putin"])
    assert set(part.facts["speaker"]) == {"putin"} == set(part.quotations["speaker"])


def test_nothing_dangles(seed):
    part = select(seed, speakers=["kragh"], modality=["asserted"])
    ids = set(part.facts["id"])
    assert set(part.arguments["source"]) <= ids and set(part.arguments["target"]) <= ids
    assert set(part.readings["fact"]) <= ids and set(part.consistency["fact"]) <= ids


def test_a_bearing_goes_with_its_claim_and_its_evidence():
    whole = axislib.open_seed(layers=["article", "context"])
    part = select(whole, actors=["IRN"])
    facts, measures = set(part.facts["id"]), set(whole.tables["measures"]["id"])
    before, after = whole.tables["bearings"], part.tables["bearings"]
    stays = before["target"].isin(facts) & before["evidence"].isin(facts | measures)
    assert after["id"].tolist() == before.loc[stays, "id"].tolist()
    # both ways of going occur, and a measure keeps a bearing
    assert (~before["target"].isin(facts)).any() and (
        ~before["evidence"].isin(facts | measures)
    ).any()
    assert after["evidence"].isin(measures).any() and len(select(whole).tables["bearings"]) == len(
        before
    )


def test_the_seed_itself_is_not_changed(seed):
    before = len(seed.facts)
    select(seed, actors=["PRK"])
    assert len(seed.facts) == before


@pytest.mark.parametrize(
    "condition",
    [
        {"actors": ["PKR"]},
        {"speakers": ["nobody"]},
        {"modality": ["sure"]},
        {"coalitions": ["axles"]},
    ],
)
def test_unknown_words_are_refused(seed, condition):
    with pytest.raises(SeedError, match="is not known to data set"):
        select(seed, **condition)


@settings(max_examples=25, deadline=None)
@given(
    actors=st.sets(st.sampled_from(sorted(SEED.actors["id"])), max_size=3),
    modality=st.sets(st.sampled_from(sorted(vocabulary("modality"))), max_size=2),
)
def test_more_conditions_never_give_more(actors, modality):
    some, fewer = select(SEED, actors=actors), select(SEED, actors=actors, modality=modality)
    assert set(fewer.facts["id"]) <= set(some.facts["id"])


def test_a_selection_shares_nothing_and_counts_its_rows_from_nought():
    seed = axislib.open_seed()
    part = axislib.select(seed, since="2020")
    part.actors.loc[0, "name"] = "Changed"
    assert seed.actors.loc[0, "name"] != "Changed"
    record = axislib.select(axislib.open_seed(layers=["context"]), since="1900")
    assert all(frame.index.tolist() == list(range(len(frame))) for frame in record.tables.values())


def test_one_string_is_a_list_of_one_and_names_will_do(seed):
    by_id = select(seed, actors=["PRK"])
    for actors in ("PRK", "North Korea", ["north korea"], "Pyongyang"):
        assert select(seed, actors=actors) == by_id
    troops = axislib.keep(seed, "transfers", category="troops").transfers
    assert troops["category"].unique().tolist() == ["troops"]
    given = axislib.keep(seed, "transfers", giver="North Korea").transfers
    assert given["giver"].unique().tolist() == ["PRK"]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ({"category": "trops"}, "category: 'trops' is not known .* did you mean troops?"),
        ({"giver": ["Norh Korea"]}, "giver: 'Norh Korea' .* did you mean North Korea?"),
        ({"categry": ["troops"]}, "'categry' is not a column of transfers; did you mean category?"),
    ],
)
def test_keep_refuses_what_is_not_known(seed, ask, words):
    with pytest.raises(SeedError, match=words):
        axislib.keep(seed, "transfers", **ask)
    with pytest.raises(SeedError, match="'transfer' is not a table; did you mean transfers?"):
        axislib.keep(seed, "transfer")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda seed: axislib.comparison(seed, dimensions=["troops"]), "dimensions: 'troops'"),
        (lambda seed: axislib.comparison(seed, dimensions="mutual_regrad"), "mutual_regard"),
        (lambda seed: axislib.levels(seed, ["historic_axi"]), "did you mean historic_axis"),
        (lambda seed: axislib.levels(seed, "historic_axi"), "did you mean historic_axis"),
        (lambda seed: seed.keep("transfers", category=["trops"]), "did you mean troops"),
        (lambda seed: seed.select(actors="North Koreaa"), "did you mean North Korea"),
        (lambda seed: seed.why("P14.S33"), "is not an id"),
        (lambda seed: axislib.comparison(seed, "wwii_allies", "wwii_allies"), "both"),
        (lambda seed: axislib.fillings(seed, draws=0), "draws: 0 is too few"),
        (lambda seed: axislib.open_seed(layers=[]), "choose at least one of: article"),
    ],
)
def test_a_misspelt_name_is_never_silence(seed, ask, words):
    with pytest.raises(SeedError, match=words):
        ask(seed)


@pytest.mark.parametrize(
    "column, value, rows",
    [("actors", "RUS", 16), ("actors", "PRK", 9), ("actors", "CHN", 2), ("actors", "Iran", 2)],
)
def test_keep_finds_a_value_among_several_in_a_cell(seed, column, value, rows):
    assert len(seed.keep("events", **{column: value}).events) == rows


def test_keep_finds_every_part_of_a_hedge_and_every_sentence(seed):
    kept = seed.keep("claims", hedge_on="scope").claims
    assert len(kept) == 12 and kept["hedge_on"].str.contains("scope").all()
    cell = next(cell for cell in seed.claims["anchors"] if ";" in cell)
    for locator in cell.split(";"):
        assert cell in set(seed.keep("claims", anchors=locator).claims["anchors"])
    assert set(seed.keep("claims", anchors=cell).claims["anchors"]) == {cell}


def test_keep_says_that_a_known_value_is_on_no_row(seed):
    words = "P14.S3 is a sentence of kragh-holy-war, but no row of claims rests on it"
    with pytest.warns(UserWarning, match=words):
        assert seed.keep("claims", anchors="P14.S3").claims.empty
    with pytest.warns(UserWarning, match="'GBR' is known .* no row of transfers has it in giver"):
        none = seed.keep("transfers", giver="GBR", category="troops").transfers
    assert none.empty and list(none.columns) == list(seed.transfers.columns)


def test_select_named_only_leaves_out_what_touches_a_coalition(seed):
    every, named = (seed.select(actors="Iran", named_only=only).events for only in (False, True))
    assert set(named["id"]) < set(every["id"])
    assert all("IRN" in cell.split(";") for cell in named["actors"]) and len(named) == 2


def test_a_coalition_is_sought_among_the_coalitions(seed):
    with pytest.raises(SeedError, match="coalitions: 'axis powers'.*: historic_axis, wwii_allies"):
        axislib.select(seed, coalitions="axis powers")
