"""Sample data for the style guide. Nothing here is true, and nothing comes from the database."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from wagtail.rich_text import RichText

from accounts.forms import PeopleFilterForm, TakeRoleForm
from lms.core.models import LEAVE_URL

ONE_OF_FOUR = [
    ("a", "Ask who is at home tonight."),
    ("b", "Ask what the sentence was for."),
    ("c", "Say nothing, to spare them."),
]


class SampleForm(forms.Form):
    """One field of each kind."""

    full_name = forms.CharField(
        label="Full name",
        help_text="As it should stand on your certificate.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your full name."},
    )
    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Enter an e-mail address like name@example.org."},
    )
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    code = forms.CharField(
        label="Code from your e-mail",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        required=False,
    )
    work = forms.ChoiceField(
        label="Your work",
        choices=[("", "Choose what is closest"), ("teacher", "Teacher"), ("nurse", "Nurse")],
        error_messages={"required": "Choose the work closest to yours."},
    )
    route = forms.ChoiceField(
        label="How would you like to learn?",
        choices=[("online", "Online, in my own time"), ("room", "In a room with others")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose online or in a room."},
    )
    days = forms.MultipleChoiceField(
        label="Which days suit you?",
        help_text="Choose all that apply.",
        choices=[("mon", "Monday"), ("tue", "Tuesday"), ("wed", "Wednesday")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    access_needs = forms.CharField(
        label="What would make it easier to take part?",
        help_text="For example a step-free room, or large print.",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    agree = forms.BooleanField(
        label="I have read how my details are used",
        error_messages={"required": "Tick the box to go on."},
    )


def _rich(html: str) -> RichText:
    return RichText(html)


def _question(kind: str, **more: Any) -> SimpleNamespace:
    given: dict[str, Any] = {
        "public_id": f"sample-{kind}",
        "anchor": f"check-{kind}",
        "kind": kind,
        "title": "",
        "situation": "",
        "stem": "<p>A parent has just been sent to prison. What do you do first?</p>",
        "choices": [],
        "items": [],
        "positions": [],
        "given": "",
        "attempt": 1,
        "is_answered": False,
        "is_correct": None,
        "explanation": "",
        "model_answer": "",
        "right_order": [],
        "error": "",
        "post_url": "#",
        "retry_url": "",
    }
    return SimpleNamespace(**(given | more))


def _choices(chosen: str = "", *, marked: bool = False, verdicts: bool = False) -> list[Any]:
    why = {
        "a": "<p>It is practical, kind and asks nothing about the case.</p>",
        "b": "<p>You do not need to know, and the question can close the door.</p>",
        "c": "<p>Silence is often heard as judgement. A short, plain offer does no harm.</p>",
    }
    verdict = {
        "a": ("good", "A good step"),
        "b": ("poor", "Likely to make things harder"),
        "c": ("partly", "Part of the answer"),
    }
    return [
        SimpleNamespace(
            id=key,
            text=text,
            is_chosen=key in chosen,
            is_right=(key == "a") if marked else None,
            explanation=why[key] if marked or verdicts else "",
            verdict=verdict[key][0] if verdicts else "",
            verdict_label=verdict[key][1] if verdicts else "",
        )
        for key, text in ONE_OF_FOUR
    ]


def _items() -> list[Any]:
    texts = ["Offer to write the number down", "Ask how they are", "Say who you are"]
    return [SimpleNamespace(id=f"i{n}", text=text, position="") for n, text in enumerate(texts)]


def _questions() -> list[tuple[str, Any]]:
    situation = (
        "<p>It is ten to four. A grandmother tells you at the school gate that her son was "
        "sentenced this morning. His little girl does not know yet.</p>"
    )
    scenario = {"title": "At the school gate", "situation": situation, "stem": "What do you say?"}
    return [
        ("One right answer", _question("single", choices=_choices())),
        (
            "The same, answered and not right",
            _question(
                "single",
                anchor="check-single-wrong",
                choices=_choices("b", marked=True),
                is_answered=True,
                is_correct=False,
                retry_url="#check-single-wrong",
            ),
        ),
        (
            "The same, answered and right",
            _question(
                "single",
                anchor="check-single-right",
                choices=_choices("a", marked=True),
                is_answered=True,
                is_correct=True,
                retry_url="#check-single-right",
            ),
        ),
        (
            "Several right answers, sent empty",
            _question(
                "several",
                stem="Which of these help?",
                choices=_choices(),
                error="Choose at least one answer.",
            ),
        ),
        (
            "True or false",
            _question(
                "true_false",
                stem="Every school is told when a pupil’s parent goes to prison.",
                choices=[
                    SimpleNamespace(id="true", text="True", is_chosen=False),
                    SimpleNamespace(id="false", text="False", is_chosen=False),
                ],
            ),
        ),
        (
            "Put in order",
            _question("order", stem="In which order?", items=_items(), positions=["1", "2", "3"]),
        ),
        (
            "Put in order, answered",
            _question(
                "order",
                anchor="check-order-done",
                stem="In which order?",
                items=_items(),
                right_order=[item.text for item in reversed(_items())],
                is_answered=True,
                is_correct=False,
                explanation="<p>People listen once they know who is speaking.</p>",
                retry_url="#check-order-done",
            ),
        ),
        ("Short answer", _question("short", stem="Whom can the family call?")),
        (
            "Short answer, answered",
            _question(
                "short",
                anchor="check-short-done",
                stem="Whom can the family call?",
                given="the helpline",
                model_answer="A helpline for families of people in prison.",
                is_answered=True,
                is_correct=True,
                explanation="<p>It is free, and it does not ask for a name.</p>",
            ),
        ),
        ("Scenario", _question("scenario", choices=_choices(), **scenario)),
        (
            "Scenario, answered",
            _question(
                "scenario",
                anchor="check-scenario-done",
                choices=_choices("c", verdicts=True),
                is_answered=True,
                retry_url="#check-scenario-done",
                **scenario,
            ),
        ),
    ]


def _beside() -> dict[str, Any]:
    """What stands beside a lesson that may be hard to read."""
    support = SimpleNamespace(
        leave_url=LEAVE_URL, entries=[], email="hello@example.org", phone="", anchor="support"
    )
    lessons = [
        SimpleNamespace(
            title=title, minutes=7, url="#", status=status, is_current=title == "Who is at home?"
        )
        for title, status in [
            ("One sentence, several lives", "Finished"),
            ("Who is at home?", "Begun"),
            ("What helps", "Not begun"),
        ]
    ]
    module = SimpleNamespace(title="A module", lessons=lessons, finished=1, minutes_left=14)
    return {"support": support, "module": module}


def samples(page_number: int = 2) -> dict[str, Any]:
    """Give the style guide everything that its components ask for."""
    wrong = SampleForm({"full_name": "", "email": "name at example", "password": "short"})
    return {
        "swatches": [
            ("teal", "Teal #0b5d5e", "brand, links, buttons"),
            ("deep", "Deep teal #063637", "footer, pressed"),
            ("mist", "Mist #eef5f3", "facts, insets"),
            ("amber", "Amber #f2a93b", "attention"),
            ("amber-soft", "Soft amber #fdeed3", "support, warnings"),
            ("sand", "Sand #f3ebdd", "bands, asides"),
            ("paper", "Paper #fbf7f0", "the page"),
            ("ink", "Ink #1f2a2e", "text"),
        ],
        "list_rows": [
            {
                "title": "Nadia Rahman",
                "tag": "Sent",
                "facts": ["nadia@example.org", "Expires in 5 days"],
                "actions": [{"text": "Send again", "url": "#"}],
            },
            {
                "title": "Sample School",
                "url": "#",
                "facts": ["School or college", "Since 3 May 2027"],
                "text": "A sentence about it.",
                "actions": [{"text": "Leave", "url": "#", "kind": "link"}],
            },
        ],
        "beside": _beside(),
        "filter_form": PeopleFilterForm(auto_id="sample-filter-%s"),
        "crumbs": [("Courses", "#"), ("A sample course", "#")],
        "form": SampleForm(auto_id="ok_%s"),
        "form_wrong": wrong,
        "form_reveal": TakeRoleForm(prefix="reveal"),
        "rows": [
            {"key": "Name", "value": "Sample Person", "url": "#"},
            {"key": "Work", "value": "Children’s centre worker", "url": "#"},
            {"key": "Joined", "value": "3 May 2027"},
        ],
        "tasks": [
            {"title": "1. Who is left outside", "url": "#", "hint": "10 minutes", "status": "Done"},
            {
                "title": "2. What the first evening is like",
                "url": "#",
                "hint": "15 minutes",
                "status": "Carry on",
                "kind": "teal",
            },
            {"title": "3. Where help is", "hint": "10 minutes", "status": "Not yet"},
        ],
        "facts": ["40 minutes", "4 lessons", "Certificate"],
        "page": Paginator(range(50), 10).page(page_number),
        "text": _rich(
            "<h2>A heading in a lesson</h2><p>Running text is set in lines of about seventy "
            "letters, with room between them. It has <b>strong words</b>, <i>quiet ones</i> and "
            '<a href="#text">links</a>.</p><h3>A smaller heading</h3><ul><li>Lists have marks in '
            "our own colour.</li><li>They are short.</li></ul><ol><li>First this.</li>"
            "<li>Then that.</li></ol>"
        ),
        "fact": {
            "text": _rich("<p>In this sample, <b>7 in 10</b> learners finished within a week.</p>"),
            "source": "Style guide, a made-up figure",
            "url": "#fact",
            "checked_on": datetime.date(2026, 11, 22),
            "limits": "It is a sample, so it says nothing about anybody.",
        },
        "quote": {
            "text": _rich("<p>Nobody asked how we were. Then one person did.</p>"),
            "who": "A sample voice, for the look of it",
        },
        "support": {
            "title": "If this is close to home",
            "text": _rich(
                "<p>Some of us know this from our own lives. You can stop at any time. Talk to "
                'somebody you trust, or <a href="#support">find a service near you</a>.</p>'
            ),
        },
        "reading": {
            "items": [
                {"title": "A sample report", "source": "Style guide, 2026", "url": "#reading"},
                {"title": "A book without an address", "source": "Style guide, 2025", "url": ""},
            ]
        },
        "questions": _questions(),
    }
