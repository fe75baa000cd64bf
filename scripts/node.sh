#!/bin/sh
# Run Node's tools: the machine's own when they are version 20 or newer, else those in .venv.
#   scripts/node.sh have           is there a usable Node on this machine?
#   scripts/node.sh npm ci         run something with it
major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
if [ -n "$major" ] && [ "$major" -ge 20 ] && command -v npm >/dev/null 2>&1; then
  [ "$1" = have ] && exit 0
  exec "$@"
fi
[ "$1" = have ] && exit 1
PATH="$(pwd)/.venv/bin:$PATH" exec "$@"
