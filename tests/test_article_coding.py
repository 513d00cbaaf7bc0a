"""What careless coders get wrong: each a case that must stay right, and the words that may stand in
the tables."""

import re

import pytest

from axislib.tables.schema import load_schema, split_cell


def fact(seed, fact_id):
    return seed.row(fact_id)


def test_no_editors_sentence_is_credited_to_the_author_nor_the_other_way_round(seed):
    section = seed.sentences.set_index("locator")["section"]
    for row in seed.facts.to_dict("records"):
        body = {section[p] == "body" for p in split_cell(row["anchors"])}
        assert not (row["speaker"] == "kragh" and False in body), row["id"]
        assert not (row["speaker"] == "editors" and True in body), row["id"]


def test_others_words_are_reported(seed):
    others = seed.facts[~seed.facts["speaker"].isin(["kragh", "editors"])]
    assert set(others["speaker"]) == {
        "putin",
        "xi",
        "choe",
        "zelenskyy",
        "gogol",
        "unnamed_analysts",
        "unattributed",
    }
    assert (others["modality"] == "reported").all()


def test_a_verbatim_repeat_is_one_fact_with_both_anchors(seed):
    hashes = seed.sentences.set_index("locator")["sha256"]
    assert hashes["P02.S2"] == hashes["P03.S2"]
    for row in seed.facts.to_dict("records"):
        assert ("P02.S2" in row["anchors"]) == ("P03.S2" in row["anchors"]), row["id"]


def test_troops_bound_hedge_and_date(seed):
    troops = fact(seed, "tr_prk_troops")
    assert (troops["giver"], troops["receiver"], troops["quantity"], troops["bound"]) == (
        "PRK",
        "RUS",
        8000,
        "at_least",
    )
    assert split_cell(troops["hedge"]) == ["at least", "ostensibly"] and split_cell(
        troops["hedge_on"]
    ) == ["quantity", "purpose"]
    assert troops["modality"] == "asserted" and troops["date"] == "2024-10/.."


def test_no_number_is_invented(seed):
    numbered = seed.transfers[seed.transfers["quantity"].notna()]
    assert numbered["id"].tolist() == ["tr_prk_troops"]
    assert (seed.transfers.loc[seed.transfers["quantity"].isna(), "bound"] == "unstated").all()


def test_the_houthis_receive_and_iran_is_repaid(seed):
    data = fact(seed, "tr_rus_satellite_data")
    assert (data["giver"], data["receiver"], data["in_return_for"]) == (
        "RUS",
        "houthis",
        "tr_irn_drones",
    )
    assert not ((seed.transfers["giver"] == "RUS") & (seed.transfers["receiver"] == "IRN")).any()


def test_what_russia_gives_north_korea_is_in_return(seed):
    given = seed.transfers[
        (seed.transfers["giver"] == "RUS") & (seed.transfers["receiver"] == "PRK")
    ]
    assert len(given) == 3 and given["in_return_for"].str.contains("tr_prk_troops").all()


def test_critical_are_the_arms_and_not_the_troops(seed):
    about = split_cell(fact(seed, "cl_deliveries_critical")["about"])
    assert {"tr_prk_artillery", "tr_prk_rockets", "tr_prk_missiles"} <= set(
        about
    ) and "tr_prk_troops" not in about


def test_cover_is_given_to_any_challenger_by_two_jointly(seed):
    cover = seed.transfers[seed.transfers["category"] == "diplomatic"]
    assert (
        set(cover["giver"]) == {"RUS", "CHN"}
        and set(cover["receiver"]) == {"any_challenger"}
        and cover["joint"].nunique() == 1
    )


def test_zelenskyy_highlights(seed):
    danger = fact(seed, "cl_second_nuclear_danger")
    assert (danger["speaker"], danger["modality"]) == ("zelenskyy", "reported")


def test_the_axis_comparison_compares_what_it_compares(seed):
    thesis = fact(seed, "cmp_thesis")
    assert (thesis["left"], thesis["right"], thesis["direction"], thesis["hedge_on"]) == (
        "modern_alignment",
        "historic_axis",
        "exceeds",
        "scope",
    )
    pairs = {frozenset(p.split("-")) for p in split_cell(thesis["right_pairs"])}
    assert pairs == {
        frozenset({"nazi_germany", "kingdom_of_italy"}),
        frozenset({"nazi_germany", "imperial_japan"}),
    }


def test_the_four_are_never_compared_with_the_allies(seed):
    sides = set(zip(seed.comparisons["left"], seed.comparisons["right"], strict=True))
    assert not {("modern_alignment", "wwii_allies"), ("wwii_allies", "modern_alignment")} & sides
    assert any(
        {"modern_alignment", "wwii_allies"} <= set(split_cell(about))
        for about in seed.silences["about"]
    )


