import datetime
import json

import pytest
from django.template import Context, Template

NOON_IN_SUMMER = datetime.datetime(2027, 5, 3, 11, 0, tzinfo=datetime.UTC)


def said(text, **context):
    return Template("{% load ui %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(0, 0, "12am"), (9, 30, "9:30am"), (12, 0, "12pm"), (13, 0, "1pm"), (23, 5, "11:05pm")],
)
def test_a_time_is_written_as_it_is_said(hour, minute, words):
    at = datetime.datetime(2027, 1, 3, hour, minute, tzinfo=datetime.UTC)
    assert said("{{ at|clock }}", at=at) == words


def test_a_moment_is_in_local_time():
    assert said("{{ at|moment }}", at=NOON_IN_SUMMER) == "3 May 2027 at 12pm"


def test_json_in_an_attribute_is_escaped():
    text = said("{{ value|as_json }}", value={"a": '"><script>'})
    assert "<" not in text
    assert '"' not in text
    assert json.loads(text.replace("&quot;", '"').replace("&gt;", ">").replace("&lt;", "<")) == {
        "a": '"><script>'
    }
