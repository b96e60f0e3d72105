#!/usr/bin/env python3
"""A source for `type: command`: the text files below a folder, with the time of their change as version.

    sources:
      notes: { type: command, command: [Samples/list-and-read.py, NOTES_FOLDER] }
"""
import json, pathlib, sys

root, task = pathlib.Path(sys.argv[1]), sys.argv[2]


def say(**line):
    print(json.dumps(line), flush=True)


if task == "list":
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        status = path.stat()
        say(id=path.relative_to(root).as_posix(), version=str(status.st_mtime_ns), size=status.st_size)
elif task == "read":
    for line in sys.stdin:
        asked = json.loads(line)["id"]
        path = (root / asked).resolve()
        if root.resolve() not in path.parents:
            say(id=asked, error="forbidden", message="it is outside the folder")
        elif not path.is_file():
            say(id=asked, error="gone", message="there is no such file any more")
        else:
            say(id=asked, text=path.read_text(encoding="utf-8", errors="replace"))
