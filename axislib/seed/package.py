"""A data set as a Data Package (v2): datapackage.json, tables put right, a zip, a workbook."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from axislib.check.cells import ID
from axislib.errors import SeedError
from axislib.files import SUMS, differing, hashes_in, read_sums, sha256, to_csv, write_whole, zipped
from axislib.seed.opening import read_metadata
from axislib.seed.seed import Seed
from axislib.tables.schema import GROUPS, codebook, fields_of, load_schema, table_names, vocabulary
from axislib.tables.spreadsheets import as_bytes, fill_sheet, new_book, plain_csv, read_file

_UNZIPPED = 1_000_000_000  # bytes of a zip that is unpacked
_SHOWN = 5  # cells named where letters were read anew
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def table_schema(name: str, layer: bool = False) -> dict:
    """One table's Table Schema: fields, constraints, categories, keys, missing values.

    References to several tables, or from cells with several values, cannot be foreign keys: they
    carry a pattern, and ``axislib check`` follows them. A ``layer`` refers to another seed's rows.
    """
    tables, foreign = load_schema()["tables"], []
    for field in fields_of(name):
        to = field.get("references")
        if to in tables and not field.get("many") and not layer:
            reference = {"resource": "" if to == name else to, "fields": [tables[to]["key"]]}
            foreign.append({"fields": [field["name"]], "reference": reference})
    return {
        "fields": [_field(field, layer) for field in fields_of(name)],
        "primaryKey": [tables[name]["key"]],
        "missingValues": [v["value"] for v in load_schema()["missingValues"]],
    } | ({"foreignKeys": foreign} if foreign else {})


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
        place = r"P\d{2,}\.S\d+" + f"|{ID}" * layer  # a layer rests on sources, too
        rules["pattern"] = _several({"sentences": place}.get(field["references"], ID))
    return out | ({"constraints": rules} if rules else {})


def _several(one: str) -> str:
    """The pattern of a cell that holds one or more, with ; between them."""
    one = f"({one})" if "|" in one else one
    return f"{one}(;{one})*"


def package_text(
    metadata: dict, names: list[str] | None = None, contents: Mapping[str, bytes] | None = None
) -> str:
    """The text of datapackage.json: what a person wrote, then the resources made from the schema.

    ``names``: the tables the seed has; left out, those of every seed and the optional ones that its
    metadata list. ``contents``: bytes of tables, for their hashes; the others' hashes stay.
    """
    tables, named, contents = load_schema()["tables"], _resources(metadata), contents or {}
    names = names or [*tables, *(name for name in tables.optional if name in named)]
    layer = bool(metadata.get("about"))
    groups = dict.fromkeys([*GROUPS, *(tables[name]["group"] for name in names)])
    missing = load_schema()["missingValues"]
    package = {"$schema": "", **metadata} | {
        "$schema": PROFILE,
        "missingValueLabels": {v["value"] or "(empty)": v["label"] for v in missing},
        "tableGroups": [group for group in groups if group != "text"],
        "resources": [
            _resource(name, layer, named.get(name, {}), contents.get(name)) for name in names
        ],
    }
    return json.dumps(package, indent=1) + "\n"


def _resources(metadata: dict) -> dict[str, Mapping]:
    """The resources that a datapackage.json lists, by name; what is none is passed over."""
    listed = metadata.get("resources")
    resources = [one for one in listed or () if isinstance(one, Mapping) and "name" in one]
    return {str(one["name"]): one for one in resources}


def _resource(name: str, layer: bool, said: Mapping, raw: bytes | None) -> dict:
    """A table's resource; hash and bytes are those of its content, else as they were said."""
    table = load_schema()["tables"][name]
    sizes = {key: said[key] for key in ("hash", "bytes") if key in said}
    if raw is not None:
        sizes = {"hash": f"sha256:{sha256(raw)}", "bytes": len(raw)}
    resource = {"name": name, "title": table["title"], "description": table["description"]}
    resource |= {"path": f"{name}.csv", "type": "table", "format": "csv", "mediatype": "text/csv"}
    resource |= {"encoding": "utf-8", "group": table["group"]}
    return resource | {"schema": table_schema(name, layer)} | sizes


def is_current(folder: Path) -> bool:
    """Whether the folder's datapackage.json says what the schema says today."""
    text = (folder / "datapackage.json").read_text(encoding="utf-8")
    return text == package_text(read_metadata(folder), table_names(folder))


def contents_of(folder: Path) -> dict[str, bytes]:
    """The bytes of the tables in a folder, by table."""
    paths = [folder / f"{name}.csv" for name in table_names(folder)]
    return {path.stem: path.read_bytes() for path in paths if path.is_file()}


def hashes_kept(folder: Path) -> dict[str, str]:
    """The hash that datapackage.json keeps of each table's file; empty where it keeps none."""
    return {
        f"{name}.csv": str(resource.get("hash", "")).removeprefix("sha256:")
        for name, resource in _resources(read_metadata(folder)).items()
    }


def hashes_of_tables(folder: Path) -> dict[str, str]:
    """The hash of each table's file as it is now."""
    return {f"{name}.csv": sha256(raw) for name, raw in contents_of(folder).items()}


def keep_hashes(folder: Path) -> None:
    """Write datapackage.json anew, with the hashes of the tables as they are now."""
    text = package_text(read_metadata(folder), table_names(folder), contents_of(folder))
    write_whole(folder / "datapackage.json", text)


def fix(folder: Path) -> list[str]:
    """Put right what needs no judgement: encoding, separators, line ends, datapackage.json.

    Returns a line for each file that was rewritten, and for cells whose letters were read anew.
    Values never change; a table as it was is kept beside it (``actors-before.csv``). Raises
    SeedError, with nothing written, for an uncertain encoding or a first row without columns.
    """
    plain = []
    for name in table_names(folder):
        path = folder / f"{name}.csv"
        columns = [field["name"] for field in fields_of(name)]
        raw = path.read_bytes() if path.exists() else None
        text = ",".join(columns) + "\n" if raw is None else plain_csv(raw, path.name, columns)
        plain += [(path, raw, text)] * (text.encode() != raw)
    done = [line for one in plain for line in _rewrite(*one)]
    package = folder / "datapackage.json"
    if not package.exists():
        write_whole(package, json.dumps({"name": folder.name, "layer": "article"}))
        done.append("datapackage.json: made; add title, sources and licences by hand")
    if hashes_kept(folder) != hashes_of_tables(folder) or not is_current(folder):
        keep_hashes(folder)
        done.append("datapackage.json: resources written from the schema, with their hashes")
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
    done = [f"{path.name}: now UTF-8 with commas; as it was: {kept.name}"]
    try:
        raw.decode("utf-8-sig")
        return done
    except UnicodeDecodeError:
        rows = enumerate(csv.reader(io.StringIO(text, newline="")), start=1)
    cells = [f"row {n}: '{cell}'" for n, row in rows for cell in row if not cell.isascii()]
    more = f"; and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
    words = f"{path.name}: read anew, please look: {'; '.join(cells[:_SHOWN])}{more}"
    return done + [words] * bool(cells)


def received(place: Path) -> tuple[int, list[str]]:
    """How many files a report, batch or data set lists, and which are changed, missing or extra.

    ``place`` is its folder, or a zip of it. SeedError where it holds no hashes. It cannot tell who
    wrote them: whoever changes a file can change its hash, too.
    """
    if zipfile.is_zipfile(place):
        with tempfile.TemporaryDirectory(prefix="axislib-verify-") as scratch:
            return received(_unzipped(place, Path(scratch)))
    if (place / SUMS).is_file():
        listed = read_sums(read_file(place / SUMS).decode("utf-8", "replace"))
        found = hashes_in(place)
    elif (place / "manifest.json").is_file():
        listed = _hashes_of_runs(place / "manifest.json")
        found = {name: sha for name, sha in hashes_in(place).items() if name in listed}
    elif (place / "datapackage.json").is_file():
        listed, found = hashes_kept(place), hashes_of_tables(place)
    else:
        wrong = f"{place}: no report, batch or data set with hashes (it has no {SUMS},"
        wrong += " manifest.json or datapackage.json); name the folder that somebody sent you"
        raise SeedError(wrong)
    return len(listed), differing(listed, found)


def _unzipped(path: Path, folder: Path) -> Path:
    """A zip unpacked into a folder; the one folder in it, if it holds nothing else."""
    try:
        with zipfile.ZipFile(path) as bundle:
            size = sum(part.file_size for part in bundle.infolist())
            if size <= _UNZIPPED:
                bundle.extractall(folder)
    except Exception as error:  # a damaged zip raises whatever its parts lead to
        raise SeedError(f"{path.name}: cannot be unzipped ({error}); ask for it again") from None
    if size > _UNZIPPED:
        raise SeedError(f"{path.name}: unzips to {size // 10**6} MB; unzip it yourself")
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def _hashes_of_runs(manifest: Path) -> dict[str, str]:
    """The hashes that a batch's manifest keeps of its notebooks."""
    raw = read_file(manifest)
    try:
        rows = json.loads(raw)["rows"]
        return {row["output"]: row["output_sha256"] for row in rows if row["output_sha256"]}
    except (ValueError, KeyError, TypeError):
        raise SeedError(f"{manifest.name}: not a batch's manifest; ask for it again") from None


def export_zip(seed: Seed, out: Path) -> Path:
    """A zip of the seed's CSV files, datapackage.json and the codebook; same seed, same bytes."""
    tables = contents_of(seed.folder)
    files = {
        "datapackage.json": package_text(dict(seed.metadata), contents=tables),
        "codebook.csv": to_csv(codebook()),
        **{f"{name}.csv": raw for name, raw in tables.items()},
    }
    write_whole(out, zipped({f"{seed.name}/{name}": content for name, content in files.items()}))
    return out


def workbook(seed: Seed) -> bytes:
    """The seed as a workbook, all text as text, the codebook first; same seed, same bytes."""
    book = new_book()
    fill_sheet(book.create_sheet("codebook"), codebook())
    for name, frame in seed.tables.items():
        fill_sheet(book.create_sheet(name), frame)
    return as_bytes(book)
