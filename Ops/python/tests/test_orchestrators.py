"""Exit codes, units, DAGs and manifests, against the tools that read them where these are installed."""

import contextlib
import datetime
import http.server
import importlib
import importlib.util
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from unittest import mock

import support

FOLDER = support.ROOT / "Ops" / "orchestrators"
sys.path.insert(0, str(FOLDER))
import millrace_run  # noqa: E402

FAKE = """#!/bin/sh
echo "$@" >> "{folder}/calls"
echo '{{"form":"run/1","pipeline":"docs","exitCode":{code},"snapshot":7,"chunks":70,"accounts":{{"indexed":9,"failed":1}},"deadLetters":[{{"uri":"secret name.pdf"}}]}}'
exit {code}
"""


@contextlib.contextmanager
def program(code, text=FAKE):
    """A program that ends with `code`, as millrace does."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "millrace"
        path.write_text(text.format(folder=folder, code=code))
        path.chmod(0o755)
        with mock.patch.dict(os.environ, {"MILLRACE": str(path)}):
            yield pathlib.Path(folder)


def wait_until(holds):
    """Fails after a minute; passes as soon as it can."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def needs(module):
    found = importlib.util.find_spec(module) is not None
    return unittest.skipUnless(found, f"no {module} here; type: Ops/python/test --frameworks")


class ExitTests(unittest.TestCase):
    def test_the_table_is_the_programs(self):
        text = (support.ROOT / "Sources/Operations/ExitStatus.swift").read_text()
        codes = dict(re.findall(r"case (\w+) = (\d+)", text))
        names = dict(re.findall(r'case \.(\w+): "([a-z_]+)"\n', text))
        self.assertEqual(
            {int(code): names[case] for case, code in codes.items()},
            {code: entry.name for code, entry in millrace_run.EXITS.items()},
        )

    def test_each_code_has_its_page(self):
        for code, entry in millrace_run.EXITS.items():
            if code:
                self.assertTrue((support.ROOT / "Ops/runbooks" / entry.runbook).is_file(), entry.runbook)

    def test_each_code_is_in_the_units_and_the_manifest(self):
        unit = (FOLDER / "systemd/millrace@.service").read_text()
        final = set(map(int, re.search(r"RestartPreventExitStatus=(.*)", unit).group(1).split()))
        fine = set(map(int, re.search(r"SuccessExitStatus=(.*)", unit).group(1).split()))
        manifest = (FOLDER / "kubernetes/cronjob.yaml").read_text()
        failing = set(json.loads(re.search(r"values: (\[.*?\])", manifest).group(1)))
        by_action = lambda action: {c for c, e in millrace_run.EXITS.items() if e.action == action}  # noqa: E731
        self.assertEqual((final, failing, fine), (by_action("alert"), by_action("alert"), by_action("ticket")))


