"""Items on Ray: an item is a task, which Ray does again where its process or node is lost."""

from __future__ import annotations

import argparse
import json
import sys

from .items import Item, Millrace, run_in_phases


def submit(millrace: Millrace, restart: bool = True, retries: int = 4) -> dict:
    """Runs the pipeline on the Ray cluster this process is connected to, or on a local one."""
    import ray

    if not ray.is_initialized():
        ray.init()
    millrace = millrace.located()

    @ray.remote(num_cpus=millrace.workers, max_retries=retries, retry_exceptions=True)
    def do(item: Item) -> dict:
        return millrace.do(item)

    def do_all(items: list[Item]) -> list[dict]:
        return ray.get([do.remote(item) for item in items])

    return run_in_phases(millrace, do_all, restart=restart)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m millrace_spark.ray_engine")
    parser.add_argument("pipeline")
    parser.add_argument("--binary", default="millrace")
    parser.add_argument("--resume", action="store_true", help="go on with the run that is open")
    options = parser.parse_args(arguments)
    summary = submit(Millrace(options.pipeline, options.binary), restart=not options.resume)
    print(json.dumps(summary, sort_keys=True))
    return int(summary["exitCode"])


if __name__ == "__main__":
    sys.exit(main())
