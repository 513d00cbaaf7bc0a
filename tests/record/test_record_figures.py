"""The record in charts: every mark cites, has another look, and never stands alone."""

import re

import pytest

import axislib
from axislib.figures.palette import PAPER
from axislib.record import checks, findings, robustness, values, what_changes
from axislib.record.acts import record_timeline
from axislib.record.comparison import filled_comparison
from axislib.record.figures import cards, record_check, record_overview
from axislib.record.options import cutoff
from axislib.record.sensitivity import held
from axislib.record.verdict import WORDS
from axislib.words import curly, number_word


def ids_resolve(figure, seed):
    ids = axislib.cited(figure)
    assert ids
    for i in ids:
        assert seed.row(i)
    return ids


@pytest.mark.parametrize("claim", [check.claim for check in checks()])
def test_every_check_has_a_figure_that_cites(known, claim):
    figure = record_check(known, claim)
    ids = ids_resolve(figure, known.seed)
    bearings = set(known.seed.bearings.query("target == @claim")["id"])
    assert bearings <= set(ids)
    assert len(figure.layout.meta["twin"]) == len(values(known, claim)) + len(bearings)
    assert check_title(figure, claim) and "invitation to discuss" in figure.layout.meta["alt"]


def check_title(figure, claim):
    """A title is a claim in our own words, never in quotation marks."""
    title = figure.layout.meta["alt"].partition("A verdict is an invitation")[0]
    literal = next(check.literal for check in checks() if check.claim == claim)
    return curly(literal.rstrip(".")) in title and not set('\u201c\u201d"') & set(title)


def test_the_overview_has_every_claim_and_how_far_its_verdict_holds(known):
    figure, table = record_overview(known), robustness(known)
    ids = ids_resolve(figure, known.seed)
    assert set(table["claim"]) <= set(ids)
    drawn = {
        mark[0].split(";")[0]: trace.name
        for trace in figure.data
        if trace.name in ("robust", "fragile", "thin")
        for mark in trace.customdata
    }
    tested = table[table["verdict"] != "cannot_be_tested"]
    assert drawn == dict(zip(tested["claim"], tested["robustness"], strict=True))
    assert figure.layout.height < 1100 and len(figure.layout.meta["twin"]) == len(table)


def test_an_arrow_leads_from_a_verdict_to_that_on_the_weaker_form(known):
    figure, table = record_overview(known), robustness(known).query("central != ''")
    marks = {(t.name, mark[0].split(";")[0]): (x, y) for t in figure.data if t.mode == "markers"
             for mark, x, y in zip(t.customdata, t.x, t.y, strict=True)}  # fmt: skip
    said = " ".join(words for t in figure.data for words in t.text or ()).replace("<br>", " ")
    arrows = [note for note in figure.layout.annotations if note.showarrow]
    weaker = table[table["charitable"] != ""]
    softer = weaker[weaker["charitable_verdict"] != weaker["verdict"]].to_dict("records")
    assert len(softer) == len(arrows) >= 2
    for row in softer:
        (x, y), (to, down) = (
            marks[kind, row["claim"]] for kind in (row["robustness"], "charitable")
        )
        assert y == down and to > x and curly(row["charitable"].rstrip(".")) in said
        assert [x < a.ax < a.x < to for a in arrows if a.y == a.ay == y] == [True]


def test_a_column_is_drawn_only_where_a_claim_has_its_verdict(known):
    heads = " ".join(note.text for note in record_overview(known).layout.annotations)
    heads = heads.replace("<br>", " ")
    assert "<b>Contradicted</b>" in heads and "<b>Supported on balance</b>" in heads
    table = robustness(known)
    thin = (table["verdict"] == "not_decided") & (table["robustness"] == "thin")
    given = table["verdict"].mask(thin, "thin").value_counts()
    assert 0 < given["thin"] < thin.size
    open_ = {"not_decided": "findings divided", "thin": "too little evidence"}
    for word, number in given.items():
        name = f"Undecided: {open_[word]}" if word in open_ else WORDS[word].capitalize()
        assert f"<b>{name}</b> <b>{number}</b>" in heads


def test_what_cannot_be_tested_is_not_on_the_scale(known):
    figure, table = record_overview(known), robustness(known)
    untested = set(table.loc[table["verdict"] == "cannot_be_tested", "claim"])
    names = {t.name for t in figure.data for mark in t.customdata or () if mark[0] in untested}
    assert names == {"claims: words", "reach of claims: words", "untested"}  # no mark of a grade
    heads = " ".join(note.text for note in figure.layout.annotations)
    assert f"<b>Cannot be tested ({len(untested)})</b>" in heads


