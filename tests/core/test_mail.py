import email
from email import policy

from django.core.mail import EmailMessage, get_connection

from lms.core.mail import message_id_for


def send(folder, settings, **headers):
    settings.EMAIL_FILE_PATH = folder
    connection = get_connection("lms.core.mail.EmlFileBackend")
    message = EmailMessage("Hello", "Body with Łukasz", to=["a@example.org"], headers=headers)
    return connection.send_messages([message])


def test_a_message_is_one_file_named_after_its_key(tmp_path, settings):
    assert send(tmp_path, settings, **{"Message-ID": message_id_for("certificate-ready:1/2")}) == 1
    (path,) = tmp_path.glob("*")
    assert path.name == "certificate-ready-1-2.eml"
    parsed = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert parsed["Subject"] == "Hello"
    assert "Łukasz" in parsed.get_content()


def test_the_same_key_twice_is_still_one_file(tmp_path, settings):
    for _ in range(2):
        send(tmp_path, settings, **{"Message-ID": message_id_for("once")})
    assert [path.name for path in tmp_path.glob("*")] == ["once.eml"]


def test_a_message_without_a_key_is_kept_too(tmp_path, settings):
    send(tmp_path, settings)
    send(tmp_path, settings)
    assert len(list(tmp_path.glob("*.eml"))) == 2


def test_a_key_cannot_leave_the_folder(tmp_path, settings):
    inside = tmp_path / "mail"
    send(inside, settings, **{"Message-ID": message_id_for("../../etc/passwd")})
    assert [path.parent for path in tmp_path.rglob("*.eml")] == [inside]
