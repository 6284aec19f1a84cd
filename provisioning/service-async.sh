#!/bin/sh
# The service `Async`: every channel of the tenant that goes through a custom gateway, in one document.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/nexus.sh"

usage() {
  cat <<'END'
service-async.sh [--channels FILE] [--drop CHANNELID]... [options]
Writes the service Async. The document holds all channels of the tenant, and writing it replaces it whole: the present one is
read first when the system lets us, and channels of others are kept. One whose secrets are not told is never dropped unasked.

Values: nexusURL (or baseURL), ccid, apiKey (or apikey) and the channel:
  asyncPhoneNumber, asyncWebhookURL, asyncWebhookSignatureKey, asyncAPISignatureKey
  asyncEmailDomain, asyncEmailWebhookURL: an e-mail channel, only with a webhook of its own
    (its keys: asyncEmailWebhookSignatureKey, asyncEmailAPISignatureKey; the two above when it has none)
  --channels FILE   more channels, one a line: channelId webhookURL WEBHOOK_KEY_NAME API_KEY_NAME. The last two name values of
                    the environment or the env file, in capitals; what is left out, or -, is that of asyncPhoneNumber.
                    It holds no secret: keep it under version control
  --drop CHANNELID  leave this channel out, whosever it is
END
}

channels_file=''
drop=''
while [ $# -gt 0 ]; do
  case $1 in
    --channels) need_word "$@"; channels_file=$2; shift 2 ;;
    --drop) need_word "$@"; drop="$drop$2$newline"; shift 2 ;;
    *) common_option "$@"; shift "$taken" ;;
  esac
done

ids=''
wanted=''
# add_channel ID URL WEBHOOK_KEY_NAME API_KEY_NAME
add_channel() {
  case "$newline$drop" in *"$newline$1$newline"*) return 0 ;; esac
  case "$newline$ids" in *"$newline$1$newline"*) fail "$unusable" "the channel $1 is given twice." ;; esac
  channel_url=$2
  check_url channel_url "the webhook of channel $1"
  require "$3" "$4"
  eval "webhook_key=\$$3 api_key=\$$4"
  secret_names="$secret_names $3 $4"
  ids="$ids$1$newline"
  wanted="${wanted}wanted	$1	$(json_string "$1")	$(json_string "$channel_url")	$(json_string "$webhook_key")	$(json_string "$api_key")$newline"
}

add_listed_channels() {
  [ -r "$channels_file" ] || fail "$unusable" "--channels $channels_file can't be read."
  # A carriage return, as some editors write it, is a blank.
  blanks=$(printf ' \t\r')
  while IFS=$blanks read -r id url webhook_name api_name rest || [ -n "$id" ]; do
    case $id in '' | '#'*) continue ;; esac
    [ -z "$rest" ] || fail "$unusable" "$channels_file: more than four words on the line of $id."
    listed_url=${url:--} webhook_name=${webhook_name:--} api_name=${api_name:--}
    [ "$listed_url" != - ] || listed_url=$asyncWebhookURL
    [ "$webhook_name" != - ] || webhook_name=asyncWebhookSignatureKey
    [ "$api_name" != - ] || api_name=asyncAPISignatureKey
    for key_name in "$webhook_name" "$api_name"; do
      is_key_name "$key_name" || fail "$unusable" "$channels_file: the line of $id must name its keys, in capitals, not hold them."
    done
    eval ": \"\${$webhook_name=}\" \"\${$api_name=}\""
    add_channel "$id" "$listed_url" "$webhook_name" "$api_name"
  done <"$channels_file"
}

# One in small letters is a name only where the environment has it: else it is a key, which is not to be shown.
is_key_name() {
  case $1 in [0-9]* | *[!A-Za-z0-9_]*) return 1 ;; esac
  is_name "$1" || eval "[ -n \"\${$1-}\" ]"
}

# merge_channels VEIL: the present document with our channels in it, as `data`, `secret` and `more`; VEIL is yes where it is only to be shown.
merge_channels() {
  lost='' more=''
  merged=$({ printf '%s' "$wanted"; printf '%s\n' "$flat"; } | base=$base drop=$drop veil=$1 awk -F '\t' -f "$here/service-async.awk")
  while IFS='	' read -r kind value; do
    case $kind in
      lost) lost="$lost $value" ;;
      data) data=$value ;;
      secret) secret=$value ;;
      more) more=$more$value ;;
    esac
  done <<END
$merged
END
}

load_settings
if [ -z "$channels_file$drop$asyncEmailWebhookURL" ]; then
  require nexusURL ccid apiKey asyncPhoneNumber asyncWebhookURL asyncWebhookSignatureKey asyncAPISignatureKey
fi
require nexusURL ccid apiKey
if [ -n "$asyncPhoneNumber" ]; then
  require asyncWebhookURL asyncWebhookSignatureKey asyncAPISignatureKey
  check_number asyncPhoneNumber
  add_channel "$asyncPhoneNumber" "$asyncWebhookURL" asyncWebhookSignatureKey asyncAPISignatureKey
fi
[ -z "$channels_file" ] || add_listed_channels
if [ -n "$asyncEmailDomain" ] && [ -n "$asyncEmailWebhookURL" ]; then
  either asyncEmailWebhookSignatureKey asyncWebhookSignatureKey
  either asyncEmailAPISignatureKey asyncAPISignatureKey
  add_channel "$asyncEmailDomain" "$asyncEmailWebhookURL" asyncEmailWebhookSignatureKey asyncEmailAPISignatureKey
elif [ -n "$asyncEmailDomain" ]; then
  note "$asyncEmailDomain is left out: an SMS gateway takes no e-mail. Give asyncEmailWebhookURL, the webhook of what does."
fi
[ -n "$ids$drop" ] || fail "$unusable" "there is no channel: give asyncPhoneNumber, or a line in --channels."

read_service Async
case $present in
  yes)
    case $flat in *'/channelId	'*) [ -n "$(json_raw "$base/data/channels")" ] || not_ours ;; esac
    ;;
  *)
    [ -n "$ids" ] || fail "$held_back" "the present document can't be read: without any channel of yours this would take all out of service. Give those that stay."
    note "the system shows no present document: should it hold others than these, they are gone after it: $(printf '%s' "$ids" | tr '\n' ' ')"
    ;;
esac
merge_channels no
[ -z "$lost" ] || hold_back "the present document has channels whose secrets are not told:$lost. Writing it would drop them.
Give them with --channels and their keys, or name each with --drop."
if [ "$present" = yes ] && [ "$(json_raw "$base/data")$(json_raw "$base/secret")" = "$data$secret" ]; then
  say 'Async: already so.'
  exit 0
fi
[ "$dry_run" = no ] || merge_channels yes
put_service Async "{\"data\":$data,\"secret\":$secret$more}"
