#!/usr/bin/env bash
# Installs the toolchains whose language adapters are tested with the real thing: Go, a JDK and JUnit, from Debian.
set -euo pipefail

packages=(golang-go default-jdk-headless junit4 junit5)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
((${#missing[@]})) || exit 0
[[ $EUID -eq 0 ]] || { echo "toolchains: root is needed to install ${missing[*]}" >&2; exit 1; }
apt-get -qq update || echo "toolchains: apt-get update had errors, going on" >&2
DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2
