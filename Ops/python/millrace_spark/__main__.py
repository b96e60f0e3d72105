"""python3 -m millrace_spark PIPELINE --master 'local-cluster[2,1,1024]'"""

from __future__ import annotations

import argparse
import json
import os
import sys

from .items import Millrace, MillraceError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python3 -m millrace_spark",
        description="Runs a Millrace pipeline on Spark. Ends with the exit code of 'millrace sync'.",
    )
    parser.add_argument("pipeline", help="the pipeline file, at the same path on every executor")
    parser.add_argument("--master", help="where to run, as in local-cluster[2,1,1024]; spark-submit's by default")
    parser.add_argument(
        "--binary", default=os.environ.get("MILLRACE", "millrace"), help="the millrace command"
    )
    parser.add_argument("--ship-binary", action="store_true", help="send the binary with the job")
    parser.add_argument("--workers", type=int, default=1, help="workers of an item; one core each")
    parser.add_argument("--resume", action="store_true", help="go on with the run that is open")
    parser.add_argument(
        "--conf", action="append", default=[], metavar="KEY=VALUE", help="a setting of Spark"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="STAGE.KEY=VALUE", help="as 'millrace sync --set'"
    )
    options = parser.parse_args(arguments)
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        print("millrace_spark needs PySpark: pip install pyspark", file=sys.stderr)
        return 2
    builder = SparkSession.builder.appName(f"millrace {os.path.basename(options.pipeline)}")
    settings = {"spark.speculation": "true", "spark.task.cpus": str(options.workers)}
    if options.master and options.master.startswith("local-cluster"):
        # The executors of a local cluster start in folders of their own.
        settings["spark.executorEnv.PYTHONPATH"] = os.environ.get("PYTHONPATH", "")
        settings["spark.driver.bindAddress"] = settings["spark.driver.host"] = "127.0.0.1"
    for pair in options.conf:
        key, separator, value = pair.partition("=")
        if not separator:
            parser.error(f"--conf {pair} is not of the form KEY=VALUE")
        settings[key] = value
    if options.master:
        builder = builder.master(options.master)
    for key, value in settings.items():
        builder = builder.config(key, value)
    from .spark import submit

    overrides = tuple(word for pair in options.set for word in ("--set", pair))
    millrace = Millrace(options.pipeline, options.binary, workers=options.workers, options=overrides)
    # Executors import this package from where the driver has it.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [os.path.dirname(os.path.dirname(os.path.abspath(__file__))), os.environ.get("PYTHONPATH", "")]
    ).rstrip(os.pathsep)
    if "spark.executorEnv.PYTHONPATH" in settings:
        builder = builder.config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"])
    session = builder.getOrCreate()
    try:
        summary = submit(
            millrace, session, restart=not options.resume, ships_binary=options.ship_binary
        )
    except MillraceError as error:
        print(error, file=sys.stderr)
        return error.code
    finally:
        session.stop()
    print(json.dumps(summary, sort_keys=True))
    return int(summary["exitCode"])


if __name__ == "__main__":
    sys.exit(main())
