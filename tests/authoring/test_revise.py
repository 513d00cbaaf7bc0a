"""A revised text: no sentence said to be exact that changed, none said to be lost that is there."""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import axislib
from axislib import SeedError
from axislib.authoring.new import new_seed, read_split, split_file, split_text
from axislib.authoring.revise import (
    FATES,
    TO_REREAD,
    receipt_lines,
    revise,
    revised_cells,
    still_to_reread,
    write_revision,
)
from axislib.authoring.workbook import NOT_YET, bring_in
from axislib.check import check_tables
from axislib.cli.authoring import revise_text
from axislib.cli.main import main
from axislib.seed.opening import read_seed_cells
from axislib.text.receipt import fingerprint, locate

FICTIONAL = Path(__file__).parent.parent / "fictional" / "harbour-league"
TEXT = FICTIONAL.with_suffix(".md").read_text(encoding="utf-8")
SEED = axislib.open_seed(FICTIONAL)
LEAGUE = "It is worth recalling the Harbour League of 1890."
WITHOUT_LEAGUE = TEXT.replace(f"{LEAGUE} ", "")
MANY = TEXT.replace("Critics call it", "Many critics call it")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def command(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def sentences_by_paragraph():
    paragraphs = {}
    for piece in split_text(TEXT):
        paragraphs.setdefault(piece.paragraph, []).append(TEXT[piece.start : piece.end])
    return list(paragraphs.values())


KINDS = "delete insert word swap move merge split double comma drop_word".split()
INSERTED = [
    "The gulls do not care.",
    "“Nobody asked us,” said Mr. Lamb.",
    "It rained in Oct. 2030, they say.",
]


@st.composite
def edits(draw):
    """The text after one to six edits of whole sentences or single words, as an editor makes them,
    and its true sentences."""
    paragraphs = [list(part) for part in sentences_by_paragraph()]
    dice = random.Random(draw(st.integers(0, 10**9)))
    for _ in range(draw(st.integers(1, 6))):
        places = [(p, s) for p, part in enumerate(paragraphs) for s in range(len(part))]
        p, s = dice.choice(places)
        kind = draw(st.sampled_from(KINDS))
        part = paragraphs[p]
        words = part[s].split(" ")
        if kind == "delete" and len(places) > 2:
            part.pop(s)
        elif kind == "insert":
            part.insert(s, dice.choice(INSERTED))
        elif kind == "word":
            words[dice.randrange(len(words))] = dice.choice(["perhaps", "Tarn", "never", "rope"])
            part[s] = " ".join(words)
        elif kind == "drop_word" and len(words) > 2:
            words.pop(dice.randrange(len(words)))
            part[s] = " ".join(words)
        elif kind == "swap":
            q, t = dice.choice(places)
            paragraphs[p][s], paragraphs[q][t] = paragraphs[q][t], paragraphs[p][s]
        elif kind == "move":
            said = part.pop(s)
            dice.choice(paragraphs).append(said)
        elif kind == "merge" and p + 1 < len(paragraphs):
            part += paragraphs.pop(p + 1)
        elif kind == "split" and s:
            paragraphs[p : p + 1] = [part[:s], part[s:]]
        elif kind == "double":
            part.insert(s, part[s])
        elif kind == "comma":
            part[s] = part[s].replace(" ", ", ", 1)
        paragraphs = [part for part in paragraphs if part] or [["Nothing is left."]]
    return "\n\n".join(" ".join(part) for part in paragraphs), [
        said for part in paragraphs for said in part
    ]


@settings(max_examples=200, deadline=None)
@given(edits())
def test_the_receipt_on_random_edits(edit):
    raw, truth = edit
    revision = revise(SEED, raw)
    there = Counter(map(fingerprint, truth))
    sha = SEED.sentences.set_index("locator")["sha256"]
    claimed = Counter()
    for row in revision.sentences.to_dict("records"):
        known = sha[row["locator"]]
        if row["status"] in ("exact", "moved"):
            assert fingerprint(raw[row["start"] : row["end"]]) == known, (
                "said to be there, and is not"
            )
            claimed[known] += 1
    for known, times in Counter(sha).items():
        assert claimed[known] <= max(there[known], raw_times(raw, known))
        assert claimed[known] >= min(times, there[known]), "there, and not found"
    # every word of the revised text is in a sentence, and facts follow their sentences
    new = revision.revised
    spans = sorted(zip(new["start"].astype(int), new["end"].astype(int), strict=True))
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
    outside = "".join(
        raw[a:b]
        for a, b in zip(
            [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(raw)], strict=True
        )
    )
    assert not any(map(str.isalnum, outside)), outside
    assert all(
        fingerprint(raw[int(a) : int(b)]) == h
        for a, b, h in zip(new["start"], new["end"], new["sha256"], strict=True)
    )
    status = revision.sentences.set_index("locator")["status"]
    at = revision.sentences.set_index("locator")["new_locator"]
    hashes = new.set_index("locator")["sha256"]
    for fact in revision.facts.to_dict("records"):
        statuses = {status[one] for one in fact["anchors"].split(";")}
        assert (fact["fate"] == "stays") == (statuses == {"exact"})
        assert (fact["fate"] == "lost") == (statuses == {"lost"})
        if fact["fate"] in ("stays", "moved"):
            assert [hashes[one] for one in fact["new_anchors"].split(";")] == [
                sha[one] for one in dict.fromkeys(fact["anchors"].split(";"))
            ]
    assert at[status == "lost"].eq("").all() and at[status != "lost"].ne("").all()
    # and the revised tables are sound as soon as what is lost is taken out
    cells = revised_cells(read_seed_cells(FICTIONAL), revision)
    if not (revision.facts["fate"] == "lost").any() and all(
        (cells[name]["anchors"] != "").all()
        for name in cells
        if name not in ("sentences", "actors")
    ):
        assert [
            f
            for f in check_tables({n: cells[n] for n in SEED.tables}, SEED.metadata["voices"])
            if f.column != "speaker"
        ] == []


def raw_times(raw, known):
    """How often words of that hash stand in the text, sentence or not: a sentence glued to another
    is still there."""
    words = next(s for part in sentences_by_paragraph() for s in part if fingerprint(s) == known)
    return " ".join(raw.split()).count(words)


def test_the_same_text_changes_nothing():
    revision = revise(SEED, TEXT)
    assert set(revision.facts["fate"]) == {"stays"}
    assert (revision.facts["anchors"] == revision.facts["new_anchors"]).all()
    assert str(revision).startswith(
        "35 statements: 35 stays, 0 moved, 0 changed, 0 lost. 15 sentences before, 15 now, 0 of them"
        " new."
    )


def test_each_fate():
    raw = WITHOUT_LEAGUE.replace("Critics call it a marriage", "Some critics call it a marriage")
    grain, pact = (
        "In return, Valden is thought to have sent grain.",
        "The Lighthouse Pact, by contrast",
    )
    raw = raw.replace(grain, "").replace("What the Pact does", f"{grain}\n\nWhat the Pact does")
    raw = raw.replace(pact, f"A new first sentence stands here. {pact}")
    revision = revise(SEED, raw)
    fate = revision.facts.set_index("id")
    assert fate.loc["ev_boats_lent", "fate"] == "stays" and fate.loc["cl_recall", "fate"] == "lost"
    assert fate.loc["cl_convenience", "fate"] == "changed"
    assert fate.loc["tr_grain", "fate"] == "moved"
    assert fate.loc["tr_grain", "new_anchors"] == "P05.S1"
    assert fate.loc["co_pact_training", "new_anchors"] == "P07.S2"
    lines = receipt_lines(revision)
    assert f"lost: {FATES['lost']}" in lines
    assert "  cl_recall (claims): P04.S1" in lines
    assert "new sentences, not coded yet: P07.S1" in lines


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FICTIONAL, tmp_path / "harbour-league")
    return tmp_path / "harbour-league"


