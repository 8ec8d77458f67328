"""The table that permissions.md shows, made from the one table of permissions."""

from smartcity.identity.permissions import PARTNERS_MAY, PERMISSIONS, Action, Role, Scope

_SCOPES = {
    Scope.OWN: "của mình · own",
    Scope.AGENCY: "của đơn vị · agency",
    Scope.AREA: "của đơn vị và địa bàn · area",
    Scope.ALL: "tất cả · all",
}


def permissions() -> dict[str, str]:
    """Who may do each action and how far, as one cell, by the action's name."""
    return {f"`{action}`": _who(action) for action in Action}


def _who(action: Action) -> str:
    granted = PERMISSIONS[action]
    if len(granted) == len(Role):
        return "mọi người · everybody"
    reach = [(scope, [r for r in Role if granted.get(r) is scope]) for scope in _SCOPES]
    parts = [f"{_SCOPES[scope]}: {_named(roles)}" for scope, roles in reach if roles]
    if action in PARTNERS_MAY:
        parts.append("khóa được cấp quyền · a key granted it")
    return "; ".join(parts)


def _named(roles: list[Role]) -> str:
    return ", ".join(f"`{role}`" for role in roles)
