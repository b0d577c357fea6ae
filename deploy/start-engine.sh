#!/bin/bash
# Starts one vLLM engine with what all of them have in common; docs/inference.md explains every flag.
# Usage: [START_AFTER=URL] [PORT=8000] start-engine.sh MODEL_FOLDER FLAG...
set -euo pipefail

model=$1
shift

if [[ ! -f $model/config.json ]]; then
  echo "$model holds no model; docs/inference.md, \"Fetch the models\", says how to fill it" >&2
  sleep 30 # the restart policy would otherwise fill the log
  exit 1
fi

healthy() {
  python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)' "$1" 2>/dev/null
}

# Engines that start at the same time on one GPU take each other's loading for their own memory (vllm#55827). Compose
# keeps the order at "up" only; after a reboot its restart policy starts all of them at once.
if [[ -n ${START_AFTER:-} ]]; then
  echo "waiting for $START_AFTER"
  until healthy "$START_AFTER"; do sleep 5; done
fi

exec vllm serve "$model" \
  --host=0.0.0.0 \
  --port="${PORT:-8000}" \
  --tensor-parallel-size=1 \
  --enable-prefix-caching \
  --generation-config=vllm \
  --scheduling-policy=priority \
  --enable-prompt-tokens-details \
  --max-num-queued-reqs=256 \
  --stream-interval=8 \
  --disable-fastapi-docs \
  "$@"