def test_writing_moves_every_locator(folder, tmp_path):
    raw = MANY.replace("\n\nWhat the Pact does", "\n\nThe gulls do not care.\n\nWhat the Pact does")
    revision = revise(axislib.open_seed(folder), raw)
    done = write_revision(folder, revision)
    assert "sentences.csv" in done and "frames.csv" not in done
    opened = axislib.open_seed(folder)
    assert len(opened.sentences) == 16
    assert opened.sentences.set_index("locator")["no_fact_reason"].to_dict()["P05.S1"] == NOT_YET
    assert opened.row("cl_convenience")["anchors"] == "P08.S1"
    assert opened.row("sil_pact_ports")["nearest"] == "P07.S1"
    (tmp_path / "revised.txt").write_text(raw, encoding="utf-8")
    assert (locate(raw, opened.sentences)["status"] == "exact").all()


def test_a_folder_that_cannot_be_renamed_stays_as_it_was(folder, monkeypatch):
    before = contents(folder)
    revision = revise(axislib.open_seed(folder), MANY)

    def held(path, target):
        if path.name.endswith(".part"):
            raise OSError(13, "held by another program")
        return rename(path, target)

    rename = Path.rename
    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(
        SeedError, match=r"\(held by another program\); nothing was changed; close its files"
    ):
        write_revision(folder, revision)
    assert contents(folder) == before and list(folder.parent.iterdir()) == [folder]


