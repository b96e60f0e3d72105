#!/usr/bin/env bash
# Asks a Millrace server: MILLRACE_TOKEN=… ./search.sh "how long are backups kept" [K]
set -euo pipefail
url=${MILLRACE_URL:-http://127.0.0.1:8080}
query=${1:?usage: search.sh QUERY [K]}

# The query goes in as JSON, made by a program that knows how to quote it.
body=$(python3 -c 'import json, sys; print(json.dumps({"query": sys.argv[1], "k": int(sys.argv[2]), "mode": "fused"}))' "$query" "${2:-5}")

# The token stands in a file that curl reads, so that no list of processes shows it.
answer=$(curl --silent --show-error --fail-with-body --max-time 10 \
    --config <(printf 'header = "Authorization: Bearer %s"\n' "${MILLRACE_TOKEN:-}") \
    --header 'Content-Type: application/json' --data "$body" "$url/v1/search")
python3 -c '
import json, sys
for hit in json.load(sys.stdin)["hits"]:
    print("%.3f  %s  %s" % (hit["score"], hit["uri"], hit["title"]))
' <<<"$answer"
