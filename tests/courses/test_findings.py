"""What the checks find in blocks as Wagtail keeps them: each mistake beside what is right."""

import datetime

import pytest

from courses.queries.findings.in_figures import figures_in, findings_in_figures
from courses.queries.findings.in_links import PlacedLink, findings_in_link, problem_with_address
from courses.queries.findings.in_pages import (
    findings_in_headings,
    findings_in_lesson,
    findings_in_stream,
    findings_in_words,
    outcomes_never_asked,
)
from courses.queries.findings.reading_age import minutes_to_read, reading_age, words_in
from courses.queries.findings.shapes import (
    Block,
    Known,
    KnownFact,
    KnownImage,
    KnownLink,
    KnownRecording,
    Text,
    blocks_in,
    shortened,
)
from courses.queries.findings.texts import Link, headings_of, links_of, sentences_of, texts_of

ON = datetime.date(2026, 11, 25)


def known(**fields):
    return Known(
        on=ON,
        images={1: KnownImage("A family", "IMG_2041.jpg")},
        recordings={1: KnownRecording(True, True, 60), 2: KnownRecording(False, False, 600)},
        facts={
            1: KnownFact("Helpline", ON, False, "<p>40% of calls</p>"),
            2: KnownFact("Late", ON - datetime.timedelta(days=1), False),
            3: KnownFact("Given up", ON + datetime.timedelta(days=9), True),
        },
        documents={1},
        pages={1: True, 2: False},
        **fields,
    )


def block(kind, value, name="body"):
    return Block(kind, value, f"{name}.{kind}-id", 1)


def kinds(*blocks):
    return [finding.kind for finding in findings_in_stream(list(blocks), known())]


def picture(alt="A mother and two children wait", image=1, caption=""):
    return block("image", {"image": image, "alt": alt, "caption": caption})


class TestPictures:
    def test_one_that_is_described_is_right(self):
        assert kinds(picture()) == []

    @pytest.mark.parametrize("alt", ["", "   ", None])
    def test_without_an_alternative_it_cannot_be_published(self, alt):
        (finding,) = findings_in_stream([picture(alt)], known())
        assert (finding.kind, finding.prevents) == ("no-alt", True)
        assert finding.path == "body.image-id.alt"

    @pytest.mark.parametrize(
        "alt",
        ["IMG_2041.jpg", "waiting-room.png", "DSC 0042", "photo", "family_in_court", "scan 3"],
    )
    def test_the_name_of_a_file_is_no_alternative(self, alt):
        assert kinds(picture(alt)) == ["alt-is-file"]

    @pytest.mark.parametrize("alt", ["A photo of the door", "Two in 3 rooms", "Court, 9.30am"])
    def test_words_that_only_look_a_little_like_one_are_right(self, alt):
        assert kinds(picture(alt)) == []

    def test_the_caption_again_is_no_description(self):
        assert kinds(picture("The court!", caption="the court")) == ["alt-is-caption"]

    def test_a_picture_that_was_deleted(self):
        assert kinds(picture(image=9)) == ["picture-gone"]


