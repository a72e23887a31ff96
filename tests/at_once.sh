#!/usr/bin/env bash
# Runs every argument as a command, all at once: the first shows what it says as it goes, each of the others when all
# before it are done. Ends badly if one of them does.
set -euo pipefail

folder=$(mktemp --directory)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT

pids=()
for ((n = 2; n <= $#; n++)); do
  bash -euo pipefail -c "${!n}" >"$folder/$n" 2>&1 </dev/null &
  pids+=($!)
done

failed=0
bash -euo pipefail -c "$1" || failed=1
for ((n = 2; n <= $#; n++)); do
  wait "${pids[n - 2]}" || failed=1
  cat "$folder/$n"
done
exit "$failed"
