#!/bin/bash
# Two engines on one GPU in one container, for Kubernetes, where a GPU belongs to one container. The second starts when
# the first is healthy; when either ends, so does the other, and the container is started anew.
# Usage: two-engines.sh MODEL_FOLDER FLAG... -- MODEL_FOLDER FLAG...     (ports 8000 and 8001)
set -euo pipefail

first=()
while [[ $1 != -- ]]; do
  first+=("$1")
  shift
done
shift

trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
trap 'exit 143' TERM INT

PORT=8000 bash "$(dirname "$0")/start-engine.sh" "${first[@]}" &
PORT=8001 START_AFTER=http://127.0.0.1:8000/health bash "$(dirname "$0")/start-engine.sh" "$@" &
wait -n
