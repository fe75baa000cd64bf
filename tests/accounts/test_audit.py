"""The audit trail: written once, read in sentences, gone when its time is over."""

import ast
import csv
import datetime
import importlib
import io
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.enums import Role, ScopeKind
from accounts.models import AuditEntry, Organisation, RoleGrant
from accounts.models.audit import AuditEntryIsFinal
from accounts.services import (
    give_role,
    grant_role,
    note_audit_read,
    purge_audit,
    record_audit,
    register_action,
    sentences_of,
    sync_groups,
)
from accounts.services.audit import actions_known
from accounts.tasks import purge_audit as purge_task
from tests.factories.accounts import (
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.certificates import AwardFactory

NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
TRAIL = "/cms/audit/"


def line(target=None, action="profile.changed", at=NOW, **kwargs):
    return record_audit(actor=None, action=action, target=target or UserFactory(), now=at, **kwargs)


def on_postgresql():
    return connection.vendor == "postgresql"


# --- written once ---


@pytest.mark.django_db
class TestFinal:
    @pytest.mark.parametrize("manager", ["objects", "_base_manager", "_default_manager"])
    def test_the_code_has_no_way_to_change_it(self, manager):
        entry = line()
        entries = getattr(AuditEntry, manager)
        for change in (
            lambda: entries.update(action="x"),
            lambda: entries.filter(pk=entry.pk).update(action="x"),
            lambda: entries.bulk_update([entry], ["action"]),
            lambda: entries.filter(pk=entry.pk).delete(),
            lambda: entry.save(),
            lambda: entry.delete(),
        ):
            with pytest.raises(AuditEntryIsFinal):
                change()
        assert AuditEntry.objects.get().action == "profile.changed"

    def test_the_database_refuses_a_change(self):
        line()
        with pytest.raises(IntegrityError, match="final"), transaction.atomic():
            models.QuerySet(AuditEntry).update(action="x")
        with (
            pytest.raises(IntegrityError, match="final"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE accounts_auditentry SET actor_id = NULL")

    def test_postgresql_refuses_to_let_a_line_go(self):
        line()
        if on_postgresql():
            with pytest.raises(IntegrityError, match="final"), transaction.atomic():
                models.QuerySet(AuditEntry).delete()
            assert AuditEntry.objects.exists()
        else:
            # SQLite cannot tell the purge from anybody else: see docs/decisions.
            models.QuerySet(AuditEntry).delete()

    def test_a_person_in_the_trail_cannot_be_deleted(self):
        person = UserFactory()
        line(person)
        person.emailaddress_set.all().delete()
        with pytest.raises(models.ProtectedError):
            person.delete()


def migration(name):
    folder = Path(settings.BASE_DIR) / "accounts" / "migrations"
    (found,) = folder.glob(f"????_{name}.py")
    return importlib.import_module(f"accounts.migrations.{found.stem}")


@pytest.mark.django_db
def test_the_triggers_can_be_taken_off_and_put_on_again():
    module, editor = migration("audit_is_final"), SimpleNamespace(connection=connection)
    line()
    module.remove(None, editor)
    assert models.QuerySet(AuditEntry).update(action="y") == 1
    module.add(None, editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(AuditEntry).update(action="z")


@pytest.mark.django_db
def test_lines_from_before_there_was_a_subject_find_theirs():
    module = migration("audit_subjects_found")
    name = module.__name__.rsplit(".", 1)[1]
    apps = MigrationLoader(connection).project_state(("accounts", name)).apps
    editor = SimpleNamespace(connection=connection)
    grant, membership = RoleGrantFactory(), MembershipFactory()
    for target in (grant, membership, OrganisationFactory()):
        line(target)
    migration("audit_is_final").remove(None, editor)
    module.forget(apps, editor)
    assert not AuditEntry.objects.exclude(subject=None).exists()
    module.find(apps, editor)
    migration("audit_is_final").add(None, editor)
    subjects = AuditEntry.objects.order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == [grant.user_id, membership.user_id, None]


# --- old lines ---


@pytest.mark.django_db
class TestPurge:
    def purge(self, keep_days=730):
        return purge_audit(now=NOW, keep_days=keep_days)

    def test_what_is_older_goes_and_a_line_says_how_many(self):
        line(at=NOW - 800 * DAY)
        line(at=NOW - 731 * DAY)
        kept = [line(at=NOW - 730 * DAY).pk, line(at=NOW).pk]
        assert self.purge() == 2
        left = list(AuditEntry.objects.order_by("pk"))
        assert [entry.pk for entry in left[:2]] == kept
        assert (left[2].action, left[2].count, left[2].actor) == ("audit.purged", 2, None)
        assert sentences_of(left[2:]) == [
            "The site removed 2 lines of the audit trail that were too old."
        ]

    def test_with_nothing_to_remove_it_leaves_no_line(self):
        line()
        assert self.purge() == 0
        assert AuditEntry.objects.count() == 1

    def test_afterwards_the_door_is_shut_again(self):
        line(at=NOW - 800 * DAY)
        line(at=NOW - 700 * DAY)
        self.purge()
        if on_postgresql():
            with pytest.raises(IntegrityError), transaction.atomic():
                models.QuerySet(AuditEntry).delete()

    def test_an_open_door_lets_only_old_lines_out(self):
        line(at=NOW)
        if on_postgresql():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('lms.audit_purge_before', %s, true)",
                    [(NOW - DAY).isoformat()],
                )
            with pytest.raises(IntegrityError), transaction.atomic():
                models.QuerySet(AuditEntry).delete()
        assert AuditEntry.objects.count() == 1

    def test_the_task_keeps_what_the_setting_says(self, settings):
        settings.AUDIT_KEEP_DAYS = 365 * 100
        line(at=NOW)
        purge_task()
        assert AuditEntry.objects.count() == 1
        settings.AUDIT_KEEP_DAYS = -3650
        purge_task()
        assert AuditEntry.objects.get().action == "audit.purged"


# --- in words ---


RECORDING = {"record_audit", "record_audit_of_many", "_record_and_delete"}


def actions_in_code():
    """Find the action of every call of record_audit, with where it stands."""
    root = Path(settings.BASE_DIR)
    for app in ("accounts", "notifications", "courses", "certificates", "lms"):
        for path in (root / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RECORDING:
                    (value,) = [x.value for x in node.keywords if x.arg == "action"]
                    if isinstance(value, ast.Name) and node.func.id == "record_audit_of_many":
                        continue  # handed on by `_record_and_delete`, whose calls are read too
                    options = (
                        [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                    )
                    for option in options:
                        yield from codes_of(option, f"{path}:{node.lineno}")


def codes_of(option, where):
    """Give the code that is written there; of a code with a beginning only, all that begin so."""
    if isinstance(option, ast.JoinedStr):
        beginning = option.values[0].value
        known = [kind.code for kind in actions_known() if kind.code.startswith(beginning)]
        assert known, where
        return known
    assert isinstance(option, ast.Constant), where
    return [option.value]


def test_every_action_in_the_code_has_a_sentence():
    used = set(actions_in_code())
    assert {"role.given", "award.issued", "audit.purged"} <= used
    assert used - {kind.code for kind in actions_known()} == set()


def test_every_sentence_belongs_to_an_action_in_the_code():
    assert {kind.code for kind in actions_known()} - set(actions_in_code()) == set()


def test_two_sentences_for_one_action_are_a_mistake():
    (kind, *_rest) = actions_known()
    register_action(kind.code, kind.sentence, kind.words)
    with pytest.raises(ValueError, match="two sentences"):
        register_action(kind.code, "Something else.")


@pytest.mark.django_db
class TestSentences:
    def say(self):
        entries = AuditEntry.objects.select_related("actor", "subject").order_by("pk")
        return sentences_of(entries)

    def test_who_gave_whom_what(self):
        admin = RoleGrantFactory(role=Role.ADMINISTRATOR, user__full_name="Ines Ñandú").user
        grace = UserFactory(full_name="Grace Adeyemi")
        area = AreaFactory(name="Bristol")
        today = NOW.date()
        for scope in (None, area):
            give_role(
                giver=admin,
                user=grace,
                role=Role.TRAINER,
                scope=scope,
                now=NOW,
                starts_on=today,
            )
        assert self.say() == [
            "Ines Ñandú gave Grace Adeyemi the role Trainer.",
            "Ines Ñandú gave Grace Adeyemi the role Trainer for Bristol.",
        ]

    def test_a_name_that_looks_like_a_placeholder_stays_a_name(self):
        line(UserFactory(full_name="%(actor)s 100%"), action="award.issued")
        assert self.say() == ["%(actor)s 100% was given a certificate for “…”."]

    def test_an_action_without_a_sentence_shows_its_code(self):
        line(action="100%.gone")
        assert self.say() == ["The site: 100%.gone"]

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_a_page_of_them_takes_few_queries(self, count, django_assert_num_queries):
        for _ in range(count):
            line(RoleGrantFactory(), action="role.given")
            line(MembershipFactory(), action="membership.begun")
            line(AwardFactory(), action="award.issued")
        # The lines, and one for the words of each kind of action.
        with django_assert_num_queries(4):
            assert not any("…" in sentence for sentence in self.say())


# --- reading it ---


@pytest.fixture
def reading(client):
    """Sign somebody in who may read the trail, and give back how to read it."""

    def sign_in(role=Role.ADMINISTRATOR, scope=None, name="Ines Ñandú"):
        sync_groups(on=NOW.date())
        user = UserFactory(full_name=name)
        grant_role(user=user, role=role, scope=scope, now=NOW, starts_on=datetime.date(2026, 1, 1))
        client.force_login(user)
        return user

    return sign_in


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
class TestReading:
    def test_it_reads_in_sentences_and_leaves_a_line_once_a_day(self, client, reading):
        reader = reading()
        line(UserFactory(full_name="Nadia"), action="award.issued")
        text = text_of(client.get(TRAIL))
        assert "The site gave Ines Ñandú the role Administrator." in text
        assert "Nadia was given a certificate" in text
        client.get(TRAIL)
        client.get(f"{TRAIL}results/")
        read = AuditEntry.objects.filter(action="audit.read")
        assert [entry.actor for entry in read] == [reader]

    def test_actions_are_chosen_by_what_they_say(self, client, reading):
        reading()
        page = text_of(client.get(TRAIL))
        assert "Somebody gave somebody the role …</option>" in page
        assert ">role.given<" not in page

    def test_the_day_of_a_reader_is_london_s(self):
        reader = UserFactory()
        summer = datetime.datetime(2027, 7, 1, 22, 30, tzinfo=datetime.UTC)  # 11:30pm
        assert note_audit_read(reader=reader, now=summer)
        assert not note_audit_read(reader=reader, now=summer + datetime.timedelta(minutes=29))
        assert note_audit_read(reader=reader, now=summer + datetime.timedelta(minutes=31))

    @pytest.mark.parametrize("role", [x for x in Role if x != Role.ADMINISTRATOR])
    def test_others_may_not(self, client, reading, role):
        reading(role)
        response = client.get(TRAIL)
        assert response.status_code == 302
        assert response["Location"] in {"/cms/", f"/cms/login/?next={TRAIL}"}
        assert not AuditEntry.objects.filter(action="audit.read").exists()

    def test_an_administrator_of_one_area_reads_what_is_about_its_people(self, client, reading):
        area = AreaFactory()
        reading(scope=area)
        inside = MembershipFactory(organisation__area=area, user__full_name="Someone inside").user
        line(inside)
        line(UserFactory(full_name="Someone outside"), action="award.issued")
        line(Organisation)
        entries = client.get(TRAIL).context["object_list"]
        assert {entry.subject for entry in entries} >= {inside}
        assert not any(entry.subject is None for entry in entries)
        assert "Someone outside" not in text_of(client.get(TRAIL))

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"person": "łukasz"}, 1),
            ({"person": "Łukasz Nobody"}, 0),
            ({"q": "Łukasz"}, 1),
            ({"action": "award.issued"}, 1),
            ({"target_type": "accounts.organisation"}, 1),
            ({"at_from": "2020-01-01", "at_to": "2020-12-31"}, 1),
            ({"at_from": "2020-01-02"}, 5),
            ({"at_to": "2019-12-31"}, 0),
        ],
    )
    def test_it_can_be_narrowed(self, client, reading, asked, found):
        reading()  # gives two lines: the role, and that it was read
        line(UserFactory(full_name="łukasz Łukasz"), action="award.issued")
        line(OrganisationFactory(), action="other")
        line(at=datetime.datetime(2020, 1, 1, 12, tzinfo=datetime.UTC))
        entries = client.get(TRAIL, asked).context["object_list"]
        lines = [x for x in entries if x.action not in {"audit.read", "role.given"}]
        expected = {"at_from": 2}.get("".join(asked), found)
        assert len(lines) == expected

    @pytest.mark.parametrize(
        "asked",
        [
            {"action": "x\x00"},
            {"at_from": "never"},
            {"person": "\x00"},
            {"p": "999999999999"},
            {"ordering": "actor__password"},
            {"target_type": "' OR 1=1"},
            {"q": "\x00"},
        ],
    )
    def test_bad_questions_are_no_error(self, client, reading, asked):
        reading()
        assert client.get(TRAIL, asked).status_code == 200

    def test_the_export_is_safe_to_open(self, client, reading):
        reading(name="=HYPERLINK(1)")
        line(UserFactory(full_name="@SUM(A1)"), action="award.issued")
        response = client.get(TRAIL, {"export": "csv"})
        rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))
        assert rows[0] == ["When", "What", "Action", "Kind of record", "Record", "Fields"]
        said = [row[1] for row in rows[1:]]
        assert "'=HYPERLINK(1) looked at the audit trail." in said
        assert "'@SUM(A1) was given a certificate for “…”." in said
        response = client.get(TRAIL, {"export": "xlsx"})
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)

    def test_a_long_export_is_whole(self, client, reading):
        reading()
        for number in range(501):
            line(Organisation, at=NOW - number * DAY)
        response = client.get(TRAIL, {"export": "csv"})
        rows = b"".join(response.streaming_content).decode().splitlines()
        assert len(rows) == 1 + 501 + 2  # the heading; the role given, and that it was read

    def test_nothing_there_changes_it(self, client, reading):
        reading()
        for path in (TRAIL, f"{TRAIL}results/"):
            assert client.post(path).status_code == 405
        for path in ("1/", "edit/1/", "delete/1/", "add/", "new/"):
            assert client.get(TRAIL + path).status_code == 404

    @pytest.mark.parametrize("count", [1, 3, 30, 300])
    def test_it_takes_as_many_queries_whatever_its_length(
        self, client, reading, count, django_assert_num_queries
    ):
        reading()
        grant = RoleGrant.objects.get()
        for _ in range(count):
            line(grant, action="role.given")
        client.get(TRAIL)
        with django_assert_num_queries(20):
            assert len(client.get(TRAIL).context["object_list"]) == min(count + 2, 50)


@pytest.mark.django_db
def test_a_scope_s_words_stay_with_the_line():
    organisation = OrganisationFactory(name="Hill School")
    grant = RoleGrantFactory(scope_kind=ScopeKind.ORGANISATION, organisation=organisation)
    line(grant, action="role.ended")
    (sentence,) = sentences_of(AuditEntry.objects.select_related("subject"))
    assert sentence.endswith("’s role Coordinator for Hill School.")
