"""The article's seed on an invented text, so that sentences can be shown and tested without the
article's own."""

from __future__ import annotations

from pathlib import Path

from axislib.tables.schema import read_cells
from axislib.text.receipt import fingerprint


def invent_text(folder: Path) -> Path:
    """Give a copied seed folder a text of its own: each sentence of it is found, none is the
    article's."""
    path = folder / "sentences.csv"
    table, lines, at = read_cells(path), [], 0
    for row in table.index:
        words = (
            f"Invented words <b>stand</b> in for sentence {table.at[row, 'locator']} & nothing"
            " else."
        )
        table.loc[row, ["start", "end", "length", "sha256"]] = [
            str(at),
            str(at + len(words)),
            str(len(words)),
            fingerprint(words),
        ]
        lines.append(words)
        at += len(words) + 1
    table.to_csv(path, index=False, lineterminator="\n")
    (folder / "article.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder
