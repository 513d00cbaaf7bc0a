"""Files: written whole or not at all, every cell as text, and the folders in which seeds lie.

No spreadsheet may take a cell of a file we write for a formula. The rule is that of the OWASP page
on CSV injection: a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break gets an
apostrophe before it.
"""

from __future__ import annotations

import base64
import contextlib
import csv
import hashlib
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from numbers import Number
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError

# an ordinary or full-width sign that begins a formula; a tab or line break before one starts a cell
_BREAKS = ("\t", "\r", "\n")
_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", *_BREAKS)
_BLANKS = "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x2010), 0x202F, 0x205F, 0x3000)))
_NONE = "'none'"
_INVISIBLE = "\u2060\ufeff\x0b\x0c'"
SUMS = "SHA256SUMS"  # the hashes of a folder's files, as sha256sum --check reads them
_OF_A_SYSTEM = {SUMS, "Thumbs.db", "desktop.ini"}
_LONGEST_NAME = 100  # characters of a file's name that its temporary name keeps
GUARDED = re.compile(r"(?:^|[,\"\n])'", re.MULTILINE)  # where a CSV may hold a guarded cell


def guard(value: object) -> str:
    """The value as text for a CSV cell, which no spreadsheet takes for a formula.

    >>> guard('=HYPERLINK("x")'), guard("fine"), guard(-0.5)
    ('\\'=HYPERLINK("x")', 'fine', '-0.5')
    """
    text = "" if value is None or value is pd.NA or value != value else str(value)
    if isinstance(value, Number):
        return text  # a minus before a number is no formula
    # blanks before the sign do not make it harmless; apostrophes are doubled, so nothing is lost
    risky = text.startswith(_BREAKS) or text.lstrip(_BLANKS + _INVISIBLE).startswith(_SIGNS)
    return "'" + text if risky else text


def unguard(text: str) -> str:
    """What stood there before ``guard``; other apostrophes stay.

    >>> unguard("'=1"), unguard("'tis")
    ('=1', "'tis")
    """
    return text[1:] if text.startswith("'") and guard(text[1:]) == text else text


def slug(words: str, empty: str = "part") -> str:
    """Words as an id or the name of a file: lower case, hyphens; ``empty`` where none is left.

    >>> slug("Who gave what?"), slug("?")
    ('who-gave-what', 'part')
    """
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or empty


def to_csv(frame: pd.DataFrame) -> str:
    """A frame as CSV with plain line ends, every cell guarded.

    >>> to_csv(pd.DataFrame({"id": ["a"], "note": ["=1"]}))
    "id,note\\na,'=1\\n"
    """
    lines = []
    for row in (list(frame.columns), *frame.itertuples(index=False)):
        line = io.StringIO()
        # with these line ends a lone carriage return is quoted, too
        csv.writer(line, lineterminator="\r\n").writerow(map(guard, row))
        lines.append(line.getvalue().removesuffix("\r\n") + "\n")
    return "".join(lines)


def replace_file(path: Path, content: str | bytes) -> None:
    """Write a file all or nothing: under a temporary name, then renamed. OSError where that cannot
    be done; an older file then stays as it was."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name[:_LONGEST_NAME]}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file all or nothing; SeedError where that cannot be done."""
    try:
        replace_file(path, content)
    except OSError as error:
        wrong = f"{path}: cannot be written ({error.strerror}); nothing was changed; choose another"
        wrong += " folder or free some space"
        raise SeedError(wrong) from None


def write_folder(folder: Path, files: Mapping[str, str | bytes], keep: bool = False) -> None:
    """Write the files of a folder, all or none; ``keep`` leaves what else is in it.

    Raises SeedError where that cannot be done; the folder is then as it was.
    """
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    old = folder.with_name(f".{folder.name}.old")
    try:
        if old.exists() and not folder.exists():
            old.rename(folder)  # somebody was stopped between the two renames below
        shutil.rmtree(old, ignore_errors=True)
        if keep:
            shutil.copytree(folder, part)
        for name, content in files.items():
            write_whole(part / name, content)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
    except BaseException as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        if not isinstance(error, OSError):
            raise
        wrong = f"{folder}: cannot be written ({error.strerror}); nothing was changed; close its"
        wrong += " files and try again, or choose another folder"
        raise SeedError(wrong) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of files by name, all of one date: the same files, the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            bundle.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def policy(scripts: str = "") -> str:
    """The line of a page's head that lets the scripts of this HTML run, and nothing else."""
    found = re.findall(r"<script[^>]*>(.*?)</script>", scripts, re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in found]
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; script-src'
        f" {allowed or _NONE}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none';"
        " form-action 'none'\">"
    )


def sha256(content: str | bytes) -> str:
    """The SHA-256 of a file's content, in hex."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def hash_of(files: Iterable[Path], home: Path | None = None) -> str:
    """One hash over files and their names, as from ``home`` or their folder; may raise OSError."""
    lines = [
        f"{sha256(path.read_bytes())}  {path.relative_to(home or path.parent.parent).as_posix()}\n"
        for path in files
    ]
    return sha256("".join(lines))


def hashes_in(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by path, but hidden ones and a system's own."""
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        passed_over = any(part.startswith(".") or part in _OF_A_SYSTEM for part in parts)
        if path.is_file() and not passed_over:
            found["/".join(parts)] = sha256(path.read_bytes())
    return found


def write_sums(folder: Path) -> None:
    """Write the hashes of all files of a folder into ``SHA256SUMS``, as ``sha256sum`` would."""
    lines = [f"{sha}  {name}\n" for name, sha in hashes_in(folder).items()]
    write_whole(folder / SUMS, "".join(lines))


def read_sums(text: str) -> dict[str, str]:
    """The hashes of a ``SHA256SUMS`` file, by path; a line that is none is passed over.

    >>> read_sums(f"{'0' * 64}  data/a b.csv\\n")["data/a b.csv"][:4]
    '0000'
    """
    lines = re.findall(r"^([0-9a-fA-F]{64}) [ *](.+?)\r?$", text, re.MULTILINE)
    return {name: sha.lower() for sha, name in lines}


def differing(listed: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """What differs between the hashes that were listed and those that were found, a line a file.

    >>> differing({"a": "1", "b": "2"}, {"b": "3", "c": "4"})
    ['missing: a', 'changed: b', 'extra: c']
    """
    kinds = dict.fromkeys(found.keys() - listed.keys(), "extra")
    kinds |= dict.fromkeys(listed.keys() - found.keys(), "missing")
    kinds |= {name: "changed" for name in listed if found.get(name, listed[name]) != listed[name]}
    return [f"{kinds[name]}: {name}" for name in sorted(kinds)]


def seeds_folders() -> list[Path]:
    """Where seeds are looked for: ``seeds/`` here or two folders above, then the package's."""
    here = Path.cwd()
    package = Path(__file__).parent
    own = package / "seeds" if (package / "seeds").is_dir() else package.parent / "seeds"
    near = [folder / "seeds" for folder in (here, *list(here.parents)[:2])]
    return list(dict.fromkeys(folder for folder in (*near, own) if folder.is_dir()))