class TestSources:
    def test_a_fact_with_its_source_is_right_and_one_without_is_refused(self):
        fact = {"text": "<p>F.</p>", "source": "MoJ, 2024", "url": "", "limits": ""}
        assert kinds(block("fact", fact)) == []
        (finding,) = findings_in_stream([block("fact", fact | {"source": " "})], known())
        assert (finding.kind, finding.prevents, finding.words) == ("no-source", True, "F.")

    def test_a_quote_says_whose_words_it_has(self):
        assert kinds(block("quote", {"text": "<p>Q</p>", "who": "A mother"})) == []
        assert kinds(block("quote", {"text": "<p>Q</p>", "who": ""})) == ["no-source"]

    def test_further_reading_says_who_published_it(self):
        items = [
            {"type": "item", "id": "a", "value": {"title": "T", "source": "P, 2020", "url": ""}},
            {"type": "item", "id": "b", "value": {"title": "U", "source": "", "url": ""}},
        ]
        (finding,) = findings_in_stream([block("reading", {"items": items})], known())
        assert (finding.path, finding.words) == ("body.reading-id.items.b.source", "U")

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("About 40% of them", ["40%"]),
            ("About 40 per cent", ["40%"]),
            ("12.5 percent", ["12.5%"]),
            ("one in three", ["one in three"]),
            ("7 out of 10", ["7 out of 10"]),
            ("193,000 children", ["193,000"]),
            ("2.5 million", ["2.5 million"]),
            ("3 times more", ["3 times more"]),
            ("Read 3 pages by 12 May 2027", []),
            ("Two in the morning", []),
        ],
    )
    def test_what_is_a_figure(self, text, found):
        assert figures_in(text) == found

    def test_a_figure_needs_a_fact_of_the_lesson_or_a_link_beside_it(self):
        def found(*blocks):
            return [f.words for f in findings_in_figures(list(blocks), known())]

        lone = block("text", "<p>It is 65%.</p>")
        assert found(lone) == ["It is 65%."]
        assert found(lone, block("fact", {"text": "<p>Of 23 boys, 65 per cent</p>"})) == []
        assert found(block("text", '<p>It is <a href="https://x.org/">65%</a>.</p>')) == []
        by_register = block("register_fact", {"entry": 1})
        assert found(block("text", "<p>40% call.</p>"), by_register) == []
        assert found(lone, by_register) == ["It is 65%."]


class TestFactsOfTheRegister:
    @pytest.mark.parametrize(
        ("entry", "found"),
        [
            (1, []),  # to be reviewed today: that is not past
            (2, ["fact-past-review"]),
            (3, ["fact-retired"]),
            (9, ["fact-gone"]),
        ],
    )
    def test_how_it_stands(self, entry, found):
        assert kinds(block("register_fact", {"entry": entry})) == found


class TestRecordingsAndFiles:
    def test_what_people_need_who_cannot_hear(self):
        assert kinds(block("video", {"recording": 1})) == []
        assert kinds(block("video", {"recording": 2})) == ["no-transcript", "no-captions"]
        assert kinds(block("audio", {"recording": 2})) == ["no-transcript"]
        assert kinds(block("audio", {"recording": 9})) == ["recording-gone"]

    def test_a_file_that_was_deleted(self):
        assert kinds(block("download", {"document": 1})) == []
        assert kinds(block("download", {"document": 9})) == ["document-gone"]


def asks(kind, *marks):
    choices = [
        {"type": "item", "id": str(n), "value": {"text": str(n), "correct": mark}}
        for n, mark in enumerate(marks)
    ]
    return block(kind, {"stem": "<p>Which?</p>", "choices": choices})


@pytest.mark.parametrize(
    ("kind", "marks", "is_right"),
    [
        ("single", (True, False), True),
        ("single", (False, False), False),
        ("single", (True, True), False),
        ("several", (True, True, False), True),
        ("several", (True, False), False),
        ("true_false", (True, False), True),
        ("true_false", (True, True), False),
    ],
)
def test_a_check_without_the_right_answers(kind, marks, is_right):
    found = list(findings_in_stream([asks(kind, *marks)], known()))
    assert [f.kind for f in found] == ([] if is_right else ["no-right-answer"])
    assert all(f.prevents and f.words == "Which?" for f in found)


