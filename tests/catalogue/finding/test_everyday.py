"""How people say it, as a file has it."""

from pathlib import Path

import pytest

from smartcity.catalogue.finding.everyday import load
from smartcity.catalogue.finding.question import read
from smartcity.catalogue.finding.syllables import plain, syllables
from smartcity.core.datafile import BadFile
from tests.catalogue.finding.made import SAYINGS, sayings_in


@pytest.mark.parametrize(
    ("one", "other"),
    [("Đăng KÝ", "đăng kí"), ("hoá đơn", "hóa đơn"), ("uỷ quyền", "ủy quyền"), ("quý", "quí")],
)
def test_two_spellings_are_one_word(one: str, other: str) -> None:
    assert syllables(one) == syllables(other)


def test_accents_tell_words_apart_and_plurals_do_not() -> None:
    assert [each.exact for each in syllables("thuế thuê")] == ["thuê\u0301", "thuê"]
    assert plain("thuế thủy Licences address gas") == ("thue", "thuy", "licence", "address", "gas")


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("[đk]", "[đk, ĐK]", "words: 'ĐK' is there already, as 'đk'"),
        ("[ông mất]", "[ông mất, '...']", "situations: '...' has no word in it"),
        ("1.900007", "1.9", "situations[1].services[0]"),
        ("fillers:", "filler:", "filler: "),
        ("means: [yếu tố nước ngoài]", "means: []", "words[1].means"),
        ("means: [yếu tố nước ngoài]", "service: [a]", "words[1].service"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    with pytest.raises(BadFile, match=r"everyday\.yaml: ") as refused:
        load(sayings_in(tmp_path, SAYINGS.replace(was, becomes)))
    assert told in str(refused.value)


def test_sayings_that_differ_by_accents_alone_stand_side_by_side(tmp_path: Path) -> None:
    more = "  - {says: [sơ đồ], means: [bản vẽ]}\nsituations:"
    everyday = load(sayings_in(tmp_path, SAYINGS.replace("situations:", more)))
    (drawing,) = (span for span in read("vẽ sơ đồ", everyday).words if span.sure == 1)
    assert drawing.saying.means == ("bản vẽ",)
    both = {span.saying.written for span in read("so do", everyday).words}
    assert both == {"sơ đồ", "sổ đỏ"}


def test_the_longest_saying_counts(tmp_path: Path) -> None:
    more = "  - {says: [sổ đỏ chung cư], means: [quyền sở hữu căn hộ]}\nsituations:"
    everyday = load(sayings_in(tmp_path, SAYINGS.replace("situations:", more)))
    (span,) = read("làm sổ đỏ chung cư", everyday).words
    assert (span.start, span.end) == (1, 5)


def test_a_situation_counts_where_its_words_stand_near(tmp_path: Path) -> None:
    everyday = load(sayings_in(tmp_path))
    assert [s.sure for s in read("ông mất", everyday).situations] == [1]
    assert [s.sure for s in read("ông nội mới mất", everyday).situations] == [0.7]
    far = "ông đi ra thành phố chơi về nhà thì thấy ví mất"
    assert not read(far, everyday).situations
