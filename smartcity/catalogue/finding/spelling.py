"""Words that no procedure and no saying has: one letter added, left out, changed or swapped."""

from collections.abc import Collection, Sequence

from smartcity.catalogue.finding.postings import Postings
from smartcity.catalogue.finding.syllables import Syllable
from smartcity.search.typos import edits


def corrected(
    postings: Postings, sayings: Collection[str], said: Sequence[Syllable]
) -> list[Syllable]:
    """The same syllables, those unknown replaced by the likeliest known one that is near."""
    return [
        each
        if postings.variants(each.plain) or each.plain in sayings
        else _likeliest(postings, said, place) or each
        for place, each in enumerate(said)
    ]


def _likeliest(postings: Postings, said: Sequence[Syllable], place: int) -> Syllable | None:
    """By how often it stands beside the same neighbours, then by how often it stands at all."""
    ranked = []
    for near in edits(said[place].plain):
        if variants := postings.variants(near):
            beside = [postings.pair(said[place - 1].plain, near)] if place else []
            if place + 1 < len(said):
                beside.append(postings.pair(near, said[place + 1].plain))
            pairs = postings.frequency(pair for pair in beside if pair is not None)
            ranked.append((pairs, postings.frequency(variants), Syllable(near, near)))
    return max(ranked)[-1] if ranked else None
