#!/bin/sh
# The service `SMS`: turns SMS on for the tenant and says who serves it.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/nexus.sh"

usage() {
  cat <<'END'
service-sms.sh [--provider Async|mGage|Purecloud] [--replace] [options]
Creates the service SMS of the tenant: who sends and receives its texts.

Values: nexusURL (or baseURL), ccid, apiKey (or apikey)
  --provider NAME   Async, this gateway and the default; mGage, that is Kaleyra; Purecloud, that is Genesys Cloud
  --replace         take over from another provider: all numbers of the tenant change with it
END
}

provider=Async
replace=no
while [ $# -gt 0 ]; do
  case $1 in
    --provider) need_word "$@"; provider=$2; shift 2 ;;
    --replace) replace=yes; shift ;;
    *) common_option "$@"; shift "$taken" ;;
  esac
done

case $provider in
  Async | mGage) data="{\"provider\":\"$provider\"}" body="{\"url\":\"N/A\",\"data\":$data,\"secret\":{}}" ;;
  Purecloud) data='{"tokenProvider":"Purecloud"}' body="{\"url\":\"N/A\",\"secret\":{},\"data\":$data}" ;;
  *) fail "$wrong_use" "--provider is Async, mGage or Purecloud, not '$provider'." ;;
esac
load_settings
require nexusURL ccid apiKey

read_service SMS
standing=$(json_text "$base/data/provider")
[ -n "$standing" ] || standing=$(json_text "$base/data/tokenProvider")
if [ "$standing" = "$provider" ]; then
  say "SMS: $provider serves it already."
  exit 0
fi
case $replace/$standing/$flat in
  yes/*) ;;
  no//*'/provider	'* | no//*'/tokenProvider	'*) hold_back "the present service SMS has a form that is not known here, so that nobody can tell who serves the tenant. Compare it with the set-up guide; to write it all the same, add --replace." ;;
  no//*) ;;
  *) hold_back "$standing serves the SMS of this tenant. To make it $provider for all its numbers, add --replace." ;;
esac
[ "$hidden" = no ] || note "the system does not show the present service: should another provider serve numbers of this tenant, $provider takes them all over."
put_service SMS "$body"
