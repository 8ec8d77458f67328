"""The running application's settings, and the things built once from them."""

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import TypeVar

from flask import Flask, current_app

from smartcity.settings import Settings

T = TypeVar("T")
_building = RLock()  # what is built may be made of what is built


def attach(app: Flask, settings: Settings) -> None:
    """Give the application its settings."""
    app.extensions["smartcity"] = {"settings": settings}


def settings() -> Settings:
    """The settings of the application in whose context the caller runs."""
    found: Settings = current_app.extensions["smartcity"]["settings"]
    return found


def per_app(build: Callable[[Settings], T]) -> Callable[[], T]:
    """Turn a builder into an accessor: built on first use, then the same for the application."""
    key = f"{build.__module__}.{build.__qualname__}"

    @wraps(build)
    def accessor() -> T:
        built = current_app.extensions["smartcity"]
        if key not in built:
            with _building:
                if key not in built:
                    built[key] = build(built["settings"])
        found: T = built[key]
        return found

    return accessor
