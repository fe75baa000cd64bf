"""A course that ends in an assessment with a question of every kind, and people who take it.

Made through the services, in a process of its own: see people.py.
"""

import datetime
from typing import Any

from tests.browser.accounts import PASSWORD

SLUG = "at-the-school-gate"
COURSE = f"/courses/{SLUG}/"
TITLE = "At the school gate"
ASSESSMENT = "What would you do?"

UNBEGUN = "unbegun@example.net"  # has not opened the assessment
SITTING = "sitting@example.net"  # has an attempt open, with the first question answered
FAILING = "failing@example.net"  # has failed once and may try again
PASSING = "passing@example.net"  # has failed once and then passed, with a lesson left to read
COMPLETED = "completed.by.it@example.net"  # has passed, and completed the course by it
OUTCOMES = {"notice": "Notice that a child has a parent in prison", "help": "Say where to get help"}

# Words on both sides of a pair, steps and choices are all different, so that labels find them.
BANK: list[dict[str, Any]] = [
    {
        "kind": "single",
        "outcome": "notice",
        "stem": "A boy of nine has stopped bringing his reading book. What do you do first?",
        "right": ["Ask him, alone and kindly, how things are at home"],
        "wrong": [
            "Write to his mother that the book is missing",
            "Wait for the parents’ evening in the spring",
            "Ask the other children what they have heard",
        ],
    },
    {
        "kind": "several",
        "outcome": "help",
        "stem": "Who can a family turn to without giving a name?",
        "right": ["A national helpline for families", "The visitors’ centre at the prison"],
        "wrong": ["The clerk of the court", "The landlord’s office"],
    },
    {
        "kind": "true_false",
        "outcome": "notice",
        "stem": "Every school is told by the court when a pupil’s parent goes to prison.",
        "right": ["False"],
        "wrong": ["True"],
    },
    {
        "kind": "order",
        "outcome": "help",
        "stem": "Put a first visit to a prison in order.",
        "items": [
            "The visit is booked by telephone or on line",
            "Identification is shown at the gate",
            "Bags are put into a locker",
            "The family sits down at a table together",
        ],
    },
    {
        "kind": "match",
        "outcome": "help",
        "stem": "Which words does a child need at which age?",
        "pairs": {
            "A child of four": "He did something wrong and must stay in a place for now",
            "A child of nine": "It was not your fault, and you can write to him",
            "A girl of fifteen": "You decide whom you tell, and we stand by you",
        },
    },
    {
        "kind": "short",
        "outcome": "notice",
        "stem": "What is the one thing every child wants to hear?",
        "accepted": ["not your fault", "not their fault"],
    },
]


