#!/usr/bin/env bash
# What must never be in the repository: addresses of registries, paths of one machine, secrets.
set -uo pipefail
failed=0

refuse() {
  local what=$1 pattern=$2
  shift 2
  git grep -nIE -e "$pattern" -- "$@" ':(exclude).ci/check-tree.sh'
  case $? in
    0) echo "the lines above hold $what" >&2 && failed=1 ;;
    1) ;;
    # A search that did not run has found nothing, which is no good news.
    *) echo "the search for $what did not run" >&2 && failed=1 ;;
  esac
}

refuse 'a download address of a package' '"resolved": *"https?://' '*package-lock.json'
refuse 'an address of a registry' '(^|[:_ ])registry *[=:] *["]?https?://|index-url[= ]+https?://' .
refuse 'a path of one machine' '(^|[^A-Za-z0-9_.:/-])/(home|root|work|Users)/[a-z]' . ':(exclude)__tests__/stacks/audit.test.ts'
refuse 'a private key' '-----BEGIN [A-Z ]*PRIVATE KEY-----' .
refuse 'a Google API key' 'AIza[0-9A-Za-z_-]{35}' .
exit "$failed"
