#!/usr/bin/env bash
# Makes a PostgreSQL of the tests' own answer on this machine and prints its address; does nothing more when it already does.
# Needs Debian (or a relative with apt) and root when something has to be installed or started.
set -euo pipefail

home=/var/lib/copatcher-test-postgres
port=54329
role=copatcher_test
fail() { echo "postgres-up: $*" >&2; exit 1; }

answers() { [[ -r $home/url ]] && timeout 10 "$(bin)/psql" -XAtq "$(<"$home/url")" -c 'select 1' >/dev/null 2>&1; }
bin() { find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -n 1; }
# Its server refuses to run as root.
as_postgres() { (cd / && setpriv --reuid postgres --regid postgres --clear-groups "$@"); }

if answers; then cat "$home/url"; exit 0; fi
[[ $EUID -eq 0 ]] || fail "no server answers on port $port, and installing or starting one needs root"

if [[ ! -x $(bin)/initdb ]]; then
  command -v apt-get >/dev/null || fail "apt-get is missing here; install PostgreSQL 14 or newer by hand"
  apt-get -qq update || echo "postgres-up: apt-get update had errors, going on" >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql openssl >&2 ||
    fail "apt-get could not install postgresql"
fi

data=$home/data
if [[ ! -f $home/url ]]; then
  # Whatever lies there was cut off half-way.
  rm -rf "$home"
  install -d -o postgres -g postgres -m 755 "$home"
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  as_postgres "$(bin)/initdb" -D "$data" --auth-local=peer --auth-host=scram-sha-256 -E UTF8 --locale=C.UTF-8 >&2
  as_postgres openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=localhost \
    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout "$data/server.key" -out "$data/server.crt" 2>/dev/null
  cat >>"$data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$home'
ssl = on
log_destination = 'stderr'
CONF
  # A role for the tests of encrypted connections; everybody else may come either way.
  sed -i "1i hostnossl all ${role}_tls 127.0.0.1/32 reject" "$data/pg_hba.conf"
fi

as_postgres "$(bin)/pg_ctl" -D "$data" -l "$data/log" -w -t 60 start >&2 || { tail -n 20 "$data/log" >&2; fail "the server does not start"; }

if [[ ! -f $home/url ]]; then
  for name in "$role" "${role}_tls"; do
    as_postgres "$(bin)/psql" -XAtq -h "$home" -p "$port" -d postgres -v ON_ERROR_STOP=1 \
      -c "create role $name login createdb createrole password '$password'" >&2
  done
  (umask 077 && echo "postgres://$role:$password@127.0.0.1:$port/postgres" >"$home/url.new")
  mv "$home/url.new" "$home/url"
fi
answers || fail "the server on port $port does not answer; its log is $data/log"
cat "$home/url"
