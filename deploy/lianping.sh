#!/usr/bin/env bash
# /usr/local/bin/lianping: the program with the service's settings, as the service's user, in /srv/lianping.
# A setting of the environment goes before that of the file: sudo LIANPING_DATA=/elsewhere lianping ...
set -euo pipefail

SETTINGS=/etc/lianping/lianping.env

[ "$(id -u)" -eq 0 ] || exec sudo "$0" "$@"

# As systemd reads it: the file is no script, and a value may hold spaces.
while IFS= read -r line || [ -n "$line" ]; do
  [[ "$line" =~ ^[[:space:]]*(LIANPING_[A-Z_]+)=(.*)$ ]] || continue
  name="${BASH_REMATCH[1]}" value="${BASH_REMATCH[2]}"
  value="${value%"${value##*[![:space:]]}"}"
  case "$value" in \"*\" | \'*\') value="${value:1:-1}" ;; esac
  [ -n "${!name+set}" ] || export "$name=$value"
done <"$SETTINGS"

umask 0007
cd /srv/lianping
exec setpriv --reuid lianping --regid lianping --init-groups --inh-caps=-all -- /opt/lianping/.venv/bin/lianping "$@"
