#!/usr/bin/env bash
# Rejects what must not be in the repository: addresses of registries, paths of one machine, secrets.
set -uo pipefail
failed=0

reject() {
  local what=$1 pattern=$2
  shift 2
  git grep -nIE -e "$pattern" -- "$@" ':(exclude).ci/check-tree.sh'
  case $? in
    0) echo "the lines above contain $what" >&2 && failed=1 ;;
    1) ;;
    # A search that failed must not count as a search without results.
    *) echo "the search for $what failed" >&2 && failed=1 ;;
  esac
}

reject 'a download address of a package' '"resolved": *"https?://' '*package-lock.json'
reject 'an address of a registry' '(^|[:_ ])registry *[=:] *["]?https?://|index-url[= ]+https?://' .
reject 'a path of one machine' '(^|[^A-Za-z0-9_.:/-])/(home|root|work|Users)/[a-z]' . ':(exclude)__tests__/stacks/audit.test.ts'
reject 'a private key' '-----BEGIN [A-Z ]*PRIVATE KEY-----' .
reject 'a Google API key' 'AIza[0-9A-Za-z_-]{35}' .
exit "$failed"
