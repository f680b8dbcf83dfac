#!/bin/sh
# Makes the image that container.sh runs the daemon in, from Debian packages and without a registry. Any user who may use
# Docker can run it; nothing is installed here. `base.sh [NAME]` prints the image's name, by default trainyard-base.
# Only for Debian or Ubuntu; elsewhere any image with glibc, a shell and coreutils will do (debian:bookworm-slim).
set -eu

name=${1:-trainyard-base}
# What Node links, what the facts of the machine are read with (sh, df, lscpu, ip), and what the trainer's image is made
# with (ldd, a bash script).
packages='libc6 libc-bin libstdc++6 bash dash coreutils util-linux iproute2 grep sed mawk'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/archives/partial" "$work/root"
: > "$work/status"
# Against an empty list of installed packages: all that they need comes too.
# shellcheck disable=SC2086
apt-get -q -o Dir::State::status="$work/status" -o Dir::Cache::archives="$work/archives" \
    -o APT::Get::Download-Only=true -o APT::Sandbox::User= -o Debug::NoLocking=1 \
    install --yes --no-install-recommends $packages > "$work/apt.log" || { cat "$work/apt.log" >&2; exit 1; }

for folder in bin sbin lib lib64; do
    mkdir -p "$work/root/usr/$folder"
    ln -s "usr/$folder" "$work/root/$folder"
done
for package in "$work"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work/root" --keep-directory-symlink --no-same-owner
done
mkdir -p "$work/root/tmp" "$work/root/proc" "$work/root/sys" "$work/root/dev" "$work/root/run" "$work/root/etc"
ln -sf dash "$work/root/usr/bin/sh"
echo 'hosts: files dns' > "$work/root/etc/nsswitch.conf"
tar -C "$work/root" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -c . | docker import - "$name" > /dev/null
echo "$name"
