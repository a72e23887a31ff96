#!/usr/bin/env bash
# Makes a Debian-like machine ready for development, one step an argument; `make setup` runs them all.
#
#   deploy/setup.sh debian    the packages in deploy/debian-packages.txt
#   deploy/setup.sh python    .venv with what requirements-dev.lock names, and this project in it
#   deploy/setup.sh client    client_web/node_modules with what client_web/package-lock.json names
#   deploy/setup.sh hot_path  signaling/hot_path/hot_path.so, compiled from the C beside it
#
# PYTHON names the interpreter that .venv is made from: python3 unless told.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PYTHON="${PYTHON:-python3}"

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Runs a talkative command; only if it fails does one see what it said.
quietly() {
  local said
  said="$("$@" 2>&1)" || fail "$said" "failed: $*"
}

# Installs Debian packages as root; anyone else is told how.
install_packages() {
  if [ "$(id -u)" -ne 0 ]; then
    fail "缺少系统软件包,请先运行下面的命令,再运行 make setup。 Debian packages are missing; run this, then make setup again:" \
      "  sudo apt-get install --no-install-recommends $*"
  fi
  echo "debian: installing $*"
  export DEBIAN_FRONTEND=noninteractive
  quietly apt-get -o Acquire::Retries=3 update
  quietly apt-get -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@"
}

debian() {
  local package missing=()
  if ! command -v dpkg-query >/dev/null; then
    echo "debian: not a Debian system; see deploy/debian-packages.txt for what the tests need"
    return
  fi
  while read -r package; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      missing+=("$package")
    fi
  done < <(sed 's/[[:space:]]*#.*//; /^$/d' deploy/debian-packages.txt)
  if [ "${#missing[@]}" -gt 0 ]; then
    install_packages "${missing[@]}"
  fi
}

python() {
  command -v "$PYTHON" >/dev/null ||
    fail "找不到 $PYTHON,需要 Python 3.11 或更高版本。 $PYTHON was not found; Python 3.11 or newer is needed."
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "需要 Python 3.11 或更高版本,现在是 $("$PYTHON" -V)。 Python 3.11 or newer is needed, this is $("$PYTHON" -V)."
  if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
    install_packages python3-venv
  fi
  echo "python: $("$PYTHON" -V) and requirements-dev.lock into .venv"
  if ! .venv/bin/python -c '' 2>/dev/null; then
    "$PYTHON" -m venv --clear .venv
  fi
  local install=(.venv/bin/python -m pip install --quiet --disable-pip-version-check)
  "${install[@]}" --require-hashes -r requirements-dev.lock
  "${install[@]}" --no-deps --no-build-isolation -e .
}

client() {
  local tool
  for tool in node npm; do
    command -v "$tool" >/dev/null ||
      fail "找不到 $tool,需要 Node.js 20.19 或更高版本。 $tool was not found; Node.js 20.19 or newer is needed."
  done
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "需要 Node.js 20.19 或更高版本,现在是 $(node -v)。 Node.js 20.19 or newer is needed, this is $(node -v)."
  echo "client: Node.js $(node -v) and package-lock.json into client_web/node_modules"
  (cd client_web && npm ci --loglevel=error >/dev/null)
}

hot_path() {
  if ! echo '#include <sys/socket.h>' | cc -E -x c - >/dev/null 2>&1; then
    install_packages gcc libc6-dev
  fi
  echo "hot_path: $(cc --version | head -n 1)"
  (cd signaling/hot_path && cc -std=c11 -O2 -Wall -Wextra -Werror -shared -fPIC -o hot_path.so ./*.c)
}

case "${1:-}" in
  debian | python | client | hot_path) "$1" ;;
  *) fail "deploy/setup.sh debian | python | client | hot_path" ;;
esac
