# What every script here shares: options, messages, exit codes. Sourced, never run; `here` is the folder of the script. POSIX sh.
# No secret is ever an argument of a program: `ps` shows arguments to every user of the machine.
# shellcheck shell=sh

set -eu
umask 077
LC_ALL=C
export LC_ALL

# Exit codes, told apart for scripts; most are those of sysexits(3).
held_back=3        # stopped before anything was changed: it wants a word from you
wrong_use=64       # unknown option
refused=65         # the system refuses the content
not_there=66       # no such address or thing
unreachable=69     # not sent, or the system fails (5xx)
not_written=73     # a file could not be written
unanswered=75      # sent, and no answer came: it may have been done
not_understood=76  # an answer that is not the system's (HTML, a redirect, no JSON)
not_allowed=77     # key or password refused, or lacking a right
unusable=78        # a value is missing or can't be used

script=${0##*/}
dry_run=no
env_file=''
timeout=30

common_help() {
  cat <<'END'
  --env-file FILE   values, one NAME=value a line (chmod 600); the environment wins, NAME_FILE names a file with the value
  --timeout SECONDS how long to wait for an answer (30)
  --dry-run         print the exact request, secrets masked, and change nothing; only reads are carried out
  --help            this text

Exit codes: 0 done, or already so; 3 held back, it wants a word from you; 64 wrong use; 65 content refused; 66 no such
address; 69 not reachable, or failing; 73 file not written; 75 no answer, it may have been done; 76 not the system's
answer; 77 key refused; 78 a value is missing or can't be used.
END
}

say() { printf '%s\n' "$*"; }
note() { printf '%s: %s\n' "$script" "$*" >&2; }
fail() { code=$1; shift; note "$*"; exit "$code"; }

# Stops unless this is a dry run, which goes on to show the request.
hold_back() {
  [ "$dry_run" = yes ] || fail "$held_back" "$*"
  note "would stop here: $*"
}

# One option all scripts know; `taken` is how many words it was.
common_option() {
  taken=1
  case $1 in
    --help | -h) usage; common_help; exit 0 ;;
    --dry-run) dry_run=yes; return 0 ;;
    --env-file | --timeout) taken=2; need_word "$@" ;;
    *) fail "$wrong_use" "unknown option or argument '$1'. Try $script --help." ;;
  esac
  [ "$1" = --timeout ] || { env_file=$2; return 0; }
  case $2 in '' | *[!0-9]*) fail "$wrong_use" "--timeout takes whole seconds, not '$2'." ;; esac
  timeout=$2
}

need_word() {
  [ $# -ge 2 ] || fail "$wrong_use" "$1 needs a value after it. Try $script --help."
}

. "$here/settings.sh"
. "$here/json.sh"
. "$here/http.sh"
