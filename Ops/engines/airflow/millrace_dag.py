"""A Millrace run as an Airflow DAG: a phase plans its items, and each is a mapped task.

Airflow's variable `millrace_pipeline` names the pipeline file, `millrace_binary` the command. Workers need the same
binary, pipeline, sources, models and workspace at the same paths.
"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import datetime, timedelta

from airflow.decorators import dag, task

try:  # Airflow 2 and 3 keep it in different places
    from airflow.sdk import Variable
except ImportError:
    from airflow.models import Variable

WAIT = "12h"
# As many phases as a run can have; a small one has fewer, and the rounds left do nothing.
ROUNDS = 6
PUBLISHED = (0, 3, 4)


def millrace(*words: str, text: str = "") -> subprocess.CompletedProcess:
    binary = Variable.get("millrace_binary", default=None) or os.environ.get("MILLRACE", "millrace")
    return subprocess.run([binary, "work", *words], input=text, text=True, capture_output=True)


def pipeline() -> str:
    return Variable.get("millrace_pipeline")


def checked(process: subprocess.CompletedProcess, codes: tuple[int, ...] = (0,)) -> str:
    if process.returncode not in codes:
        raise RuntimeError(f"exit code {process.returncode}: {process.stderr.strip()}")
    return process.stdout


@task
def plan(restarts: bool, before: dict | None = None) -> list[str]:
    """The items of the present phase; none where they are done, or the round before ended the run."""
    if before and "summary" in before:
        return []
    words = ["plan", pipeline(), "--quiet", "--wait", WAIT] + ["--restart"] * restarts
    return checked(millrace(*words)).splitlines()


@task(retries=4, retry_delay=timedelta(seconds=30))
def do(item: str) -> int:
    """One item; a retry after a lost worker finds what was stored."""
    answer = checked(millrace("do", pipeline(), "-", "--json", "--wait", WAIT, text=item + "\n"))
    return json.loads(answer)["documents"]


@task(trigger_rule="none_failed")
def done() -> dict:
    """Ends the phase; the last one publishes. Failed and held documents are in the summary, not a failure."""
    answer = checked(millrace("done", pipeline(), "--json", "--wait", WAIT), PUBLISHED)
    return json.loads(answer)


@dag(
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1},
    tags=["millrace"],
)
def millrace_run():
    # A phase without items maps to none.
    before = None
    for number in range(1, ROUNDS + 1):
        items = plan.override(task_id=f"plan_{number}", trigger_rule="none_failed")(number == 1, before)
        results = do.override(task_id=f"do_{number}").expand(item=items)
        before = done.override(task_id=f"done_{number}")()
        results >> before


millrace_run()
