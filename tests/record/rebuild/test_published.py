"""The shipped tables against figures that others published for the same quantity; each test names
its source."""

from __future__ import annotations

import pytest


def pick(frame, **where):
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame


# --- United Nations
# -------------------------------------------------------------------------------------


def test_the_invasion_was_deplored_by_141_to_5_with_35_abstaining(shipped):
    """UN record of ES-11/1, 2 March 2022; 68/262 of 2014: 100 to 11 with 58 abstaining."""
    counts = pick(shipped("assembly_ukraine_votes"), actor="all_members").set_index(
        ["resolution", "vote"]
    )["votes"]
    assert [counts["ES-11/1", vote] for vote in ("yes", "no", "abstention")] == [141, 5, 35]
    assert [counts["68/262", vote] for vote in ("yes", "no", "abstention")] == [100, 11, 58]
    four = shipped("assembly_ukraine_votes").query(
        "resolution == 'ES-11/1' and actor in ['RUS', 'PRK', 'CHN', 'IRN']"
    )
    assert dict(zip(four["actor"], four["vote"], strict=True)) == {
        "PRK": "no",
        "RUS": "no",
        "CHN": "abstention",
        "IRN": "abstention",
    }


def test_russian_vetoes_since_2011(shipped):
    """Security Council Report, The Veto (end of 2019): since 2011 Russia 19 vetoes, 14 on Syria;
    the United States three."""
    vetoes = shipped("council_vetoes")
    here = vetoes[vetoes["date"].between("2011-01-01", "2019-12-31")]
    assert here["vetoed_by"].str.contains("RUS").sum() == 19
    assert here["vetoed_by"].str.contains("USA").sum() == 3


def test_twelve_russian_vetoes_on_syria_by_april_2018(shipped):
    """Arab News, 10 April 2018; the others since 2011: Ukraine (two), Srebrenica and Yemen."""
    vetoes = shipped("council_vetoes")
    russian = vetoes[
        vetoes["date"].between("2011-01-01", "2018-04-10") & vetoes["vetoed_by"].str.contains("RUS")
    ]
    elsewhere = {"S/2014/189", "S/2015/562", "S/2015/508", "S/2018/156"}
    assert elsewhere <= set(russian["document"])
    assert len(russian) - len(elsewhere) == 12


def test_vetoed_votes_are_more_than_vetoed_drafts(shipped):
    """The provenance of the data: 251 vetoed votes to July 2022, where the official list has 214
    drafts."""
    vetoes = shipped("council_vetoes")
    assert (vetoes["date"] <= "2022-07-31").sum() == 251
    assert vetoes["vetoed_by"].str.contains("republic_of_china").sum() == 1  # 1955, on Mongolia


def test_ten_sanctions_resolutions_on_north_korea_had_russian_and_chinese_votes(shipped):
    """South Korea's Foreign Ministry counts ten from 2006 to 2017; two later drafts were vetoed.

    The list holds more: the panel of experts prolonged, and a resolution before the first
    sanctions.
    """
    votes = pick(shipped("council_key_votes"), topic="sanctions_on_north_korea")
    adopted = votes[votes["outcome"] == "adopted"]
    other = ["the panel of experts prolonged", "missile launches, before the first sanctions"]
    assert adopted.loc[~adopted["about"].isin(other), "document"].nunique() == 10
    assert set(adopted["vote"]) == {"yes"}
    later = votes[votes["outcome"] == "vetoed"].set_index(["document", "actor"])["vote"]
    assert [later["S/2022/431", who] for who in ("RUS", "CHN")] == ["no", "no"]
    assert [later["S/2024/255", who] for who in ("RUS", "CHN")] == ["no", "abstention"]


@pytest.mark.parametrize(
    ("vintage", "series", "spread"),
    [
        ("2025-07", "all_votes", 0.34),
        ("2025-07", "foreign_policy_votes", 0.98),
        ("2025-07", "legacy", 1.21),
        ("2024-06", "all_votes", 1.21),
    ],
)
def test_the_widest_distance_among_the_four_in_2023(shipped, vintage, series, spread):
    """The provenance of the ideal points names 0.34, 0.98 and 1.21: the vintage and the series move
    the result."""
    four = {"RUS", "CHN", "IRN", "PRK"}
    table = pick(shipped("ideal_distances"), year=2023, vintage=vintage, series=series)
    assert table[table["left"].isin(four) & table["right"].isin(four)][
        "distance"
    ].max() == pytest.approx(spread, abs=0.005)


# --- capabilities, treaties, wars
# -----------------------------------------------------------------------


def test_the_index_of_the_united_states_in_1945(shipped):
    """National Material Capabilities v5: 0.3838635; the value has not moved since."""
    assert pick(shipped("capabilities"), actor="USA", year=1945)["cinc"].item() == pytest.approx(
        0.3838635, abs=1e-6
    )


def test_the_three_of_the_axis_owed_each_other_defence(shipped):
    """cooperation_measures.csv: three of three pairs (Pact of Steel, Tripartite Pact)."""
    table = shipped("treaty_obligations")
    axis = table[
        (table["year"] == 1941)
        & table["left"].isin(["nazi_germany", "kingdom_of_italy"])
        & table["right"].isin(["kingdom_of_italy", "imperial_japan"])
    ]
    assert len(axis) == 3 and axis["defence"].all()


