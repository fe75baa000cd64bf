"""What a pack would change, in words: blocks matched by what they are, texts cut to the point."""

from courses.packfiles.fields import derived_id
from courses.services.packs.telling_blocks import stream_details
from courses.services.packs.wording import LONGEST, around


def text(words, own="a"):
    return {"type": "text", "value": f"<p>{words}</p>", "id": derived_id(own)}


def question(stem, *choices, own="q"):
    listed = [
        {
            "type": "item",
            "id": derived_id(f"{own}/{number}"),
            "value": {"text": words, "correct": is_right, "explanation": "<p>So.</p>"},
        }
        for number, (words, is_right) in enumerate(choices)
    ]
    value = {"key": own, "outcome": "", "stem": f"<p>{stem}</p>", "choices": listed}
    return {"type": "single", "value": value, "id": derived_id(own)}


def said(before, after):
    return [(one.label, one.before, one.after) for one in stream_details(before, after, {})]


def test_blocks_that_are_the_same_are_not_mentioned_whatever_their_ids():
    assert said([text("One", "a"), text("Two", "b")], [text("One", "c"), text("Two", "d")]) == []


def test_a_text_that_changes_is_shown_twice_and_bold_is_seen():
    ((label, before, after),) = said([text("One")], [text("<b>One</b>")])
    assert (before, after) == ("One", "**One**")
    assert "“One”" in label


def test_what_comes_and_goes():
    assert [x[1:] for x in said([text("One")], [text("One"), text("Two")])] == [("", "Two")]
    assert [x[1:] for x in said([text("One"), text("Two")], [text("Two")])] == [("One", "")]


def test_what_moves_is_not_new():
    one, two, three = (text(words, words) for words in ("One", "Two", "Three"))
    ((label, before, after),) = said([one, two, three], [two, three, one])
    assert "“One”" in label
    assert "elsewhere" in before
    assert "here" in after


def test_a_question_is_known_again_by_its_identity():
    before = [question("Which?", ("A", True), ("B", False)), question("Other?", own="r")]
    after = [
        question("Other?", own="r"),
        question("Which one?", ("A", True), ("C", False)),
    ]
    details = said(before, after)
    assert ("Which?", "Which one?") in [x[1:] for x in details]
    assert any("B – wrong" in x[1] and "C – wrong" in x[2] for x in details)


def test_another_identity_under_the_same_words_is_said():
    ((_label, before, after),) = said([question("Which?")], [question("Which?", own="r")])
    assert before == "as it is"
    assert "another identity" in after


def test_short_texts_are_shown_whole():
    assert around("one", "two") == ("one", "two")


def test_long_texts_are_cut_to_what_differs():
    words = "word " * 400
    before, after = around(f"{words}old{words}", f"{words}new words{words}")
    assert "old" in before
    assert "new words" in after
    for cut in (before, after):
        assert cut.startswith("…")
        assert cut.endswith("…")
        assert len(cut) < LONGEST


def test_a_long_text_that_is_all_new_is_cut_too():
    before, after = around("", "word " * 400)
    assert before == ""
    assert len(after) <= LONGEST + 1
