"""Around every background job: when it ran and how it ended, for the page of jobs (EXP-57)."""

from typing import Any


def watched(call_next: Any, context: Any, worker: Any) -> Any:
    """Write down beginning and end; an error is written down and passed on."""
    from yiwang.core.models import TaskRun

    code = context.task.name
    TaskRun.begin(code)
    try:
        result = call_next()
    except BaseException as error:
        TaskRun.fail(code, error)
        raise
    TaskRun.end(code, result)
    return result
