"""Millrace in Airflow: an operator that maps exit codes, and a DAG of a night. Airflow 2.9 and later.

Put this file and millrace_run.py into the DAGs folder. MILLRACE_PIPELINES names the pipelines
(/etc/millrace/docs.yml:/etc/millrace/mail.yml); each is a task of its own.
"""

from __future__ import annotations

import os
import pathlib
import sys
from datetime import datetime, timedelta

try:
    from airflow.sdk import DAG, BaseOperator
except ImportError:
    from airflow import DAG
    from airflow.models import BaseOperator
try:
    from airflow.sdk.exceptions import AirflowException, AirflowFailException
except ImportError:
    from airflow.exceptions import AirflowException, AirflowFailException

# In the DAGs folder beside this file, or in the folder above as in the checkout.
for _folder in (pathlib.Path(__file__).parent, pathlib.Path(__file__).parent.parent):
    if (_folder / "millrace_run.py").is_file():
        sys.path.insert(0, str(_folder))
        break
import millrace_run  # noqa: E402


class MillraceOperator(BaseOperator):
    """Runs a verb. Published (0, 3, 4): success, the summary goes to XCom. To be tried again or gone on
    with (1, 6, 11, 130, a kill): fails, and Airflow's retries do it. Else: fails without a retry."""

    template_fields = ("pipeline", "options")

    def __init__(self, *, pipeline: str, verb: str = "sync", options: tuple[str, ...] = (), **arguments) -> None:
        super().__init__(**arguments)
        self.pipeline, self.verb, self.options = pipeline, verb, options

    def execute(self, context) -> dict:
        done = millrace_run.run(self.verb, self.pipeline, tuple(self.options))
        notice = done.notice(self.verb, self.pipeline)
        if done.code != 0:
            millrace_run.tell(notice)
        said = f"millrace {self.verb} ended with {done.code} ({done.exit.name}); {notice['runbook']}"
        if done.is_published:
            if done.code != 0:
                self.log.warning(said)
            return notice
        if done.exit.action == "alert":
            raise AirflowFailException(said)
        raise AirflowException(said)


with DAG(
    "millrace_nightly",
    schedule="30 1 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    tags=["millrace"],
    default_args={"retries": 4, "retry_delay": timedelta(minutes=10), "execution_timeout": timedelta(hours=7)},
) as dag:
    for _path in filter(None, os.environ.get("MILLRACE_PIPELINES", "/etc/millrace/docs.yml").split(":")):
        MillraceOperator(
            task_id=pathlib.Path(_path).stem,
            pipeline=_path,
            options=("--wait", "5m", "--max-time", "6h"),
        )
