"""People at several points of the way, made through the services in a process of their own.

    python -m tests.browser.people        # with the environment of the installation

Journeys begin at the sign-up page; screens to be looked at begin here.
"""

import datetime
import json
from dataclasses import dataclass

import django

from tests.browser.accounts import PASSWORD
from tests.workers.installation import Installation, wait_until

NEWCOMER = "newcomer@example.net"  # has an account and nothing else
READER = "reader@example.net"  # is in the middle of the second lesson
STUDENT = "student@example.net"  # has just begun
GRADUATE = "graduate@example.net"  # holds a certificate
STANDINGS = ("valid", "expired", "replaced", "revoked")


@dataclass(frozen=True)
class Scenes:
    lessons: list[str]  # their addresses, in order
    codes: dict[str, str]  # a certificate's code for each standing
    certificate: str  # the address of the graduate's
    password: str = PASSWORD


def scenes_from(installation: Installation) -> Scenes:
    """Make everybody, and wait until the worker has made the graduate's PDF."""
    made = installation.run("tests.browser.people")
    award = made.pop("award")
    wait_until(
        lambda: installation.rows(
            "SELECT 1 FROM certificates_award WHERE id = %s AND rendered_at IS NOT NULL", award
        ),
        "the graduate's certificate is rendered",
    )
    return Scenes(**made)


def main() -> None:
    from django.utils import timezone

    from accounts.models import User
    from certificates.models import Award
    from certificates.services import reissue_award, revoke_award
    from courses.models import Course, VersionLesson
    from courses.services import answer_question, enrol, finish_lesson, open_lesson
    from tests.workers.learner import any_answer, complete, new_person

    now = timezone.now()
    course = Course.objects.get()
    new_person(NEWCOMER, password=PASSWORD)
    enrol(user=new_person(STUDENT, password=PASSWORD), course=course, route_kind="online", now=now)

    reader = enrol(
        user=new_person(READER, password=PASSWORD), course=course, route_kind="online", now=now
    )
    steps = VersionLesson.objects.filter(version=reader.version).select_related("lesson")
    lessons = [step.lesson for step in steps.order_by("position")]
    for lesson in lessons[:2]:
        open_lesson(enrolment=reader, lesson=lesson, now=now)
        for question in lesson.questions.filter(is_live=True):
            answer_question(
                enrolment=reader,
                lesson=lesson,
                question_id=question.public_id,
                attempt=1,
                response=any_answer(question.latest_revision.content),
                now=now,
            )
            if lesson is not lessons[0]:
                break
        else:
            finish_lesson(enrolment=reader, lesson=lesson, now=now)

    admin = User.objects.get(email="admin@example.org")
    awards = {}
    for standing in STANDINGS:
        email = GRADUATE if standing == "valid" else f"{standing}@example.net"
        completion = complete(email, password=PASSWORD)["completion"]
        awards[standing] = Award.objects.get(completion=completion)
    reissue_award(award=awards["replaced"], reissued_by=admin, now=now)
    revoke_award(award=awards["revoked"], reason="A demo", revoked_by=admin, now=now)
    long_ago = timezone.localdate(now) - datetime.timedelta(days=400)
    Award.objects.filter(pk=awards["expired"].pk).update(
        completed_on=long_ago, expires_on=long_ago + datetime.timedelta(days=365)
    )

    print(
        json.dumps(
            {
                "lessons": [f"{course.get_absolute_url()}lessons/{x.public_id}/" for x in lessons],
                "codes": {standing: award.written_code for standing, award in awards.items()},
                "certificate": awards["valid"].get_absolute_url(),
                "award": awards["valid"].pk,
            }
        )
    )


if __name__ == "__main__":
    django.setup()
    main()
