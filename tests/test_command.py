"""The command line as an operator uses it."""

import signal
import subprocess

import psycopg
import pytest
from click.testing import CliRunner

from config import catalogues
from config.command import main
from config.command.frame import Exit
from config.postgres.sites import embedded_site
from tests.installations import ROOT, Installation, contents

PLACES = "代码,名称\n320000000000,江苏省\n320600000000,南通市\n320613000000,崇川区\n"


def told(arguments: list[str]) -> str:
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 0, answer.output
    return answer.output


def every_command() -> list[list[str]]:
    found = []
    for name, command in main.commands.items():
        found.append([name])
        found += [[name, inner] for inner in getattr(command, "commands", {})]
    return found


@pytest.mark.parametrize("path", [path for path in every_command() if path != ["bench"]])
def test_help_says_what_a_command_does(path):
    assert "Usage" in told([*path, "--help"])


@pytest.mark.parametrize("name", sorted(set(main.commands) - {"check", "bench"}))
def test_help_teaches_by_example(name):
    assert f"yiwang {name}" in told([name, "--help"])


def test_the_exit_codes_are_documented():
    text = told(["--help"])
    for code in Exit:
        assert str(int(code)) in text


def test_a_wrong_option_is_wrong_usage():
    assert CliRunner().invoke(main, ["migrate", "--no-such-thing"]).exit_code == Exit.USAGE


def test_a_database_that_cannot_be_reached_is_named_in_one_sentence(tmp_path):
    lost = Installation(tmp_path, {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    done = lost.yiwang("check")
    assert done.returncode == Exit.DATABASE
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_city_that_is_not_a_number_is_refused(tmp_path):
    done = Installation(tmp_path, {"CITY": "320600; DROP"}).yiwang("check")
    assert done.returncode == Exit.DATABASE
    assert "CITY" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_command_told_to_stop_lets_go_of_the_database(elsewhere):
    command = subprocess.Popen(
        elsewhere.command("migrate"),
        env=elsewhere.surroundings(),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not elsewhere.cluster().answers():
        assert command.poll() is None
    command.terminate()
    assert command.wait() == 128 + signal.SIGTERM
    assert not elsewhere.cluster().answers()


def test_migrating_again_leaves_what_was_corrected_on_the_spot(installation):
    # Places that another test loaded meanwhile bring their units and services at the next migrate.
    assert installation.yiwang("migrate").returncode == Exit.OK
    before = contents(installation)
    assert before["core_parameter"][0] > 0
    with installation.owner() as it:
        query = "UPDATE core_parameter SET note = 'ours' WHERE id = (SELECT min(id) FROM core_parameter)"
        it.execute(query)
    corrected = contents(installation)
    done = installation.yiwang("migrate")
    assert done.returncode == Exit.OK, done.stderr
    assert contents(installation) == corrected != before


def test_tables_from_before_the_first_release_are_refused_in_a_sentence(installation):
    old = (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0001_initial', now())"
    )
    with installation.owner() as it:
        it.execute(old)
        done = installation.yiwang("migrate")
        it.execute("DELETE FROM django_migrations WHERE name = '0001_initial' AND app = 'core'")
    assert done.returncode == Exit.PROBLEM
    assert "DATA_DIR" in done.stderr


def test_the_application_cannot_change_the_journal(installation):
    with (
        psycopg.connect(embedded_site(installation.folder).url("app")) as it,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        it.execute("UPDATE core_journalline SET reason = 'x'")


def test_places_are_loaded_from_a_file(installation, tmp_path):
    file = tmp_path / "places_2023-06-30.csv"
    file.write_text(PLACES)
    done = installation.yiwang("load", "divisions", file)
    assert done.returncode == Exit.OK, done.stderr
    with installation.owner() as it:
        query = "SELECT count(*) FROM divisions_division"
        assert it.execute(query).fetchone() == (3,)


def test_a_faulty_file_is_refused_and_nothing_of_it_stays(installation, tmp_path):
    file = tmp_path / "places.csv"
    file.write_text("一,二\n三,四\n")
    done = installation.yiwang("load", "divisions", file)
    assert done.returncode == Exit.REFUSED
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_wrong_usage(installation, tmp_path):
    done = installation.yiwang("load", "divisions", tmp_path / "none.csv")
    assert done.returncode == Exit.USAGE


def test_a_sound_installation_passes_its_check(installation):
    done = installation.yiwang("check")
    assert done.returncode == Exit.OK, done.stdout
    assert "✗" not in done.stdout


def test_keys_that_others_can_read_fail_the_check(installation):
    keys = installation.folder / "keys.json"
    keys.chmod(0o644)
    try:
        done = installation.yiwang("check")
    finally:
        keys.chmod(0o600)
    assert done.returncode == Exit.PROBLEM
    assert "keys.json" in done.stdout


def test_a_journal_that_may_be_changed_fails_the_check(installation):
    with installation.owner() as it:
        it.execute("GRANT DELETE ON core_journalline TO yiwang_app")
        done = installation.yiwang("check")
        it.execute("REVOKE DELETE ON core_journalline FROM yiwang_app")
    assert done.returncode == Exit.PROBLEM
    assert "core_journalline" in done.stdout


def test_the_journal_is_sealed_and_verified_and_a_changed_line_is_named(installation):
    assert installation.yiwang("journal", "seal").returncode == Exit.OK
    assert installation.yiwang("journal", "verify").returncode == Exit.OK
    with installation.owner() as it:
        row = it.execute("SELECT id, reason FROM core_journalline ORDER BY id LIMIT 1").fetchone()
        assert row
        it.execute("UPDATE core_journalline SET reason = '改过' WHERE id = %s", [row[0]])
        done = installation.yiwang("journal", "verify")
        it.execute("UPDATE core_journalline SET reason = %s WHERE id = %s", [row[1], row[0]])
    assert done.returncode == Exit.PROBLEM
    assert str(row[0]) in done.stderr


def test_missing_translations_are_listed(monkeypatch, tmp_path):
    app = tmp_path / "yiwang" / "core"
    (app / "templates").mkdir(parents=True)
    (app / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
    (app / "rules.py").write_text('a = _("有")\nb = gettext("无")\n')
    (app / "templates" / "a.html").write_text('{% translate "缺" %}{% translate "空" %}')
    (app / "locale" / "en" / "LC_MESSAGES" / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "有"\nmsgstr "there"\n\nmsgid "空"\nmsgstr ""\n'
    )
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    found = {lack.text: (str(lack.file), lack.line, lack.reason) for lack in catalogues.lacks()}
    assert found == {
        "无": ("yiwang/core/rules.py", 2, "missing"),
        "缺": ("yiwang/core/templates/a.html", 1, "missing"),
        "空": ("yiwang/core/templates/a.html", 1, "empty"),
    }
    assert catalogues.compile_all() == 1
    assert catalogues.compile_all() == 0


def test_a_sentence_with_two_translations_is_named(monkeypatch, tmp_path):
    for app, said in (("core", "Fine"), ("queues", "Fine"), ("orders", "On track")):
        folder = tmp_path / "yiwang" / app / "locale" / "en" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text(f'msgid "正常"\nmsgstr "{said}"\n')
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    clash = [(lack.text, lack.file.parts[1], lack.reason) for lack in catalogues.clashes()]
    assert clash == [("正常", "orders", "'On track' or 'Fine'")]
