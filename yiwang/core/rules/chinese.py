"""Chinese text: cleaning, search tokens and pinyin of names."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

_COMPOUND = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 "
    "濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 "
    "公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 "
    "微生 公户 梁丘 左丘 西门 第五 公乘 南荣 仲长 达奚 褚师 纳兰 单于 "
    "歐陽 司馬 東方 南宮 諸葛 尉遲 長孫 鮮于 鍾離 軒轅 獨孤 濮陽 閭丘 萬俟"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())

# Readings that differ in a surname from the everyday one (现代汉语词典, surname entries).
_SURNAME_READINGS = {
    "单": "shan", "單": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "区": "ou", "區": "ou",
    "查": "zha", "盖": "ge", "蓋": "ge", "朴": "piao", "翟": "zhai", "覃": "qin", "缪": "miao",
    "繆": "miao", "乐": "yue", "樂": "yue", "召": "shao", "员": "yun", "員": "yun", "祭": "zhai",
    "洗": "xian", "繁": "po", "黑": "he", "秘": "bi", "种": "chong", "隗": "wei", "郇": "xun",
    "郗": "xi", "郄": "qie", "阚": "kan", "闞": "kan", "佴": "nai", "都": "du", "卜": "bu",
    "费": "fei", "費": "fei", "宿": "su", "褚": "chu", "柏": "bai", "折": "she", "相": "xiang",
    "冼": "xian", "尹": "yin", "牟": "mou", "谌": "chen", "臧": "zang", "沈": "shen", "晁": "chao",
    "逄": "pang", "於": "yu", "过": "guo", "過": "guo", "尉": "wei", "乜": "nie", "仉": "zhang",
    "莘": "shen", "句": "gou", "能": "nai", "贲": "ben", "重": "chong", "隽": "juan", "角": "jue",
    "那": "na", "哈": "ha", "盛": "sheng", "宁": "ning", "任": "ren", "眭": "sui", "车": "che",
    "谷": "gu", "万": "wan", "俞": "yu", "长": "zhang", "斜": "xia", "撒": "sa",
    "石": "shi", "纪": "ji", "燕": "yan", "应": "ying", "华": "hua", "幺": "yao", "葛": "ge",
    "尉迟": "yu chi", "尉遲": "yu chi", "万俟": "mo qi", "萬俟": "mo qi", "长孙": "zhang sun",
    "長孫": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "令狐": "ling hu", "鲜于": "xian yu",
    "鮮于": "xian yu", "乐正": "yue zheng", "仲长": "zhong chang", "子车": "zi ju", "宰父": "zai fu",
    "夹谷": "jia gu", "公冶": "gong ye", "皇甫": "huang fu", "亓官": "qi guan", "褚师": "chu shi",
    "夏侯": "xia hou",
}  # fmt: skip
_GIVEN_READINGS = {"长": "chang", "長": "chang", "茜": "qian", "晟": "sheng", "珩": "heng"}
_PLACE_READINGS = {"长": "chang", "朝": "chao", "厦": "xia", "行": "hang", "圩": "wei"}
_RARE_READINGS = {"𠮷": "ji", "〇": "ling", "䶮": "yan", "㛃": "jie", "䲟": "yin", "㼆": "ye"}

_NAME_DOTS = "·•‧∙・･⸱⋅．.᛫●"
_HAN = (
    (0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xE000, 0xF8FF), (0xF900, 0xFAFF),
    (0x20000, 0x3FFFD), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD),
)  # fmt: skip
_HALFWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SPACES = re.compile(r"[^\S\n]+")


def is_han(char: str) -> bool:
    """Whether a character is a Chinese one; private-use code points of old systems count too."""
    code = ord(char)
    return any(low <= code <= high for low, high in _HAN)


def fullwidth_to_halfwidth(text: str) -> str:
    """Full-width ASCII forms and the ideographic space as their ordinary characters."""
    return text.translate(_HALFWIDTH)


def clean_text(text: str, *, multiline: bool = False) -> str:
    """Text fit for storage: NFC, no control, zero-width or unpaired characters, spaces collapsed.

    Line breaks survive only with `multiline`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if not multiline:
        text = text.replace("\n", " ")
    # Composed last: a character taken out may have stood between a letter and its accent.
    text = unicodedata.normalize("NFC", "".join(char for char in text if _is_storable(char)))
    return _SPACES.sub(" ", text).strip()


