"""Where reports come from: standard input, files, folders, a mailbox on a server."""

import io
import mailbox
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from notifications.models import Bounce
from notifications.services import MAX_BYTES, MailboxUnusable, messages_in, messages_on_server
from notifications.tasks import read_bounces
from tests.factories.accounts import UserFactory
from tests.notifications.dsn import dsn
from tests.notifications.imap_server import mailbox_with

pytestmark = pytest.mark.django_db

LETTER = b"From: a@example.org\r\nSubject: Hello\r\n\r\nHello."


@pytest.fixture(autouse=True)
def _somebody():
    UserFactory(email="sian@example.org")


def command(**options):
    out = io.StringIO()
    call_command("read_bounces", stdout=out, **options)
    return out.getvalue()


def test_a_message_on_standard_input(monkeypatch):
    """As a mail server's alias hands it over: |manage.py read_bounces"""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(dsn())))
    assert command().startswith("1 refused for good, 0 delayed")
    assert Bounce.objects.count() == 1


def test_an_mbox_file_is_read_and_left_as_it_is(tmp_path):
    path = tmp_path / "returned.mbox"
    box = mailbox.mbox(path)
    for raw in (dsn(), LETTER, dsn()):
        box.add(raw)
    box.close()
    before = path.read_bytes()
    assert "1 refused for good, 0 delayed, 1 known already" in command(path=path)
    assert "0 refused for good, 0 delayed, 2 known already" in command(path=path)
    assert path.read_bytes() == before


def test_a_maildir_folder_is_read_once(tmp_path):
    box = mailbox.Maildir(tmp_path / "returned", create=True)
    for raw in (dsn(), LETTER, b"x" * (MAX_BYTES + 9)):
        box.add(raw)
    said = command(path=tmp_path / "returned")
    assert "1 refused for good" in said
    assert "1 no reports, 1 too large" in said
    assert list((tmp_path / "returned" / "new").iterdir()) == []
    assert all(file.name.endswith(":2,S") for file in (tmp_path / "returned" / "cur").iterdir())
    assert command(path=tmp_path / "returned").startswith("0 refused for good")


@pytest.mark.parametrize("name", ["missing.mbox", "empty-folder"])
def test_what_is_no_mailbox_is_said_in_words(tmp_path, name):
    (tmp_path / "empty-folder").mkdir()
    with pytest.raises(CommandError, match="neither an mbox file nor a maildir folder"):
        command(path=tmp_path / name)


def test_the_mailbox_on_a_server_is_read_once(settings):
    with mailbox_with(dsn(), LETTER, b"x" * (MAX_BYTES + 9)) as server:
        settings.BOUNCE_IMAP_URL = server.url
        said = command(imap=True)
        assert "1 refused for good" in said
        assert "1 no reports, 1 too large" in said
        assert server.seen == {0, 1, 2}
        assert command(imap=True).startswith("0 refused for good, 0 delayed, 0 known")


def test_one_whose_reading_was_cut_off_is_read_again():
    with mailbox_with(dsn(), LETTER) as server:
        messages = messages_on_server(server.url)
        assert next(messages) == dsn()
        messages.close()
        assert server.seen == set()


def test_the_task_reads_it_where_there_is_one(settings):
    read_bounces()
    with mailbox_with(dsn()) as server:
        settings.BOUNCE_IMAP_URL = server.url
        read_bounces(since="an older release")
    assert Bounce.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda url: url.replace("word", "wrong"), "error"),
        (lambda url: url.replace("/Returned", "/Elsewhere"), "no such folder"),
        (lambda url: url.replace("imap://", "http://"), "must read"),
        (lambda url: "imaps://example.org/x", "must read"),
        (lambda url: "imap://u:p@127.0.0.1:1/x", "ConnectionRefusedError"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_said_without_its_password(change, says):
    with mailbox_with(dsn()) as server, pytest.raises(MailboxUnusable, match=says) as refusal:
        list(messages_on_server(change(server.url)))
    assert "word" not in str(refusal.value).replace("password", "")


def test_asking_for_a_mailbox_that_is_not_set_is_refused():
    with pytest.raises(CommandError, match="BOUNCE_IMAP_URL"):
        command(imap=True)


def test_a_file_that_vanishes_under_us_is_another_readers(tmp_path):
    box = mailbox.Maildir(tmp_path / "returned", create=True)
    box.add(dsn())
    messages = messages_in(tmp_path / "returned")
    next(messages)
    next((tmp_path / "returned" / "new").iterdir()).unlink()
    assert list(messages) == []
