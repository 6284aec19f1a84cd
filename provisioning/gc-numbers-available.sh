#!/bin/sh
# Toll-free numbers that can be ordered from Genesys Cloud.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/genesys-cloud.sh"

usage() {
  cat <<'END'
gc-numbers-available.sh [--results N] [--vanity LETTERS] [options]
Lists toll-free numbers that can be ordered, a line each. Choose one as tfn.

Values: gcAPIURL, access_token (gc-token.sh gets it)
  --results N       how many, at most 100 (10)
  --vanity LETTERS  numbers that spell this, 4 to 7 letters or digits
END
}

query=''
while [ $# -gt 0 ]; do
  case $1 in
    --results)
      need_word "$@"
      case $2 in [1-9] | [1-9][0-9] | 100) ;; *) fail "$wrong_use" "--results is 1 to 100, not '$2'." ;; esac
      query="$query${query:+&}numberOfResults=$2"
      shift 2
      ;;
    --vanity)
      need_word "$@"
      case $2 in *[!A-Za-z0-9]* | '' | ? | ?? | ??? | ????????*) fail "$wrong_use" "--vanity takes 4 to 7 letters or digits." ;; esac
      query="$query${query:+&}vanity=$2"
      shift 2
      ;;
    *) common_option "$@"; shift "$taken" ;;
  esac
done
load_settings
require gcAPIURL access_token

read_cloud "$numbers_path/available${query:+?$query}"
printf '%s\n' "$flat" | awk -F '\t' '$1 ~ /^\/entities\/[0-9]+$/ { print $3 }'
