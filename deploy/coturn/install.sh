#!/usr/bin/env bash
# Configures the relay (TURN) for this Lianping server; run it as root on the server itself, after the first start.
#
#   deploy/coturn/install.sh NAME ADDRESS [IPV6-ADDRESS]
#
# NAME is what seats call this server (in its certificate), ADDRESS this machine's own IPv4 address that seats reach, and
# IPV6-ADDRESS its own IPv6 address, where there are seats that reach it under that alone. Run it again after the
# certificate was renewed, or NAME, ADDRESS or LIANPING_MEDIA_ADDRESSES changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

SETTINGS="${SETTINGS:-/etc/lianping/lianping.env}"

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

[ "$#" -ge 2 ] || fail "deploy/coturn/install.sh NAME ADDRESS [IPV6-ADDRESS]"
[ "$(id -u)" -eq 0 ] || fail "请用 root 运行。 Run this as root."
command -v turnserver >/dev/null || fail "请先安装 coturn。 Install it first: apt-get install --no-install-recommends coturn"
[ -r "$SETTINGS" ] || fail "找不到 $SETTINGS,请先运行 deploy/install.sh。 There is no $SETTINGS: run deploy/install.sh first."

# A value of the settings as systemd reads it: the file is no script.
setting() { sed -n "s/^[[:space:]]*$1=//p" "$SETTINGS" | tail -n 1 | sed "s/[[:space:]]*\$//; s/^[\"']\(.*\)[\"']\$/\1/"; }

NAME="$1" ADDRESS="$2"
LISTEN="$ADDRESS${3:+\\nlistening-ip=$3}"
# What seats are told of the media port is what the relay may reach.
MEDIA="$(setting LIANPING_MEDIA_ADDRESSES | tr -d '[:space:]' | sed 's/,/\\nallowed-peer-ip=/g')"
MEDIA="${MEDIA:-$ADDRESS}"

DATA="$(setting LIANPING_DATA)"
CHAIN="$(setting LIANPING_TLS_CHAIN)" KEY="$(setting LIANPING_TLS_KEY)"
CHAIN="${CHAIN:-$DATA/tls/server.pem}" KEY="${KEY:-$DATA/tls/server.key}"
[[ -r "$CHAIN" && -r "$KEY" ]] ||
  fail "找不到证书 $CHAIN,请先启动一次 lianping。 There is no certificate $CHAIN: start lianping once."

SECRET="$(setting LIANPING_TURN_SECRET)"
if [ -z "$SECRET" ]; then
  SECRET="$(openssl rand -hex 32)"
  printf '\nLIANPING_TURN_SECRET=%s\n' "$SECRET" >>"$SETTINGS"
fi
# Another name than before goes out to the seats; addresses that somebody added beside it stay.
if [[ "$(setting LIANPING_TURN_URLS)" != *":$NAME:"* ]]; then
  URLS="turn:$NAME:3478?transport=udp,turn:$NAME:3478?transport=tcp,turns:$NAME:443?transport=tcp"
  sed -i '/^[[:space:]]*LIANPING_TURN_URLS=/d' "$SETTINGS"
  printf '\nLIANPING_TURN_URLS=%s\n' "$URLS" >>"$SETTINGS"
fi

install -d -m 0750 -g turnserver /etc/coturn
install -m 0640 -g turnserver "$CHAIN" /etc/coturn/chain.pem
install -m 0640 -g turnserver "$KEY" /etc/coturn/key.pem
install -m 0640 -g turnserver /dev/null /etc/turnserver.conf
sed -e "s|@SECRET@|$SECRET|" -e "s|@NAME@|$NAME|" -e "s|@LISTEN@|$LISTEN|" -e "s|@ADDRESS@|$ADDRESS|" -e "s|@MEDIA@|$MEDIA|" \
  turnserver.conf >/etc/turnserver.conf
install -D -m 0644 ../systemd/coturn.conf /etc/systemd/system/coturn.service.d/lianping.conf
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable --quiet coturn
  systemctl restart coturn lianping
fi
echo "完成:lianping doctor 会检查每个中继地址。 Done: lianping doctor tries every address of the relay."
