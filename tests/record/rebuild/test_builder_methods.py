"""What the builders count, on invented votes, treaties and deliveries small enough to check by
hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axislib.errors import SeedError
from axislib.record.rebuild import compare, put_in_place, support, votes, wars
from axislib.record.rebuild.tables import (
    actor_of,
    code_in_year,
    load_pairs,
    load_specs,
    load_table,
    make_table,
    members_by_year,
    number_text,
    to_numbers,
)


def cells(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype("str")


# --- polities
# -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "code", "when", "actor"),
    [
        ("cow", 255, 1939, "nazi_germany"),
        ("cow", 255, 1945, "nazi_germany"),
        ("cow", 255, 1970, ""),
        ("cow", 260, 1970, "west_germany"),
        ("cow", 255, 1995, "DEU"),
        ("gw", 260, 1995, "DEU"),
        ("cow", 325, 1943, "kingdom_of_italy"),
        ("cow", 740, "1945-08-08", "imperial_japan"),
        ("cow", 740, 1960, "JPN"),
        ("cow", 365, 1991, "soviet_union"),
        ("cow", "365.0", 1992, "RUS"),
        ("cow", 710, 1945, "republic_of_china"),
        ("cow", 710, 1950, "CHN"),
        ("iso", "CHN", 1972, "CHN"),
        ("iso", "CHN", 1960, ""),
        ("iso", "TWN", 1960, "republic_of_china"),
        ("council", "CHINA", "1971-10-24", "republic_of_china"),
        ("council", "CHINA", "1971-10-25", "CHN"),
        ("cow", 630, 1970, "imperial_iran"),
        ("iso", "BLR", 1980, "byelorussian_ssr"),
    ],
)
def test_a_code_is_the_polity_of_its_day(scheme, code, when, actor):
    assert actor_of(scheme, code, when) == actor


def test_an_unlisted_code_is_an_error_with_its_mend():
    with pytest.raises(
        SeedError, match="polities.csv: the code '999' of cow is not listed; add a row"
    ):
        actor_of("cow", 999, 1950)


def test_no_code_has_two_holders_on_a_day():
    table = load_table("polities")
    for (scheme, code), rows in table.groupby(["scheme", "code"]):
        spells = sorted(
            zip(rows["since"].replace("", "0000"), rows["until"].replace("", "9999"), strict=True)
        )
        for (_, until), (since, _) in zip(spells, spells[1:], strict=False):
            assert until < since, (scheme, code)


def test_every_pair_and_member_has_a_code():
    coded = set(load_table("polities")["actor"])
    pairs = load_pairs()[["left", "right"]].to_numpy().tolist()
    assert {actor for pair in pairs for actor in pair} <= coded
    assert set(load_table("coalitions")["actor"]) <= coded
    assert len(set(map(frozenset, pairs))) == len(pairs), "a pair stands twice"


def test_membership_ends():
    axis = members_by_year([1943, 1944]).query("coalition == 'historic_axis'")
    assert axis["actor"].tolist() == [
        *("nazi_germany", "kingdom_of_italy", "imperial_japan"),
        *("nazi_germany", "imperial_japan"),
    ]
    assert code_in_year("cow", "soviet_union", 1992) == ""


# --- General Assembly
# -----------------------------------------------------------------------------------


def matrix(rows: list[tuple]) -> pd.DataFrame:
    """Votes of USA, RUS, CHN, TWN on invented days, with the columns that precede the states."""
    head = ["vote_id", "rcid", "date", "me", "nu", "di", "hr", "co", "ec"]
    return cells(
        [
            dict(
                zip(
                    [*head, "USA", "RUS", "CHN", "TWN"],
                    ["v", "1", day, *["False"] * 6, *votes],
                    strict=True,
                )
            )
            for day, *votes in rows
        ]
    )


def agreement(rows: list[tuple]) -> pd.DataFrame:
    table = votes.pairs_by_year(votes.read_votes(matrix(rows)))
    return table.set_index(["left", "right", "year", "absence"])


def test_identical_opposed_and_the_two_absences():
    frame = agreement(
        [
            ("2000-01-01", 1, 1, 1, 9),
            ("2000-01-02", 1, 3, 2, 9),
            ("2000-01-03", 2, 8, 3, 9),
            ("2000-01-04", 8, 8, 8, 9),
        ]
    )
    left_out, abstaining = (
        frame.loc["USA", "RUS", 2000, "left_out"],
        frame.loc["USA", "RUS", 2000, "as_abstention"],
    )
    assert tuple(left_out[["n", "identical", "opposed"]]) == (2, 1, 1)
    assert tuple(abstaining[["n", "identical", "opposed"]]) == (4, 3, 1)
    assert tuple(frame.loc["RUS", "CHN", 2000, "left_out"][["n", "identical", "opposed"]]) == (
        2,
        1,
        0,
    )  # no and abstention


def test_the_soviet_union_is_not_russia_and_each_china_has_its_years():
    frame = agreement(
        [
            ("1960-01-01", 1, 1, 9, 1),
            ("1971-10-03", 1, 1, 8, 1),
            ("1971-11-03", 1, 3, 1, 9),
            ("1992-01-01", 1, 3, 1, 9),
        ]
    )
    assert ("USA", "soviet_union", 1971, "left_out") in frame.index
    assert not any(left == "RUS" and year < 1992 for left, _, year, _ in frame.index)
    missed = votes.read_votes(matrix([("1971-10-03", 1, 1, 8, 1), ("1971-11-03", 1, 1, 8, 9)]))
    assert missed["CHN"].tolist() == [9, 8]  # an absence while Taiwan still sat is none
    assert frame.loc["USA", "republic_of_china", 1971, "left_out"]["n"] == 1


@settings(deadline=None)  # a shared machine may stop for a moment
@given(
    st.lists(
        st.tuples(st.sampled_from([1, 2, 3, 8, 9]), st.sampled_from([1, 2, 3, 8, 9])), max_size=30
    )
)
def test_counts_hold_together(pairs):
    codes = pd.DataFrame([(1, 1), *pairs], columns=["A", "B"]).set_axis([2000] * (len(pairs) + 1))
    kept = [votes.count_alike(votes.stances(codes, rule)).iloc[0] for rule in votes.ABSENCES]
    for row in kept:
        assert 0 < row["identical"] + row["opposed"] <= row["n"] and row["by_chance"] <= row["n"]
    assert kept[0]["n"] <= kept[1]["n"]  # counting absence never takes a vote away
    assert kept[0]["opposed"] == kept[1]["opposed"]  # and never makes two oppose each other
    mirrored = votes.count_alike(votes.stances(codes[["B", "A"]], "left_out")).iloc[0]
    assert mirrored.equals(kept[0])


def test_any_two_members_are_all_pairs():
    frame = agreement([("2000-01-01", 1, 1, 3, 9)])
    row = frame.loc["any_member", "any_other_member", 2000, "left_out"]
    assert tuple(row[["n", "identical", "opposed"]]) == (3, 1, 2)


# --- Security Council
# -----------------------------------------------------------------------------------


def council_cells(rows: list[dict]) -> pd.DataFrame:
    base = {
        "Vote in the DB": "1",
        "document": "S/1",
        "Vote outcome": "vetoed",
        "date": "2000-01-01",
        "Yes": "10",
        "No": "1",
        "Abstentions": "4",
    }
    return cells([base | dict.fromkeys(votes.SEATS, "Y") | row for row in rows])


def test_vetoes_name_who_held_the_seat_and_doubt_repeats():
    frame = votes.vetoes_table(
        council_cells(
            [
                {"Vote in the DB": "9", "date": "1990-05-31", "RUSSIAN FEDERATION/USSR": "N"},
                {"Vote in the DB": "1", "date": "1955-12-13", "CHINA": "N"},
                {
                    "Vote in the DB": "20",
                    "date": "2023-12-22",
                    "document": "Oral amendment",
                    "UNITED STATES": "N",
                },
                {
                    "Vote in the DB": "21",
                    "date": "2023-12-22",
                    "document": "Oral amendment",
                    "UNITED STATES": "N",
                },
                {
                    "Vote in the DB": "22",
                    "date": "2024-01-01",
                    "Vote outcome": "adopted",
                    "UNITED STATES": "N",
                },
            ]
        )
    ).frame
    assert frame["vetoed_by"].tolist() == ["republic_of_china", "soviet_union", "USA", "USA"]
    assert (frame["doubtful"] != "").tolist() == [False, False, False, True]


# --- treaties, wars, arms
# -------------------------------------------------------------------------------


def member(code: int, since: int, until: int, **obligations: int) -> dict:
    row = dict.fromkeys(["bilat", "seppeace", *wars.OBLIGATIONS], 0) | obligations
    days = {
        "yrent": since,
        "moent": 3,
        "dayent": 1,
        "yrexit": until,
        "moexit": 6 if until else 0,
        "dayexit": 30 if until else 0,
    }
    return {"atopid": 1, "phase": 0, "member": code} | days | row


def owed_by(dyads: dict) -> pd.DataFrame:
    """Directed dyad-years as ATOP's file has them, read by the builder."""
    columns = ["ccode1", "ccode2", "year", *(f"atop_{name}" for name in wars.OBLIGATIONS)]
    return wars.read_dyads(
        pd.DataFrame([(*key, *owed) for key, owed in dyads.items()], columns=columns).astype(str)
    )


