import pytest

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def policy(response):
    return {
        part.split()[0]: part.split()[1:]
        for part in response["Content-Security-Policy"].split("; ")
    }


def test_the_site_allows_no_inline_script_or_style(client):
    found = policy(client.get("/courses/"))
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == ["'self'"]
    assert found["style-src"] == ["'self'"]


def test_only_the_admin_s_path_has_the_looser_policy(client):
    assert "'unsafe-inline'" in policy(client.get("/cms/"))["script-src"]
    assert "'unsafe-inline'" not in policy(client.get("/cmsish/"))["script-src"]


def test_an_address_of_a_button_says_so_when_it_is_opened(client):
    client.force_login(UserFactory())
    address = "/account/security/devices/end-others/"
    reply = client.get(address)
    assert (reply.status_code, reply["Allow"]) == (405, "POST")
    assert "There is nothing to see at this address" in reply.content.decode()
    assert client.put(address).content == b""
