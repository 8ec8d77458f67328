"""The catalogue: every text that the program may say is there, in both languages."""

import ast
import re
from pathlib import Path
from string import Formatter

from smartcity.core import errors
from smartcity.core.texts import LANGUAGES, catalogue, text
from smartcity.reports.workflow import MOVES, Status

PACKAGE = Path(__file__).parents[2] / "smartcity"
PROBLEMS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.Problem)
}
PROBLEMS |= {"KeyReused", "Expired", "text", "problem_response", "too_many", "ValidationError"}
KEY = re.compile(r"[a-z]+(\.[a-z0-9_]+)+(\|.*)?")


def said() -> dict[str, str]:
    """The literal keys that the source raises, answers or looks up, and where."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name not in PROBLEMS:
                continue
            for value in [*call.args, *(k.value for k in call.keywords)]:
                for part in ast.walk(value):
                    if isinstance(part, ast.Constant) and KEY.fullmatch(str(part.value)):
                        found[str(part.value).partition("|")[0]] = f"{file.name}:{call.lineno}"
    return found


def test_every_key_in_the_source_has_its_text() -> None:
    keys = said()
    assert len(keys) > 40
    missing = {key: where for key, where in keys.items() if key not in catalogue()}
    assert missing == {}


def test_every_status_and_step_can_be_told() -> None:
    wanted = {f"report.status.{status}" for status in Status}
    told = [name for name, row in MOVES.items() if not row.internal]
    wanted |= {f"push.report.{move}.{part}" for move in told for part in ("title", "body")}
    wanted |= {f"push.report.submit.{part}" for part in ("title", "body")}
    wanted |= {f"status.{kind.status}" for kind in vars(errors).values() if hasattr(kind, "status")}
    assert wanted - catalogue().keys() == set()


def test_both_languages_take_the_same_values() -> None:
    for key, entry in catalogue().items():
        assert tuple(entry) == LANGUAGES, key
        vi, en = ({n for _, n, _, _ in Formatter().parse(entry[lang]) if n} for lang in LANGUAGES)
        assert vi == en, key
        assert all(entry[lang].strip() for lang in LANGUAGES), key


def test_a_value_may_hold_braces() -> None:
    told = text("push.report.reject.body", "vi", code="x", public_text="{0.__class__} %s")
    assert told == "{0.__class__} %s"
