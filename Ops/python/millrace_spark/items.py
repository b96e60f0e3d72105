"""A run in items: what the command is asked, and in which order."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Callable, Iterable, Sequence

# Exit codes of the command; the table is in 'millrace help'.
CLEAN = 0
LOCKED = 11


class MillraceError(RuntimeError):
    """A command that failed: its exit code, and what it said."""

    def __init__(self, words: Sequence[str], code: int, message: str):
        super().__init__(f"{' '.join(words)}: exit code {code}: {message.strip()}")
        self.code = code

    def __reduce__(self):  # errors travel from executors as pickles
        return (RuntimeError, (str(self),))


@dataclass(frozen=True)
class Item:
    """A line of 'millrace work plan'."""

    line: str

    @property
    def values(self) -> dict:
        return json.loads(self.line)

    @property
    def label(self) -> str:
        values = self.values
        return f"{values['phase']} {values['part']}"


@dataclass(frozen=True)
class Millrace:
    """The command with one pipeline file; pickles, so that executors have it too."""

    pipeline: str
    binary: str = "millrace"
    # Of each item: how long it waits for another process that does the same.
    wait: str = "12h"
    workers: int = 1
    options: tuple[str, ...] = field(default=())

    def plan(self, restart: bool = False) -> list[Item]:
        words = ["work", "plan", self.pipeline, "--quiet", "--wait", self.wait]
        output = self._run(words + ["--restart"] * restart + list(self.options))
        return [Item(line) for line in output.splitlines() if line]

    def do(self, item: Item) -> dict:
        """Does one item; done already, it says so."""
        words = ["work", "do", self.pipeline, "-", "--json", "--wait", self.wait]
        output = self._run(words + ["--workers", str(self.workers)], item.line + "\n")
        return json.loads(output)

    def done(self) -> dict:
        """Ends the phase; 'summary' is there once the run has ended."""
        words = ["work", "done", self.pipeline, "--json", "--wait", self.wait]
        output = self._run(words, accepts_summary=True)
        return json.loads(output)

    def located(self) -> Millrace:
        """The same with absolute paths, for processes in other folders."""
        binary = shutil.which(self.binary) or os.path.abspath(self.binary)
        return Millrace(
            os.path.abspath(self.pipeline), binary, self.wait, self.workers, self.options
        )

    def _run(self, words: list[str], text: str = "", accepts_summary: bool = False) -> str:
        command = [self.binary, *words]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_die_with_parent,
        )
        output, errors = process.communicate(text)
        if process.returncode == CLEAN:
            return output
        # A run that published ends with the code of what it has to report: failed or held documents.
        if accepts_summary and output.strip() and "summary" in json.loads(output):
            return output
        raise MillraceError(command, process.returncode, errors)


def _die_with_parent() -> None:
    """An executor that is killed takes the item's process with it, so that another may do the item."""
    if sys.platform == "linux":
        import ctypes

        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM)


def run_in_phases(
    millrace: Millrace,
    do_all: Callable[[list[Item]], Iterable[dict]],
    restart: bool = True,
    tell: Callable[[str], None] = lambda text: print(text, file=sys.stderr, flush=True),
) -> dict:
    """Plans, has `do_all` do the items, and goes on with the next phase, until the run has ended.

    A run that another job left open is planned anew unless `restart` is false: what its items stored is kept.
    Returns the summary of the run, whose 'exitCode' is that of 'millrace sync'.
    """
    first = restart
    while True:
        items = millrace.plan(restart=first)
        first = False
        if items:
            phase = items[0].values["phase"]
            results = list(do_all(items))
            documents = sum(result.get("documents", 0) for result in results)
            again = sum(1 for result in results if result.get("wasDone"))
            note = f", {again} were done before" if again else ""
            tell(f"{phase}: {len(items)} items, {documents} documents{note}")
        progress = millrace.done()
        if "summary" in progress:
            return progress["summary"]