def test_a_treaty_binds_while_both_are_in_and_ends_with_the_polity():
    spells = wars.read_spells(
        cells([member(365, 1961, 1996, defense=1), member(731, 1962, 1995, defense=1)])
    )
    found = {tuple(row) for row in spells[["left", "right", "since", "until"]].to_numpy()}
    assert found == {
        ("soviet_union", "PRK", "1962-03-01", "1991-12-25"),
        ("RUS", "PRK", "1991-12-26", "1995-06-30"),
    }
    years = wars.obligations_by_year(spells, owed_by({})).set_index(["left", "right", "year"])
    assert years.loc["soviet_union", "PRK", 1991]["defence"] == 1
    assert ("RUS", "PRK", 1991) not in years.index  # a year is its first holder's
    assert years.loc["RUS", "PRK", 1995]["defence"] == 1
    assert (
        years.loc["RUS", "PRK", 1996]["defence"] == 0
    )  # both exist, nothing in force: a zero that is known


def test_atops_own_dyads_decide_where_they_are():
    spells = wars.read_spells(
        cells([member(365, 1992, 0, defense=1), member(710, 1992, 0, defense=1)])
    )
    assert spells["until"].tolist() == [""]
    dyads = {(365, 710, 1995): (0, 0, 0, 1, 0), (710, 365, 1995): (0, 0, 0, 0, 1)}
    row = (
        wars.obligations_by_year(spells, owed_by(dyads))
        .set_index(["left", "right", "year"])
        .loc["RUS", "CHN", 1995]
    )
    assert (row["defence"], row["nonaggression"], row["consultation"], row["coding"]) == (
        0,
        1,
        1,
        "dyads",
    )