def test_of_the_four_only_china_and_north_korea_owed_defence_in_2018(shipped):
    """cooperation_measures.csv counts two of six in November 2024: the treaty of June 2024 is
    outside ATOP."""
    four = {"RUS", "CHN", "IRN", "PRK"}
    table = pick(shipped("treaty_obligations"), year=2018)
    four_pairs = table[table["left"].isin(four) & table["right"].isin(four)]
    assert len(four_pairs) == 6
    assert four_pairs[four_pairs["defence"] == 1][["left", "right"]].to_numpy().tolist() == [
        ["CHN", "PRK"]
    ]


def test_the_atlantic_alliance_in_every_year(shipped):
    """North Atlantic Treaty, 1949."""
    table = pick(shipped("treaty_obligations"), left="USA", right="GBR")
    assert table[table["year"] >= 1949]["defence"].all()
    assert not table[table["year"].between(1933, 1941)]["defence"].any()


def test_italy_beside_germany_from_june_1940_and_against_it_from_1943(shipped):
    """Correlates of War 4.0 and every history: 10 June 1940; dyads have September, participants
    October 1943."""
    table = pick(shipped("wars_together"), left="nazi_germany", right="kingdom_of_italy")
    assert pick(table, relation="same_side")[["since", "until"]].to_numpy().tolist() == [
        ["1940-06-10", "1943-09-02"]
    ]
    assert set(pick(table, relation="opposite_sides")["since"]) == {"1943-09", "1943-10-18"}


def test_north_korea_beside_russia_in_2024(shipped):
    """UCDP 25.1 (Davies and others 2025) lists North Korea as a supporting party, in 2024 only."""
    row = pick(shipped("conflicts_together"), left="RUS", right="PRK")
    assert row[["conflict_id", "since", "until", "relation"]].to_numpy().tolist() == [
        [13243, 2024, 2024, "same_side"]
    ]


def test_seventeen_meetings_of_hitler_and_mussolini(shipped):
    """Corvaja, Hitler and Mussolini: The Secret Meetings; Bosworth on Goeschel 2018."""
    axis = pick(shipped("leader_meetings"), left="nazi_germany", right="kingdom_of_italy")
    assert axis[["meetings", "bound"]].to_numpy().tolist() == [[17, "exact"]]


# --- arms and aid
# ---------------------------------------------------------------------------------------


def test_shares_of_ukraines_arms_imports(shipped):
    """SIPRI, Trends in International Arms Transfers, 2024 (March 2025): USA 45, Germany 12, Poland
    11 per cent in 2020-24."""
    table = pick(shipped("arms_transfers"), recipient="UKR")
    table = table[table["year"].between(2020, 2024)]
    shares = table.groupby("supplier")["tiv"].sum() / table["tiv"].sum()
    assert [round(shares[who] * 100) for who in ("USA", "DEU", "POL")] == [45, 12, 11]


def test_aid_to_ukraine_by_february_2025(shipped):
    """Kiel Institute, April 2025: Europe 138 and the United States 115 billion euros; Estonia and
    Denmark above two per cent of GDP, Germany and the United Kingdom 0.4-0.5, France, Italy and
    Spain 0.1-0.2. Release 29 has revised them a little since.
    """
    table = pick(shipped("aid_to_ukraine"), until="2025-02").set_index("donor")
    elsewhere = ["USA", "CAN", "JPN", "AUS", "NZL", "KOR", "CHN", "IND", "TWN", "TUR"]
    assert table.loc["USA", "total"] == pytest.approx(115, rel=0.02)
    assert table["total"].drop(elsewhere).sum() == pytest.approx(138, rel=0.03)
    percent = table["share"] * 100
    assert min(percent["EST"], percent["DNK"]) > 2
    assert {round(percent[who], 1) for who in ("DEU", "GBR")} <= {0.4, 0.5}
    assert {round(percent[who], 1) for who in ("FRA", "ITA", "ESP")} <= {0.1, 0.2}


def test_the_range_of_north_koreas_support(shipped):
    """1.7 to 5.5 billion dollars are 6-18 per cent of 30.8 billion, or 4-14 per cent at purchasing
    power.

    30.8: the Bank of Korea's 40,194.2 billion won of 2023 at 1,305.4 won a dollar. The press
    divides by 23.7, a real GDP.
    """
    rows = pick(shipped("support_relative"), giver="PRK", until="2024-10", denominator="one_year")
    bands = {
        source: (round(low * 100), round(high * 100))
        for source, low, high in rows[["gdp_source", "share_low", "share_high"]].itertuples(
            index=False
        )
    }
    assert bands == {"typed": (6, 18), "gapminder": (4, 14)}


def test_lend_lease_adds_up(shipped):
    """Wikipedia, Lend-Lease: 50.1 billion dollars in all."""
    given = pick(shipped("lend_lease"), programme="lend_lease").set_index("receiver")["usd_bn"]
    assert given.drop("all_recipients").sum() == pytest.approx(given["all_recipients"])
    assert given["all_recipients"] == 50.1


def test_choices_move_the_result_and_both_are_there(shipped):
    """Absence (three ways), vintage and denominator: more than one value for the same quantity."""
    agreement = pick(shipped("assembly_agreement"), left="RUS", right="PRK", year=2022)[
        "identical_share"
    ]
    assert len(agreement) == 3 and agreement.max() - agreement.min() > 0.05
    support = pick(shipped("support_relative"), giver="PRK", until="2024-10")["share_high"]
    assert len(support) == 4 and support.max() > 3 * support.min()
