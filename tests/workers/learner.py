"""Somebody completes the course, through the services, in a process of its own.

python -m tests.workers.learner ready          # a site with its course, nobody in it yet
python -m tests.workers.learner complete a@example.org
python -m tests.workers.learner bundle a@example.org    # their certificates, in a zip file
"""

import json
import sys
from typing import Any

import django


def ready() -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_demo", stdout=sys.stderr)
    return {}


def new_person(email: str, *, password: str | None = None) -> Any:
    """Make somebody who has confirmed their address."""
    from allauth.account.models import EmailAddress

    from accounts.models import JobRole, User

    work = JobRole.objects.get(name="Teacher or lecturer")
    user = User.objects.create_user(email, password, full_name="Łukasz Ñandú-Siân", job_role=work)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def complete(email: str, *, password: str | None = None) -> dict[str, Any]:
    """Take every lesson of the course, answer every question, finish."""
    from django.utils import timezone

    from courses.models import Course, Question, VersionLesson
    from courses.services import answer_question, enrol, finish_lesson

    now = timezone.now()
    user = new_person(email, password=password)
    course = Course.objects.earliest("pk")  # the demo's: scenes add others
    enrolment = enrol(user=user, course=course, route_kind="online", now=now)
    completion = None
    for step in VersionLesson.objects.filter(version=enrolment.version).order_by("position"):
        for question in Question.objects.filter(lesson=step.lesson, is_live=True):
            answer_question(
                enrolment=enrolment,
                lesson=step.lesson,
                question_id=question.public_id,
                attempt=1,
                response=any_answer(question.latest_revision.content),
                now=now,
            )
        completion = finish_lesson(enrolment=enrolment, lesson=step.lesson, now=now)
    assert completion is not None
    return {"completion": completion.pk}


def bundle(email: str) -> dict[str, Any]:
    """Ask for the certificates of somebody in a zip file, on their own behalf."""
    from django.utils import timezone

    from accounts.models import User
    from certificates.models import Award
    from certificates.services import pack_awards

    user = User.objects.get(email=email)
    asked = pack_awards(
        awards=Award.objects.filter(user=user),
        title="A test",
        choice=f"test:{email}",
        asked_by=user,
        now=timezone.now(),
    )
    return {"bundle": asked.pk}


def any_answer(content: dict[str, Any]) -> dict[str, Any]:
    """Answer a question of any kind, right or wrong."""
    if "choices" in content:
        return {"choices": [content["choices"][0]["id"]]}
    if "items" in content:
        places = enumerate(content["items"], start=1)
        return {"positions": {item["id"]: str(place) for place, item in places}}
    return {"text": "early"}


if __name__ == "__main__":
    django.setup()
    command, *arguments = sys.argv[1:]
    print(json.dumps({"ready": ready, "complete": complete, "bundle": bundle}[command](*arguments)))