def test_what_else_is_in_the_folder_is_kept(folder):
    (folder / "notes.md").write_text("mine", encoding="utf-8")
    write_revision(folder, revise(axislib.open_seed(folder), MANY))
    assert (folder / "notes.md").read_text(encoding="utf-8") == "mine"
    assert list(folder.parent.iterdir()) == [folder]


def test_what_is_lost_stops_the_writing(folder):
    before = contents(folder)
    revision = revise(axislib.open_seed(folder), WITHOUT_LEAGUE)
    with pytest.raises(SeedError) as stopped:
        write_revision(folder, revision)
    first, *lines = str(stopped.value).split("\n  ")
    cells = read_seed_cells(folder)
    row = cells["events"].index[cells["events"]["id"] == "ev_league_founded"][0] + 2
    assert f": {len(lines)}; nothing was written" in first
    assert "axislib text --revise FILE --seed harbour-league --write" in first
    assert any(
        line.startswith(
            f"events.csv, row {row}, column anchors: 'P04.S1' is gone, and ev_league_founded "
        )
        for line in lines
    )
    assert all("name a sentence that stays, or take the row out" in line for line in lines)
    assert contents(folder) == before
    assert [p.name for p in folder.parent.iterdir()] == ["harbour-league"]


def test_what_names_a_lost_row_is_told_with_it(folder):
    link = read_seed_cells(folder)["arguments"].iloc[0]
    cut = locate(TEXT, SEED.sentences).set_index("locator").loc[SEED.row(link["source"])["anchors"]]
    with pytest.raises(
        SeedError,
        match=rf"{link['source']} rests on nothing else; .* \(what names it too: .*{link['id']}",
    ):
        write_revision(
            folder,
            revise(axislib.open_seed(folder), TEXT[: int(cut["start"])] + TEXT[int(cut["end"]) :]),
        )


def test_the_command_says_what_it_would_do(folder, tmp_path, capsys):
    (tmp_path / "revised.txt").write_text(MANY, encoding="utf-8")
    revise_text(str(folder), tmp_path / "revised.txt", write=False)
    assert (
        "cl_convenience (claims): P07.S1" in (said := capsys.readouterr().out)
        and "Nothing was written" in said
    )
    revise_text(str(folder), tmp_path / "revised.txt", write=True)
    assert "written: harbour-league/sentences.csv" in capsys.readouterr().out
    revise_text(str(folder), tmp_path / "revised.txt", write=False)
    assert "35 stays" in capsys.readouterr().out


def test_everything_on_a_changed_sentence_is_told_and_to_be_read_again(folder, tmp_path):
    raw = TEXT.replace("Valden is thought", "Valden is now thought")
    lines = receipt_lines(revise(SEED, raw), lambda locator: f"old {locator}")
    for line in (
        "sil_grain (silences)",
        "sil_grain (silences, nearest)",
        "rdg_grain_reported (readings)",
    ):
        assert f"  {line}: P03.S3 -> P03.S3" in lines
    at = lines.index("these sentences before and after:")
    assert lines[at + 1] == "  P03.S3  old P03.S3"
    assert lines[at + 2].startswith("  P03.S3  In return, Valden is now")
    assert "  P03.S3  (the old text is not available)" in receipt_lines(revise(SEED, raw))
    assert TO_REREAD in write_revision(folder, revise(axislib.open_seed(folder), raw))
    assert {"tr_grain", "sil_grain", "rdg_grain_reported"} <= set(still_to_reread(folder)["id"])
    assert "is now thought" not in (folder / TO_REREAD).read_text(encoding="utf-8")
    said = command("check", folder)
    assert (
        said.exit_code == 0
        and "read tr_grain (transfers, anchors) again: a sentence behind it has changed (P03.S3)"
        in said.output
    )
    # a second revision moves the sentence and forgets nothing
    write_revision(
        folder,
        revise(
            axislib.open_seed(folder),
            raw.replace("\n\nIn March 2031", "\n\nThe gulls do not care, at all.\n\nIn March 2031"),
        ),
    )
    assert set(still_to_reread(folder).loc[lambda rows: rows["id"] == "tr_grain", "sentences"]) == {
        "P04.S3"
    }
    (folder / TO_REREAD).write_text("table,id,column,sentences\n", encoding="utf-8")
    assert "again" not in command("check", folder).output


