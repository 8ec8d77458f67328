"""Procedures that tests make up: small, whole, and like those of a real list."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from smartcity.catalogue.records.record import read_record
from smartcity.catalogue.register import publishing
from smartcity.core.db import transaction
from smartcity.identity.permissions import SYSTEM


def record(
    code: str = "1.900001", name: str = "Cấp giấy phép nuôi voi", **changes: Any
) -> dict[str, Any]:
    """A procedure as a file would bring it, with what a test wants to be another way."""
    return {
        "code": code,
        "name": name,
        "levels": ["commune"],
        "field": "Chăn nuôi",
        "subjects": ["citizen"],
        "degree": "full",
        "agency": "Ủy ban nhân dân cấp xã",
        "counter": "commune",
        "channels": [
            {"way": "online", "time_limit": "03 ngày làm việc", "fee": "Không"},
            {"way": "in_person", "time_limit": "05 ngày làm việc", "fee": "8.000 đồng"},
        ],
        "documents": [{"name": "Tờ khai", "form": "Mẫu số 01", "originals": 1}],
        "results": ["Giấy phép"],
        **changes,
    }


def bring(app: Flask, *records: Mapping[str, Any]) -> None:
    """Put procedures into the register, as the province's own."""
    with app.app_context(), transaction() as session:
        publishing.bring_in(session, SYSTEM, [read_record(raw) for raw in records], "test")
