"""A seed as a Data Package (v2): its datapackage.json from the schema, and tables that a
spreadsheet damaged mended."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from axislib.files import write_whole
from axislib.seed.folders import read_metadata
from axislib.seed.seed import Seed
from axislib.tables.schema import GROUPS, codebook, fields_of, load_schema, table_names, vocabulary
from axislib.tables.spreadsheets import fill_sheet, plain_csv

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def table_schema(name: str, layer: bool = False) -> dict:
    """One table's Table Schema: fields with constraints, categories with meanings, keys, missing
    values.

    References to several tables or from cells with several values cannot be foreign keys there;
    they carry a pattern, and ``axislib check`` follows them. The tables of a ``layer`` are anchored
    in sources and refer to rows of the seed they are about, which no foreign key reaches.
    """
    table = load_schema()["tables"][name]
    fields, foreign = [], []
    for field in fields_of(name):
        out = {"name": field["name"], "type": field["type"], "description": field["description"]}
        rules: dict = {}
        if field.get("required"):
            rules["required"] = True
        if field.get("unique"):
            rules["unique"] = True
        if field.get("pattern"):
            rules["pattern"] = field["pattern"]
        words = list(vocabulary(field["vocabulary"])) if field.get("vocabulary") else []
        if words and field.get("many"):
            rules["pattern"] = f"({'|'.join(words)})(;({'|'.join(words)}))*"
        elif words:
            rules["enum"] = words
            out["categories"] = [
                {"value": word, "label": meaning}
                for word, meaning in vocabulary(field["vocabulary"]).items()
            ]
        to = field.get("references")
        if field.get("many") and to:
            place, row = r"P\d{2,}\.S\d+", r"[A-Za-z][A-Za-z0-9_]*"
            one = row if to != "sentences" else f"({place}|{row})" if layer else place
            rules["pattern"] = f"{one}(;{one})*"
        elif to in load_schema()["tables"] and not layer:
            own = "" if to == name else to
            foreign.append(
                {
                    "fields": [field["name"]],
                    "reference": {"resource": own, "fields": [load_schema()["tables"][to]["key"]]},
                }
            )
        if rules:
            out["constraints"] = rules
        fields.append(out)
    schema = {
        "fields": fields,
        "primaryKey": [table["key"]],
        "missingValues": [v["value"] for v in load_schema()["missingValues"]],
    }
    return schema | ({"foreignKeys": foreign} if foreign else {})


def package_of(metadata: dict, names: list[str] | None = None) -> dict:
    """The whole datapackage.json: what a person wrote about the seed, then the resources made from
    the schema.

    ``names``: the tables the seed has; left out, those of every seed and the optional ones that its
    metadata list.
    """
    tables, listed = (
        load_schema()["tables"],
        [resource["name"] for resource in metadata.get("resources", [])],
    )
    names = names or [*tables, *(name for name in tables.optional if name in listed)]
    layer = bool(metadata.get("about"))
    resources = []
    for name in names:
        table = load_schema()["tables"][name]
        resources.append(
            {
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
        )
    own = {key: value for key, value in metadata.items() if key not in ("$schema", "resources")}
    return {
        "$schema": PROFILE,
        **own,
        "missingValueLabels": {
            v["value"] or "(empty)": v["label"] for v in load_schema()["missingValues"]
        },
        "tableGroups": [
            *GROUPS,
            *dict.fromkeys(r["group"] for r in resources if r["group"] not in (*GROUPS, "text")),
        ],
        "resources": resources,
    }


def package_text(metadata: dict, names: list[str] | None = None) -> str:
    """``package_of`` as it stands in the file."""
    return json.dumps(package_of(metadata, names), indent=1, ensure_ascii=True) + "\n"


def is_current(folder: Path) -> bool:
    """Whether the folder's datapackage.json says what the schema says today."""
    return (folder / "datapackage.json").read_text(encoding="utf-8") == package_text(
        read_metadata(folder), table_names(folder)
    )


def mend(folder: Path) -> list[str]:
    """Mend what needs no judgement: encoding, separators and line ends of the tables;
    datapackage.json.

    Returns a line for each file that was rewritten. Values are never changed.
    """
    done = []
    for name in table_names(folder):
        path = folder / f"{name}.csv"
        if not path.exists():
            write_whole(path, ",".join(field["name"] for field in fields_of(name)) + "\n")
            done.append(f"{path.name}: made, empty but for its first row")
            continue
        raw = path.read_bytes()
        text = plain_csv(raw)
        if text.encode() != raw:
            write_whole(path, text)
            done.append(f"{path.name}: now UTF-8 with commas")
    if not (folder / "datapackage.json").exists():
        write_whole(
            folder / "datapackage.json", json.dumps({"name": folder.name, "layer": "article"})
        )
        done.append("datapackage.json: made; add title, sources and licences by hand")
    if not is_current(folder):
        write_whole(
            folder / "datapackage.json", package_text(read_metadata(folder), table_names(folder))
        )
        done.append("datapackage.json: resources written from the schema")
    return done


def export_zip(seed: Seed, out: Path) -> Path:
    """The seed as a data package in one zip: its CSV files as they stand, datapackage.json, the
    codebook. Same seed, same bytes."""
    files = {
        "datapackage.json": package_text(dict(seed.metadata)),
        "codebook.csv": codebook().to_csv(index=False, lineterminator="\n"),
    }
    files |= {
        f"{name}.csv": (seed.folder / f"{name}.csv").read_text(encoding="utf-8")
        for name in table_names(seed.folder)
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            # a fixed date: the zip of the same tables is the same file
            bundle.writestr(
                zipfile.ZipInfo(f"{seed.name}/{name}", (1980, 1, 1, 0, 0, 0)),
                content,
                zipfile.ZIP_DEFLATED,
            )
    write_whole(out, buffer.getvalue())
    return out


def export_xlsx(seed: Seed, out: Path) -> Path:
    """The seed as a workbook, a sheet a table and the codebook first; every text cell is text, also
    one that begins with ``=``."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    fill_sheet(book.create_sheet("codebook"), codebook())
    for name, frame in seed.tables.items():
        fill_sheet(book.create_sheet(name), frame)
    buffer = io.BytesIO()
    book.save(buffer)
    write_whole(out, buffer.getvalue())
    return out
