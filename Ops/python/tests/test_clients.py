"""The programs of Samples/clients, each run as a person runs it; those over HTTP ask `millrace serve`."""

import http.server
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import threading
import unittest

import support
import millrace

CLIENTS = support.ROOT / "Samples" / "clients"


def serving(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


class Quiet(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, code, value):
        data = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def body(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))


def needs(module):
    return unittest.skipUnless(
        importlib.util.find_spec(module), f"no {module} here; type: Ops/python/test --frameworks"
    )


@unittest.skipUnless(support.binary(), "no millrace here; build the package, or set MILLRACE_BINARY")
class ClientTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.corpus = support.Corpus("hash", documents=8)
        cls.corpus.run("backfill")
        cls.index = millrace.open(cls.corpus.workspace)
        cls.hits = cls.index.search("mill wheel", 3)
        made = json.loads(subprocess.run([support.binary(), "token", "new", "clients", "--json"],
                                         capture_output=True, text=True, check=True).stdout)
        cls.token = made["token"]
        tokens = cls.corpus.root / "tokens.jsonl"
        tokens.write_text(made["line"] + "\n")
        cls.server = subprocess.Popen(
            [support.binary(), "serve", str(cls.corpus.pipeline), "--listen", "127.0.0.1:0", "--tokens", str(tokens)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cls.url = cls.server.stdout.readline().split()[-1]

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.stdout.close()
        assert cls.server.wait(timeout=60) == 0
        cls.index.close()
        cls.corpus.close()

    def run_client(self, name, *arguments, code=0, **environment):
        program = [sys.executable] if name.endswith(".py") else ["bash"]
        done = subprocess.run(
            [*program, str(CLIENTS / name), *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(support.ROOT / "Ops" / "python"), **environment},
        )
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout

    def assert_finds(self, output, hits):
        places = [output.find(hit.uri) for hit in hits]
        self.assertNotIn(-1, places)

    def test_forty_lines_each(self):
        for path in CLIENTS.iterdir():
            if path.suffix in (".py", ".sh", ".swift"):
                self.assertLessEqual(len(path.read_text().splitlines()), 46, path.name)

    def test_curl(self):
        output = self.run_client("search.sh", 'mill "wheel"', "3", MILLRACE_URL=self.url, MILLRACE_TOKEN=self.token)
        self.assertEqual(len(output.splitlines()), 3)
        self.assert_finds(output, self.index.search('mill "wheel"', 3))
        self.run_client("search.sh", "mill", code=22, MILLRACE_URL=self.url, MILLRACE_TOKEN="wrong")

    @needs("requests")
    def test_requests(self):
        output = self.run_client("search_http.py", "mill", "wheel", MILLRACE_URL=self.url, MILLRACE_TOKEN=self.token)
        self.assertTrue(output.startswith(f"snapshot {self.index.snapshot}\n"))
        self.assert_finds(output, self.hits)
        self.run_client("search_http.py", "mill", code=1, MILLRACE_URL=self.url, MILLRACE_TOKEN="wrong")

    @needs("langchain_core")
    def test_langchain(self):
        self.assert_finds(self.run_client("search_langchain.py", self.corpus.workspace, "mill wheel"), self.hits)

    @needs("llama_index")
    def test_llamaindex(self):
        self.assert_finds(self.run_client("search_llamaindex.py", self.corpus.workspace, "mill wheel"), self.hits)

    @needs("haystack")
    def test_haystack(self):
        self.assert_finds(self.run_client("search_haystack.py", self.corpus.workspace, "mill wheel"), self.hits)

    def test_rag_shows_what_it_cites(self):
        asked = []

        class Chat(Quiet):
            def do_POST(self):
                if self.path != "/v1/chat/completions" or self.headers["Authorization"] != "Bearer k":
                    return self.answer(401, {})
                asked.append(self.body())
                message = {"role": "assistant", "content": "Wheels turn [2]. Stones grind [1][9]."}
                return self.answer(200, {"choices": [{"message": message}]})

        server, url = serving(Chat)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        output = self.run_client(
            "rag.py", self.corpus.workspace, "mill wheel", CHAT_URL=url + "/v1", CHAT_MODEL="m", CHAT_KEY="k"
        )
        hits = self.index.search("mill wheel", 5)
        self.assertIn(f"[1] {hits[0].uri}", output)
        self.assertIn(f"[2] {hits[1].uri}", output)
        self.assertNotIn("[9] ", output)
        self.assertNotIn(hits[2].chunk_id, output)
        self.assertEqual(asked[0]["model"], "m")
        self.assertIn(hits[4].text, asked[0]["messages"][1]["content"])


if __name__ == "__main__":
    unittest.main()
