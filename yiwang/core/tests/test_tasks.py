"""Scheduled jobs are seen with their last run and error, and run again (EXP-57)."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from config.watching import watched
from yiwang.accounts.models import User
from yiwang.core.actions import run_task
from yiwang.core.errors import Refused
from yiwang.core.models import TaskRun
from yiwang.core.reads import scheduled_tasks

SEAL = "config.schedule.seal"


def ran(work):
    return watched(work, SimpleNamespace(task=SimpleNamespace(name=SEAL)), None)


def broken():
    raise ValueError("陈桂英 320690194703120026")


@pytest.fixture
def browser(world):
    client = Client()
    client.force_login(User.objects.get(pk=world.administrator.user_id))
    return client


def test_a_run_and_an_error_are_written_down_without_what_the_error_says(world, browser):
    assert ran(lambda: 7) == 7
    with pytest.raises(ValueError, match="陈桂英"):
        ran(broken)
    row = TaskRun.objects.get(code=SEAL)
    assert (row.state, row.result, row.runs, row.failures) == ("failed", "7", 2, 1)
    assert row.error.startswith("ValueError")
    page = browser.get("/site/tasks/").content.decode()
    assert "封存日志" in page
    assert "陈桂英" not in page
    assert browser.get("/api/v1/core/tasks").json()[0]["state"] == "failed"
    ran(lambda: None)
    assert TaskRun.objects.get(code=SEAL).state == "done"


def test_a_job_is_put_into_the_queue_once(world, browser):
    assert browser.post("/site/tasks/run/", {"code": SEAL}).status_code == 302
    assert ProcrastinateJob.objects.filter(task_name=SEAL, status="todo").count() == 1
    row = next(one.task for one in scheduled_tasks(world.administrator) if one.task.code == SEAL)
    with pytest.raises(Refused, match="已经在排队"):
        run_task(row, by=world.administrator)
    assert browser.post("/api/v1/core/tasks/none/run").status_code == 404


def test_only_administrators_run_jobs(world):
    with pytest.raises(PermissionDenied):
        run_task(TaskRun(code=SEAL), by=world.network_admin)


def test_every_job_of_the_clock_has_words(world):
    jobs = scheduled_tasks(world.administrator)
    assert len(jobs) > 10
    assert [row.task.code for row in jobs if row.task.label == row.task.code] == []