def test_analogies_named_to_be_turned_down_are_rejected(seed):
    rejected = seed.comparisons[seed.comparisons["status"] == "rejected"]
    assert set(zip(rejected["left"], rejected["right"], strict=True)) == {
        ("putin", "hitler"),
        ("xi", "hirohito"),
    }


def test_a_question_is_no_answer(seed):
    axis = seed.comparisons[seed.comparisons["id"].isin(["cmp_ed_new_axis", "cmp_new_axis"])]
    assert (axis["polarity"] == "left_open").all() and (axis["status"] == "mentioned").all()
    assert fact(seed, "rel_chn_concerned")["polarity"] == "left_open"


def test_possibly_stands_before_the_europeans_only(seed):
    assert (
        fact(seed, "rel_trump_favours")["hedge"] == ""
        and "possibly" in fact(seed, "rel_europeans_favour")["hedge"]
    )


def test_hitler_and_hirohito_are_not_the_axis(seed):
    row = fact(seed, "co_hitler_hirohito_decisions")
    assert (row["pairs"], row["bears"]) == ("hitler-hirohito", "against")


def test_collective_ties_are_not_split(seed):
    collective = seed.relations[seed.relations["reach"] == "collective"]
    assert len(collective) and not collective["reach"].eq("each_pair").any()
    for subject, target in zip(collective["subject"], collective["object"], strict=True):
        assert subject not in ("RUS", "PRK", "CHN", "IRN") and target not in (
            "RUS",
            "PRK",
            "CHN",
            "IRN",
        )


def test_polities_are_of_their_time(seed):
    ids = set(seed.actors["id"])
    assert {
        "nazi_germany",
        "kingdom_of_italy",
        "imperial_japan",
        "soviet_union",
        "RUS",
        "USA",
        "GBR",
    } <= ids and not {"DEU", "ITA", "JPN"} & ids
    members = seed.memberships.groupby("coalition")["actor"].agg(set)
    assert members["historic_axis"] == {"nazi_germany", "kingdom_of_italy", "imperial_japan"}
    assert members["modern_alignment"] == {"RUS", "CHN", "IRN", "PRK"} and members[
        "wwii_allies"
    ] == {"USA", "GBR", "soviet_union"}


def test_sizes(seed):
    assert len(seed.dimensions) >= 16 and len(seed.silences) >= 25 and len(seed.readings) >= 15
    assert set(seed.hypotheses["id"]) == {
        "hyp_axis",
        "hyp_marriage_of_convenience",
        "hyp_parallel_deals",
    }
    rated = seed.consistency.groupby("fact")["hypothesis"].nunique()
    assert (rated == 3).all()


def test_tables_are_plain_ascii(seed):
    for name in load_schema()["tables"]:
        raw = (seed.folder / f"{name}.csv").read_bytes()
        assert raw.isascii() and b"\r" not in raw, name


WORDS_OF_THE_TEXT = ("hedge", "quantity_words", "date_words", "source_words", "words", "aliases")


def straight(text):
    return text.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\""))


def test_hedges_and_quotations_stand_in_their_sentences(seed, article):
    for name, frame in seed.tables.items():
        for column in set(WORDS_OF_THE_TEXT) & set(frame.columns) - {"aliases"}:
            for row in frame[frame[column].map(lambda cell: bool(split_cell(cell)))].to_dict(
                "records"
            ):
                sentences = straight(" ".join(seed.sentence(p) for p in split_cell(row["anchors"])))
                for words in split_cell(row[column]):
                    assert straight(words) in sentences, (name, row["id"], column, words)


def test_quoted_words_stand_in_quotation_marks(seed, article):
    for row in seed.quotations.to_dict("records"):
        sentence = straight(" ".join(seed.sentence(p) for p in split_cell(row["anchors"])))
        assert any(
            row["words"] in quoted
            for quoted in re.findall(r"[\"'](.+?)[\"'.,](?:[\s\"':.,]|$)", sentence)
        ), row["id"]


@pytest.mark.parametrize("most", [7])
def test_prose_is_our_own(seed, article, most):
    """No run of words longer than this from the article's own text, title and posts aside."""

    def words(text):
        return re.findall(r"[a-z0-9]+", straight(text).lower())

    runs = set()
    for locator in seed.sentences.loc[
        ~seed.sentences["locator"].isin(["P01.S1", "P26.S1"]), "locator"
    ]:
        said = words(seed.sentence(locator))
        runs |= {tuple(said[i : i + most]) for i in range(len(said) - most + 1)}
    for name, frame in seed.tables.items():
        for column in set(frame.columns) - set(WORDS_OF_THE_TEXT):
            for row_id, cell in zip(frame.iloc[:, 0], frame[column], strict=True):
                if isinstance(cell, str):
                    own = words(cell)
                    taken = [
                        own[i : i + most]
                        for i in range(len(own) - most + 1)
                        if tuple(own[i : i + most]) in runs
                    ]
                    assert not taken, (name, row_id, column, taken)
