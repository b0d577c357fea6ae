#!/usr/bin/env bash
# Makes a Docker engine answer on this machine; does nothing when one already does.
# Needs Debian (or a relative with apt) and root when the engine has to be installed or started.
set -euo pipefail

log=${COPATCHER_DOCKERD_LOG:-/tmp/copatcher-dockerd.log}
packages=(docker.io runc containerd iptables debootstrap bubblewrap)
fail() { echo "docker-up: $*" >&2; exit 1; }
answers() { timeout 10 docker version >/dev/null 2>&1; }
installed() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

missing=()
for package in "${packages[@]}"; do
  # an engine that already answers may come from elsewhere (docker-ce); only the other tools are added then
  if answers && [[ $package =~ ^(docker.io|runc|containerd|iptables)$ ]]; then continue; fi
  installed "$package" || missing+=("$package")
done

if ((${#missing[@]})); then
  command -v apt-get >/dev/null || fail "apt-get is missing here; install ${missing[*]} by hand and start dockerd"
  [[ $EUID -eq 0 ]] || fail "root is needed to install ${missing[*]}"
  apt-get -qq update || echo "docker-up: apt-get update had errors, going on" >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2 ||
    fail "apt-get could not install ${missing[*]}"
fi

answers && exit 0
[[ $EUID -eq 0 ]] || fail "no engine answers, and starting dockerd needs root"
setsid nohup dockerd >"$log" 2>&1 </dev/null &
for _ in $(seq 60); do
  if answers; then exit 0; fi
  sleep 1
done
tail -n 20 "$log" >&2
fail "dockerd did not answer within 60 s; the end of $log is above"
