import datetime

import pytest
from django.utils import timezone

from lms.core.links import (
    LinkAltered,
    LinkExpired,
    LinkUsed,
    LinkWithdrawn,
    issue_link,
    read_link,
    token_of,
    use_link,
    withdraw_links,
)
from tests.races import run_at_once

NOW = datetime.datetime(2027, 3, 28, 0, 30, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def link(purpose="reference", subject="7"):
    return issue_link(purpose=purpose, subject=subject, now=NOW, lasts=DAY)


@pytest.mark.django_db
def test_a_link_is_read_as_often_as_it_is_opened_and_used_once():
    made = link()
    token = token_of(made)
    for _opening in range(3):
        assert read_link(token, purpose="reference", now=NOW).subject == "7"
    assert use_link(token, purpose="reference", now=NOW).pk == made.pk
    for way in (read_link, use_link):
        with pytest.raises(LinkUsed):
            way(token, purpose="reference", now=NOW)


@pytest.mark.django_db
def test_a_link_for_one_purpose_opens_no_other():
    token = token_of(link())
    with pytest.raises(LinkAltered):
        use_link(token, purpose="unsubscribe", now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil", [str.upper, lambda t: t[:-1], lambda t: "x" + t[1:], lambda t: ""]
)
def test_an_altered_token_is_no_link(spoil):
    with pytest.raises(LinkAltered):
        read_link(spoil(token_of(link())), purpose="reference", now=NOW)


@pytest.mark.django_db
def test_a_link_ends_at_its_time_to_the_second():
    token = token_of(link())
    last = NOW + DAY - datetime.timedelta(seconds=1)
    assert read_link(token, purpose="reference", now=last)
    with pytest.raises(LinkExpired):
        use_link(token, purpose="reference", now=NOW + DAY)


@pytest.mark.django_db
def test_withdrawn_links_say_so_and_those_of_others_go_on():
    token, other = token_of(link()), token_of(link(subject="8"))
    assert withdraw_links(purpose="reference", subject="7", now=NOW) == 1
    with pytest.raises(LinkWithdrawn):
        read_link(token, purpose="reference", now=NOW)
    assert read_link(other, purpose="reference", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_finds_it_used():
    now = timezone.now()
    made = issue_link(purpose="reference", subject="7", now=now, lasts=DAY)
    token = token_of(made)

    def use():
        return use_link(token, purpose="reference", now=now)

    results = run_at_once(*[use] * 6)
    assert sorted(type(result).__name__ for result in results) == ["EmailedLink"] + ["LinkUsed"] * 5
