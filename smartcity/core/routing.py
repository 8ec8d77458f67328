"""Routes that cost little to register: a start compiles none of what only pages ask for."""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

Build = Callable[..., tuple[str, str]]
Read = tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]
_read: dict[str, Read] = {}


class Route(Rule):
    """A rule that compiles how to write its address when somebody first asks for that.

    Werkzeug compiles two functions for each rule at once: nine tenths of a start.
    """

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        """The parts of a path, read once however many applications a process makes."""
        if rule not in _read:
            before = len(self._trace)
            parts = list(super()._parse_rule(rule))
            _read[rule] = parts, self._trace[before:], dict(self._converters)
            return parts
        parts, trace, converters = _read[rule]
        self._trace += trace
        self._converters |= converters
        self.arguments |= converters.keys()
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Build:
        compiled = super()._compile_builder

        def first(rule: Rule, /, **values: Any) -> tuple[str, str]:
            build: Build = compiled(append_unknown).__get__(rule)
            setattr(rule, "_build_unknown" if append_unknown else "_build", build)
            return build(**values)

        return first
