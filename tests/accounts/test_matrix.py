"""The matrix in words: the page, and docs/permissions.md."""

import pytest
from django.core.management import call_command

from accounts.enums import Permission, Role
from accounts.exports import matrix_as_markdown
from accounts.management.commands import write_permissions
from accounts.permissions import GIVABLE, MATRIX, may_give
from accounts.queries.matrix import permission_matrix
from tests.factories.accounts import RoleGrantFactory, UserFactory


def test_the_matrix_in_words_is_the_matrix():
    matrix = permission_matrix()
    may = {row.permission: {name for name, yes in row.cells if yes} for row in matrix.rows}
    assert may == {str(p.label): {str(role.label) for role in MATRIX[p]} for p in Permission}


def test_it_says_who_gives_which():
    gives = {role.name: set(role.gives) for role in permission_matrix().roles}
    assert gives == {
        str(role.label): {str(x.label) for x in GIVABLE.get(role, frozenset())} for role in Role
    }


def test_the_file_says_what_the_matrix_says():
    """Run `python manage.py write_permissions` when this fails."""
    written = write_permissions.PATH.read_text(encoding="utf-8")
    assert written == matrix_as_markdown(permission_matrix())


def test_the_command_writes_it(tmp_path, monkeypatch, capsys):
    path = tmp_path / "permissions.md"
    monkeypatch.setattr(write_permissions, "PATH", path)
    call_command("write_permissions")
    assert path.read_text(encoding="utf-8") == matrix_as_markdown(permission_matrix())


@pytest.mark.django_db
def test_the_page_shows_every_permission_and_role(client):
    client.force_login(UserFactory())
    text = client.get("/permissions/").content.decode()
    for words in [*Permission.labels, *Role.labels]:
        assert str(words).replace("'", "&#x27;") in text


@pytest.mark.django_db
def test_whoever_may_give_roles_gives_some():
    """The matrix and GIVABLE agree: the right to give is carried by exactly those who can."""
    givers = {role for role in Role if GIVABLE.get(role)}
    assert givers == set(MATRIX[Permission.GRANT_ROLES])
    for role in Role:
        grant = RoleGrantFactory(role=role)
        may = {other for other in Role if may_give([grant], other, None)}
        assert may == GIVABLE.get(role, frozenset())
