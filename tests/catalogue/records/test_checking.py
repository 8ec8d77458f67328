"""What a record must be beyond its shape."""

from typing import Any

import pytest

from smartcity.catalogue.records.checking import faults, remarks
from smartcity.catalogue.records.record import Record, read_record
from smartcity.catalogue.rules import rules
from tests.catalogue.records_made import record

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("in_app"),
]


def read(**changes: Any) -> Record:
    return read_record(record(**changes))


def channel(way: str = "online", **told: str) -> dict[str, str]:
    return {"way": way, **told}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"life_events": ["child", "moon"]}, "life_events: there is no moon"),
        ({"subjects": ["elephant"]}, "subjects: there is no elephant"),
        ({"counter": "zoo"}, "counter: there is no zoo"),
        (
            {"link": {"template": "evil_portal", "values": {}}},
            "link.template: there is no portal evil_portal",
        ),
    ],
)
def test_names_that_nothing_stands_behind(changes: dict[str, Any], fault: str) -> None:
    assert faults(read(**changes), rules()) == [fault]


@pytest.mark.parametrize(
    "channels",
    [
        [channel(time_limit="3 ngày"), channel("in_person", time_limit="5 ngày")],
        [channel(time_limit="03 ngày"), channel(time_limit="3  Ngày")],
        [channel(fee="Không"), channel(time_limit="Không quy định")],
        [channel(fee="8.000 đồng"), channel(fee="Không", note="Hộ nghèo")],
        [],
    ],
)
def test_channels_that_agree(channels: list[Any]) -> None:
    assert faults(read(channels=channels), rules()) == []


@pytest.mark.parametrize("name", ["time_limit", "fee"])
@pytest.mark.parametrize("note", [{}, {"note": "Lần đầu"}])
def test_two_channels_of_one_way_that_contradict(name: str, note: dict[str, str]) -> None:
    one, other = channel(**{name: "5"}, **note), channel(**{name: "7"}, **note)
    (fault,) = faults(read(channels=[one, channel("post"), other]), rules())
    assert fault == (
        f"channels[0] and channels[2] (online) contradict each other in {name}: "
        "“5”, “7”; a note may say when each holds"
    )


def test_what_is_worth_a_look() -> None:
    odd = read(related=["1.900002", "1.900003"], channels=[channel("post")])
    assert remarks(odd, {"1.900002"}) == [
        "related: 1.900003 is nowhere",
        "degree: is full, but no channel is online",
    ]
    assert remarks(read(degree="information", channels=[]), set()) == []
