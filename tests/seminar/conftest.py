"""Sheets written, filled in and handed back, as a class would."""

import io

import pandas as pd
import pytest
from openpyxl import load_workbook

from axislib.seminar.sheets import own_codes, write_sheets


@pytest.fixture
def sheets(seed, tmp_path):
    """``make(coders, variables, **chosen)`` writes sheets into the test's folder and returns it."""

    def make(*coders, variables=("modality", "speaker"), **chosen):
        write_sheets(seed, coders, variables, tmp_path, **{"most": 12, **chosen})
        return tmp_path

    return make


@pytest.fixture
def fill(seed):
    """``fill(path, changes)`` fills a sheet in with the project's own codes, but for ``changes``:
    (unit, variable) -> (code, memo)."""

    def filled(path, changes=None, extra=None):
        changes = changes or {}
        if path.suffix == ".xlsx":
            book = load_workbook(path)
            page = book.worksheets[0]
            at = {cell.value: cell.column for cell in page[1]}
            for row in range(2, page.max_row + 1):
                key = (page.cell(row, at["unit"]).value, page.cell(row, at["variable"]).value)
                code, memo = changes.get(key, (own_codes(seed, [key])[0], ""))
                page.cell(row, at["code"]).value, page.cell(row, at["memo"]).value = (
                    code,
                    memo or None,
                )
            buffer = io.BytesIO()
            book.save(buffer)
            path.write_bytes(buffer.getvalue())
        else:
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
            for row, (unit, variable) in enumerate(
                zip(frame["unit"], frame["variable"], strict=True)
            ):
                code, memo = changes.get(
                    (unit, variable), (own_codes(seed, [(unit, variable)])[0], "")
                )
                frame.loc[row, ["code", "memo"]] = [code, memo]
            frame.to_csv(path, index=False)
        return path

    return filled
