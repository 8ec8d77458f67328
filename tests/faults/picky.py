"""`python -m tests.faults.picky ioc …`: the sandbox centre, but one report it never takes (422)."""

from __future__ import annotations

import signal

from flask import request
from flask.typing import ResponseReturnValue

from smartcity.sandbox.__main__ import _parser
from smartcity.sandbox.ioc import Ioc

POISON = "poison-"  # in the description: the name of the client who filed it


class Picky(Ioc):
    def receive(self) -> ResponseReturnValue:
        if POISON in request.get_data(as_text=True):
            return self._refuse("refused", 422, "this report is not for us")
        return super().receive()


if __name__ == "__main__":
    options = _parser().parse_args()
    with Picky(options.secret, options.port, options.journal):
        signal.pause()
