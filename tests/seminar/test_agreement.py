"""Alpha against the krippendorff package, the published examples, and the cases in which there is
none."""

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axislib.seminar.agreement import agree, alpha, count_codes, disagreements, interval
from axislib.seminar.sheets import SCALES, words_of

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: A, B and C; . is a missing code
TWO_BINARY = ["0100000010", "1110010000"]
TWO_NOMINAL = ["aabbdcccedda", "babbbcccеddd".replace("\u0435", "e")]
FOUR = [
    "1233214120..",
    "1233224125.3",
    ".333234225 1.".replace(" ", ""),
    "123324412 51.".replace(" ", ""),
]
FOUR[0] = "123321412..."


def codes_of(rows, variable="modality"):
    return pd.DataFrame(
        [
            {
                "coder": f"c{n}",
                "unit": f"u{m}",
                "variable": variable,
                "code": "" if code == "." else code,
            }
            for n, row in enumerate(rows)
            for m, code in enumerate(row)
        ]
    )


def counts_of(rows):
    codes = codes_of(rows)
    codes = codes[codes["code"] != ""]
    return count_codes(codes, sorted(set(codes["code"])))


@pytest.mark.parametrize(
    ("rows", "scale", "published"),
    [
        (TWO_BINARY, "nominal", 0.095),
        (TWO_NOMINAL, "nominal", 0.692),
        (FOUR, "nominal", 0.743),
        (FOUR, "ordinal", 0.815),
    ],
)
def test_published_examples(rows, scale, published):
    assert alpha(counts_of(rows), scale) == pytest.approx(published, abs=0.0006)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(2, 5).flatmap(
        lambda coders: st.lists(
            st.lists(st.integers(0, 5), min_size=coders, max_size=coders), min_size=1, max_size=15
        )
    ),
    st.sampled_from(["nominal", "ordinal"]),
)
def test_alpha_is_that_of_the_package(units, scale):
    data = np.array(units, dtype=float).T
    data[data == 0] = np.nan  # 0 stands for a missing code
    counts = np.array(
        [[np.sum(column == word) for word in range(1, 6)] for column in data.T], dtype=float
    )
    counts = counts[counts.sum(axis=1) >= 2]
    if not len(counts) or (counts.sum(axis=0) > 0).sum() < 2:
        assert np.isnan(alpha(counts, scale))
        return
    theirs = krippendorff.alpha(
        reliability_data=data, level_of_measurement=scale, value_domain=np.arange(1, 6)
    )
    assert alpha(counts, scale) == pytest.approx(theirs, abs=1e-9)


def test_the_interval_is_seeded_and_holds_alpha():
    counts = counts_of(FOUR)
    low, high = interval(counts)
    assert (low, high) == interval(counts) and low <= alpha(counts) <= high and high - low > 0.1


def test_ordinal_forgives_neighbours():
    near = counts_of(["1234123412", "2234123411"])
    far = counts_of(["1234123412", "4234123411"])
    assert alpha(near, "ordinal") > alpha(far, "ordinal") > -1
    # on a nominal scale both differ on as many units
    assert abs(alpha(near) - alpha(far)) < 0.02


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        ([("a", "u1", "asserted")], "fewer than two coders gave codes"),
        ([("a", "u1", "asserted"), ("b", "u2", "asserted")], "no unit was coded by both"),
        (
            [
                ("a", "u1", "asserted"),
                ("b", "u1", "asserted"),
                ("a", "u2", "asserted"),
                ("b", "u2", "asserted"),
            ],
            "one code only",
        ),
        ([("a", "u1", "asserted"), ("b", "u1", "hedged")], "too few units for an interval"),
    ],
)
def test_undefined_cases_say_why(seed, codes, why):
    frame = pd.DataFrame(codes, columns=["coder", "unit", "code"]).assign(variable="modality")
    row = agree(frame, seed).iloc[0]
    assert why in row["why"]
    assert np.isnan(row["alpha"]) == why.startswith(("fewer", "no unit", "one code"))


def test_pairs_count_only_units_coded_by_both(seed):
    units = list(seed.facts["id"].head(8))
    rows = [("anna", u, w) for u, w in zip(units, ["asserted", "hedged"] * 4, strict=True)]
    rows += [("ben", u, "asserted") for u in units[:5]] + [("cem", u, "hedged") for u in units[3:]]
    table = agree(
        pd.DataFrame(rows, columns=["coder", "unit", "code"]).assign(variable="modality"), seed
    ).set_index("coders")
    assert table["units"].to_dict() == {"all": 8, "anna + ben": 5, "anna + cem": 5, "ben + cem": 2}


def test_pairs_whose_labels_read_alike_stay_two(seed):
    units, words = list(seed.facts["id"].head(4)), ["asserted", "hedged"] * 2
    codes = {"a": words, "a + b": words, "b + c": words, "c": words[::-1]}
    rows = [(c, u, w) for c, row in codes.items() for u, w in zip(units, row, strict=True)]
    frame = pd.DataFrame(rows, columns=["coder", "unit", "code"]).assign(variable="modality")
    table = agree(frame, seed, draws=20)
    alike = table.loc[table["coders"] == "a + b + c", "alpha"]
    assert len(table) == 7 and alike.tolist() == [1.0, table["alpha"].iloc[-1]]


def test_pair_alphas_are_those_of_the_package(seed):
    draw = np.random.default_rng(3)
    words, units = list(words_of(seed, "rating")), list(seed.consistency["id"].head(20))
    given = {coder: draw.integers(0, 5, len(units)) for coder in ("anna", "ben", "cem")}
    codes = pd.DataFrame(
        [
            (coder, unit, words[code])
            for coder, row in given.items()
            for unit, code in zip(units, row, strict=True)
        ],
        columns=["coder", "unit", "code"],
    ).assign(variable="rating")
    table = agree(codes, seed, draws=50).set_index("coders")
    for label, chosen in {"all": list(given), "anna + cem": ["anna", "cem"]}.items():
        theirs = krippendorff.alpha(
            reliability_data=np.array([given[c] for c in chosen]),
            level_of_measurement="ordinal",
            value_domain=np.arange(5),
        )
        assert table.loc[label, "alpha"] == pytest.approx(theirs)


def test_only_ratings_are_ordinal():
    assert [name for name, scale in SCALES.items() if scale == "ordinal"] == ["rating"]


def test_disagreements_show_both_codes_and_memos(seed):
    first, second = seed.facts["id"].head(2)
    codes = pd.DataFrame(
        {
            "coder": ["anna", "ben"] * 2,
            "unit": [first, first, second, second],
            "variable": "modality",
            "code": ["asserted", "hedged", "asserted", "asserted"],
            "memo": ["m1", "m2", "", ""],
            "where": "P01.S1",
            "question": "q",
        }
    )
    table = disagreements(codes, seed)
    assert table["unit"].tolist() == [first]
    assert table.iloc[0][["anna: code", "anna: memo", "ben: code", "ben: memo"]].tolist() == [
        "asserted",
        "m1",
        "hedged",
        "m2",
    ]
