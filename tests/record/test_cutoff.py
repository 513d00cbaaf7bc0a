"""Before, within, after: what could have been known when the article was written."""

import pandas as pd
import pytest

from axislib import SeedError
from axislib.record import cutoff, placed, reasons


def test_the_span_comes_from_the_texts_own_clues(both):
    first, last, why = cutoff(both)
    assert first == pd.Timestamp("2024-11-06") and last == pd.Timestamp("2025-01-20")
    assert {row["anchor"] for row in why} <= set(both.sentences["locator"])
    bounds = reasons(both)
    assert bounds.query("bound == 'earliest'")["date"].max() == f"{first:%Y-%m-%d}"
    assert bounds.query("bound == 'latest'")["date"].min() == f"{last:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("date", "when"),
    [
        ("1941-12-11", "before"),
        ("2024-10", "before"),
        ("2024-11-05", "before"),
        ("2024-11-06", "within"),
        ("2024-11", "within"),
        ("2024", "within"),
        ("2024-03-07/2024-11-05", "before"),
        ("2024-11-09/2024-12-04", "within"),
        ("2025-01-17", "within"),
        ("2025-01-21", "after"),
        ("2025-06-13/2025-06-24", "after"),
        ("../2024-11-30", "before"),
        ("", "undated"),
        ("not_stated", "undated"),
    ],
)
def test_placed(both, date, when):
    assert placed(both, [date]) == [when]


def test_what_is_later_is_marked(both):
    when = dict(zip(both.events["id"], placed(both, both.events["date"]), strict=True))
    assert [
        when[i]
        for i in (
            "cx_iran_attacked",
            "cx_beijing_parade",
            "cx_deployment_admitted",
            "cx_assembly_2025",
        )
    ] == ["after"] * 4
    assert when["cx_koksan"] == when["cx_massed_assaults"] == when["cx_rus_irn_treaty"] == "within"
    assert when["cx_campbell_anxious"] == "before"


def test_without_the_record_there_is_no_span(tmp_path, seed):
    from dataclasses import replace

    with pytest.raises(SeedError, match="no external record"):
        cutoff(replace(seed, name="elsewhere", folder=tmp_path / "elsewhere"))