def letters(text: str) -> str:
    """Take what is compared of a question: editors may bold its words."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def written(stem: str) -> dict[str, Any]:
    """Find the question of the bank that reads like `stem`."""
    (found,) = (question for question in BANK if letters(question["stem"]) == letters(stem))
    return found


def _block(question: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    why = "<p>So that the child is heard first, and nobody else is told before.</p>"
    value: dict[str, Any] = {
        "key": question["kind"],
        "outcome": question["outcome"],
        "stem": f"<p>{question['stem']}</p>",
    }
    if "right" in question:
        value["choices"] = [
            {"text": text, "correct": is_right, "explanation": why}
            for is_right in ((False, True) if question["kind"] == "true_false" else (True, False))
            for text in question["right" if is_right else "wrong"]
        ]
        return question["kind"], value
    value["explanation"] = why
    if "items" in question:
        value["items"] = question["items"]
    elif "pairs" in question:
        pairs = question["pairs"].items()
        value["pairs"] = [{"prompt": prompt, "match": partner} for prompt, partner in pairs]
    else:
        value["accepted"] = question["accepted"]
        value["model_answer"] = "That it is not their fault."
    return question["kind"], value


def response_to(content: dict[str, Any], *, rightly: bool = True) -> dict[str, Any]:
    """Answer a question as its form would send it."""
    from courses.queries.matching import match_token

    if "choices" in content:
        chosen = [choice["id"] for choice in content["choices"] if choice["correct"] == rightly]
        return {"choices": chosen if rightly else chosen[:1]}
    if "items" in content:
        items = content["items"] if rightly else content["items"][::-1]
        return {"positions": {item["id"]: str(n) for n, item in enumerate(items, start=1)}}
    if "pairs" in content:
        prompts = [pair["id"] for pair in content["pairs"]]
        partners = prompts if rightly else prompts[1:] + prompts[:1]
        given = zip(prompts, map(match_token, partners), strict=True)
        return {"matches": dict(given)}
    return {"text": content["accepted"][0] if rightly else "Breakfast"}


def make(now: datetime.datetime) -> dict[str, str]:
    """Make the course and everybody; say at which addresses there is something to see."""
    page = _course(now)
    course = page.course
    begun = "courses/at-the-school-gate/assessment"
    _enrol(UNBEGUN, course, now)
    sitting = _begin(_enrol(SITTING, course, now), now)
    _answer(sitting, 1, now=now)
    failed = _take(_enrol(FAILING, course, now), 2, now)
    passing = _enrol(PASSING, course, now)
    _take(passing, 1, now)
    passed = _take(passing, 5, now)
    _finish_lesson(completed := _enrol(COMPLETED, course, now), now)
    last = _take(completed, 6, now)
    for number in range(6):  # so that there are enough people for figures
        _take(_enrol(f"counted-{number}@example.net", course, now), number, now)
    address = f"/{begun}/{sitting.public_id}"
    questions = {
        drawn.question.kind: f"{address}/questions/{drawn.position}/"
        for drawn in sitting.drawn.select_related("question")
    }
    return questions | {
        "start": f"/{begun}/",
        "hand-in": f"{address}/hand-in/",
        "failed": f"/{begun}/{failed.public_id}/",
        "passed": f"/{begun}/{passed.public_id}/",
        "completed": f"/{begun}/{last.public_id}/",
        "preview": f"/cms/pages/{_assessment_page(page).pk}/view_draft/",
        "edit": f"/cms/pages/{_assessment_page(page).pk}/edit/",
    }


def _assessment_page(page: Any) -> Any:
    from courses.models import AssessmentPage

    return AssessmentPage.objects.child_of(page).get()


def _course(now: datetime.datetime) -> Any:
    from courses.models import AssessmentPage, CatalogueIndexPage, CoursePage, CourseRoute
    from courses.services import publish_course
    from tests.factories.pages import make_course_page, make_lesson_page, make_module_page, publish

    page = make_course_page(CatalogueIndexPage.objects.get(), title=TITLE, slug=SLUG)
    page.summary = "What a school can do for a child with a parent in prison."
    page.outcomes = [("outcome", {"key": key, "text": text}) for key, text in OUTCOMES.items()]
    publish(page)
    body = [("text", "<p>A child who is heard first is a child who speaks.</p>")]
    make_lesson_page(make_module_page(page, title="The first morning"), body=body, title="Hearing")
    assessment = AssessmentPage(
        title=ASSESSMENT,
        slug="assessment",
        introduction="<p>Take your time. You can look things up, and come back tomorrow.</p>",
        draw_count=len(BANK),
        pass_mark=75,
        bank=[_block(question) for question in BANK],
        live=False,
    )
    page.add_child(instance=assessment)
    publish(assessment)
    page = CoursePage.objects.get(pk=page.pk)
    page.course_routes.set(
        [CourseRoute(kind="online", cpd_minutes=30, requires_assessment=True)], clear=True
    )
    publish(page)
    page = CoursePage.objects.get(pk=page.pk)
    publish_course(page=page, now=now)
    return page


def _enrol(email: str, course: Any, now: datetime.datetime) -> Any:
    from courses.services import enrol
    from tests.workers.learner import new_person

    user = new_person(email, password=PASSWORD)
    return enrol(user=user, course=course, route_kind="online", now=now)


def _finish_lesson(enrolment: Any, now: datetime.datetime) -> None:
    from courses.services import finish_lesson

    for step in enrolment.version.version_lessons.select_related("lesson"):
        finish_lesson(enrolment=enrolment, lesson=step.lesson, now=now)


def _begin(enrolment: Any, now: datetime.datetime) -> Any:
    from courses.services import start_attempt

    return start_attempt(enrolment=enrolment, now=now)


def _answer(attempt: Any, position: int, *, now: datetime.datetime, rightly: bool = True) -> None:
    from courses.services import save_response

    content = attempt.drawn.get(position=position).revision.content
    response = response_to(content, rightly=rightly)
    save_response(attempt=attempt, position=position, response=response, now=now)


def _take(enrolment: Any, right: int, now: datetime.datetime) -> Any:
    """Hand in an attempt with so many right answers; the last of those that are wrong is left."""
    from courses.services import hand_in

    attempt = _begin(enrolment, now)
    for position in range(1, len(BANK) + 1):
        if position <= right or position < len(BANK):
            _answer(attempt, position, now=now, rightly=position <= right)
    return hand_in(
        enrolment=enrolment, attempt_id=attempt.public_id, now=now, leave_unanswered=True
    )
