#!/usr/bin/env python3
"""The requests of Qdrant's and OpenSearch's interfaces that an export makes, answered from memory.

usage: export-servers.py LOG

Prints its port. Every request is a line of LOG: method, path, number of rows. As the real ones do, it refuses vectors of
other sizes, ids that are none, and fields that the mapping does not name; rows are found after a refresh alone; and one
request in five is refused as busy before it is looked at.
"""
import json
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

collections, indexes, lock = {}, {}, Lock()
log = open(sys.argv[1], "a", buffering=1)
busy = {"count": 0}


class Refused(Exception):
    def __init__(self, status, reason):
        self.status, self.reason = status, reason


def need(condition, reason, status=400):
    if not condition:
        raise Refused(status, reason)


def point_id(value):
    if isinstance(value, int) and value >= 0:
        return value
    try:
        return str(uuid.UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise Refused(400, "no id of a point") from None


def order(value):
    return (1, value) if isinstance(value, str) else (0, "%020d" % value)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            with lock:
                busy["count"] += 1
                if busy["count"] % 5 == 0:
                    raise Refused(429, "busy")
                rows, answer = self.answer(body)
            log.write(f"{self.command} {self.path} {rows}\n")
            status, answer = 200, answer
            if rows:
                time.sleep(0.2)
        except Refused as refused:
            status, answer = refused.status, {"error": refused.reason}
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_DELETE = handle_any

    def answer(self, body):
        path = self.path.split("?")[0]
        if path.startswith("/collections/"):
            need(self.headers.get("api-key") == "qdrant-key", "no key", 403)
            return self.qdrant(path.split("/")[2:], json.loads(body) if body else {})
        need(self.headers.get("authorization") == "ApiKey search-key", "no key", 401)
        return self.opensearch(path.strip("/").split("/"), body)

    # Qdrant

    def qdrant(self, parts, body):
        name, rest = parts[0], "/".join(parts[1:])
        if not rest:
            return 0, self.collection(name, body)
        need(name in collections, "no such collection", 404)
        size, points = collections[name]
        if (self.command, rest) == ("PUT", "points"):
            for point in body["points"]:
                need(len(point["vector"]) == size, "a vector of another size")
                need(all(isinstance(x, (int, float)) for x in point["vector"]), "no number")
                points[point_id(point["id"])] = point["payload"]
            return len(body["points"]), {"result": {"status": "completed"}, "status": "ok"}
        if (self.command, rest) == ("POST", "points/delete"):
            for point in body["points"]:
                points.pop(point_id(point), None)
            return len(body["points"]), {"result": {"status": "completed"}, "status": "ok"}
        if (self.command, rest) == ("POST", "points/count"):
            return 0, {"result": {"count": len(points)}, "status": "ok"}
        if (self.command, rest) == ("POST", "points/scroll"):
            ids = sorted(points, key=order)
            if body.get("offset") is not None:
                ids = [i for i in ids if order(i) >= order(point_id(body["offset"]))]
            # A server may give less than was asked for.
            limit = min(body["limit"], 300)
            page = [{"id": i, "payload": {k: points[i][k] for k in body["with_payload"] if k in points[i]}} for i in ids[:limit]]
            return 0, {"result": {"points": page, "next_page_offset": ids[limit] if len(ids) > limit else None}, "status": "ok"}
        if self.command == "GET" and rest == "points/1":
            need(1 in points, "no such point", 404)
            return 0, {"result": {"id": 1, "payload": points[1]}, "status": "ok"}
        raise Refused(404, "no such path")

    def collection(self, name, body):
        if self.command == "PUT":
            need(name not in collections, "is there", 409)
            collections[name] = (body["vectors"]["size"], {})
            need(body["vectors"]["distance"] in ("Dot", "Cosine", "Euclid"), "no such distance")
            return {"result": True, "status": "ok"}
        need(name in collections, "no such collection", 404)
        if self.command == "DELETE":
            del collections[name]
            return {"result": True, "status": "ok"}
        size = collections[name][0]
        return {"result": {"config": {"params": {"vectors": {"size": size, "distance": "Dot"}}}}, "status": "ok"}

    # OpenSearch

    def opensearch(self, parts, body):
        if parts == [""]:
            return 0, {"version": {"distribution": "opensearch", "number": "2.19.0"}}
        name, verb = parts[0], parts[1] if len(parts) > 1 else ""
        if self.command == "PUT" and not verb:
            need(name not in indexes, "is there", 400)
            indexes[name] = {"mappings": json.loads(body)["mappings"], "rows": {}, "found": {}}
            return 0, {"acknowledged": True}
        need(name in indexes, "no such index", 404)
        index = indexes[name]
        if self.command == "DELETE":
            del indexes[name]
            return 0, {"acknowledged": True}
        if verb == "_mapping" and self.command == "GET":
            return 0, {name: {"mappings": index["mappings"]}}
        if verb == "_mapping":
            index["mappings"]["_meta"] = json.loads(body)["_meta"]
            return 0, {"acknowledged": True}
        if verb == "_refresh":
            index["found"] = dict(index["rows"])
            return 0, {}
        if verb == "_count":
            return 0, {"count": len(index["found"])}
        if verb == "_search":
            return 0, self.search(index, json.loads(body))
        need(verb == "_bulk", "no such path", 404)
        need(self.headers.get("content-type") == "application/x-ndjson", "not NDJSON", 406)
        return self.bulk(index, body)

    def search(self, index, body):
        rows = sorted(index["found"].items(), key=lambda row: row[0].encode())
        if "search_after" in body:
            rows = [row for row in rows if row[0] > body["search_after"][0]]
        hits = [{"_id": i, "_source": {"digest": r["digest"]}, "sort": [i]} for i, r in rows[: body["size"]]]
        return {"hits": {"hits": hits}}

    def bulk(self, index, body):
        need(body.endswith(b"\n"), "no line end")
        lines, items, at = body.split(b"\n")[:-1], [], 0
        fields = index["mappings"]["properties"]
        while at < len(lines):
            (action, head), = json.loads(lines[at]).items()
            row_id, at = head["_id"], at + 1
            if action == "delete":
                items.append({"delete": {"status": 200 if index["rows"].pop(row_id, None) else 404}})
                continue
            row, at = json.loads(lines[at]), at + 1
            size = fields.get("embedding", {}).get("dimension")
            if set(row) - set(fields) or ("embedding" in row and len(row["embedding"]) != size):
                items.append({"index": {"status": 400, "error": {"type": "strict_dynamic_mapping_exception"}}})
            elif len(items) % 97 == 96 and busy["count"] % 2:
                items.append({"index": {"status": 429, "error": {"type": "rejected_execution_exception"}}})
            else:
                index["rows"][row_id] = row
                items.append({"index": {"status": 201}})
        return len(items), {"errors": any(list(i.values())[0]["status"] >= 300 for i in items), "items": items}


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
