"""Files in parts (RFC 9110, section 14): what a player asks for when somebody seeks."""

import pytest
from django.test import RequestFactory

from lms.core.filekinds import is_captions, is_recording_of
from lms.core.ranges import serve_in_parts

# A response that is closed lets go of the database.
pytestmark = pytest.mark.django_db
CONTENT = bytes(range(100))


@pytest.fixture
def ask(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(CONTENT)

    def answer(**headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = serve_in_parts(RequestFactory().get("/", headers=named), path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        response.close()
        return response, body

    return answer


def test_without_a_range_the_whole_comes(ask):
    response, body = ask()
    assert (response.status_code, body) == (200, CONTENT)
    assert (response["Accept-Ranges"], response["Content-Length"]) == ("bytes", "100")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=90-", 90, 99),
        ("bytes=-5", 95, 99),
        ("bytes=-500", 0, 99),
        ("bytes=95-500", 95, 99),
        ("bytes=99-99", 99, 99),
    ],
)
def test_one_range(ask, asked, first, last):
    response, body = ask(Range=asked)
    assert (response.status_code, body) == (206, CONTENT[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/100"
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_a_range_outside_the_file_is_refused(ask, asked):
    response, body = ask(Range=asked)
    assert (response.status_code, body) == (416, b"")
    assert response["Content-Range"] == "bytes */100"


@pytest.mark.parametrize(
    "asked", ["bytes=9-2", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "nonsense", ""]
)
def test_what_is_no_single_range_is_ignored(ask, asked):
    response, body = ask(Range=asked)
    assert (response.status_code, body) == (200, CONTENT)


def test_a_part_comes_only_of_the_file_the_browser_holds(ask):
    tag = ask()[0]["ETag"]
    assert ask(Range="bytes=0-1", If_Range=tag)[0].status_code == 206
    for other in ('"other"', f"W/{tag}", "Thu, 01 Jan 1970 00:00:00 GMT", "nonsense"):
        assert ask(Range="bytes=0-1", If_Range=other)[0].status_code == 200


def test_an_unchanged_file_is_not_sent_again(ask):
    day = ask()[0]["Last-Modified"]
    assert ask(If_Modified_Since=day)[0].status_code == 304


@pytest.mark.parametrize(
    ("extension", "head", "is_one"),
    [
        ("mp4", b"\0\0\0\x18ftypmp42", True),
        ("m4a", b"\0\0\0\x18ftypM4A ", True),
        ("webm", b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm", True),
        ("ogg", b"OggS\0", True),
        ("wav", b"RIFF\0\0\0\0WAVE", True),
        ("mp3", b"ID3\x04", True),
        ("mp3", b"\xff\xfb\x90\x64", True),  # MPEG 1, layer III
        ("mp3", b"\xff\xf3\x40\xc4", True),  # MPEG 2, layer III
        ("mp3", b"\xff\xe3\x40\xc4", True),  # MPEG 2.5, layer III
        ("mp3", b"\xff\xfeH\0e\0l\0", False),  # a text in UTF-16
        ("mp3", b"\xff\xd8\xff\xe0", False),  # a picture
        ("mp4", b"<html>", False),
        ("webm", b"\x1a\x45\xdf\xa3\x01matroska", False),
        ("exe", b"MZ", False),
        ("mp3", b"", False),
    ],
)
def test_a_recording_is_what_its_name_says(extension, head, is_one):
    assert is_recording_of(extension, head) is is_one


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello", True),
        (b"\xef\xbb\xbfWEBVTT - mine\r\n\r\n00:01.000 --> 00:02.000\r\nHello", True),
        (b"WEBVTT\n\n", False),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHello", False),
        (b"WEBVTTX\n\n00:01.000 --> 00:02.000", False),
        (b"\xff\xfe\0", False),
    ],
)
def test_captions_are_webvtt(data, is_one):
    assert is_captions(data) is is_one


def test_media_outside_its_folder_are_not_there(client):
    for path in ("../secret", "documents/a.pdf", "a\x00b"):
        assert client.get(f"/media/{path}").status_code == 404, path
