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


def _examples(folder: Path, text: str) -> Path:
    """The province's file of sayings, and one of examples beside it."""
    (folder / "sayings").mkdir()
    (folder / "sayings" / "animals.yaml").write_text(text, "utf-8")
    return sayings_in(folder)


def test_situations_and_the_files_beside_are_examples(tmp_path: Path) -> None:
    file = _examples(tmp_path, '"1.900008": [muốn đi Lào chơi]\n"1.900001": [nhà có thêm người]')
    examples = load(file).examples
    told = {code: [len(each.syllables) for each in many] for code, many in examples.items()}
    assert told == {"1.900001": [3, 3, 4], "1.900008": [3, 3, 4], "1.900007": [2]}
    assert [each.weight for each in examples["1.900008"]] == [0.5, 0.5, 1]  # second of a situation


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1.9: [a]", "1.9"),
        ('"1.900001": []', "1.900001"),
        ('"1.900001": an', "1.900001"),
        ("- a", "animals.yaml"),
    ],
)
def test_a_faulty_file_of_examples_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadFile, match=r"animals\.yaml: ") as refused:
        load(_examples(tmp_path, text))
    assert told in str(refused.value)
