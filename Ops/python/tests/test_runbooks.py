"""Every command of every runbook, run by a shell on a state that needs it; and a page an alert."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import support

FOLDER = support.ROOT / "Ops" / "runbooks"
ALERTS = support.ROOT / "Ops" / "prometheus" / "alerts.rules.yml"
PARTS = ["Look", "Mend", "How you know"]


def commands(path):
    """Lines of the shell blocks, each with the code that it ends with."""
    for block in re.findall(r"```sh\n(.*?)```", path.read_text(), re.S):
        for line in block.splitlines():
            code = re.search(r"# exit (\d+)$", line)
            yield line, int(code.group(1)) if code else 0


class PageTests(unittest.TestCase):
    def test_each_alert_has_its_page_and_the_reverse(self):
        text = ALERTS.read_text()
        alerts = set(re.findall(r"- alert: (\w+)", text))
        self.assertEqual(alerts, {path.stem for path in FOLDER.glob("Millrace*.md")})
        self.assertEqual(alerts, set(re.findall(r"runbook: Ops/runbooks/(\w+)\.md", text)))

    def test_every_link_and_every_named_test_is_there(self):
        pages = [support.ROOT / name for name in ("README.md", "Ops/README.md", "Ops/threat-model.md")]
        for path in [*pages, *support.ROOT.glob(".github/*.md"), *(support.ROOT / "Ops").glob("*/README.md")]:
            for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
                self.assertTrue((path.parent / link).exists(), f"{path.name}: {link}")
        swift = {path.stem for path in (support.ROOT / "Tests").rglob("*Tests*")}
        python = {path.stem for path in pathlib.Path(__file__).parent.glob("test_*.py")}
        for name in re.findall(r"`(\w+Tests)`|`(test_\w+)", (support.ROOT / "Ops/threat-model.md").read_text()):
            self.assertIn(name[0] or name[1], swift | python)

    def test_each_page_has_the_same_parts_and_sound_links(self):
        for path in FOLDER.glob("*.md"):
            text = path.read_text()
            for link in re.findall(r"\]\(([^)#]+)\)", text):
                self.assertTrue((FOLDER / link).exists(), f"{path.name}: {link}")
            if path.name != "README.md":
                self.assertEqual(re.findall(r"^## (.*)$", text, re.M), PARTS, path.name)
                self.assertIn("**What readers notice.**", text, path.name)
                self.assertGreater(len(list(commands(path))), 2, path.name)


@unittest.skipUnless(support.binary(), "no millrace here; build the package, or set MILLRACE_BINARY")
class CommandTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.corpus = support.Corpus("hash", documents=12)
        root = cls.corpus.root
        (root / "docs" / "empty.txt").write_bytes(b"")
        cls.corpus.run("backfill", codes=(3,))
        for number in range(2, 12):
            (root / "docs" / f"d{number}.md").unlink()
        cls.corpus.write("d1.md", cls.corpus.text(1).replace("Part two", "Part three"))
        cls.corpus.run("sync", codes=(4,))
        (root / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "Document 0"}) + "\n")
        (root / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tdocs/d0.md\t1\n")
        shutil.move(cls.corpus.pipeline, root / "docs.yml")
        (root / "bin").mkdir()
        for name in ("millrace", "millrace-worker"):
            (root / "bin" / name).symlink_to(pathlib.Path(support.binary()).resolve().with_name(name))

    @classmethod
    def tearDownClass(cls):
        cls.corpus.close()

    def test_every_command(self):
        environment = {**os.environ, "PATH": f"{self.corpus.root}/bin:{os.environ['PATH']}"}
        for path in sorted(FOLDER.glob("*.md")):
            state = self.corpus.root / "state"
            shutil.rmtree(state, ignore_errors=True)
            state.mkdir()
            for name in ("docs", "workspace"):
                shutil.copytree(self.corpus.root / name, state / name)
            for name in ("docs.yml", "queries.jsonl", "qrels.tsv"):
                shutil.copy(self.corpus.root / name, state)
            for line, code in commands(path):
                with self.subTest(page=path.name, command=line):
                    done = subprocess.run(
                        ["bash", "-c", line], cwd=state, env=environment, capture_output=True, text=True, timeout=120
                    )
                    self.assertEqual(done.returncode, code, done.stdout[-600:] + done.stderr[-600:])


if __name__ == "__main__":
    unittest.main()
