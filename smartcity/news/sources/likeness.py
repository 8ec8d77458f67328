"""Whether two stories say the same: SimHash (Charikar 2002) over folded groups of three words."""

import hashlib
import re
from collections.abc import Iterator

from smartcity.core.text import fold

NEAR = 3  # of 64 bits (Manku, Jain and Das Sarma 2007, "Detecting Near-Duplicates")
_BITS = 64
_TELLING = 20  # words: shorter ones are alike though they tell different things
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")


def digest(title: str, text: str) -> str:
    """SHA-256 of a story's words, however they are spaced."""
    return hashlib.sha256(" ".join(f"{title}\n{text}".split()).encode()).hexdigest()


def likeness(title: str, text: str) -> int:
    """A signed 64-bit number that differs in few bits from that of nearly the same words.

    Different numbers make two stories: a notice of the 22nd and one of the 23rd may have all
    other words in common.
    """
    words = _words(title, text)
    numbers = _hash(" ".join(word for word in words if _NUMBER.search(word)))
    found = _simhash(words) ^ numbers
    return found - (1 << _BITS) if found >> (_BITS - 1) else found


def tells(text: str) -> bool:
    """Whether a text is long enough for its likeness to say anything."""
    return len(_words("", text)) >= _TELLING


def near(one: int, other: int) -> bool:
    """Whether two likenesses are of nearly the same words."""
    return ((one ^ other) & ((1 << _BITS) - 1)).bit_count() <= NEAR


def _simhash(words: list[str]) -> int:
    sums = [0] * _BITS
    for number in map(_hash, _shingles(words)):
        for bit in range(_BITS):
            sums[bit] += 1 if number >> bit & 1 else -1
    return sum(1 << bit for bit, total in enumerate(sums) if total > 0)


def _shingles(words: list[str]) -> Iterator[str]:
    for begins in range(max(1, len(words) - 2)):
        yield " ".join(words[begins : begins + 3])


def _hash(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest())


def _words(title: str, text: str) -> list[str]:
    return _WORD.findall(fold(f"{title}\n{text}"))[:5_000]