class TestLinks:
    def found(self, link, **fields):
        return [f.kind for f in findings_in_link(PlacedLink(link, "body.x"), known(**fields))]

    @pytest.mark.parametrize(
        ("link", "found"),
        [
            (Link("page", "1", "The list"), []),
            (Link("page", "2", "The list"), ["link-broken"]),
            (Link("page", "9", "The list"), ["link-broken"]),
            (Link("page", "x", "The list"), ["link-broken"]),
            (Link("document", "1", "The form"), []),
            (Link("document", "9", "The form"), ["link-broken"]),
            (Link("address", "https://example.org/a", "The guide"), []),
            (Link("address", "mailto:a@example.org", "Write to us"), []),
            (Link("address", "tel:0800", "Ring us"), []),
            (Link("address", "#part", "Further down"), []),
            (Link("address", "", "The guide"), ["link-malformed"]),
            (Link("address", "https://example", "The guide"), ["link-malformed"]),
            (Link("address", "https://example.org/a", "click here"), ["link-words"]),
            (Link("address", "https://example.org/a", "Here!"), ["link-words"]),
            (Link("address", "https://example.org/a", ""), ["link-words"]),
        ],
    )
    def test_where_it_leads_and_what_it_is_called(self, link, found):
        assert self.found(link) == found

    def test_an_address_that_did_not_answer(self):
        url, link = "https://example.org/a", Link("address", "https://example.org/a", "Guide")
        assert self.found(link, links={url: KnownLink("It said 404.", ON)}) == ["link-silent"]
        assert self.found(link, links={url: KnownLink("", ON)}) == []

    @pytest.mark.parametrize(
        "url",
        [
            "https://www.gov.uk/guide?a=b#c",
            "http://example.org:8080/",
            "https://bücher.example/",
        ],
    )
    def test_what_can_be_an_address(self, url):
        assert problem_with_address(url) == ""

    @pytest.mark.parametrize(
        "url",
        [
            "ftp://example.org/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
            "https:///path",
            "https://example",
            "https://exa mple.org/",
            "https://example.org/a b",
            "https://user:pass@example.org/",
            "https://-example.org/",
            "https://example..org/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://[bad/",
            "https://example.org:99999/",
            "www.example.org",
        ],
    )
    def test_what_cannot(self, url):
        assert problem_with_address(url)

    def test_links_of_fields_and_of_every_rich_text_are_looked_at(self):
        gone = '<a linktype="page" id="9">The list</a>'
        reading = [{"type": "item", "id": "a", "value": {"title": "T", "source": "S", "url": "x"}}]
        choices = [{"type": "item", "id": "c", "value": {"explanation": gone, "correct": True}}]
        wrong = [{"type": "item", "id": "d", "value": {"explanation": "", "correct": False}}]
        found = [
            (f.kind, f.path)
            for f in findings_in_stream(
                [
                    block("reading", {"items": reading}),
                    block("fact", {"text": "", "source": "S", "url": "x"}),
                    block("text", gone),
                    block("single", {"stem": "", "choices": choices + wrong}),
                ],
                known(),
                texts=[Text(gone, "description")],
            )
        ]
        assert sorted(found) == [
            ("link-broken", "body.single-id.choices.c.explanation"),
            ("link-broken", "body.text-id"),
            ("link-broken", "description"),
            ("link-malformed", "body.fact-id.url"),
            ("link-malformed", "body.reading-id.items.a.url"),
        ]


class TestReading:
    def test_rich_text_is_taken_apart(self):
        html = (
            '<h2>Title</h2><p>One. Two &amp; <b>more</b>! "Three?" <a href="https://x.org/">A'
            '<i>b</i></a></p><ul><li>Item</li><li><a linktype="page" id="3">P</a></li></ul>'
        )
        sentences = ["Title", "One.", "Two & more!", '"Three?"', "Ab", "Item", "P"]
        assert sentences_of(html) == sentences
        assert links_of(html) == [Link("address", "https://x.org/", "Ab"), Link("page", "3", "P")]
        assert [(h.level, h.words) for h in headings_of(html)] == [(2, "Title")]

    def test_words(self):
        assert words_in("It's 1,234 ex-prisoners – and £5.50!") == [
            "It's",
            "1,234",
            "ex-prisoners",
            "and",
            "5.50",
        ]

    def test_the_index_by_hand(self):
        # 100 words of 4 letters in 10 sentences: 4.71 * 4 + 0.5 * 10 - 21.43 = 2.41, year 3.
        assert reading_age([" ".join(["four"] * 10)] * 10) == 8
        # 120 words of 7 letters in 4 sentences: 4.71 * 7 + 0.5 * 30 - 21.43 = 26.54, year 27.
        assert reading_age([" ".join(["letters"] * 30)] * 4) == 32

    def test_too_few_words_say_nothing(self):
        assert reading_age([" ".join(["letters"] * 33)] * 3) is None

    def test_hard_prose_is_named_with_its_longest_sentence(self):
        hard = "".join(f"<p>{' '.join(['letters'] * n)}.</p>" for n in (30, 31, 45))
        (finding,) = findings_in_words([Text("<p>Easy.</p>", "a"), Text(hard, "b")])
        assert finding.path == "b"
        assert "45 words" in finding.what
        assert list(findings_in_words([Text("<p>We see it. </p>" * 50, "a")])) == []

    def test_words_of_others_and_what_is_looked_up_do_not_count(self):
        hard = f"<p>{' '.join(['letters'] * 120)}.</p>"
        for other in (block("quote", {"text": hard, "who": "W"}), block("register_fact", {})):
            assert list(findings_in_words([Text(hard, "x", other)])) == []
        assert list(findings_in_words([Text(hard, "x", is_prose=False)])) == []

    def test_minutes(self):
        assert minutes_to_read(238) == 1
        assert minutes_to_read(239) == 2
        assert minutes_to_read(0, questions=2, seconds=90) == 4

    def test_a_lesson_longer_than_it_says(self):
        def found(minutes):
            return [
                f.what
                for f in findings_in_lesson(
                    [block("audio", {"recording": 1}), asks("single", True, False)] * 2,
                    known(),
                    minutes=minutes,
                )
            ]

        # Two recordings of a minute, two questions, four words.
        assert found(1) == ["It says one minute, and takes about 5."]
        assert found(3) == ["It says 3 minutes, and takes about 5."]
        assert found(4) == []


