"""An address that several people read cannot be anybody's own."""

import pytest

from accounts.permissions import is_shared_address

SHARED = """
    office info admin enquiries contact reception hello head team noreply no-reply no.reply
    do-not-reply Office OFFICE office2 office+courses head.teacher head_teacher head-office
    school.office schooladmin riverside-admin info.leeds safeguarding.lead staff all hr postmaster
    help sales volunteers admin1 the-team
"""
PERSONAL = """
    nadia nadia.rahman headley anna.head j.teacher officer contactless infante teamer m.court
    helpman+info z 12345 o'neill
"""


@pytest.mark.parametrize("name", SHARED.split())
def test_shared(name):
    assert is_shared_address(f"{name}@example.org")


@pytest.mark.parametrize("name", PERSONAL.split())
def test_personal(name):
    assert not is_shared_address(f"{name}@example.org")


@pytest.mark.parametrize("text", ["", "@", "office", "@office", "\x00", "x" * 100_000, " . @ "])
def test_what_is_no_address_is_not_shared_either(text):
    assert not is_shared_address(text)


def test_spaces_around_it_do_not_hide_it():
    assert is_shared_address("  Office@Example.org ")
