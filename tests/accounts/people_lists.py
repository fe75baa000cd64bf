"""Lists of people to import, and the way to the preview."""

import datetime
import uuid
from pathlib import Path

from accounts.enums import WORKING_IMPORT, InvitationChoice, Role
from accounts.models import Area, PeopleImport
from accounts.services import grant_role
from accounts.services.imports import (
    answer_words,
    asked_words,
    begin_import,
    match_columns,
    start_import,
    work_on_import,
)
from accounts.services.imports.words import word_key
from tests.factories.accounts import UserFactory

NOW = datetime.datetime(2027, 3, 9, 10, 0, tzinfo=datetime.UTC)
FILE = Path(__file__).parent.parent / "data" / "people_import.csv"

# What a coordinator answers about the words of the file that the site does not know.
ANSWERS = {
    "usher": "Court staff",
    "legal adviser": "Solicitor or barrister",
    "manager": "Other work with families",
    "council service": "social_care",
    "childrens center": "refuse",
    "Narnia": "refuse",
}


def coordinator(area: Area | None = None, **fields):
    user = UserFactory(**fields)
    grant_role(
        user=user, role=Role.COORDINATOR, now=NOW, starts_on=datetime.date(2026, 1, 1), scope=area
    )
    return user


def csv_of(*lines: str, header: str = "Name,E-mail,Job role,Organisation,Kind,Area") -> bytes:
    return "\n".join([header, *lines]).encode()


def to_words(user, content: bytes, *, name: str = "people.csv", now=NOW) -> PeopleImport:
    people_import = start_import(user=user, content=content, file_name=name, now=now)
    people_import = worked(people_import, now=now)
    people_import = match_columns(
        people_import=people_import, mapping=people_import.mapping, constants={}, now=now
    )
    return worked(people_import, now=now)


def worked(people_import: PeopleImport, *, now=NOW) -> PeopleImport:
    """Do a worker's part, if there is one: long files are read and judged by it."""
    if people_import.state in WORKING_IMPORT:
        assert work_on_import(pk=people_import.pk, now=now)
        people_import.refresh_from_db()
    return people_import


def answer(people_import: PeopleImport, answers: dict[str, str], *, now=NOW) -> PeopleImport:
    """Answer the words of the file by label or value; areas that are not named are made."""
    given = {}
    for asked in asked_words(people_import):
        said = answers.get(asked.word, asked.sure or ("new" if asked.field == "area" else "refuse"))
        labels = _values(asked.field)
        given[asked.field, word_key(asked.word)] = labels.get(said, said)
    people_import = answer_words(people_import=people_import, answers=given, now=now)
    return worked(people_import, now=now)


def _values(field: str) -> dict[str, str]:
    from accounts.services.imports.words import meanings_today

    return {label: value for value, label in meanings_today().labels[field].items()}


def previewed(user, content: bytes, answers: dict[str, str] | None = None, *, now=NOW):
    people_import = to_words(user, content, now=now)
    if people_import.state == "mapped":
        people_import = answer(people_import, ANSWERS if answers is None else answers, now=now)
    return people_import


def claimed(people_import: PeopleImport) -> PeopleImport:
    """As a worker holds it that was killed later."""
    PeopleImport.objects.filter(pk=people_import.pk).update(claim=uuid.uuid4(), claimed_at=NOW)
    people_import.refresh_from_db()
    return people_import


def run(people_import: PeopleImport, *, whole: bool = False, send: bool = False, now=NOW):
    begin_import(
        people_import=people_import,
        is_all_or_nothing=whole,
        invitations=InvitationChoice.SEND if send else InvitationChoice.HOLD,
        now=now,
    )
    work_on_import(pk=people_import.pk, now=now)
    people_import.refresh_from_db()
    return people_import
