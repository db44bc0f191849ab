"""Loading lists: kinds, names, encodings, faults; nothing half-written."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from yiwang.core.errors import Refused
from yiwang.divisions.models import Division, DivisionCode, Review
from yiwang.divisions.reads import search
from yiwang.divisions.sheets import FaultyFile, load_boundaries, load_crosswalk, load_divisions

from .conftest import DATA, SMALL

pytestmark = pytest.mark.django_db


def write(tmp_path: Path, text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    file = tmp_path / name
    file.write_bytes(text.encode(encoding))
    return file


def test_nantong_has_its_known_kinds_and_placeholders():
    loaded = load_divisions(DATA / "nantong_divisions.csv")
    assert (loaded.rows, loaded.added) == (2150, 2150)
    communities = Division.objects.filter(level=5)
    kinds = {kind: communities.filter(kind=kind).count() for kind in ("residents", "villagers")}
    assert kinds == {"residents": 749, "villagers": 1222}
    assert communities.filter(kind="other").count() == 34
    assert communities.filter(placeholder=True).count() == 32
    assert not communities.filter(placeholder=True).exclude(settlement="").exists()
    assert communities.served().filter(settlement="rural").count() == 1222


def test_a_clerk_of_baipu_sees_rugao_above_and_29_communities_below():
    load_divisions(DATA / "nantong_divisions.csv")
    baipu = Division.objects.get(name="白蒲镇")
    assert [one.name for one in baipu.path()] == ["南通市", "如皋市", "白蒲镇"]
    assert Division.objects.under(baipu.pk).filter(level=5).count() == 29


def test_names_are_read_for_search_and_for_english(city):
    place = Division.objects.get(name="南凌村委会")
    assert (place.short_name, place.pinyin, place.initials) == ("南凌村", "nanlingcun", "nlc")
    assert place.name_en == "Nanling Village"


@pytest.mark.parametrize("text", ["南凌", "nanling", "NLC", "320682101201", "ｎｌｃ"])
def test_a_place_is_found_by_name_pinyin_initials_and_code(city, text):
    assert "南凌村委会" in search(text).values_list("name", flat=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_usual_encodings_are_read(tmp_path, encoding):
    assert load_divisions(write(tmp_path, SMALL, encoding=encoding)).added == 13


def test_a_gzipped_list_with_chinese_heads_is_read(tmp_path):
    file = tmp_path / "list.csv.gz"
    file.write_bytes(gzip.compress(SMALL.replace("code,name", "代码,名称").encode()))
    assert load_divisions(file).added == 13


def test_loading_twice_adds_nothing(city, tmp_path):
    loaded = load_divisions(write(tmp_path, SMALL))
    assert (loaded.added, loaded.known, loaded.reviews) == (0, 13, 0)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "空的"),
        ("code,name\n", "没有数据行"),
        ("name\n南通市\n", "缺少列"),
        ("code,name\n3206,南通市\n32068A,如皋市\n", "32068A"),
        ("code,name\n3206,南通市\n320682,\n", "没有名称"),
        ("code,name\n3206,南通市\n320682,如皋市\n320682,如皋县\n", "两个名称"),
        ("code,name\n3206,南通市\n320682101201,南凌村委会\n", "找不到上级"),
        ("code,name\n3206," + "长" * 61 + "\n", "超过 60"),
    ],
)
def test_a_faulty_list_is_refused_whole_and_says_where(tmp_path, text, fault):
    with pytest.raises(FaultyFile) as refusal:
        load_divisions(write(tmp_path, text))
    told = " ".join([str(refusal.value), *map(str, refusal.value.errors)])
    assert fault in told
    assert not Division.objects.exists()


def test_a_row_error_names_row_column_value_and_cure(tmp_path):
    with pytest.raises(FaultyFile) as refusal:
        load_divisions(write(tmp_path, "code,name\n3206,南通市\n32068A,如皋市\n"))
    error = refusal.value.errors[0]
    assert (error.row, error.column, error.value) == (3, "code", "32068A")
    assert error.cure


def test_a_list_that_differs_asks_instead_of_renaming(city, tmp_path):
    text = SMALL.replace("南凌村委会", "南凌社区居委会").replace("320682105200,朱窑村委会\n", "")
    loaded = load_divisions(write(tmp_path, text), on=date(2024, 6, 30))
    assert loaded.reviews == 2
    assert Division.objects.get(pk=320682101201).name == "南凌村委会"
    assert set(Review.objects.values_list("topic", flat=True)) == {"renamed", "absent"}


def test_a_new_place_of_a_later_list_begins_on_the_day_of_the_list(city, tmp_path):
    text = f"{SMALL}320682105201,新姚村委会\n"
    load_divisions(write(tmp_path, text), on=date(2024, 6, 30))
    new = Division.objects.get(name="新姚村委会")
    assert new.valid_from == date(2024, 6, 30)
    assert new.codes.get().valid_from == date(2024, 6, 30)


def test_a_list_that_brings_back_a_closed_code_is_refused(city, tmp_path):
    closed = Division.objects.filter(pk=320682101201)
    closed.update(valid_to=date(2023, 1, 1))
    DivisionCode.objects.filter(division__in=closed).update(valid_to=date(2023, 1, 1))
    with pytest.raises(Refused, match="320682101201"):
        load_divisions(write(tmp_path, SMALL))


def test_a_slice_of_the_national_list_loads_under_its_provinces(tmp_path):
    lines = gzip.decompress((DATA / "china_divisions.csv.gz").read_bytes()).decode().splitlines()
    rows = [line for line in lines[1:] if len(line.split(",")[0]) <= 6]
    towns = [line for line in lines[1:] if line.startswith(("4419", "110101", "350527"))]
    text = "\n".join(["code,name", *rows, *[one for one in towns if one not in rows]])
    loaded = load_divisions(write(tmp_path, text))
    assert loaded.repeated >= 3  # 东莞 and others repeat themselves under a longer code
    assert Division.objects.filter(parent=None).count() == 31
    assert Division.objects.filter(name="东城街道", parent__name="东莞市").count() == 1
    assert DivisionCode.objects.get(scheme="gbt2260", code="320682").division.name == "如皋市"


def test_outlines_and_civil_affairs_codes_find_their_places():
    load_divisions(DATA / "nantong_divisions.csv")
    assert load_boundaries(DATA / "nantong_counties.geojson") == 7
    assert Division.objects.get(name="如皋市").centre is not None
    assert load_crosswalk(DATA / "nantong_township_crosswalk.csv") == 87
    assert load_crosswalk(DATA / "nantong_township_crosswalk.csv") == 87
    codes = DivisionCode.objects.filter(scheme="mca")
    assert codes.get(code="320612003000").division.name == "兴东街道"
    assert Review.objects.filter(topic="outside").count() == 16


@pytest.mark.parametrize("text", ["[]", "{}", '{"features": [{"properties": {}}]}', "nonsense"])
def test_a_file_that_is_no_geojson_is_refused(tmp_path, text):
    with pytest.raises(FaultyFile):
        load_boundaries(write(tmp_path, text, "x.geojson"))