def test_sides_in_a_war_by_day():
    parts = {
        f"{edge}{part}{spell}": -8
        for edge in ("Start", "End")
        for part in ("Year", "Month", "Day")
        for spell in (1, 2)
    }

    def part(code, side, start, end):
        days = dict(
            zip(
                ("StartYear1", "StartMonth1", "StartDay1", "EndYear1", "EndMonth1", "EndDay1"),
                (*start, *end),
                strict=True,
            )
        )
        return parts | days | {"WarNum": 139, "WarName": "W", "ccode": code, "Side": side}

    rows = wars.wars_of_participants(
        cells(
            [
                part(255, 2, (1939, 9, 1), (1945, 5, 7)),
                part(325, 2, (1940, 6, 10), (1943, 9, 2)),
                part(325, 1, (1943, 10, 18), (1945, 5, 7)),
            ]
        )
    )
    assert rows[["left", "right", "relation", "since", "until"]].to_numpy().tolist() == [
        ["nazi_germany", "kingdom_of_italy", "same_side", "1940-06-10", "1943-09-02"],
        ["nazi_germany", "kingdom_of_italy", "opposite_sides", "1943-10-18", "1945-05-07"],
    ]


def test_troops_side_by_side_in_a_conflict():
    row = {
        "conflict_id": 1,
        "year": 2024,
        "gwno_a": 365,
        "gwno_a_2nd": 731,
        "gwno_b": 369,
        "gwno_b_2nd": "",
    }
    table = wars.build_ucdp({wars.CONFLICTS: cells([row])})[0].frame
    assert table[["left", "right", "relation"]].to_numpy().tolist() == [
        ["RUS", "PRK", "same_side"],
        ["RUS", "UKR", "opposite_sides"],
    ]


def test_deliveries_are_spread_evenly():
    long = support.spread_deliveries(
        cells(
            [
                {
                    "supplier": "North Korea",
                    "recipient": "Russia",
                    "delivery_years": "2023; 2024",
                    "tiv_delivered": 250.0,
                },
                {
                    "supplier": "Soviet Union",
                    "recipient": "Iran",
                    "delivery_years": "1978; 1980",
                    "tiv_delivered": 10,
                },
                {
                    "supplier": "Iran",
                    "recipient": "Russia",
                    "delivery_years": "",
                    "tiv_delivered": 0,
                },
                {
                    "supplier": "Jordan",
                    "recipient": "Ukraine",
                    "delivery_years": "2022",
                    "tiv_delivered": 1.5,
                },
            ]
        )
    )
    assert long[["supplier", "recipient", "year", "value"]].to_numpy().tolist() == [
        ["PRK", "RUS", 2023, 125.0],
        ["PRK", "RUS", 2024, 125.0],
        ["soviet_union", "imperial_iran", 1978, 5.0],
        ["soviet_union", "IRN", 1980, 5.0],
        ["other_suppliers", "UKR", 2022, 1.5],
    ]