def test_a_reason_on_a_changed_sentence_is_told(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    folder = new_seed("mine", tmp_path / "a.txt", tmp_path).folder
    path = folder / "sentences.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(f",{NOT_YET}", ",a headline", 1), encoding="utf-8"
    )
    raw = TEXT.replace("the Ghost", "the Ghosts")
    assert "  P01.S1 (sentences, no_fact_reason): P01.S1 -> P01.S1" in receipt_lines(
        revise(axislib.open_seed(folder), raw)
    )


def test_the_split_of_a_person_holds(folder):
    proposed = split_file(TEXT, split_text(TEXT))
    joined = proposed.replace(
        "signed a charter but never shared a single chart.\nWhen",
        "signed a charter but never shared a single chart. When",
    )
    revision = revise(axislib.open_seed(folder), TEXT, read_split(joined, TEXT))
    assert len(revision.revised) == 14
    assert sorted(revision.sentences["status"].unique()) == ["changed", "exact"]
    at = revision.sentences.set_index("locator")["new_locator"]
    assert at["P04.S2"] == at["P04.S3"] == "P04.S2"
    write_revision(folder, revision)
    assert len(axislib.open_seed(folder).sentences) == 14 and len(still_to_reread(folder))


def test_the_workbook_and_the_split_follow_the_text(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    made = new_seed("mine", tmp_path / "a.txt", tmp_path, author="Ada Quill")
    book = load_workbook(made.workbook)
    for column, value in enumerate(["mayor", "The mayor", "person"], start=1):
        book["actors"].cell(4, column).value = value
    book.save(made.workbook)
    raw = MANY
    with pytest.raises(
        SeedError,
        match=(
            "coding.xlsx holds 1 actor not yet copied into the tables; nothing was written; first: axislib new"
            " mine --into"
        ),
    ):
        write_revision(made.folder, revise(axislib.open_seed(made.folder), raw))
    bring_in(made.folder, made.workbook)
    done = write_revision(made.folder, revise(axislib.open_seed(made.folder), raw))
    assert {"coding.xlsx", "mine-split.txt"} <= set(done)
    assert "Many critics call it" in made.split.read_text(encoding="utf-8")
    assert any(
        str(row[2].value).startswith("Many critics")
        for row in load_workbook(made.workbook)["sentences"].iter_rows()
    )
    assert bring_in(made.folder, made.workbook) == [] and list(tmp_path.glob(".*")) == []


REWORDED = TEXT.replace(
    LEAGUE,
    "Few people alive today have ever heard anything at all of the old Harbour League, which is a"
    " pity.",
)


def test_a_sentence_in_the_place_of_another_is_reworded(folder):
    revision = revise(axislib.open_seed(folder), REWORDED)
    row = revision.sentences.set_index("locator").loc["P04.S1"]
    assert (row["status"], row["new_locator"]) == ("reworded", "P04.S1")
    assert revision.facts.set_index("id").loc["cl_recall", "fate"] == "changed"
    assert "0 lost" in str(revision)
    assert "0 of them new" in str(revision)
    lines = receipt_lines(revision, lambda locator: f"old {locator}")
    at = lines.index("  P04.S1  old P04.S1")
    assert lines[at - 1].startswith("reworded: ")
    assert lines[at + 1].startswith("  P04.S1  Few people alive")
    assert not any("gone" in line or line.startswith("new sentences") for line in lines[at:])
    assert TO_REREAD in write_revision(folder, revision)
    assert {"cl_recall", "ev_league_founded"} <= set(still_to_reread(folder)["id"])


def test_a_lost_sentence_with_no_partner_stays_lost():
    cut = REWORDED.replace("which is a pity.", "which is a pity. The gulls do.")
    revision = revise(SEED, cut)
    assert revision.sentences.set_index("locator").loc["P04.S1", "status"] == "lost"
    elsewhere = WITHOUT_LEAGUE.replace(
        "Critics call it",
        "Nobody on the whole of the pier has ever asked the gulls. Critics call it",
    )
    revision = revise(SEED, elsewhere)
    assert revision.sentences.set_index("locator").loc["P04.S1", "status"] == "lost"


def test_the_split_of_a_person_has_reworded_sentences_too():
    revision = revise(SEED, REWORDED, split_text(REWORDED))
    assert revision.sentences.set_index("locator").loc["P04.S1", "status"] == "reworded"


def test_the_preview_says_what_writing_would_refuse(folder, tmp_path):
    (tmp_path / "revised.txt").write_text(WITHOUT_LEAGUE, encoding="utf-8")
    said = command("text", "--revise", tmp_path / "revised.txt", "--seed", folder)
    assert said.exit_code == 1 and "add --write" not in said.output
    assert "--write would refuse it now: " in said.output
    assert "ev_league_founded rests on nothing else" in said.output


@pytest.fixture
def corrected(tmp_path):
    """A seed of one's own in which a standfirst was put among the body in sentences.csv, after its
    split was written."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    made = new_seed("mine", tmp_path / "a.txt", tmp_path, author="Ada Quill")
    path = made.folder / "sentences.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("P02.S1,standfirst", "P02.S1,body"),
        encoding="utf-8",
    )
    return made


def section_after(made, tmp_path, split, raw=TEXT):
    (tmp_path / "revised.txt").write_text(raw, encoding="utf-8")
    revise_text(str(made.folder), tmp_path / "revised.txt", write=True, split=split)
    sentences = axislib.open_seed(made.folder).sentences
    return sentences.set_index("locator").loc["P02.S1", "section"]


def test_a_section_corrected_in_the_table_is_kept_where_the_split_says_nothing_new(
    corrected, tmp_path
):
    split = tmp_path / "split.txt"
    mended = corrected.split.read_text(encoding="utf-8").replace(
        "Critics call", "Many critics call"
    )
    split.write_text(mended, encoding="utf-8")
    assert section_after(corrected, tmp_path, split, MANY) == "body"
    assert "[standfirst]" not in corrected.split.read_text(encoding="utf-8")


@pytest.mark.parametrize("in_place", [True, False])
def test_another_section_in_the_split_counts_more(corrected, tmp_path, in_place):
    split = corrected.split if in_place else tmp_path / "split.txt"
    split.write_text(
        corrected.split.read_text(encoding="utf-8").replace("[standfirst]", "[heading]"),
        encoding="utf-8",
    )
    assert section_after(corrected, tmp_path, split) == "heading"


def test_the_workbook_as_it_was_is_kept(corrected, tmp_path, capsys):
    def with_a_tab_of_ones_own(name):
        book = load_workbook(corrected.workbook)
        book.create_sheet(name)["A1"] = "a thought"
        book.save(corrected.workbook)

    with_a_tab_of_ones_own("mine")
    (tmp_path / "revised.txt").write_text(MANY, encoding="utf-8")
    revise_text(str(corrected.folder), tmp_path / "revised.txt", write=False)
    assert not (corrected.folder / "coding-before.xlsx").exists()
    revise_text(str(corrected.folder), tmp_path / "revised.txt", write=True)
    said = capsys.readouterr().out
    assert "coding-before.xlsx: the workbook as it was" in said
    assert "written: mine/coding-before.xlsx" not in said
    assert load_workbook(corrected.folder / "coding-before.xlsx")["mine"]["A1"].value == "a thought"
    with_a_tab_of_ones_own("later")
    done = command("new", "mine", "--workbook", "--into", tmp_path)
    assert done.exit_code == 0 and "coding-before.xlsx: the workbook as it was" in done.output
    assert "later" in load_workbook(corrected.folder / "coding-before.xlsx").sheetnames
