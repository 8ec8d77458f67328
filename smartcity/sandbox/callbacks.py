"""The operations centre calling back, signed like what it receives, or waiting to be asked."""

from __future__ import annotations

import json
import threading
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import urllib3
from standardwebhooks import Webhook

from smartcity.sandbox import signing

_FIELDS = {"report": str, "move": str, "reason": str, "public_text": str, "agency": str}
_OWN = {"id": str, "sequence": int}
_VIETNAM = timezone(timedelta(hours=7))


class Callbacks:
    """Signed callbacks, numbered by report from 1; the numbers are lost with the process."""

    def __init__(self, keys: Sequence[Webhook]) -> None:
        self._keys = keys
        self._lock = threading.Lock()
        self._sequences: defaultdict[str, int] = defaultdict(int)
        self._kept: list[dict[str, Any]] = []
        self._http = urllib3.PoolManager(retries=False, timeout=10)

    def compose(self, wish: object) -> dict[str, Any]:
        """The body to send, its missing `id`, `sequence` and `at` filled in; ValueError if bad."""
        if not isinstance(wish, dict) or not {"report", "move"} <= wish.keys():
            raise ValueError("report and move are needed")
        for name, value in wish.items():
            kind = (_FIELDS | _OWN).get(name)
            if kind is None or type(value) is not kind:
                raise ValueError(f"{name}: unknown, or not of its type")
        return {
            "id": str(uuid.uuid4()),
            "at": datetime.now(_VIETNAM).isoformat(timespec="milliseconds"),
            **wish,
            "sequence": self._number(wish["report"], wish.get("sequence")),
        }

    def keep(self, body: dict[str, Any]) -> None:
        """Let a callback wait until somebody asks for it."""
        with self._lock:
            self._kept.append(body)

    def kept(self, after: int, limit: int) -> dict[str, Any]:
        """What waits, but the first `after`: `{callbacks, next}`."""
        with self._lock:
            page = self._kept[after : after + limit]
        return {"callbacks": page, "next": str(after + len(page))}

    def send(self, url: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Status and body that came back; urllib3.exceptions.HTTPError when none did in 10 s."""
        text = json.dumps(body, ensure_ascii=False)
        headers = signing.sign(self._keys, body["id"], text)
        headers["Content-Type"] = "application/json"
        answer = self._http.request("POST", url, body=text.encode(), headers=headers)
        try:
            return answer.status, answer.json()
        except ValueError:
            return answer.status, answer.data.decode(errors="replace")

    def _number(self, report: str, given: int | None) -> int:
        with self._lock:
            number = self._sequences[report] + 1 if given is None else given
            self._sequences[report] = max(self._sequences[report], number)
            return number
