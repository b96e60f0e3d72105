"""Millrace in Dagster: one asset, a partition a pipeline, the summary as metadata, a schedule of the night.

dagster dev -f millrace_dagster.py, with MILLRACE_PIPELINES=/etc/millrace/docs.yml:/etc/millrace/mail.yml
"""

import os
import pathlib
import sys

from dagster import (
    AssetExecutionContext,
    Definitions,
    Failure,
    MaterializeResult,
    RetryRequested,
    RunRequest,
    ScheduleEvaluationContext,
    StaticPartitionsDefinition,
    asset,
    define_asset_job,
    schedule,
)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import millrace_run  # noqa: E402

PIPELINES = {
    pathlib.Path(path).stem: path
    for path in filter(None, os.environ.get("MILLRACE_PIPELINES", "/etc/millrace/docs.yml").split(":"))
}
pipelines = StaticPartitionsDefinition(sorted(PIPELINES))
FIGURES = ("snapshot", "digest", "chunks", "chunksEmbedded", "added", "changed", "removed", "seconds")


@asset(partitions_def=pipelines, group_name="millrace")
def searchable_index(context: AssetExecutionContext) -> MaterializeResult:
    """The published snapshot of a pipeline."""
    path = PIPELINES[context.partition_key]
    done = millrace_run.run("sync", path, ("--wait", "5m", "--max-time", "6h"))
    notice = done.notice("sync", path)
    if done.code != 0:
        millrace_run.tell(notice)
    said = f"millrace sync ended with {done.code} ({done.exit.name})"
    if done.is_published:
        if done.code != 0:
            context.log.warning(f"{said}; {notice['runbook']}")
        figures = {name: done.summary[name] for name in FIGURES if name in done.summary}
        figures |= {f"documents_{name}": count for name, count in done.summary.get("accounts", {}).items()}
        return MaterializeResult(metadata={"exit": done.code, **figures})
    if done.exit.action == "alert":
        raise Failure(f"{said}; {notice['runbook']}", allow_retries=False)
    # 1, a kill, a budget, a lock: the same command resumes.
    raise RetryRequested(max_retries=4, seconds_to_wait=float(os.environ.get("MILLRACE_RETRY_SECONDS", "600")))


nightly = define_asset_job("millrace_nightly", selection=[searchable_index], partitions_def=pipelines)


@schedule(job=nightly, cron_schedule="30 1 * * *")
def every_night(context: ScheduleEvaluationContext):
    night = context.scheduled_execution_time.date()
    return [RunRequest(run_key=f"{night}-{name}", partition_key=name) for name in pipelines.get_partition_keys()]


definitions = Definitions(assets=[searchable_index], jobs=[nightly], schedules=[every_night])
