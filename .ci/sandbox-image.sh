#!/usr/bin/env bash
# Builds the image of the sandbox tests (Debian, python3, pytest) from Debian packages when it is missing.
# Needs root, debootstrap and a running engine. No registry is used.
# Usage: sandbox-image.sh [IMAGE] [SUITE]
set -euo pipefail

image=${1:-copatcher-sandbox:test}
suite=${2:-bookworm}
docker image inspect "$image" >/dev/null 2>&1 && exit 0
[[ $EUID -eq 0 ]] || { echo "sandbox-image: root is needed to build $image" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "sandbox-image: debootstrap is missing, run docker-up.sh first" >&2; exit 1; }

root=$(mktemp -d /var/tmp/copatcher-image.XXXXXX)
trap 'rm -rf --one-file-system "$root"' EXIT
# the mirror this host already uses
mirror=$(grep -rhoE '^(URIs: |deb (\[[^]]*\] )?)https?://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
  grep -oE 'https?://[^ ]+' | head -n 1 || true)
debootstrap --variant=minbase --include=python3,python3-pytest "$suite" "$root" "${mirror:-http://deb.debian.org/debian}" >&2
rm -rf "$root"/var/cache/apt "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
tar -C "$root" --numeric-owner --exclude=./proc/* --exclude=./sys/* --exclude=./dev/* -c . |
  docker import --change 'CMD ["sh"]' - "$image" >&2
docker run --rm --network none "$image" python3 -m pytest --version >&2
