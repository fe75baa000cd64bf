"""What can be a person's name: any writing, and nothing that a mail program makes a link of."""

import pytest

from accounts.permissions import is_name_of_person


@pytest.mark.parametrize(
    "name",
    [
        "J. R. Lee",
        "St.John Smythe",
        "M.A. Hussain",
        "Dr. Zoë O’Brien-Łuczak",
        "Ngozi Okonjo, PhD.",
        "李小龙",
        "Ελένη Παπαδοπούλου",
    ],
)
def test_names(name):
    assert is_name_of_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "win.example.com",
        "Claim it at prizes.example now",
        "WWW.Example",
        "https://example.org",
        "example.org/prize",
        "Anna @ Home",
        "=A1",
        "1234",
        "",
    ],
)
def test_what_is_no_name(name):
    assert not is_name_of_person(name)
