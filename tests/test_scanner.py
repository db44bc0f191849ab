"""Uploads against a real clamd: clean, infected and kept away, waiting while nobody answers."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from config.command.probes import Level, files_are_scanned
from tests.clamd import CLEAN_PDF, EICAR, INFECTED_PDF, NAME
from tests.pictures import picture
from tests.world import CITY, COMMUNITY
from yiwang.accounts.roles import Role
from yiwang.core.doors import file_answer
from yiwang.core.models import InfectedFile, JournalLine, Scan
from yiwang.core.rules.photos import BrokenPhoto, lean_photo
from yiwang.core.scanner import Clamd, ScannerDown
from yiwang.matters.actions import accept_matter
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.jobs import scan_materials
from yiwang.matters.models import Material
from yiwang.matters.reads import planned
from yiwang.matters.tests.test_pages_accept import begin, choose, fill_in
from yiwang.notifications.models import Message
from yiwang.residents.actions import Filing, file_document
from yiwang.residents.jobs import scan_documents

ITEM = "elder-care-subsidy"


def accept(world, resident, body: bytes, name: str = "证明.pdf", **more):
    """A matter with one document that was uploaded."""
    first, *others = [need.code for need in planned(ITEM).guide.materials]
    papers = [HandedIn(first, upload=SimpleUploadedFile(name, body), **more)]
    return accept_matter(
        world.place(COMMUNITY), item=ITEM, resident=resident, answers={}, channel="window",
        materials=[*papers, *(HandedIn(code) for code in others)], by=world.network_admin,
    )  # fmt: skip


def uploaded(matter) -> Material:
    found: Material = matter.materials.exclude(file_name="").get()
    return found


def test_clamd_is_asked_in_its_own_protocol(clamd: Path):
    scanner = Clamd()
    assert scanner.scan(CLEAN_PDF).clean
    found = scanner.scan(b"x" * 200_000 + EICAR)
    assert (found.clean, found.signature.startswith(NAME)) == (False, True)
    assert scanner.about().startswith("ClamAV ")
    with pytest.raises(ScannerDown):
        Clamd("unix:/nowhere/clamd.sock").scan(b"")
    with pytest.raises(ScannerDown):
        Clamd("tcp:127.0.0.1:1").about()


def test_a_clean_upload_may_be_opened_as_soon_as_it_is_committed(
    world, catalogue, resident, clamd, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        matter = accept(world, resident, CLEAN_PDF)
    kept = uploaded(matter)
    assert (kept.scan, kept.may_be_opened) == (Scan.CLEAN, True)
    assert kept.scanned_at
    assert file_answer(kept, "证明").getvalue() == CLEAN_PDF


def test_an_infected_upload_is_kept_away_and_everybody_hears_of_it(
    world, catalogue, resident, clamd, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        matter = accept(world, resident, INFECTED_PDF, "账单.pdf")
    kept = uploaded(matter)
    assert (kept.scan, kept.state, bool(kept.file)) == (Scan.INFECTED, "missing", False)
    with pytest.raises(PermissionDenied, match="有病毒"):
        file_answer(kept, "账单")
    # Sealed: the quarantine itself holds nothing that anybody could run.
    finding = InfectedFile.objects.get()
    assert finding.signature.startswith(NAME)
    with default_storage.open(finding.path) as opened:
        assert EICAR not in opened.read()
    # The applicant by a message, the unit on the timeline, the data officer on her list.
    assert Message.objects.filter(kind="infected", resident=resident).count() == 1
    assert matter.events.filter(kind="infected", shown=True).exists()
    officer = world.post(Role.DATA_OFFICER, CITY, "data_bureau", "保护员")
    client.force_login(officer.user)
    page = client.get(reverse("core:scans")).content.decode()
    assert "账单.pdf" in page
    assert "查毒程序正常：ClamAV" in page
    assert client.get(reverse("core:scans-export")).status_code == 200
    assert client.get("/api/v1/core/scans").json()[0]["file_name"] == "账单.pdf"
    assert JournalLine.objects.filter(act="core.scan", facts__clean=False).exists()


def test_while_the_scanner_is_down_files_wait_and_are_looked_at_later(
    world, catalogue, resident, clamd, settings, django_capture_on_commit_callbacks
):
    settings.CLAMD_ADDRESS = "unix:/nowhere/clamd.sock"
    with django_capture_on_commit_callbacks(execute=True):
        matter = accept(world, resident, CLEAN_PDF)
    kept = uploaded(matter)
    assert (kept.scan, kept.may_be_opened) == (Scan.WAITING, False)
    assert "等待查毒" in kept.scan_words
    assert scan_materials() == 0
    (finding,) = files_are_scanned(None)  # type: ignore[arg-type]
    assert finding.level == Level.BAD
    settings.CLAMD_ADDRESS = f"unix:{clamd}"
    assert scan_materials() == 1
    kept.refresh_from_db()
    assert kept.may_be_opened
    (finding,) = files_are_scanned(None)  # type: ignore[arg-type]
    assert finding.level == Level.GOOD


def test_an_infected_document_leaves_the_persons_file(world, catalogue, resident, clamd):
    upload = SimpleUploadedFile("户口簿.pdf", INFECTED_PDF)
    filing = Filing("household_book", agreed_how="counter")
    document = file_document(resident, filing=filing, uploads=[upload], by=world.network_admin)
    assert scan_documents() == 1
    document.refresh_from_db()
    assert (document.scan, bool(document.ended_on)) == (Scan.INFECTED, True)
    assert scan_documents() == 0


def test_without_a_scanner_files_are_open_and_never_called_clean(
    world, catalogue, resident, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    kept = uploaded(accept(world, resident, CLEAN_PDF))
    assert (kept.scan, kept.may_be_opened, kept.scan_words) == (Scan.WAITING, True, "未查毒")
    (finding,) = files_are_scanned(None)  # type: ignore[arg-type]
    assert finding.level == Level.WARNING


def _from_a_camera() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:18 09:30:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (31.0, 58.0, 48.0)
    gps[3], gps[4] = "E", (120.0, 53.0, 24.0)
    return picture("JPEG", (4000, 3000), exif=exif, quality=95)


def test_a_photo_is_kept_small_and_says_nothing_of_its_place():
    camera = _from_a_camera()
    photo = lean_photo(camera, "image/jpeg", longest=2560, quality=85)
    with Image.open(io.BytesIO(photo.body)) as kept:
        assert kept.size == (2560, 1920)
        assert not kept.getexif()
    assert len(photo.body) < len(camera)
    assert (photo.latitude, photo.longitude) == (Decimal("31.980000"), Decimal("120.890000"))
    assert photo.taken_at
    assert photo.taken_at.isoformat() == "2026-11-18T09:30:00+08:00"
    with pytest.raises(BrokenPhoto):
        lean_photo(b"\xff\xd8\xff" + b"0" * 64, "image/jpeg", longest=2560, quality=85)


def test_place_and_time_are_kept_only_for_who_wants_that(
    world, catalogue, resident, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    silent = uploaded(accept(world, resident, _from_a_camera(), "屋顶.jpg"))
    assert (silent.taken_at, silent.latitude) == (None, None)
    asked = uploaded(accept(world, resident, _from_a_camera(), "屋顶.jpg", origin=True))
    assert (asked.latitude, asked.longitude) == (Decimal("31.980000"), Decimal("120.890000"))
    assert asked.taken_at
    with Image.open(asked.file) as kept:
        assert not kept.getexif()


def test_an_upload_to_a_draft_is_looked_at_at_once(world, catalogue, resident, clamd, sign_in):
    desk, need = sign_in(world.network_admin), planned(ITEM).guide.materials[0]
    draft = begin(desk, ITEM)
    choose(desk, draft, resident)
    fill_in(desk, draft)
    address = reverse("matters:accept-materials", args=[draft.pk])
    file = SimpleUploadedFile("证明.pdf", INFECTED_PDF)
    answer = desk.post(address, {"do": "save", f"file-{need.code}": file})
    assert answer.status_code == 422
    assert "带有病毒" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.typed["uploads"] == []
    found = InfectedFile.objects.get()
    assert (found.subject_model, found.subject_id) == ("matters.draft", draft.pk)
    clean = SimpleUploadedFile("证明.pdf", CLEAN_PDF)
    assert desk.post(address, {"do": "save", f"file-{need.code}": clean}).status_code == 302
    draft.refresh_from_db()
    assert [one["code"] for one in draft.typed["uploads"]] == [need.code]
