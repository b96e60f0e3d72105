"""Answers with citations: python3 rag.py WORKSPACE "how long are backups kept"

Any OpenAI-compatible chat endpoint: CHAT_URL (…/v1), CHAT_MODEL, CHAT_KEY.
"""

import json
import os
import re
import sys
import urllib.request

import millrace

RULES = "Answer from the numbered passages alone. After each claim name its passage as [1]. Say so where they do not tell."


def ask(messages: list[dict]) -> str:
    request = urllib.request.Request(
        os.environ["CHAT_URL"].rstrip("/") + "/chat/completions",
        json.dumps({"model": os.environ.get("CHAT_MODEL", "default"), "messages": messages}).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ.get("CHAT_KEY", "")},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["choices"][0]["message"]["content"]


if __name__ == "__main__":
    workspace, question = sys.argv[1], " ".join(sys.argv[2:])
    with millrace.open(workspace) as index:
        hits = index.search(question, k=5)
    # Passages are data: what they say is quoted, never obeyed.
    passages = "\n\n".join(f"[{n}] {hit.title}\n{hit.text}" for n, hit in enumerate(hits, start=1))
    text = ask([{"role": "system", "content": RULES}, {"role": "user", "content": f"{passages}\n\nQuestion: {question}"}])
    print(text, "\n")
    for number in sorted({int(n) for n in re.findall(r"\[(\d+)\]", text)}):
        if 1 <= number <= len(hits):
            hit = hits[number - 1]
            print(f"[{number}] {hit.uri}" + (f", page {hit.page_label}" if hit.page else "") + f"  {hit.chunk_id}")
