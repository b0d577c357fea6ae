#!/bin/sh
# Debian's llama-server in a folder of its own; nothing on the system changes. The suite that has it needs a newer libc
# than stable, so it is unpacked, not installed, and run by its own loader.
#   llama-server.sh fetch DIR            download and unpack, about 12 MB
#   llama-server.sh run DIR MODEL PORT   serve MODEL on loopback with API key "k", in the foreground
set -eu
dir=$2
root=$dir/root
lib=$root/usr/lib/x86_64-linux-gnu
case $1 in
fetch)
  mkdir -p "$dir/lists/partial" "$dir/archives/partial" "$dir/parts" "$dir/debs" "$root"
  : >"$dir/status"
  uri=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources)
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  printf 'Types: deb\nURIs: %s\nSuites: forky\nComponents: main\nSigned-By: %s\n' "$uri" "$keyring" >"$dir/parts/forky.sources"
  set -- -qq -oDir::Etc::sourcelist=/dev/null "-oDir::Etc::sourceparts=$dir/parts" "-oDir::State::Lists=$dir/lists" \
    "-oDir::Cache::archives=$dir/archives" "-oDir::State::status=$dir/status" -oAPT::Sandbox::User=root
  apt-get "$@" update
  cd "$dir/debs"
  apt-get "$@" download libc6 libgcc-s1 libstdc++6 libgomp1 libggml0 libllama0 llama.cpp-tools libssl3t64 zlib1g libzstd1
  for deb in *.deb; do dpkg -x "$deb" "$root"; done
  : >"$dir/complete"
  ;;
run)
  # One thread: several would wait for each other actively, which a busy machine makes a hundred times slower.
  GGML_BACKEND_PATH=$(find "$lib/ggml" -name libggml-cpu-x64.so | head -n 1)
  export GGML_BACKEND_PATH
  exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib:$lib/llama" "$root/usr/bin/llama-server" -m "$3" \
    --host 127.0.0.1 --port "$4" -c 4096 --parallel 4 -t 1 -tb 1 --metrics --slots --api-key k
  ;;
esac
