#!/usr/bin/env bash
# Runs every argument as a script, all at once: the first shows what it says as it goes, each of the others when all before
# it are done. A command that fails does not keep those after it from running, but the whole ends badly.
set -euo pipefail

run() {
  bash -uo pipefail -c "failed=0; trap 'failed=1' ERR; $1
exit \$failed"
}

folder=$(mktemp --directory)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT

pids=()
for ((n = 2; n <= $#; n++)); do
  run "${!n}" >"$folder/$n" 2>&1 </dev/null &
  pids+=($!)
done

failed=0
run "$1" || failed=1
for ((n = 2; n <= $#; n++)); do
  wait "${pids[n - 2]}" || failed=1
  cat "$folder/$n"
done
exit "$failed"
