#!/bin/sh
# Adds a channel to this gateway, or changes it.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/lib.sh"

usage() {
  cat <<'END'
gateway-channel.sh --folder channels.d [--section chat.NAME] [--cxc-only] [--bulk] [--country CC] [--description TEXT] [options]
Writes the file of one channel (mode 600) into the folder channels.d beside gateway.yaml and has the gateway read it.
When the gateway refuses it, what stood before is put back.

Values: asyncPhoneNumber, asyncWebhookSignatureKey, asyncAPISignatureKey; gatewayPlatform, a platform of gateway.yaml;
  gatewayCarriers, carriers of gateway.yaml in order of preference, commas between; gatewayURL, its management port, and gatewayToken, an operator's
  --folder DIR      the folder channels.d
  --section NAME    the channel's section in NexusServices; value: designerEndpointName
  --cxc-only        as for nexus-services.sh
  --bulk            texts of campaigns: those of agents overtake them
  --country CC      the country of a short code, like US
  --description T   for people
END
}

folder=''
section=''
cxc_only=false
lines=''
add_line() { lines="$lines$1: $(yaml_text "$2")$newline"; }

# A JSON string is YAML; a reference in it would be replaced, so that its dollar is doubled.
yaml_text() { json_string "$1" | awk '{ gsub(/\$[{][^}]*[}]/, "$&"); print }'; }

while [ $# -gt 0 ]; do
  case $1 in
    --folder) need_word "$@"; folder=$2; shift 2 ;;
    --section) need_word "$@"; section=$2; shift 2 ;;
    --cxc-only) cxc_only=true; shift ;;
    --bulk) add_line priority bulk; shift ;;
    --country) need_word "$@"; add_line country "$2"; shift 2 ;;
    --description) need_word "$@"; add_line description "$2"; shift 2 ;;
    *) common_option "$@"; shift "$taken" ;;
  esac
done
load_settings
[ -n "$folder" ] || fail "$wrong_use" "where are the channels? Say --folder, the folder channels.d beside gateway.yaml."
require asyncPhoneNumber asyncWebhookSignatureKey asyncAPISignatureKey gatewayPlatform gatewayCarriers gatewayURL gatewayToken
check_number asyncPhoneNumber
system='the gateway' address=gatewayURL credential='the token in gatewayToken'
file=$folder/$asyncPhoneNumber.yaml
old=$folder/.$asyncPhoneNumber.old
new=$folder/.$asyncPhoneNumber.new

# Up to 8 digits are a short code.
case $asyncPhoneNumber in ?????????*) sender=+$asyncPhoneNumber ;; *) sender=$asyncPhoneNumber ;; esac

channel_file() {
  printf 'id: %s\nplatform: %s\naddress: %s\n' "$(yaml_text "$asyncPhoneNumber")" "$(yaml_text "$gatewayPlatform")" "$(yaml_text "$sender")"
  printf 'webhookSecret: %s\napiSecret: %s\n' "$(shown_secret "$asyncWebhookSignatureKey")" "$(shown_secret "$asyncAPISignatureKey")"
  printf 'carriers: ['
  printf '%s\n' "$gatewayCarriers" | awk '{ gsub(/[, ]+/, "\n"); print }' | {
    comma=''
    while IFS= read -r carrier; do
      [ -z "$carrier" ] || { printf '%s%s' "$comma" "$(yaml_text "$carrier")"; comma=', '; }
    done
  }
  printf ']\n%s' "$lines"
  [ -z "$section" ] || {
    require designerEndpointName
    printf 'nexusServices: {section: %s, endpoint: %s, cxcOnly: %s}\n' "$(yaml_text "$section")" "$(yaml_text "chat.${designerEndpointName#chat.}")" "$cxc_only"
  }
}

shown_secret() { if [ "$dry_run" = yes ]; then yaml_text "$mask"; else yaml_text "$1"; fi; }

put_back() {
  if [ -f "$old" ]; then mv -f "$old" "$file"; else rm -f "$file"; fi
}

# Whether the answer names this channel among what has changed.
is_taken_over() {
  printf '%s\n' "$flat" | name="channel $gatewayPlatform $asyncPhoneNumber " awk -F '\t' '
    $1 ~ /^\/changes\/[0-9]+$/ && index($3, ENVIRON["name"]) == 1 { found = 1 } END { exit !found }'
}

# What the gateway found wrong, a line each.
tell_mistakes() {
  flatten 2>/dev/null || return 0
  printf '%s\n' "$flat" | awk -F '\t' '$1 ~ /^\/mistakes\/[0-9]+$/ { print $3 }' | while IFS= read -r mistake; do
    if has_secret "$mistake"; then note "a mistake that repeats a secret is not shown."; else note "$mistake"; fi
  done
}

begin_reload() {
  begin POST "$gatewayURL/api/reload"
  json_body '{}'
  bearer "$gatewayToken"
}

# A file that was kept aside is of a run that was broken off: once the gateway takes what lies there now, that is what stood before. Where it does not
# say whether it takes it, nobody knows which of the two is served: both stay.
settle_broken_off() {
  [ -f "$old" ] && [ -f "$file" ] || return 0
  begin_reload
  perform
  case $curl_code/$status in
    0/2??) rm -f "$old" ;;
    0/3?? | 0/401 | 0/403 | 0/404 | 0/405) check_answer ;;
  esac
}

content=$(channel_file)
if [ "$dry_run" = yes ]; then
  say "$file"
  say "$content$newline"
else
  [ -d "$folder" ] || mkdir -p "$folder" || fail "$not_written" "the folder $folder can't be made."
  settle_broken_off
  [ -f "$old" ] || [ ! -f "$file" ] || cp -p "$file" "$old" || fail "$not_written" "$file can't be kept aside. Check the rights in $folder."
  { printf '%s\n' "$content" >"$new" && mv -f "$new" "$file"; } || fail "$not_written" "$file can't be written. Check the rights in $folder."
fi

no_answer() { fail "$unanswered" "$file is written and the gateway gave no answer: it reads it at its next reload or start. Running $script again is safe."; }
begin_reload
if [ "$dry_run" = yes ]; then
  send
else
  perform
  ! was_not_sent || fail "$unreachable" "$file is written and the gateway could not be reached. Check gatewayURL, or start it: it reads the file then."
  check_sent
fi
case $status in
  2?? | 5??) ;;
  *) put_back; tell_mistakes ;;
esac
check_answer
served='and the gateway serves it'
if [ "$dry_run" = no ] && flatten && [ -n "$(json_raw /changes)" ] && ! is_taken_over; then
  # A file that was there may say the same again; a new one lies where the gateway does not look.
  [ -f "$old" ] || { rm -f "$file"; fail "$unusable" "the gateway has read its files and found no new channel $asyncPhoneNumber in them: $folder is not the channels.d beside its gateway.yaml. Say --folder."; }
  served='which changes nothing the gateway serves'
fi
rm -f "$old"
[ "$dry_run" = yes ] || say "$asyncPhoneNumber: in $file, $served."
