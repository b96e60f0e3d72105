"""Asks a Millrace server: MILLRACE_TOKEN=… python3 search_http.py "how long are backups kept" """

import os
import sys

import requests

URL = os.environ.get("MILLRACE_URL", "http://127.0.0.1:8080")
TOKEN = os.environ.get("MILLRACE_TOKEN", "")


def search(query: str, k: int = 5, mode: str = "fused", filters: list[str] | None = None) -> dict:
    """The answer: `snapshot` and `hits`, each with the fields of `millrace search --json`."""
    answer = requests.post(
        f"{URL}/v1/search",
        json={"query": query, "k": k, "mode": mode, "filters": filters or []},
        headers={"Authorization": f"Bearer {TOKEN}"} if TOKEN else {},
        timeout=10,
    )
    answer.raise_for_status()
    return answer.json()


if __name__ == "__main__":
    found = search(" ".join(sys.argv[1:]))
    print(f"snapshot {found['snapshot']}")
    for hit in found["hits"]:
        print(f"{hit['score']:.3f}  {hit['uri']}  {hit['title']}")
