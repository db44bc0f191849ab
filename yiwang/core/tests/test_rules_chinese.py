"""Cleaning, search tokens and the readings of names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.rules import chinese


@pytest.mark.parametrize(
    ("name", "reading", "letters"),
    [
        ("陈桂英", "chenguiying", "cgy"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("仇英", "qiuying", "qy"),
        ("曾国藩", "zengguofan", "zgf"),
        ("解缙", "xiejin", "xj"),
        ("区大相", "oudaxiang", "odx"),
        ("查良镛", "zhaliangyong", "zly"),
        ("盖叫天", "gejiaotian", "gjt"),
        ("朴正熙", "piaozhengxi", "pzx"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("尉健行", "weijianxing", "wjx"),
        ("万俟卨", "moqixie", "mqx"),
        ("万长根", "wanchanggen", "wcg"),
        ("吕布", "lvbu", "lb"),
        ("单", "shan", "s"),
        ("𠮷田", "jitian", "jt"),
        ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"),
        ("John Smith", "johnsmith", "js"),
        ("李😀", "li", "l"),
        ("", "", ""),
    ],
)
def test_a_persons_name_is_read_as_people_read_it(name, reading, letters):
    assert chinese.pinyin(name) == reading
    assert chinese.initials(name) == letters


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("长岸村", "changancun"),
        ("竹行街道", "zhuhangjiedao"),
        ("栟茶镇", "benchazhen"),
        ("朱厦村", "zhuxiacun"),
        ("朝阳社区", "chaoyangshequ"),
        ("三圩头村", "sanweitoucun"),
        ("解放中路社区", "jiefangzhonglushequ"),
        ("单桥村", "danqiaocun"),
    ],
)
def test_a_place_is_not_read_as_a_surname(name, reading):
    assert chinese.pinyin(name, person=False) == reading


@given(st.text(max_size=30), st.booleans())
def test_a_reading_has_one_letter_for_each_syllable(name, person):
    syllables = chinese.syllables(name, person)
    assert len(chinese.initials(name, person)) == len(syllables)
    assert all(syllables)


def test_a_name_is_found_by_each_character_and_each_pair():
    assert chinese.bigrams("陈桂英") == ["陈", "桂", "英", "陈桂", "桂英"]
    assert chinese.bigrams("陈") == ["陈"]
    assert chinese.bigrams("") == []


def test_search_tokens_do_not_depend_on_how_a_name_is_written():
    plain = chinese.bigrams("阿依·买提")
    assert chinese.bigrams("阿依 • 买提") == plain
    assert chinese.bigrams("阿依．买提") == plain
    assert chinese.bigrams("阿\u200b依买提\ufeff") == plain
    assert chinese.bigrams("ＡＢ张") == chinese.bigrams("ab张")
    assert chinese.bigrams("葛\U000e0100") == ["葛"]
    assert chinese.bigrams("𠮷田") == ["𠮷", "田", "𠮷田"]


@given(st.text(max_size=30), st.integers(0, 30), st.integers(1, 2))
def test_any_part_of_one_or_two_characters_is_among_the_tokens(name, at, length):
    part = chinese.bigrams(name)
    searched = chinese.bigrams(chinese.clean_text(name)[at : at + length])
    single = [token for token in searched if len(token) == 1]
    assert set(single) <= set(part)


@given(st.text(max_size=30))
def test_no_token_is_written_twice(name):
    tokens = chinese.bigrams(name)
    assert len(tokens) == len(set(tokens))
    assert all(1 <= len(token) <= 2 for token in tokens)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("\ufeff 张\u200b三\x00 ", "张三"),
        ("张\u3000\xa0 三", "张 三"),
        ("e\u0301", "é"),
        ("一\r\n二\t三", "一 二 三"),
        ("e\u200d\u0301", "é"),
        ("\u202e张三\u202c", "张三"),
        ("张\ud800三", "张三"),
        ("\ue001", "\ue001"),  # rare characters of old systems live in the private area
    ],
)
def test_text_is_cleaned_for_storage(dirty, clean):
    assert chinese.clean_text(dirty) == clean


def test_line_breaks_survive_where_they_are_wanted():
    assert chinese.clean_text("一\r\n二\r三 \x07", multiline=True) == "一\n二\n三"


@given(st.text(), st.booleans())
def test_cleaning_twice_changes_nothing_and_fits_the_database(text, multiline):
    clean = chinese.clean_text(text, multiline=multiline)
    assert chinese.clean_text(clean, multiline=multiline) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert "\x00" not in clean
    clean.encode()


def test_full_width_forms_become_ordinary_ones():
    assert chinese.fullwidth_to_halfwidth("Ａ１－（ｘ）　张。") == "A1-(x) 张。"
    assert chinese.clean_digits("１３８-1234 ２２０７ ext") == "13812342207"
    assert chinese.clean_digits("①²٣") == ""