class RunTests(unittest.TestCase):
    script = str(FOLDER / "millrace_run.py")

    def call(self, *arguments, **environment):
        return subprocess.run(
            [sys.executable, self.script, *arguments],
            capture_output=True, text=True, timeout=60, env={**os.environ, **environment},
        )

    def test_the_code_and_the_summary_pass_through(self):
        for code in [*millrace_run.EXITS, 77]:
            with program(code) as folder:
                done = self.call("sync", "docs.yml", "--wait", "5m")
                self.assertEqual(done.returncode, code)
                self.assertEqual(json.loads(done.stdout)["snapshot"], 7)
                self.assertEqual((folder / "calls").read_text(), "sync docs.yml --json --quiet --wait 5m\n")
                lenient = self.call("--published-is-ok", "sync", "docs.yml").returncode
                self.assertEqual(lenient, 0 if code in (0, 3, 4) else code)

    def test_a_program_that_is_not_there(self):
        done = self.call("sync", "docs.yml", MILLRACE="/no/such/millrace")
        self.assertEqual(done.returncode, 2)
        self.assertIn("set MILLRACE", done.stderr)

    def test_the_webhook_is_told_of_what_is_not_clean_and_of_no_name(self):
        told = []

        class Hook(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/hook?key=s3cret"
        for code in (0, 3, 5):
            with program(code):
                self.assertEqual(self.call("sync", "docs.yml", MILLRACE_WEBHOOK=url).returncode, code)
        self.assertEqual([(one["exit"], one["action"]) for one in told], [(3, "ticket"), (5, "alert")])
        self.assertEqual(told[0]["summary"]["accounts"], {"indexed": 9, "failed": 1})
        self.assertNotIn("secret name", json.dumps(told))
        with program(5):
            done = self.call("sync", "docs.yml", MILLRACE_WEBHOOK="http://127.0.0.1:1/?key=s3cret")
            self.assertEqual(done.returncode, 5)
            self.assertIn("was not told", done.stderr)
            self.assertNotIn("s3cret", done.stderr)

    def test_the_heartbeat_moves_only_with_the_processor(self):
        ticks = [3, 4, 4, 4, 9]
        stop = mock.Mock(is_set=lambda: not ticks)
        with (
            tempfile.TemporaryDirectory() as folder,
            mock.patch.dict(os.environ, {"MILLRACE_HEARTBEAT": f"{folder}/beat"}),
            mock.patch.object(millrace_run, "_processor_ticks", lambda _: ticks.pop(0)),
            mock.patch.object(pathlib.Path, "touch") as touch,
        ):
            millrace_run._beat(1, stop)
        self.assertEqual(touch.call_count, 3)
        self.assertEqual(stop.wait.call_count, 5)

    def test_the_ticks_are_those_of_the_process_and_its_children(self):
        child = subprocess.Popen(["sh", "-c", "while :; do :; done & wait"])
        try:
            wait_until(lambda: millrace_run._processor_ticks(child.pid) > 5)
            own = pathlib.Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()
            self.assertLess(sum(map(int, own[11:13])), 5)
        finally:
            for path in pathlib.Path("/proc").glob(f"{child.pid}/task/*/children"):
                for grandchild in path.read_text().split():
                    os.kill(int(grandchild), signal.SIGKILL)
            child.kill()
            child.wait()
        self.assertEqual(millrace_run._processor_ticks(child.pid), 0)

    def test_a_run_has_a_heartbeat(self):
        with program(0, "#!/bin/sh\nuntil [ -e {folder}/beat ]; do sleep 0.05; done\n") as folder:
            self.assertEqual(self.call("sync", "x.yml", MILLRACE_HEARTBEAT=str(folder / "beat")).returncode, 0)

    @unittest.skipUnless(support.binary(), "no millrace here")
    def test_the_real_program(self):
        corpus = support.Corpus("hash", documents=3)
        self.addCleanup(corpus.close)
        done = self.call("backfill", str(corpus.pipeline), MILLRACE=support.binary())
        self.assertEqual((done.returncode, json.loads(done.stdout)["snapshot"]), (0, 1))
        quiet = self.call("sync", str(corpus.pipeline), "--only-problems", MILLRACE=support.binary())
        self.assertEqual((quiet.returncode, quiet.stdout), (0, ""))


class SystemdTests(unittest.TestCase):
    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze here")
    def test_units_are_sound(self):
        with tempfile.TemporaryDirectory() as folder:
            for path in (FOLDER / "systemd").iterdir():
                text = path.read_text().replace("/usr/lib/millrace/millrace_run.py", str(FOLDER / "millrace_run.py"))
                text = text.replace("User=millrace", "User=root").replace("/usr/bin/logger", "/bin/true")
                (pathlib.Path(folder) / path.name.replace("@.", "@docs.")).write_text(text)
            for name in ("millrace@docs.service", "millrace@docs.timer"):
                done = subprocess.run(
                    ["systemd-analyze", "verify", "--man=no", str(pathlib.Path(folder) / name)],
                    capture_output=True, text=True, env={**os.environ, "SYSTEMD_UNIT_PATH": folder + ":"},
                )
                own = [line for line in (done.stdout + done.stderr).splitlines() if "millrace" in line]
                self.assertEqual(own, [])

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze here")
    def test_the_night_is_a_time(self):
        timer = (FOLDER / "systemd/millrace@.timer").read_text()
        night = re.search(r"OnCalendar=(.*)", timer).group(1)
        done = subprocess.run(["systemd-analyze", "calendar", night], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


class CronTests(unittest.TestCase):
    def test_lines_are_well_formed(self):
        lines = [line for line in (FOLDER / "cron/millrace").read_text().splitlines() if line and line[0] not in "#"]
        jobs = [line for line in lines if "=" not in line.split()[0]]
        self.assertEqual(len(jobs), 2)
        for line in jobs:
            fields = line.split(None, 6)
            for field, high in zip(fields[:5], (59, 23, 31, 12, 7)):
                self.assertRegex(field, r"^(\*|\d+(-\d+)?(,\d+(-\d+)?)*)$")
                self.assertTrue(all(int(number) <= high for number in re.findall(r"\d+", field)))
            self.assertEqual(fields[5], "millrace")
            self.assertNotIn("%", line, "cron reads % as the end of the line")

    @unittest.skipUnless(support.binary(), "no millrace here")
    def test_every_option_is_one_of_the_program(self):
        known = subprocess.run([support.binary(), "sync", "--help"], capture_output=True, text=True).stdout
        for path in FOLDER.rglob("*"):
            if path.is_file() and path.suffix in ("", ".service", ".py", ".yaml") and path.name != "millrace_run.py":
                for option in re.findall(r'["\s\[](--[a-z-]+)', path.read_text()):
                    if option not in ("--published-is-ok", "--priority", "--tag", "--now"):
                        self.assertIn(option, known, path.name)


class AirflowTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if importlib.util.find_spec("airflow") is None:
            raise unittest.SkipTest("no airflow here; type: pip install apache-airflow")
        cls.home = tempfile.TemporaryDirectory()
        os.environ.update(AIRFLOW_HOME=cls.home.name, MILLRACE_PIPELINES="/etc/millrace/docs.yml:/etc/millrace/mail.yml",
                          AIRFLOW__CORE__UNIT_TEST_MODE="True", AIRFLOW__CORE__LOAD_EXAMPLES="False")
        sys.path.insert(0, str(FOLDER / "airflow-dags"))
        cls.module = importlib.import_module("millrace_airflow")

    def operator(self):
        return self.module.MillraceOperator(task_id="one", pipeline="/etc/millrace/docs.yml", options=("--wait", "5m"))

    def test_the_dag(self):
        self.assertEqual(sorted(self.module.dag.task_ids), ["docs", "mail"])
        self.assertEqual(self.module.dag.get_task("mail").retries, 4)
        self.assertFalse(self.module.dag.catchup)

    def test_each_exit_code(self):
        for code, entry in [*millrace_run.EXITS.items(), (77, millrace_run.OTHER)]:
            with program(code) as folder:
                if entry.action in ("none", "ticket"):
                    self.assertEqual(self.operator().execute({})["summary"]["chunks"], 70)
                else:
                    with self.assertRaises(self.module.AirflowException) as raised:
                        self.operator().execute({})
                    is_final = isinstance(raised.exception, self.module.AirflowFailException)
                    self.assertEqual(is_final, entry.action == "alert", code)
                self.assertIn("sync /etc/millrace/docs.yml --json --quiet --wait 5m", (folder / "calls").read_text())


class DagsterTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if importlib.util.find_spec("dagster") is None:
            raise unittest.SkipTest("no dagster here; type: Ops/python/test --frameworks")
        os.environ.update(MILLRACE_PIPELINES="/etc/millrace/docs.yml:/etc/millrace/mail.yml", MILLRACE_RETRY_SECONDS="0")
        sys.path.insert(0, str(FOLDER / "dagster-assets"))
        cls.module = importlib.import_module("millrace_dagster")

    def materialize(self):
        import dagster

        return dagster.materialize(
            [self.module.searchable_index], partition_key="mail", raise_on_error=False,
            instance=dagster.DagsterInstance.ephemeral(),
        )

    def test_published_gives_metadata(self):
        for code in (0, 3, 4):
            with program(code) as folder:
                result = self.materialize()
                self.assertTrue(result.success)
                found = result.asset_materializations_for_node("searchable_index")[0].metadata
                self.assertEqual((found["exit"].value, found["snapshot"].value, found["documents_failed"].value), (code, 7, 1))
                self.assertIn("/etc/millrace/mail.yml", (folder / "calls").read_text())

    def test_what_is_tried_again_and_what_is_not(self):
        for code, calls in ((5, 1), (2, 1), (1, 5), (6, 5)):
            with program(code) as folder:
                self.assertFalse(self.materialize().success)
                self.assertEqual(len((folder / "calls").read_text().splitlines()), calls, code)

    def test_the_night_runs_every_pipeline(self):
        import dagster

        night = dagster.build_schedule_context(
            scheduled_execution_time=datetime.datetime(2026, 3, 1, 1, 30),
            repository_def=self.module.definitions.get_repository_def(),
        )
        requests = self.module.every_night.evaluate_tick(night).run_requests
        self.assertEqual([one.partition_key for one in requests], ["docs", "mail"])


class KubernetesTests(unittest.TestCase):
    path = FOLDER / "kubernetes/cronjob.yaml"

    @needs("kubernetes_validate")
    def test_fits_the_schema_of_the_api(self):
        import kubernetes_validate
        import yaml

        value = yaml.safe_load(self.path.read_text())
        kubernetes_validate.validate(value, "1.31", strict=True)
        value["spec"]["jobTemplate"]["spec"]["backofLimit"] = 4
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(value, "1.31", strict=True)

    @needs("yaml")
    def test_what_must_be_in_it(self):
        import yaml

        spec = yaml.safe_load(self.path.read_text())["spec"]
        pod = spec["jobTemplate"]["spec"]["template"]["spec"]
        container = pod["containers"][0]
        self.assertEqual(spec["concurrencyPolicy"], "Forbid")
        self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertLessEqual({"cpu", "memory"}, set(container["resources"]["limits"]))
        self.assertIn("livenessProbe", container)
        self.assertIn("startupProbe", container)
        self.assertEqual(shlex.split(shlex.join(container["command"] + container["args"]))[-8:][0], "sync")
        mounts = {mount["name"]: mount.get("readOnly", False) for mount in container["volumeMounts"]}
        self.assertEqual({name for name, read_only in mounts.items() if not read_only}, {"workspace", "scratch"})
        self.assertEqual(set(mounts), {volume["name"] for volume in pod["volumes"]})


if __name__ == "__main__":
    unittest.main()
