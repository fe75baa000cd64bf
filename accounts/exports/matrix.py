"""The role matrix as a page of documentation."""

from accounts.queries.matrix import Matrix, MatrixRow

_HEAD = """# Who may do what

Written by `python manage.py write_permissions` from `accounts/permissions.py`; the page
`/permissions/` shows the same. Do not edit it by hand: a test compares the two.

Whoever signs in, with no role at all, can take courses, see their own certificates and what is held
about them.
"""


def matrix_as_markdown(matrix: Matrix) -> str:
    """Write the role matrix as a page of documentation."""
    names = [role.name for role in matrix.roles]
    lines = [
        _HEAD,
        "## What each role may do\n",
        "| what | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
        *(f"| {row.permission} | {_cells(row)} |" for row in matrix.rows),
        "\n## How far a role reaches\n",
        "A role is held for one of these, from a day on and perhaps until one. What it allows, it "
        "allows there\nand nowhere else.\n",
        *(f"- **{name}**: {reach}" for name, reach in matrix.scopes),
        "\nWhat belongs to the whole site lies in no area, so only a role for everything allows "
        "it, and only\nsuch a role keeps more than places in the editor:\n",
        *(f"- {what}" for what in matrix.site_wide),
        "\n## The roles\n",
        "| role | what for | held for | gives and takes | keeps in the editor "
        "| second step to sign in |",
        "|---|---|---|---|---|---|",
        *(
            f"| {role.name} | {role.purpose} | {', '.join(role.held_for) or 'any of these'} "
            f"| {', '.join(role.gives) or '–'} "
            f"| {', '.join(role.keeps) or '–'} | {'yes' if role.is_staff else '–'} |"
            for role in matrix.roles
        ),
        "\nNobody gives a role to themselves, and the last administrator for everything cannot be "
        "taken.",
    ]
    return "\n".join(lines) + "\n"


def _cells(row: MatrixRow) -> str:
    return " | ".join("yes" if may else "–" for _name, may in row.cells)
