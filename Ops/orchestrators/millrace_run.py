#!/usr/bin/env python3
"""Runs one verb of millrace for a scheduler: what its exit code asks for, a heartbeat, a message to a webhook.

usage: millrace_run.py [--published-is-ok] VERB PIPELINE [OPTION ...]

Prints the run's summary (JSON) as millrace does and ends with its exit code; --published-is-ok ends with 0
where the code is 3 or 4, for schedulers that know only success and failure.

MILLRACE            the program; millrace by default
MILLRACE_WEBHOOK    where a message goes when the code is not 0 (a secret: it is never printed)
MILLRACE_HEARTBEAT  a file that is touched while the run uses processor time, for a liveness probe

Needs Python alone. Operators for Airflow and Dagster import EXITS and run() from here.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from typing import NamedTuple


class Exit(NamedTuple):
    name: str
    #: none: done. retry: the same command again, a few times. wait: the same command goes on by itself, later.
    #: ticket: published, a person looks in the day. alert: a person now; trying again changes nothing.
    action: str
    runbook: str


# Operations/ExitStatus.swift; tests/test_orchestrators.py holds this to it.
EXITS = {
    0: Exit("clean", "none", ""),
    1: Exit("fatal", "retry", "exit-1-fatal.md"),
    2: Exit("configuration", "alert", "exit-2-configuration.md"),
    3: Exit("documents_failed", "ticket", "exit-3-documents-failed.md"),
    4: Exit("deletes_held", "ticket", "exit-4-deletes-held.md"),
    5: Exit("gate_failed", "alert", "exit-5-gate-failed.md"),
    6: Exit("budget_reached", "wait", "exit-6-budget-reached.md"),
    10: Exit("no_such_state", "alert", "exit-10-no-such-state.md"),
    11: Exit("locked", "wait", "exit-11-locked.md"),
    12: Exit("newer_version", "alert", "exit-12-newer-version.md"),
    130: Exit("interrupted", "wait", "exit-130-interrupted.md"),
}
# A signal that killed it, or a code of no table: the same command resumes.
OTHER = Exit("killed", "retry", "exit-1-fatal.md")

# What a message leaves out: names of documents may be personal data.
_PRIVATE = ("deadLetters", "heldReasons", "sources", "absences", "unreadLanguages")


class Run(NamedTuple):
    code: int
    summary: dict

    @property
    def exit(self) -> Exit:
        return EXITS.get(self.code, OTHER)

    @property
    def is_published(self) -> bool:
        return self.exit.action in ("none", "ticket")

    def notice(self, verb: str, pipeline: str) -> dict:
        """What a webhook is told: counts and codes, no name of a document."""
        return {
            "form": "notice/1",
            "verb": verb,
            "pipeline": self.summary.get("pipeline") or pathlib.Path(pipeline).stem,
            "exit": self.code,
            "name": self.exit.name,
            "action": self.exit.action,
            "runbook": f"Ops/runbooks/{self.exit.runbook}" if self.exit.runbook else None,
            "summary": {key: value for key, value in self.summary.items() if key not in _PRIVATE},
        }


def run(verb: str, pipeline: str, options: tuple[str, ...] = ()) -> Run:
    """Runs the verb to its end; its messages go to standard error as they come."""
    program = os.environ.get("MILLRACE", "millrace")
    try:
        child = subprocess.Popen([program, verb, pipeline, "--json", "--quiet", *options], stdout=subprocess.PIPE)
    except OSError as error:
        print(f"millrace_run.py: cannot start {program}: {error.strerror}; set MILLRACE to its path", file=sys.stderr)
        return Run(2, {})
    stop = threading.Event()
    heart = threading.Thread(target=_beat, args=(child.pid, stop), daemon=True)
    heart.start()
    try:
        output, _ = child.communicate()
    except BaseException:
        # The scheduler ends us: millrace ends at a checkpoint, resumable.
        child.terminate()
        child.wait()
        raise
    finally:
        stop.set()
    return Run(child.returncode, _summary(output))


def _summary(output: bytes) -> dict:
    try:
        value = json.loads(output.strip().splitlines()[-1])
        return value if isinstance(value, dict) else {}
    except (ValueError, IndexError):
        return {}


def _beat(pid: int, stop: threading.Event) -> None:
    path = os.environ.get("MILLRACE_HEARTBEAT")
    last = -1
    while path and not stop.is_set():
        used = _processor_ticks(pid)
        if used != last:
            pathlib.Path(path).touch()
        last = used
        stop.wait(float(os.environ.get("MILLRACE_HEARTBEAT_SECONDS", "15")))


def _processor_ticks(pid: int) -> int:
    """Of the process and its children."""
    total = 0
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            children = pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
            total += sum(_processor_ticks(int(child)) for child in children)
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return total + sum(map(int, fields[11:15]))
    except (OSError, IndexError, ValueError):
        return total


def tell(notice: dict) -> bool:
    """Posts a notice to the webhook; failing to is told, never fatal."""
    url = os.environ.get("MILLRACE_WEBHOOK")
    if not url:
        return False
    try:
        request = urllib.request.Request(url, json.dumps(notice).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10):
            return True
    except (OSError, ValueError) as error:
        code = f"HTTP {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__
        print(f"millrace_run.py: the webhook was not told ({code}); see MILLRACE_WEBHOOK", file=sys.stderr)
        return False


def main(arguments: list[str]) -> int:
    lenient = arguments[:1] == ["--published-is-ok"]
    arguments = arguments[1:] if lenient else arguments
    if len(arguments) < 2 or arguments[0] in ("--help", "-h"):
        print(__doc__)
        return 0 if arguments[:1] in (["--help"], ["-h"]) else 2
    verb, pipeline, *options = arguments
    done = run(verb, pipeline, tuple(options))
    if done.summary:
        print(json.dumps(done.summary, ensure_ascii=False, sort_keys=True))
    if done.code != 0:
        tell(done.notice(verb, pipeline))
    return 0 if lenient and done.is_published else done.code if done.code >= 0 else 128 - done.code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
