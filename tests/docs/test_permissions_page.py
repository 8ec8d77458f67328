"""docs/guides/permissions.md tells what the one table of permissions says."""

from smartcity.identity.permissions import Role
from tests.docs.pages import GUIDES, table
from tests.docs.permissions import permissions

PAGE = GUIDES / "permissions.md"


def test_the_page_is_the_table_of_permissions() -> None:
    told = {action: who for action, _, _, who in table(PAGE, "action")}
    wanted = permissions()
    assert told == wanted, "\n".join(f"| {a} | … | … | {who} |" for a, who in wanted.items())


def test_every_action_and_role_is_told_in_both_languages() -> None:
    assert [row[0].strip("`") for row in table(PAGE, "role")] == list(Role)
    for row in table(PAGE, "action") + table(PAGE, "role"):
        assert row[1], row
        assert row[2], row
