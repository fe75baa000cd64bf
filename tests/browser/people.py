"""People at several points of the way, made through the services in a process of their own.

    python -m tests.browser.people        # with the environment of the installation

Journeys begin at the sign-up page; screens to be looked at begin here.
"""

import datetime
import json
from dataclasses import dataclass
from typing import Any

import django

from tests.browser.accounts import PASSWORD
from tests.browser.every_block import make_lesson_of_every_block
from tests.workers.installation import Installation, wait_until

NEWCOMER = "newcomer@example.net"  # has an account and nothing else
READER = "reader@example.net"  # is in the middle of the second lesson
STUDENT = "student@example.net"  # has just begun
GRADUATE = "graduate@example.net"  # holds a certificate
MEMBER = "member@example.net"  # belongs to an organisation and asks another one
DEMO_PASSWORD = "hidden-sentence-demo"
BEHIND = "behind@example.net"  # takes a course that has a newer version
INFORMED = "informed@example.net"  # has messages, one of them read
DESK = "desk@example.net"  # a coordinator, with messages that need attention
QUIET_DESK = "quiet.desk@example.net"  # a coordinator of an area without people
ASKER = "asker@example.net"  # holds a certificate of a school, with the wrong name
WAITER = "waiter@example.net"  # has said so, and waits for an answer
DECLINED = "declined@example.net"  # was told that the name stays as it is
STANDINGS = ("valid", "expired", "replaced", "revoked")


@dataclass(frozen=True)
class Scenes:
    lessons: list[str]  # their addresses, in order
    codes: dict[str, str]  # a certificate's code for each standing
    certificate: str  # the address of the graduate's
    joining: dict[str, str]  # addresses of links to join by, and of what follows
    message: str  # the address of a message to the informed
    every_block: str  # the address of a lesson with every kind of block
    given: dict[str, str]  # certificates of a school, a request about one, and a zip file
    unsubscribe: dict[str, str]  # the address in an e-mail to 'somebody' and to 'a stranger'
    assessment: dict[str, str]  # addresses of the course that ends in one: assessed_course.py
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
    from notifications.models import MessageSettings
    from notifications.services import unsubscribe_token
    from tests.browser import assessed_course
    from tests.workers.learner import any_answer, complete, new_person

    now = timezone.now()
    # Journeys wait for messages at any hour of the day.
    MessageSettings.objects.update_or_create(
        defaults={"quiet_from": datetime.time(0), "quiet_until": datetime.time(0)}
    )
    course = Course.objects.earliest("pk")
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

    message, to_stranger = messages_for(new_person(INFORMED, password=PASSWORD), awards["valid"])
    coordinators_and_their_outbox()
    somebody_behind()
    every_block = make_lesson_of_every_block(now)
    print(
        json.dumps(
            {
                "message": message.get_absolute_url(),
                "every_block": every_block,
                "unsubscribe": {
                    "somebody": f"/messages/unsubscribe/{unsubscribe_token(message)}/",
                    "a stranger": f"/messages/unsubscribe/{unsubscribe_token(to_stranger)}/",
                },
                "lessons": [f"{course.get_absolute_url()}lessons/{x.public_id}/" for x in lessons],
                "codes": {standing: award.written_code for standing, award in awards.items()},
                "certificate": awards["valid"].get_absolute_url(),
                "award": awards["valid"].pk,
                "joining": joining(now),
                "assessment": assessed_course.make(now),
                "given": certificates_of_a_school(now),
            }
        )
    )


def joining(now: datetime.datetime) -> dict[str, str]:
    """Make links to join by, each in another state, and somebody who has joined."""
    from django.urls import reverse

    from accounts.models import Invitation, Organisation, User
    from accounts.services import (
        accept_invitation,
        ask_to_join,
        invite_person,
        invite_team,
        team_token,
        withdraw_invitation,
    )
    from lms.core.links import token_of
    from lms.core.models import EmailedLink
    from tests.workers.learner import new_person

    coordinator = User.objects.get(email="coordinator@example.org")
    academy = Organisation.objects.get(name="Harbourside Academy")
    imported = ("imported@example.net", "second.imported@example.net")
    for email in imported:
        User.objects.create_user(email, full_name="Ivy Imported")

    def team() -> Invitation:
        return invite_team(
            organisation=academy, invited_by=coordinator, limit=10, lasts_days=7, now=now
        )

    def single(email: str) -> str:
        invitation = invite_person(
            organisation=academy,
            email=email,
            full_name="Ivy Imported",
            invited_by=coordinator,
            now=now,
        )
        return token_of(EmailedLink.objects.get(subject=str(invitation.pk)))

    open_link, withdrawn = team(), team()
    withdraw_invitation(invitation=withdrawn, withdrawn_by=coordinator, now=now)
    member = new_person(MEMBER, password=PASSWORD)
    accept_invitation(token=team_token(open_link), user=member, now=now)
    other = Organisation.objects.get(name="Harbourside Homes")
    ask_to_join(user=member, organisation=other, now=now)
    tokens = {
        "team": team_token(open_link),
        "withdrawn": team_token(withdrawn),
        "single": single("somebody.new@example.net"),
        "imported": single(imported[0]),
        "second_imported": single(imported[1]),
    }
    return {
        **{key: reverse("accounts:join", args=[token]) for key, token in tokens.items()},
        "done": reverse("accounts:joined", args=[academy.public_id]),
        "leave": reverse("accounts:organisation-leave", args=[academy.public_id]),
    }