def test_an_undecided_verdict_says_what_robust_means_there(known):
    figure, table = record_overview(known), robustness(known)
    told = {held(row) for row in table.query("verdict == 'not_decided'").to_dict("records")}
    assert told == {
        *("robust: no change tried would decide it", "fragile: one change could decide it"),
        *("too little evidence: one finding", "too little evidence: no finding counts"),
    }
    drawn = [words.replace("<br>", " ") for t in figure.data for words in t.text or ()]
    heads = [note.text.lower() for note in figure.layout.annotations]
    told = {words.removeprefix("too little evidence: ") for words in told}
    assert told <= {*drawn, *heads} and held({"verdict": "cannot_be_tested"}) == ""
    undecided = [line for line in figure.layout.meta["twin"] if ". Undecided" in line]
    known_so = (robustness(known)["verdict"] == "not_decided").sum()
    assert len(undecided) == known_so >= 10


def test_the_overview_marks_well_known_events(known):
    figure, table = record_overview(known), robustness(known)
    said = [(mark[0].split(";")[0], words) for t in figure.data if t.text is not None
            for mark, words in zip(t.customdata, t.text, strict=True)]  # fmt: skip
    plain = set(
        table.loc[
            table["verdict"].str.startswith("supported") & (table["describes"] != ""), "claim"
        ]
    )
    assert {claim for claim, words in said if "*" in words} == plain
    number, ours = (
        number_word(len(plain)).capitalize(),
        table["verdict"].str.startswith("supp").sum(),
    )
    assert f"{number} of the {ours} supported, outright or on" in figure.layout.meta["alt"]


def test_a_claim_alone_keeps_the_column_of_its_weaker_form(known):
    heads = [note.text for note in record_overview(known, ["ev_unsc_cover"]).layout.annotations]
    assert "<b>Contradicted</b>" in heads and "<b>Supported</b>" in heads


def test_the_title_names_the_respects_and_what_they_leave_of_the_thesis(known):
    table = robustness(known)
    thesis = table.query("central == 'thesis'").iloc[0]
    shares = values(known, thesis["claim"]).query("role == 'claimed'")
    ahead = shares.loc[shares["value"] >= 1 / 2, "who"].tolist()
    title = record_overview(known).layout.meta["alt"]
    thin = (table["robustness"] == "thin") & (table["verdict"] == "not_decided")
    few, open_ = thin.sum(), (table["verdict"] == "not_decided").sum()
    assert title.startswith(
        f"Of 33 claims, {open_} are undecided; the thesis is supported on balance, and only in"
    )
    behind, of = (number_word(n) for n in (len(shares) - len(ahead), len(shares)))
    assert (
        f"Of {of} respects that we measured, today\u2019s four lead in one and the Axis in" in title
    )
    assert f"Axis in {behind}, and one change could undo the verdict on the thesis" in title
    assert f"{number_word(open_ - few).capitalize()} claims are undecided because the" in title
    assert f"divided, {number_word(few)} for too little evidence" in title
    first = record_overview(known).layout.meta["cards"][1]["lines"][0]
    assert f"four in {ahead[0].lower()}" in first
    tally, *cards, key = record_overview(known).layout.meta["cards"]
    given = [line.partition(" ")[2] for line in tally["lines"]]
    assert [line.partition(" (")[0] for line in given] == [
        *("contradicted", "contradicted on balance", "undecided: findings divided"),
        *("supported on balance", "supported", "undecided: too little evidence"),
        "cannot be tested",
    ]
    assert [sum(n for n, _ in runs) for runs in tally["squares"]] == [
        int(line.split()[0]) for line in tally["lines"]
    ]
    robust = (table["robustness"] == "robust") & (table["verdict"] != "cannot_be_tested")
    assert sum(n for runs in tally["squares"] for n, look in runs if not look) == robust.sum()
    assert sum(int(line.split()[0]) for line in tally["lines"]) == 33
    assert [re.split(r" \(\d+\)|:", line)[0] for line in key["lines"]] == [
        *("Robust", "Fragile", "Too little evidence", "Weaker form", "On balance")
    ]
    assert cards[0]["heading"] == "Examined in full (6)" and len(cards[0]["lines"]) == 6
    assert all(card["heading"].endswith(f" ({len(card['lines'])})") for card in cards[1:])
    assert all(len(card["signs"]) == len(card["lines"]) for card in cards)
    assert [card["folded"] for card in cards] == ["", *["Show the list"] * (len(cards) - 1)]
    assert sum(len(card["lines"]) for card in cards) == 33
    assert cards[0]["lines"][1].startswith("Berlin and Tokyo never")
    assert ".\n\nContradicted; robust.\nWeaker form, supported on" in cards[0]["lines"][1]
    assert not [line for card in cards[1:] for line in card["lines"] if "\n" in line]


