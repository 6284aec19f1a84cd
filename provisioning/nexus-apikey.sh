#!/bin/sh
# An API key of Digital Channels.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/lib.sh"

usage() {
  cat <<'END'
nexus-apikey.sh [--kind cluster|tenant] [--name NAME] [--another] [options]
Creates an API key of Digital Channels and saves it as apikey in the env file.

Values: nexusURL (or baseURL), gwsToken (gws-token.sh gets it); for a tenant's key also ccid
  --kind KIND       cluster, the default: for provisioning and for Genesys Cloud; tenant: for one tenant's consumers
  --name NAME       what it is called (Portico Cluster API Key)
  --another         create it although there is one
END
}

kind=cluster
key_name=''
another=no
while [ $# -gt 0 ]; do
  case $1 in
    --kind) need_word "$@"; kind=$2; shift 2 ;;
    --name) need_word "$@"; key_name=$2; shift 2 ;;
    --another) another=yes; shift ;;
    *) common_option "$@"; shift "$taken" ;;
  esac
done
load_settings
[ -n "$env_file" ] || [ "$dry_run" = yes ] || fail "$wrong_use" "say where the key goes: --env-file FILE saves it there."
require nexusURL gwsToken
case $kind in
  cluster) tenant='*' permission='nexus:cluster:*' ;;
  tenant) require ccid; tenant=$ccid permission='nexus:consumer:*' ;;
  *) fail "$wrong_use" "--kind is cluster or tenant, not '$kind'." ;;
esac
: "${key_name:=Portico Cluster API Key}"
system='Digital Channels' address=nexusURL credential='the token in gwsToken'

no_answer() {
  fail "$unanswered" "$system gave no answer: the key may have been created. Look in Provisioning > API Keys before you run this again."
}

# Whether the system lists a key of this name; a list is not public, so that none is no answer.
is_listed() {
  begin GET "$nexusURL/nexus/v3/apikeys"
  bearer "$gwsToken"
  perform
  case $curl_code/$status in 0/2??) flatten || return 1 ;; *) return 1 ;; esac
  printf '%s\n' "$flat" | name=$key_name awk -F '\t' '$1 ~ /\/name$/ && $3 == ENVIRON["name"] { found = 1 } END { exit !found }'
}

if [ "$another" = no ] && [ "$dry_run" = no ]; then
  if [ -n "$apikey" ]; then
    say 'apikey: there is one already.'
    exit 0
  fi
  if is_listed; then
    fail "$held_back" "there is a key named '$key_name'. Put its id into $env_file as apikey, or say --another or --name."
  fi
fi

[ "$dry_run" = yes ] || check_savable "$env_file"
begin POST "$nexusURL/nexus/v3/apikeys"
json_body "{\"data\":{\"enabled\":true,\"tenant\":$(json_string "$tenant"),\"name\":$(json_string "$key_name"),\"permissions\":[\"$permission\"]}}"
bearer "$gwsToken"
send
check_answer
[ "$dry_run" = no ] || exit 0
flatten || not_ours
for pointer in /data/id /data/apiKey /id; do
  key=$(json_text $pointer)
  [ -z "$key" ] || break
done
[ -n "$key" ] || fail "$not_understood" "$system answered without the key. Look in Provisioning > API Keys and put it into $env_file as apikey."
save_value "$env_file" apikey "$key"
say "apikey: in $env_file."
