#!/usr/bin/env bash
# Installs the server on this machine as the service `lianping`; run it as root, after `make build`. Run it again to
# install a newer version: settings and data stay as they are.
#
#   /opt/lianping            the program
#   /etc/lianping            its settings, lianping.env
#   /var/lib/lianping/data   rooms, keys, files, recordings
#   /var/backups/lianping    the records as they were every night; the keys apart, in lianping-keys
#   /srv/lianping            what goes in and out by hand: tender files, entry slips, packages
set -euo pipefail
umask 022
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PYTHON="${PYTHON:-python3}"
PROGRAM=/opt/lianping
SETTINGS=/etc/lianping/lianping.env

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

[ "$(id -u)" -eq 0 ] || fail "请用 root 运行。 Run this as root: sudo deploy/install.sh"
[ -f client_web/dist/index.html ] ||
  fail "还没有生成网页,请先运行 make build。 The page is not built yet: run make build first."
"$PYTHON" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' ||
  fail "需要 Python 3.11 或更高版本和 python3-venv。 Python 3.11 or newer and python3-venv are needed."
compgen -G "server/reports/fonts/*.ttf" >/dev/null ||
  fail "还没有字体,请先运行 make build。 The fonts are not there yet: run make build first."

[ -f signaling/hot_path/hot_path.so ] ||
  fail "还没有编译转发程序,请先运行 make build。 The fan-out is not compiled yet: run make build first."

getent passwd lianping >/dev/null ||
  useradd --system --home-dir /var/lib/lianping --no-create-home --shell /usr/sbin/nologin lianping

# First what may fail without a network: until it is there, an older program stays whole.
echo "python: requirements.lock into $PROGRAM/.venv"
install -d -m 0755 "$PROGRAM" "$PROGRAM/client_web"
"$PYTHON" -m venv "$PROGRAM/.venv"
"$PROGRAM/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock

echo "program: $PROGRAM"
rm -rf "$PROGRAM"/{server,signaling,deploy} "$PROGRAM/client_web/dist"
cp -a server signaling deploy README.md README.zh-CN.md CHANGELOG.md LICENSE requirements.lock "$PROGRAM"
cp -a client_web/dist "$PROGRAM/client_web"
chown -R root:root "$PROGRAM"
chmod -R u=rwX,go=rX "$PROGRAM"
"$PROGRAM/.venv/bin/python" -m compileall -q "$PROGRAM/server" "$PROGRAM/signaling"
echo "$PROGRAM" >"$("$PROGRAM/.venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/lianping.pth"
cat >"$PROGRAM/.venv/bin/lianping" <<EOF
#!$PROGRAM/.venv/bin/python
from server.cli.main import main

main()
EOF
chmod 0755 "$PROGRAM/.venv/bin/lianping"

install -m 0755 deploy/lianping.sh /usr/local/bin/lianping

echo "settings: $SETTINGS"
install -d -m 0750 -g lianping /etc/lianping
[ -e "$SETTINGS" ] || install -m 0640 -g lianping deploy/lianping.env "$SETTINGS"
install -d -m 2770 -o lianping -g lianping /srv/lianping
install -d -m 0700 -o lianping -g lianping /var/lib/lianping /var/backups/lianping /var/backups/lianping-keys

echo "service: lianping, lianping-backup.timer"
install -m 0644 deploy/systemd/lianping.service deploy/systemd/lianping-backup.service \
  deploy/systemd/lianping-backup.timer /etc/systemd/system
install -D -m 0644 deploy/sysctl.conf /etc/sysctl.d/60-lianping.conf
if [ -d /run/systemd/system ]; then
  /usr/lib/systemd/systemd-sysctl 60-lianping.conf
  systemctl daemon-reload
  systemctl enable --quiet lianping.service lianping-backup.timer
fi
echo "完成。接下来:编辑 $SETTINGS,再运行 systemctl start lianping lianping-backup.timer"
echo "Done. Next: edit $SETTINGS, then run systemctl start lianping lianping-backup.timer"