def certificates_of_a_school(now: datetime.datetime) -> dict[str, str]:
    """Give three people of the demo's school certificates with a wrong name; two have said so."""
    from accounts.models import Organisation, User
    from certificates.models import Award
    from certificates.queries.bundles import BundleChoice
    from certificates.services import ask_for_bundle, ask_for_name, decline_name_correction
    from tests.workers.learner import complete

    school = Organisation.objects.get(name="Riverside Primary School")
    awards = {}
    for email in (ASKER, WAITER, DECLINED):
        completion = complete(email, password=PASSWORD)["completion"]
        Award.objects.filter(completion=completion).update(organisation=school)
        awards[email] = Award.objects.select_related("user").get(completion=completion)
    asked = [
        ask_for_name(
            award=awards[email],
            asked_by=awards[email].user,
            wanted_name="Łukasz Ñandú-Siân Featherstonehaugh",
            why="I have married, and the second name is missing.",
            is_for_account=True,
            now=now,
        )
        for email in (WAITER, DECLINED)
    ]
    decline_name_correction(
        correction=asked[1],
        reason="We do not know you by this name. Tell us more, and we look again.",
        decided_by=User.objects.get(email="admin@example.org"),
        now=now,
    )
    bundle = ask_for_bundle(
        choice=BundleChoice(organisation=school),
        asked_by=User.objects.get(email="lead@example.org"),
        now=now,
    )
    return {
        **{email: award.get_absolute_url() for email, award in awards.items()},
        "waiting": asked[0].get_absolute_url(),
        "declined": asked[1].get_absolute_url(),
        "bundle": bundle.get_absolute_url(),
    }


def messages_for(person: Any, award: Any) -> tuple[Any, Any]:
    """Put three messages among somebody's, and send one to an address without an account."""
    from django.utils import timezone

    from notifications.models import Notice

    now = timezone.now()
    fields = {
        "kind": "certificates.certificate_ready",
        "context": {"award": award.pk},
        "state": "sent",
        "due_at": now,
        "sent_at": now,
    }
    mine = [
        Notice.objects.create(
            dedupe_key=f"screen-{number}",
            recipient=person,
            address=person.email,
            subject=subject,
            body=f"Dear {person.full_name}\n\nThis is a message.\n\nhttps://example.org/",
            posted_at=now - datetime.timedelta(hours=30 * number),
            read_at=now if number else None,
            **fields,
        )
        for number, subject in enumerate(["Your certificate is ready", "Another one", "A third"])
    ]
    address = "stranger@example.net"
    return mine[1], Notice.objects.create(dedupe_key="screen-x", address=address, **fields)


def somebody_behind() -> None:
    """Make a course with a newer version, and somebody who takes the one before."""
    from tests.factories.courses import EnrolmentFactory, make_course, make_next_version
    from tests.workers.learner import new_person

    course = make_course(slug="behind", title="A course that has changed", is_published=False)
    EnrolmentFactory(user=new_person(BEHIND, password=PASSWORD), course=course)
    make_next_version(course, keep=1)


def coordinators_and_their_outbox() -> None:
    """Make two coordinators, and messages that came back, were given up or are late."""
    from django.utils import timezone

    from accounts.enums import Role
    from accounts.models import Area
    from accounts.services import grant_role
    from notifications.enums import BounceKind, BounceSource, NoticeState
    from notifications.models import Bounce, Notice
    from tests.workers.learner import new_person

    now = timezone.now()
    nowhere = Area.objects.create(name="Nowhere yet", slug="nowhere-yet")
    for email, area in ((DESK, None), (QUIET_DESK, nowhere)):
        coordinator = new_person(email, password=PASSWORD)
        day = timezone.localdate(now)
        grant_role(user=coordinator, role=Role.COORDINATOR, scope=area, now=now, starts_on=day)
    for number, (state, status, error) in enumerate(
        [
            (NoticeState.RETURNED, "5.1.1", "Reported"),
            (NoticeState.RETURNED, "5.2.2", "Refused"),
            (NoticeState.FAILED, "", "SMTPDataError"),
        ]
    ):
        person = new_person(f"outbox-{number}@example.net")
        notice = Notice.objects.create(
            dedupe_key=f"screen-outbox-{number}",
            kind="certificates.certificate_ready",
            recipient=person,
            address=person.email,
            due_at=now,
            state=state,
            attempts=10,
            last_error=error,
        )
        if status:
            Bounce.objects.create(
                address=person.email,
                notice=notice,
                kind=BounceKind.HARD,
                source=BounceSource.REPORT,
                status=status,
                report=f"screen-{number}",
                at=now,
            )


if __name__ == "__main__":
    django.setup()
    main()
