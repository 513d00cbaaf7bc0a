"""Two roll calls on Ukraine that the large matrix lacks: 68/262 on Crimea and ES-11/1 on the
invasion."""

from __future__ import annotations

from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import actor_of, is_listed
from axislib.record.rebuild.table import Table, make_table

FILE = "unga_votes/unga_ukraine_68_262_ES11_1.csv"
DATES = {"68/262": "2014-03-27", "ES-11/1": "2022-03-02"}
VOTES = {"approve": "yes", "against": "no", "abstain": "abstention", "absent": "absent"}


def build(inputs: Inputs) -> list[Table]:
    """One table: the vote of each actor of interest, and four rows a resolution with the count of
    all members.

    It cannot speak for the five later resolutions of the emergency session.
    """
    cells = inputs[FILE]
    rows = []
    for resolution, date in DATES.items():
        here = cells[cells["resolution"] == resolution]
        for name, vote in here[["country", "vote"]].itertuples(index=False):
            if is_listed("roll_call", name):
                rows.append(
                    {
                        "resolution": resolution,
                        "date": date,
                        "actor": actor_of("roll_call", name),
                        "vote": VOTES[vote],
                        "votes": 1,
                    }
                )
        for word, vote in VOTES.items():
            rows.append(
                {
                    "resolution": resolution,
                    "date": date,
                    "actor": "all_members",
                    "vote": vote,
                    "votes": int((here["vote"] == word).sum()),
                }
            )
    rows.sort(key=lambda row: (row["date"], row["actor"] == "all_members"))
    return [make_table("assembly_ukraine_votes", rows)]