def clean_digits(text: str) -> str:
    """Only the digits of a text, full-width ones included."""
    return "".join(char for char in fullwidth_to_halfwidth(text) if char in "0123456789")


def bigrams(name: str) -> list[str]:
    """Search tokens of a name: each character and each pair of neighbours, once, in order.

    Letters in lower case, forms unified (NFKC), spaces and name dots left out.
    """
    plain = _searchable(name)
    pairs = [plain[at : at + 2] for at in range(len(plain) - 1)]
    return list(dict.fromkeys([*plain, *pairs]))


def split_name(name: str) -> tuple[str, str]:
    """Surname and given name of a Chinese name; a compound surname leaves at least one character.

    Expects a name of Chinese characters only.
    """
    size = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:size], name[size:]


def pinyin(name: str, person: bool = True) -> str:
    """The reading of a name without tones or spaces: 陈桂英 is chenguiying, ü is v.

    Characters nobody can read are left out. Set `person` to False for places.
    """
    return "".join(syllables(name, person))


def initials(name: str, person: bool = True) -> str:
    """The first letter of each syllable: 陈桂英 is cgy, John Smith is js."""
    return "".join(syllable[0] for syllable in syllables(name, person))


def syllables(name: str, person: bool = True) -> list[str]:
    """The syllables of a name, one for each Chinese character and each foreign word."""
    found: list[str] = []
    for word in re.split(rf"[\s{re.escape(_NAME_DOTS)}]+", _folded(name)):
        for at, run in enumerate(_runs(word)):
            if not is_han(run[0]):
                found.append(run)
            elif person and at == 0 and not found:
                surname, given = split_name(run)
                found += [*_surname(surname), *_read(given, True)]
            else:
                found += _read(run, person)
    return found


def _runs(word: str) -> list[str]:
    """A word cut into runs of Chinese characters and runs of letters and digits."""
    runs: list[str] = []
    for char in word:
        if not (is_han(char) or char.isalnum()):
            continue
        if runs and is_han(runs[-1][0]) == is_han(char):
            runs[-1] += char
        else:
            runs.append(char)
    return runs


@lru_cache(maxsize=65536)
def _surname(surname: str) -> tuple[str, ...]:
    if surname in _SURNAME_READINGS:
        return tuple(_SURNAME_READINGS[surname].split())
    return _read(surname, True)


@lru_cache(maxsize=65536)
def _read(text: str, person: bool) -> tuple[str, ...]:
    """The syllables of Chinese characters, known phrases read as phrases."""
    special = _GIVEN_READINGS if person else _PLACE_READINGS
    # Its dictionary takes longest to load of all that a command starts with, and few need it.
    from pypinyin import Style, lazy_pinyin

    spoken = lazy_pinyin(text, style=Style.NORMAL, errors=_unread) if text else []
    read = [special.get(char, sound) for char, sound in zip(text, spoken, strict=True)]
    return tuple(sound for sound in read if sound)


def _unread(chars: str) -> Any:
    """One reading for each character the dictionary lacks; empty when nobody knows it.

    A list, which the library takes though its annotation only speaks of text.
    """
    return [_RARE_READINGS.get(char, "") for char in chars]


def _folded(name: str) -> str:
    return clean_text(unicodedata.normalize("NFKC", name)).lower()


def _searchable(name: str) -> str:
    folded = _folded(name)
    # Accents have been joined with their letters; what is left of marks are variation selectors.
    return "".join(
        char
        for char in folded
        if char not in _NAME_DOTS and not char.isspace() and unicodedata.category(char) != "Mn"
    )


def _is_storable(char: str) -> bool:
    return char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
