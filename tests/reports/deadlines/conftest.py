import pytest
from flask import Flask

from tests.reports.deadlines.house import House


@pytest.fixture
def house(app: Flask) -> House:
    return House(app)
