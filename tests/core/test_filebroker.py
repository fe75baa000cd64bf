"""The broker of files: nothing half written is ever taken up."""

import json
import threading
from queue import Empty

import pytest
from kombu import Connection

from lms.core.filebroker import Channel, Transport


@pytest.fixture
def channel(tmp_path):
    folders = {name: tmp_path / name for name in ("messages", "processed", "control")}
    for folder in folders.values():
        folder.mkdir()
    options = {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "processed_folder": str(folders["processed"]),
        "control_folder": str(folders["control"]),
    }
    url = "filesystem://localhost"  # no host is asked for; kombu wants a name
    with Connection(url, transport=Transport, transport_options=options) as connection:
        yield connection.channel()


def test_what_is_put_is_got(channel):
    assert isinstance(channel, Channel)
    channel._put("work", {"task": "one", "who": "Siân"})
    assert channel._get("work") == {"task": "one", "who": "Siân"}
    with pytest.raises(Empty):
        channel._get("work")


def test_what_is_still_being_written_is_not_there_yet(channel, tmp_path):
    (tmp_path / "messages" / "1_half.work.msg.part").write_bytes(b"")
    with pytest.raises(Empty):
        channel._get("work")
    channel._put("work", {"task": "whole"})
    assert channel._get("work") == {"task": "whole"}


def test_a_reader_beside_many_writers_reads_every_message_whole(channel):
    long = "x" * 200_000
    got = []

    def write(who):
        for number in range(20):
            channel._put("work", {"id": f"{who}-{number}", "text": long})

    writers = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for writer in writers:
        writer.start()
    while len(got) < 80:
        try:
            got.append(channel._get("work")["id"])
        except Empty:
            if not any(writer.is_alive() for writer in writers):
                break
    for writer in writers:
        writer.join()
    assert len(set(got)) == 80


def test_a_message_is_json(channel, tmp_path):
    channel._put("work", {"task": "one"})
    (file,) = (tmp_path / "messages").iterdir()
    assert json.loads(file.read_bytes()) == {"task": "one"}
