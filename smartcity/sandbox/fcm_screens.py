"""What each device shows, in little memory: some 320 bytes for a device that got one message.

A message of a campaign differs from the next only in its address and `data.mid`: the rest is kept
once, under a number, and a device keeps one text of lines `number TAB mid`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from smartcity.sandbox.fcm_messages import Message

_KEPT = 65_536  # characters a device: some 1,000 messages, the oldest go first

Notice = tuple[Any, ...]  # title, body, tag, and the data but `mid` as pairs


class Screens:
    """Arrivals by device; a later notification takes the place of one with the same tag."""

    def __init__(self) -> None:
        self.arrived = self.arrived_again = self.shown_again = 0
        self._logs: dict[str, str] = {}
        self._numbers: dict[Notice, int] = {}
        self._notices: list[Notice] = []

    def __len__(self) -> int:
        return len(self._logs)

    def arrive(self, address: str, notice: Message) -> None:
        """A message reaches a device, which counts a `mid` that it has had before."""
        mid, number = self._number(notice)
        log = self._logs.get(address, "")
        is_again = bool(mid) and f"\t{mid}\n" in log
        if len(log) > _KEPT:
            log = log[log.index("\n", _KEPT // 2) + 1 :]
        self._logs[address] = f"{log}{number}\t{mid}\n"
        self.arrived += 1
        if is_again:
            self.arrived_again += 1
            on_screen = [shown["data"].get("mid") for shown in self.shown(address)]
            self.shown_again += on_screen.count(mid) > 1

    def shown(self, address: str) -> list[Message]:
        """What stands on the device's screen, the latest last."""
        screen: list[Message] = []
        for number, mid in self._entries(address):
            title, body, tag, data = self._notices[number]
            screen = [other for other in screen if tag is None or other["tag"] != tag]
            data = dict(data) | ({"mid": mid} if mid else {})
            screen.append({"title": title, "body": body, "tag": tag, "data": data})
        return screen

    def arrivals(self, address: str) -> dict[str, int]:
        """How often each `mid` reached the device."""
        times: dict[str, int] = {}
        for _, mid in self._entries(address):
            times[mid] = times.get(mid, 0) + 1
        return times

    def lines(self) -> Iterator[str]:
        """`address TAB mid TAB times` for all devices."""
        for address in list(self._logs):
            for mid, times in self.arrivals(address).items():
                yield f"{address}\t{mid}\t{times}\n"

    def _number(self, notice: Message) -> tuple[str, int]:
        data = notice["data"]
        rest = tuple((name, value) for name, value in data.items() if name != "mid")
        key = (notice["title"], notice["body"], notice["tag"], rest)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._notices)
            self._notices.append(key)
        mid = data.get("mid", "")
        return mid if mid.isprintable() else repr(mid), number

    def _entries(self, address: str) -> Iterator[tuple[int, str]]:
        for line in self._logs.get(address, "").splitlines():
            number, _, mid = line.partition("\t")
            yield int(number), mid
