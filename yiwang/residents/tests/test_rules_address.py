"""Addresses of Nantong read against the places of the city, those of former years included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.residents.rules.address import LIMITS, parts_of, plain_address, tell_apart
from yiwang.residents.rules.gazetteer import Doubt, Gazetteer, Place, read_address

CHONGCHUAN, TONGZHOU, HAIMEN = 320613000000, 320612000000, 320614000000
TANGZHA, OLD_TANGZHA = 320613014000, 320611002000
DONGGANG, OLD_CHONGCHUAN = 320613014005, 320602000000
CHENGDONG, NANYUAN = 320613001000, 320613001001
YISHENG, XINQIAO_ONE, XINQIAO_TWO = 320614105207, 320612103210, 320614107211
PLACES = Gazetteer(
    Place(name, key, level, current)
    for name, key, level, current in (
        ("江苏省", 320000000000, 1, (320000000000,)),
        ("南通市", 320600000000, 2, (320600000000,)),
        ("崇川区", CHONGCHUAN, 3, (CHONGCHUAN,)),
        ("崇川区", OLD_CHONGCHUAN, 3, (CHONGCHUAN,)),
        ("港闸区", 320611000000, 3, (CHONGCHUAN,)),
        ("通州区", TONGZHOU, 3, (TONGZHOU,)),
        ("通州市", TONGZHOU, 3, (TONGZHOU,)),
        ("海门区", HAIMEN, 3, (HAIMEN,)),
        ("海门市", 320684000000, 3, (HAIMEN,)),
        ("唐闸镇街道", TANGZHA, 4, (TANGZHA,)),
        ("唐闸镇街道", OLD_TANGZHA, 4, (TANGZHA,)),
        ("城东街道", CHENGDONG, 4, (CHENGDONG,)),
        ("东港社区", DONGGANG, 5, (DONGGANG,)),
        ("南园社区", NANYUAN, 5, (NANYUAN,)),
        ("常乐镇", 320614105000, 4, (320614105000,)),
        ("颐生村", YISHENG, 5, (YISHENG,)),
        ("新桥村", XINQIAO_ONE, 5, (XINQIAO_ONE,)),
        ("新桥村", XINQIAO_TWO, 5, (XINQIAO_TWO,)),
    )
)


def parts(**named: str) -> dict[str, str]:
    return named


@pytest.mark.parametrize(
    ("text", "home", "columns"),
    [
        ("易家桥新村12幢3单元302室", NANYUAN,
         parts(estate="易家桥新村", building="12", unit="3", room="302")),
        ("江苏省南通市崇川区城东街道南园社区人民中路88号", NANYUAN, parts(road="人民中路88号")),
        ("南通市港闸区唐闸镇街道东港社区大生一村3幢201室", DONGGANG,
         parts(estate="大生一村", building="3", room="201")),
        ("港闸区唐闸镇街道河东街15号", DONGGANG, parts(road="河东街15号")),
        ("海门市常乐镇颐生村5组12号", YISHENG, parts(road="5组12号")),
        ("海门区颐生村第五村民小组 12 号", YISHENG, parts(road="第五村民小组12号")),
        ("工农路100号华强城3号楼1201", NANYUAN,
         parts(road="工农路100号", estate="华强城", building="3", room="1201")),
        ("学田新村12-302", NANYUAN, parts(estate="学田新村", building="12", room="302")),
        ("天勤家园二期5栋2-1203", NANYUAN,
         parts(estate="天勤家园二期", building="5", unit="2", room="1203")),
        ("城东花苑１２＃３０２室", NANYUAN, parts(estate="城东花苑", building="12", room="302")),
        ("桃坞路45号院3号楼2单元501室", NANYUAN,
         parts(road="桃坞路45号", building="3", unit="2", room="501")),
        ("人民中路88弄6号302室", NANYUAN, parts(road="人民中路88弄6号", room="302")),
        ("北濠桥12幢302", NANYUAN, parts(estate="北濠桥", building="12", room="302")),
        ("中南世纪城A3幢1单元1801", NANYUAN,
         parts(estate="中南世纪城", building="A3", unit="1", room="1801")),
        ("204国道18号", NANYUAN, parts(road="204国道18号")),
        ("新桥村十二组15号", XINQIAO_TWO, parts(road="十二组15号")),
        ("青年东路15号附3号", NANYUAN, parts(road="青年东路15号附3号")),
    ],
)  # fmt: skip
def test_addresses_of_the_city_are_told_apart(
    text: str, home: int, columns: dict[str, str]
) -> None:
    found = read_address(text, PLACES, home)
    assert found.doubt is None
    assert found.parts.columns() == columns


@pytest.mark.parametrize(
    ("text", "home", "doubt"),
    [
        ("通州区新桥村3组5号", NANYUAN, Doubt.OTHER_PLACE),
        ("南园社区人民中路88号", DONGGANG, Doubt.OTHER_PLACE),
        ("新桥村3组5号", None, Doubt.SEVERAL),
        ("老粮站后面", NANYUAN, Doubt.UNREAD),
        ("崇川区", NANYUAN, Doubt.UNREAD),
        ("", NANYUAN, Doubt.UNREAD),
        ("易家桥新村12幢靠河边", NANYUAN, Doubt.LEFT_OVER),
        ("观音山镇人民东路8号", NANYUAN, Doubt.UNKNOWN),
        ("镇南路8号", NANYUAN, None),
    ],
)
def test_what_is_unclear_is_doubted(text: str, home: int | None, doubt: Doubt | None) -> None:
    assert read_address(text, PLACES, home).doubt == doubt


def test_the_district_settles_which_of_two_villages_is_meant() -> None:
    assert read_address("海门市新桥村3组5号", PLACES).places == (XINQIAO_TWO,)
    assert read_address("通州市新桥村3组5号", PLACES).places == (XINQIAO_ONE,)
    assert read_address("新桥村3组5号", PLACES).places == (XINQIAO_ONE, XINQIAO_TWO)


@given(st.text(max_size=60))
def test_any_text_is_read_without_breaking_and_nothing_is_lost(text: str) -> None:
    plain = plain_address(text)
    found = tell_apart(plain)
    assert plain.endswith(found.rest)
    for name, part in parts_of(text).items():
        assert 0 < len(part) <= LIMITS[name]
    read = read_address(text, PLACES, NANYUAN)
    assert read.doubt is not None or not read.parts.rest


NUMBER = st.integers(1, 99).map(str)


@given(
    estate=st.sampled_from(["易家桥新村", "学田新村", "中南世纪城", "濠景园", "天勤家园"]),
    building=NUMBER, unit=st.integers(1, 9).map(str), floor=st.integers(1, 33),
    room=st.integers(1, 8), word=st.sampled_from(["幢", "栋", "号楼", "座"]),
    tail=st.sampled_from(["室", "", "户"]), prefix=st.sampled_from(
        ["", "崇川区", "南通市崇川区城东街道", "江苏省南通市崇川区城东街道南园社区"]),
)  # fmt: skip
def test_a_flat_is_read_however_it_is_written(
    estate: str, building: str, unit: str, floor: int, room: int, word: str, tail: str, prefix: str
) -> None:
    door = f"{floor}{room:02d}"
    text = f"{prefix}{estate}{building}{word}{unit}单元{door}{tail}"
    found = read_address(text, PLACES, NANYUAN)
    assert found.doubt is None
    assert found.parts.columns() == {
        "estate": estate, "building": building, "unit": unit, "room": door,
    }  # fmt: skip


@given(group=NUMBER, number=NUMBER, word=st.sampled_from(["组", "村民小组", "队", "埭"]))
def test_a_village_house_is_read_by_group_and_number(group: str, number: str, word: str) -> None:
    found = read_address(f"海门区常乐镇颐生村{group}{word}{number}号", PLACES, YISHENG)
    assert found.doubt is None
    assert found.parts.columns() == {"road": f"{group}{word}{number}号"}
