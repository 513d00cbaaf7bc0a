"""A data set as a Data Package (v2): datapackage.json from the schema, damaged tables put right, a
zip and a workbook for other programs."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

from axislib.files import to_csv, write_whole
from axislib.seed.folders import read_metadata
from axislib.seed.seed import Seed
from axislib.tables.schema import GROUPS, codebook, fields_of, load_schema, table_names, vocabulary
from axislib.tables.spreadsheets import fill_sheet, plain_csv

_NO_DAY = (1980, 1, 1, 0, 0, 0)  # the date of every file in a zip
_HOUR = re.compile(rb"(?<=W3CDTF\">)\d{4}-\d\d-\d\dT[\d:]+Z")  # when a workbook was made
_SHOWN = 5  # cells named where letters were read anew
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def table_schema(name: str, layer: bool = False) -> dict:
    """One table's Table Schema: fields with constraints, categories with meanings, keys, missing
    values.

    References to several tables or from cells with several values cannot be foreign keys there;
    they carry a pattern, and ``axislib check`` follows them. The tables of a ``layer`` are anchored
    in sources and refer to rows of the seed they are about, which no foreign key reaches.
    """
    table, foreign = load_schema()["tables"][name], []
    for field in fields_of(name):
        to = field.get("references")
        if to in load_schema()["tables"] and not field.get("many") and not layer:
            key = load_schema()["tables"][to]["key"]
            reference = {"resource": "" if to == name else to, "fields": [key]}
            foreign.append({"fields": [field["name"]], "reference": reference})
    schema = {
        "fields": [_field(field, layer) for field in fields_of(name)],
        "primaryKey": [table["key"]],
        "missingValues": [v["value"] for v in load_schema()["missingValues"]],
    }
    return schema | ({"foreignKeys": foreign} if foreign else {})


def _field(field: dict, layer: bool) -> dict:
    """A field of a Table Schema, with its constraints and the meanings of its words."""
    out = {key: field[key] for key in ("name", "type", "description")}
    rules = {rule: field[rule] for rule in ("required", "unique", "pattern") if field.get(rule)}
    words = vocabulary(field["vocabulary"]) if field.get("vocabulary") else {}
    if words and field.get("many"):
        rules["pattern"] = _several("|".join(words))
    elif words:
        rules["enum"] = list(words)
        out["categories"] = [{"value": word, "label": label} for word, label in words.items()]
    if field.get("many") and field.get("references"):
        rules["pattern"] = _several(_reference(field["references"], layer))
    return out | ({"constraints": rules} if rules else {})


def _reference(table: str, layer: bool) -> str:
    place, row = r"P\d{2,}\.S\d+", r"[A-Za-z][A-Za-z0-9_]*"
    if table != "sentences":
        return row
    return f"{place}|{row}" if layer else place


def _several(one: str) -> str:
    """The pattern of a cell that holds one or more, with ; between them."""
    one = f"({one})" if "|" in one else one
    return f"{one}(;{one})*"


def package_of(metadata: dict, names: list[str] | None = None) -> dict:
    """The whole datapackage.json: what a person wrote about the seed, then the resources made from
    the schema.

    ``names``: the tables the seed has; left out, those of every seed and the optional ones that its
    metadata list.
    """
    tables = load_schema()["tables"]
    named = [resource["name"] for resource in metadata.get("resources", [])]
    names = names or [*tables, *(name for name in tables.optional if name in named)]
    layer = bool(metadata.get("about"))
    groups = [tables[name]["group"] for name in names]
    own = dict(metadata)
    own.pop("$schema", None)
    own.pop("resources", None)
    return {
        "$schema": PROFILE,
        **own,
        "missingValueLabels": {
            v["value"] or "(empty)": v["label"] for v in load_schema()["missingValues"]
        },
        "tableGroups": [*GROUPS, *dict.fromkeys(g for g in groups if g not in (*GROUPS, "text"))],
        "resources": [_resource(name, layer) for name in names],
    }


def _resource(name: str, layer: bool) -> dict:
    table = load_schema()["tables"][name]
    return {
        "name": name,
        "title": table["title"],
        "description": table["description"],
        "path": f"{name}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "group": table["group"],
        "schema": table_schema(name, layer),
    }


def package_text(metadata: dict, names: list[str] | None = None) -> str:
    """``package_of`` as it stands in the file."""
    return json.dumps(package_of(metadata, names), indent=1, ensure_ascii=True) + "\n"


def is_current(folder: Path) -> bool:
    """Whether the folder's datapackage.json says what the schema says today."""
    return (folder / "datapackage.json").read_text(encoding="utf-8") == package_text(
        read_metadata(folder), table_names(folder)
    )