class TestHeadings:
    @pytest.mark.parametrize(
        ("parts", "found"),
        [
            (["<h2>A</h2><h3>B</h3>"], []),
            (["<h2>A</h2>", "<h3>B</h3><h2>C</h2>"], []),
            (["<h3>A</h3>"], ["heading-jumps"]),
            (["<h2>A</h2><h4>B</h4>"], ["heading-jumps"]),
            (["<h2> </h2>"], ["heading-empty"]),
        ],
    )
    def test_steps(self, parts, found):
        blocks = [block("text", part) for part in parts]
        assert [f.kind for f in findings_in_headings(blocks)] == found


def test_outcomes_that_nobody_is_asked_about():
    outcomes = [block("outcome", {"key": k, "text": k.upper()}, "outcomes") for k in ("one", "two")]
    (lone,) = outcomes_never_asked(outcomes, {"one", ""}, has_assessment=True)
    assert (lone.words, lone.prevents) == ("TWO", False)
    assert "assessment" in lone.what
    (checked,) = outcomes_never_asked(outcomes, {"one"}, has_assessment=False)
    assert "knowledge check" in checked.what
    assert list(outcomes_never_asked(outcomes, {"one", "two"}, has_assessment=True)) == []


def test_steps_of_a_scenario_are_read_and_named_by_their_place():
    choice = {"type": "item", "id": "c", "value": {"text": "T", "outcome": "<p>After</p>"}}
    step = {"type": "item", "id": "s", "value": {"situation": "<p>At</p>", "choices": [choice]}}
    found = [(t.path, t.html, t.is_prose) for t in texts_of(block("branching", {"steps": [step]}))]
    assert found == [
        ("body.branching-id.steps.s.situation", "<p>At</p>", True),
        ("body.branching-id.steps.s.choices.c.outcome", "<p>After</p>", False),
    ]


@pytest.mark.parametrize("value", [None, {}, {"choices": None}, {"items": None}, {"steps": None}])
@pytest.mark.parametrize(
    "kind", ["text", "fact", "image", "reading", "single", "branching", "video", "unknown"]
)
def test_a_draft_that_was_hardly_begun_is_looked_through_too(kind, value):
    blocks = [block(kind, value)]
    assert isinstance(list(findings_in_lesson(blocks, known(), minutes=5)), list)


def test_blocks_as_they_are_kept():
    raw = [{"type": "text", "value": "<p>A</p>", "id": "x"}, {"type": "text", "value": "<p>B</p>"}]
    assert [(b.path, b.place) for b in blocks_in(raw, "body")] == [("body.x", 1), ("body.", 2)]
    assert blocks_in(None, "body") == []


def test_shortened_to_whole_words():
    assert shortened("One two, three", 9) == "One two…"
    assert shortened("One two", 7) == "One two"
