"""Referral codes: eight signs without look-alikes, of which the last tells a slip.

A sum weighted by place, modulo the prime 29: one wrong sign, or two that changed places, never
make another good code.
"""

import secrets

SIGNS = "23456789ABCDEFGHJKMNPQRTVWXYZ"  # no 0, O, 1, I, L, S, U
LENGTH = 8
_PRIME = len(SIGNS)
_LAST = pow(LENGTH, -1, _PRIME)


def new_code() -> str:
    """A code that nobody can guess the next of."""
    body = "".join(secrets.choice(SIGNS) for _ in range(LENGTH - 1))
    return body + SIGNS[-_sum(body) * _LAST % _PRIME]


def read(typed: str) -> str | None:
    """The code that somebody typed, in either case, with blanks or hyphens; None for a slip."""
    code = "".join(typed.upper().split()).replace("-", "")
    good = len(code) == LENGTH and set(code) <= set(SIGNS) and not _sum(code)
    return code if good else None


def shown(code: str) -> str:
    """As people read it: ABCD-EFGH."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def _sum(signs: str) -> int:
    return sum(place * SIGNS.index(sign) for place, sign in enumerate(signs, 1)) % _PRIME