def fix(folder: Path) -> list[str]:
    """Put right what needs no judgement: encoding, separators and line ends of the tables;
    datapackage.json.

    Returns a line for each file that was rewritten, and for cells whose letters were read anew.
    Values are never changed; a table as it was is kept beside it (``actors-before.csv``). Raises
    SeedError, with nothing written, where the encoding of a table is not certain or its first row
    lacks columns.
    """
    plain = {}
    for name in table_names(folder):
        path = folder / f"{name}.csv"
        columns = [field["name"] for field in fields_of(name)]
        raw = path.read_bytes() if path.exists() else None
        text = ",".join(columns) + "\n" if raw is None else plain_csv(raw, path.name, columns)
        if raw is None or text.encode() != raw:
            plain[path] = (raw, text)
    done = []
    for path, (raw, text) in plain.items():
        done += _rewrite(path, raw, text)
    package = folder / "datapackage.json"
    if not package.exists():
        write_whole(package, json.dumps({"name": folder.name, "layer": "article"}))
        done.append("datapackage.json: made; add title, sources and licences by hand")
    if not is_current(folder):
        write_whole(package, package_text(read_metadata(folder), table_names(folder)))
        done.append("datapackage.json: resources written from the schema")
    return done


def _rewrite(path: Path, raw: bytes | None, text: str) -> list[str]:
    """Write a table in plain form, the old file kept; returns what was done, in words."""
    if raw is None:
        write_whole(path, text)
        return [f"{path.name}: made, empty but for its first row"]
    kept, n = path.with_name(f"{path.stem}-before.csv"), 2
    while kept.exists():
        kept, n = path.with_name(f"{path.stem}-before-{n}.csv"), n + 1
    write_whole(kept, raw)
    write_whole(path, text)
    lines = [f"{path.name}: now UTF-8 with commas; as it was: {kept.name}"]
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        cells = [
            f"row {row}: '{cell}'"
            for row, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1)
            for cell in cells
            if not cell.isascii()
        ]
        more = f"; and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
        if cells:
            lines.append(f"{path.name}: read anew, please look: {'; '.join(cells[:_SHOWN])}{more}")
    return lines


def export_zip(seed: Seed, out: Path) -> Path:
    """The seed as a data package in one zip: its CSV files as they stand, datapackage.json, the
    codebook. Same seed, same bytes."""
    files = {
        "datapackage.json": package_text(dict(seed.metadata)),
        "codebook.csv": to_csv(codebook()),
    }
    files |= {
        f"{name}.csv": (seed.folder / f"{name}.csv").read_text(encoding="utf-8")
        for name in table_names(seed.folder)
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(
                zipfile.ZipInfo(f"{seed.name}/{name}", _NO_DAY), content, zipfile.ZIP_DEFLATED
            )
    write_whole(out, buffer.getvalue())
    return out


def export_xlsx(seed: Seed, out: Path) -> Path:
    """The seed as a workbook, a sheet a table and the codebook first; every text cell is text, also
    one that begins with ``=``."""
    write_whole(out, workbook(seed))
    return out


def workbook(seed: Seed) -> bytes:
    """``export_xlsx`` as bytes: same seed, same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    fill_sheet(book.create_sheet("codebook"), codebook())
    for name, frame in seed.tables.items():
        fill_sheet(book.create_sheet(name), frame)
    dated, dateless = io.BytesIO(), io.BytesIO()
    book.save(dated)
    with zipfile.ZipFile(dated) as old, zipfile.ZipFile(dateless, "w") as new:
        for name in old.namelist():
            part = _HOUR.sub(b"1980-01-01T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, _NO_DAY), part, zipfile.ZIP_DEFLATED)
    return dateless.getvalue()
