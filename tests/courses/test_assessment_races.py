"""Two tabs at the same moment: one attempt is begun, and it is marked once.

The controls run the very statements of the services on the very tables, with the lock taken out of
them and the constraint taken off, and let everybody look before anybody writes.
"""

import datetime
import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from courses.models import Attempt, AttemptQuestion, Enrolment
from courses.services import hand_in, move_up, save_response, start_attempt
from tests.factories.courses import NOW, EnrolmentFactory, make_assessment, make_next_version
from tests.races import run_at_once
from tests.workers.installation import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = datetime.timedelta(hours=1)
TABS = 4


@pytest.fixture
def enrolment():
    return EnrolmentFactory(course=make_assessment().course)


def begin(enrolment):
    return start_attempt(enrolment=enrolment, now=NOW)


def answered(enrolment):
    attempt = begin(enrolment)
    for position in (1, 2):
        save_response(attempt=attempt, position=position, response={"choices": ["a"]}, now=NOW)
    return attempt


def handing_in(enrolment, attempt, number):
    moment = NOW + number * HOUR
    return lambda: hand_in(enrolment=enrolment, attempt_id=attempt.public_id, now=moment)


def unlocked(work, *, before):
    """Do `work` without its locks, and wait for the others before the statement `before`.

    PostgreSQL locks rows by FOR UPDATE, SQLite the whole file by the way a transaction begins.
    """
    everybody_looked = before[1]

    def execute(run, sql, params, many, context):
        if connection.vendor == "sqlite" and sql.startswith("BEGIN"):
            return None
        if sql.startswith(before[0]):
            everybody_looked.wait(timeout=20)
        return run(sql.replace(" FOR UPDATE", ""), params, many, context)

    def do():
        with connection.execute_wrapper(execute):
            return work()

    return do


@contextmanager
def without_constraints(model, *names):
    """Take constraints off the table, and put them back once the rows of the race are gone."""
    everything = model._meta.constraints
    model._meta.constraints = [one for one in everything if one.name not in names]
    taken = [one for one in everything if one.name in names]
    assert len(taken) == len(names)
    try:
        _rebuild(model, "remove_constraint", taken)
        yield
    finally:
        AttemptQuestion.objects.all().delete()
        model.objects.all().delete()
        model._meta.constraints = everything
        _rebuild(model, "add_constraint", taken)


def _rebuild(model, change, constraints):
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":  # there the table is written anew, as its model says
            editor._remake_table(model)
            return
        for constraint in constraints:
            getattr(editor, change)(model, constraint)


def test_tabs_that_begin_at_once_begin_one_attempt(enrolment):
    results = run_at_once(*[lambda: begin(enrolment)] * TABS)
    attempt = Attempt.objects.get()
    assert set(results) == {attempt}
    assert sorted(attempt.drawn.values_list("position", flat=True)) == [1, 2]


def test_without_lock_and_constraint_each_tab_would_begin_its_own(enrolment):
    looked = threading.Barrier(TABS)
    begins = unlocked(lambda: begin(enrolment), before=('INSERT INTO "courses_attempt" ', looked))
    names = ("attempt_open_once_per_enrolment", "attempt_number_once_per_enrolment")
    with without_constraints(Attempt, *names):
        results = run_at_once(*[begins] * TABS)
        assert {type(result) for result in results} == {Attempt}, results
        assert Attempt.objects.filter(enrolment=enrolment, submitted_at=None).count() == TABS


def test_without_the_lock_the_constraint_alone_lets_one_in(enrolment):
    looked = threading.Barrier(TABS)
    begins = unlocked(lambda: begin(enrolment), before=('INSERT INTO "courses_attempt" ', looked))
    results = run_at_once(*[begins] * TABS)
    assert sorted(type(result).__name__ for result in results) == [
        "Attempt",
        *["IntegrityError"] * (TABS - 1),
    ]
    assert Attempt.objects.count() == 1


def test_tabs_that_hand_in_at_once_are_marked_once(enrolment):
    attempt = answered(enrolment)
    results = run_at_once(*[handing_in(enrolment, attempt, number) for number in range(TABS)])
    attempt.refresh_from_db()
    assert {result.submitted_at for result in results} == {attempt.submitted_at}
    assert (attempt.right, attempt.is_passed) == (2, True)


def test_without_the_lock_each_tab_would_mark_it_again(enrolment):
    attempt = answered(enrolment)
    looked = threading.Barrier(TABS)
    marks = 'UPDATE "courses_attemptquestion"'
    tabs = [handing_in(enrolment, attempt, number) for number in range(TABS)]
    results = run_at_once(*[unlocked(tab, before=(marks, looked)) for tab in tabs])
    assert {result.submitted_at for result in results} == {NOW + n * HOUR for n in range(TABS)}


def test_an_answer_sent_while_it_is_handed_in_is_marked_or_refused(enrolment):
    attempt = answered(enrolment)

    def change():
        return save_response(attempt=attempt, position=1, response={"choices": ["b"]}, now=NOW)

    _handed_in, changed = run_at_once(handing_in(enrolment, attempt, 0), change)
    attempt.refresh_from_db()
    is_refused = type(changed).__name__ == "AttemptHandedIn"
    assert attempt.right == (2 if is_refused else 1)
    assert attempt.drawn.get(position=1).response == {"choices": ["a" if is_refused else "b"]}


def test_who_moved_to_another_version_meanwhile_begins_all_the_same(enrolment):
    """The version and the route that were read before the wait are not those found after it."""
    make_next_version(enrolment.course)
    has_moved, comes = threading.Event(), threading.Event()

    def move():
        with transaction.atomic():
            move_up(enrolment=enrolment, now=NOW)
            has_moved.set()
            assert comes.wait(timeout=20)
            if connection.vendor == "postgresql":
                wait_until(somebody_waits, "the other waits for the enrolment")
        return enrolment

    def somebody_waits():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return cursor.fetchone()[0]

    def begin_behind():
        assert has_moved.wait(timeout=20)
        comes.set()
        return begin(enrolment)

    _moved, attempt = run_at_once(move, begin_behind)
    assert attempt == Attempt.objects.get()
    assert Enrolment.objects.get().version.number == 2
