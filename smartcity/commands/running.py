"""How a command runs: in the application's context, its deed audited under the operator's name."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from getpass import getuser
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from smartcity.app import create_app
from smartcity.audit import service as audit
from smartcity.core.db import transaction
from smartcity.identity.permissions import Principal, Role
from smartcity.settings import Settings

Subject = tuple[str, uuid.UUID | None]
Audited = Callable[..., None]


def application() -> Flask:
    """The application of this machine's settings."""
    return create_app(Settings.from_env())


def in_app(command: Callable[..., None]) -> Callable[..., None]:
    """Run a command in the application's context."""

    @wraps(command)
    def running(*args: Any, **kwargs: Any) -> None:
        with application().app_context():
            command(*args, **kwargs)

    return running


def operator() -> str:
    """Who gives this command, for the audit: the account on this machine."""
    return f"operator:{getuser()}"


def acting(name: str | None) -> Principal:
    """The operator as a principal, under the name that he gives, or that of the account here."""
    return _Operator(Role.SYSTEM, f"operator:{name}"[:80] if name else operator())


class _Operator(Principal):
    @property
    def key(self) -> str:
        return self.id


@contextmanager
def change() -> Iterator[tuple[Session, Audited]]:
    """One transaction, and the function that audits a deed of the operator in it."""
    with transaction() as session:

        def audited(action: str, subject: Subject, **detail: Any) -> None:
            audit.record(session, operator(), action, subject, **detail)

        yield session, audited