# --- shares of GDP
# --------------------------------------------------------------------------------------


def test_aid_is_cut_at_the_month_and_the_union_has_no_share():
    rows = [("EST", 2024, 11, 1.0, 10), ("EST", 2024, 12, 9.0, 10), ("EU", 2023, 5, 5.0, 0)]
    frame = pd.DataFrame(
        [
            {
                "iso": i,
                "year": y,
                "month": m,
                "gdp": g,
                "total": t,
                "military": t,
                "financial": 0.0,
                "humanitarian": 0.0,
            }
            for i, y, m, t, g in rows
        ]
    )
    sums = support.sum_until(frame, "2024-11").set_index("donor")
    assert sums.loc["EST", "share"] == 0.1
    assert (
        pd.isna(sums.loc["eu_institutions", "share"]) and sums.loc["eu_institutions", "total"] == 5
    )


def amount(low: float, high: float, gdp: float, years: float) -> pd.DataFrame:
    return pd.DataFrame([{"value_low": low, "value_high": high, "gdp": gdp, "years": years}])


def test_an_open_low_end_stays_open():
    rows = support.over_gdp(amount(float("nan"), 1.0, 10.0, 2.0))
    assert rows["share_low"].isna().all() and rows["share_high"].tolist() == [0.1, 0.05]


@settings(deadline=None)  # a shared machine may stop for a moment
@given(st.floats(0.1, 100), st.floats(0, 50), st.floats(1, 1e4), st.floats(1, 10))
def test_a_band_keeps_its_order(low, more, gdp, years):
    rows = support.over_gdp(amount(low, low + more, gdp, years))
    assert (rows["share_low"] <= rows["share_high"]).all()


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("1934-1944", ("1934", "1944")),
        ("2013-May 2024", ("2013", "2024-05")),
        ("2024 (to Oct)", ("2024", "2024-10")),
    ],
)
def test_periods_of_meetings(text, period):
    assert support._period(text) == period


# --- writing
# --------------------------------------------------------------------------------------------


@settings(deadline=None)  # a shared machine may stop for a moment
@given(st.floats(-1e6, 1e6).map(lambda x: round(x, 6)))
def test_numbers_read_back(value):
    assert float(number_text(value)) == pytest.approx(value, abs=1e-9)
    assert not number_text(value).endswith(".")


def test_a_table_is_written_as_declared():
    row = {"source": "x", "actor": "A", "year": 1.0, "gdp": 2.50, "unit": "u", "forecast": 0}
    table = make_table("gdp", pd.DataFrame([row]))
    assert table.csv() == "actor,year,gdp,unit,forecast,source\nA,1,2.5,u,0,x\n"
    with pytest.raises(SeedError, match="gdp: built without the columns year"):
        make_table("gdp", pd.DataFrame([{"actor": "A"}]))
    assert make_table("gdp", [("A", 1.0, 2.50, "u", 0, "x")]).csv() == table.csv()


def test_a_cell_that_is_no_number_is_named():
    with pytest.raises(SeedError, match="column n, row 3: expected a number, found 'many'"):
        to_numbers(cells([{"n": "1"}, {"n": "many"}]), ["n"])


def test_every_declared_field_is_explained():
    for name, spec in load_specs().items():
        assert spec["title"] and spec["choices"] and spec["sources"], name
        for field in spec["fields"]:
            assert field["description"] and field["type"] in (
                "string",
                "date",
                "integer",
                "number",
            ), (name, field)


def test_all_tables_are_exchanged_at_once_or_none(tmp_path, monkeypatch):
    from pathlib import Path

    out = tmp_path / "measured"
    put_in_place({"a.csv": "x\n1\n", "b.csv": "x\n2\n"}, out)
    (out / "notes.md").write_text("mine")
    put_in_place({"a.csv": "x\n3\n"}, out)
    assert sorted(path.name for path in out.iterdir()) == [
        "a.csv",
        "notes.md",
    ]  # a table no builder makes goes, notes stay
    real = Path.rename

    def fails(self, target):
        if self.name.endswith(".part"):
            raise OSError(5, "the disk is full")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(SeedError, match="left as they were"):
        put_in_place({"a.csv": "x\n4\n"}, out)
    monkeypatch.undo()
    assert (out / "a.csv").read_text() == "x\n3\n"
    assert [path.name for path in tmp_path.iterdir()] == ["measured"]  # no trace of the attempt


def test_compare_names_the_first_difference(tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "old.csv").write_text("x\n")
    assert compare({"a.csv": "x\n2\n", "new.csv": "x\n"}, tmp_path) == [
        "new.csv: not among the shipped tables",
        "old.csv: shipped, but no builder makes it",
        "a.csv: row 2: shipped '1', rebuilt '2'",
    ]
