"""Items on Spark: a phase is a job, an item is a task.

A task that fails or is lost with its executor is done again by Spark, which may also begin a second copy of a slow
one (speculation): an item that is done twice changes nothing, and of two copies the later waits for the other.
"""

from __future__ import annotations

from typing import Iterator

from .items import Item, Millrace, run_in_phases


class Counters:
    """What the tasks report while they run; Spark's UI shows them by name."""

    names = ("documents", "read", "extracted", "chunked", "chunksEmbedded", "segmentsWritten")

    def __init__(self, context):
        self.values = {name: context.accumulator(0) for name in self.names}

    def read(self) -> dict[str, int]:
        return {name: value.value for name, value in self.values.items()}


def submit(
    millrace: Millrace, session=None, restart: bool = True, ships_binary: bool = False
) -> dict:
    """Runs the pipeline on a Spark session and returns the summary of the run.

    `ships_binary` sends the binary with the job instead of expecting it at its path on every executor; the worker
    program is sent along, and both have to be statically linked ('Ops/package').
    """
    from pyspark import SparkFiles
    from pyspark.sql import SparkSession

    session = session or SparkSession.builder.getOrCreate()
    context = session.sparkContext
    counters = Counters(context)
    millrace = millrace.located()
    if ships_binary:
        for program in (millrace.binary, millrace.binary + "-worker"):
            context.addFile(program)

    def on_executor() -> Millrace:
        if not ships_binary:
            return millrace
        name = millrace.binary.rsplit("/", 1)[-1]
        import os

        for program in (name, name + "-worker"):
            os.chmod(SparkFiles.get(program), 0o755)
        return Millrace(
            millrace.pipeline, SparkFiles.get(name), millrace.wait, millrace.workers, millrace.options
        )

    def do_partition(items: Iterator[Item]) -> Iterator[dict]:
        for item in items:
            result = on_executor().do(item)
            # Counted where it was done: a copy that found it done counts nothing.
            if not result.get("wasDone"):
                tally = result.get("tally", {})
                for name, value in counters.values.items():
                    value.add(int(result.get(name, tally.get(name, 0))))
            yield {key: result[key] for key in ("item", "documents", "wasDone") if key in result}

    def do_all(items: list[Item]) -> list[dict]:
        context.setJobDescription(f"millrace {items[0].values['phase']}: {len(items)} items")
        # A partition an item: what is lost with an executor is one.
        return context.parallelize(items, len(items)).mapPartitions(do_partition).collect()

    summary = run_in_phases(millrace, do_all, restart=restart)
    return {**summary, "counters": counters.read()}