def test_the_filled_comparison_gives_both_results(known):
    figure = filled_comparison(known)
    alt = figure.layout.meta["alt"]
    changes = what_changes(known.seed)
    apart = changes["filled"] == "cannot say"
    for way, head in (("record", "By the external record alone"), ("filled", "With gaps filled")):
        card = next(c for c in figure.layout.meta["cards"] if c["heading"] == head)
        for part, runs in zip(("article", "context"), card["squares"], strict=True):
            own = changes.loc[
                ~apart & ((changes["origin"] == "context") == (part == "context")), way
            ]
            order = ("more", "less", "alike", "cannot say")
            assert [n for n, _ in runs] == [(own == word).sum() for word in order]
    added = changes["origin"] == "context"
    named, more = (changes.loc[part, "filled"].value_counts() for part in (~added, added))
    assert named["more"] > named["less"] and set(more.index) == {"less"}
    ours, more = (number_word((changes[way] == "more").sum()) for way in ("record", "filled"))
    assert alt.startswith(
        f"Today\u2019s four lead on {ours} form by the external record alone and on"
    )
    assert f" and on {more} with the article" in alt and "all of them favour the wartime" in alt
    assert f"names, {number_word(named['more'])} then favour today\u2019s four" in alt


def test_acts_are_told_apart_by_half_and_by_how_they_are_known(known):
    figure, events = record_timeline(known), known.seed.events.set_index("id")
    band = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    start = events["earliest"][known.seed.metadata["founding"]["modern_alignment"]]
    end = (cutoff(known.seed)[1] - start).days / 365.25
    line = next(s for s in figure.layout.shapes if s.type == "line" and s.x0 == s.x1)
    first = min(x for t in figure.data if t.name.startswith("acts: left") for x in t.x)
    assert band.x1 == pytest.approx(first + (line.x0 - first) * end / (round(end) / 2))
    notes = [note.text for note in figure.layout.annotations]
    told, firm = figure.layout.meta["alt"], {}
    for side, card in zip(("left", "later", "right"), figure.layout.meta["cards"], strict=False):
        acts = [(how, m[0], x) for how in ("asserted", "reported") for t in figure.data
                if t.name == f"acts: {side}: {how}"
                for m, x in zip(t.customdata, t.x, strict=True)]  # fmt: skip
        assert all(events["modality"][i] == how for how, i, _ in acts)
        halves = [[how for how, _, x in acts if (x <= line.x0) is early] for early in (True, False)]
        sure = [half.count("asserted") for half in halves]
        other = [half.count("reported") for half in halves]
        shown = [f"<b>{n}</b>" for n in sure]
        more = [f"+ {n} only reported" if n else "" for n in other]
        place = notes.index(shown[0])
        assert notes[place : place + 4] == [shown[0], more[0], shown[1], more[1]]
        notes, firm[side] = notes[place + 4 :], (sure[0], sum(sure), other[1] + sure[1], len(acts))
        assert [[n for n, _ in runs] for runs in card["squares"]] == [
            list(pair) for pair in zip(sure, other, strict=True)
        ]
    assert told.startswith("The acts we found cannot show whether today\u2019s four or the wartime")
    ours, theirs = firm["left"], firm["later"]
    assert 2 * ours[0] == ours[1] and 2 * theirs[0] > theirs[1]
    assert f"{ours[0]} of {ours[1]} fall in the first half of three years" in told
    assert f"from 1940, {theirs[0]} of {theirs[1]}. With acts only" in told
    assert f"reported, {ours[2]} of {ours[3]} of today\u2019s four come later" in told


def test_six_cards_are_open_and_every_claim_has_one(known):
    html = cards(known, robustness(known))
    assert html.count("<details open>") == 6 and html.count("<h4>") == 33
    assert "\n\n" not in html and "The other 27 claims" in html  # a blank line would end the HTML
    assert "Later than the article, or possibly later" in html
    assert html.count("<li>") > sum(len(findings(known, check.claim)) for check in checks())


def test_no_number_stands_alone(known):
    for check in checks():
        for _, rows in values(known, check.claim).groupby("indicator"):
            assert set(rows["role"]) - {"claimed"} or rows["who"].nunique() > 1


def test_all_but_the_articles_number_is_outlined(known):
    figure = record_check(known, "tr_prk_troops")
    filled = {
        trace.name
        for trace in figure.data
        if trace.mode == "markers" and trace.marker.color != PAPER
    }
    assert filled == {"article"}


def test_the_timeline_is_the_records(known):
    figure = record_timeline(known)
    ids = ids_resolve(figure, known.seed)
    assert (
        all(i.startswith("cx_") for i in ids)
        and "not from the article" in figure.layout.meta["alt"]
    )
    assert any(shape.type == "rect" for shape in figure.layout.shapes)


def test_the_filled_comparison_marks_what_is_filled(known):
    figure = filled_comparison(known)
    ids_resolve(figure, known.seed)
    ours, heads = 0, [n for n in figure.layout.annotations if "gaps filled</b><br>" in n.text]
    middle = heads[0].x
    for trace in figure.data:
        if not str(trace.name).startswith("on cells"):
            continue
        for mark, said, x in zip(trace.customdata, trace.text, trace.x, strict=True):
            if x < middle or said in ("today\u2019s four", "the wartime Axis", "a tie", "open"):
                assert not said.startswith("\u25c7 "), "the record's own block, or a result"
                continue
            from_record = all(i.startswith("coc_") for i in mark[0].split(";"))
            ours += from_record
            known_so = from_record and "left open" not in said
            assert said.startswith("\u25c7 ") == known_so, said
    assert ours >= 10
