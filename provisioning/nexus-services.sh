#!/bin/sh
# The section of one channel in the transaction `NexusServices`: which Designer endpoint its texts go to, who sends its answers.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/lib.sh"

usage() {
  cat <<'END'
nexus-services.sh --section chat.NAME [--cfg|--json|--gax|--gws] [--cxc-only] [--header NAME=VALUE]... [--replace] [options]
Makes the section of one channel in Environment > Transactions > NexusServices > Options.

Values: tfn, or asyncPhoneNumber when it is not given; designerEndpointName; nexusProvider: Async (when it is not given), Portico or mGage.
  The provider is always written: without it Digital Channels takes Portico.
  --section NAME    chat. and letters, underscores or dashes, like chat.SMS_Main_Corporate
  --cxc-only        for CX Contact: texts from phones open no chat and reach no agent
  --header NAME=VALUE  a fixed header on each webhook. The guide does not say in which section: it goes into the channel's and the provider's
  --cfg             print it for import in Platform Administration (CfgTransaction_annex_<DBID>.cfg); the default
  --json            print it for the command line tool mutagen; value: tenantName
  --gax             merge it by the REST calls of Genesys Administrator Extension, which Genesys does not document: read, back up, write, read again.
                    Values: gaxURL, gaxUser, gaxPassword
  --gws             merge it by the configuration calls of Web Services and Applications, likewise. Values: gwsURL, gwsUser, gwsPassword
  --replace         with --gax and --gws: take a section that leads another channel; its texts reach nobody any more
  --backup FILE     where --gax and --gws keep what stood before (./NexusServices-<DBID>-<time>.json)
END
}

target=cfg
section=''
cxc_only=false
headers=''
backup=''
replace=no
while [ $# -gt 0 ]; do
  case $1 in
    --cfg | --json | --gax | --gws) target=${1#--}; shift ;;
    --section) need_word "$@"; section=$2; shift 2 ;;
    --cxc-only) cxc_only=true; shift ;;
    --header) need_word "$@"; headers="$headers$2$newline"; shift 2 ;;
    --replace) replace=yes; shift ;;
    --backup) need_word "$@"; backup=$2; shift 2 ;;
    *) common_option "$@"; shift "$taken" ;;
  esac
done

# What is wanted, a line each: section, key and value with tabs between.
wanted=''
add_option() {
  case $3 in
    *[[:cntrl:]]* | ' '* | *' ') fail "$unusable" "the option $2 begins or ends with a blank, or holds a line break. Copy its value again." ;;
    '') fail "$unusable" "the option $2 is empty. Give it a value." ;;
  esac
  wanted="$wanted$1	$2	$3$newline"
}

add_headers() {
  printf '%s' "$headers" | while IFS= read -r pair; do
    case $pair in *=*) ;; *) fail "$wrong_use" "--header is NAME=VALUE." ;; esac
    case ${pair%%=*} in '' | *[!A-Za-z0-9-]*) fail "$wrong_use" "a header's name has letters, digits and dashes, not '${pair%%=*}'." ;; esac
  done
  while IFS= read -r pair; do
    [ -z "$pair" ] || add_option "$1" "header:${pair%%=*}" "${pair#*=}"
  done <<END
$headers
END
}

print_cfg() {
  printf '%s' "$wanted" | awk -F '\t' '
    $1 != last { if (NR > 1) print ""; print "[" $1 "]"; last = $1 }
    { print $2 "=" $3 }'
}

# The sections as a JSON object.
to_sections() {
  last='' out=''
  while IFS='	' read -r in_section key value; do
    [ -n "$in_section" ] || continue
    if [ "$in_section" = "$last" ]; then out="$out,"; else out="$out${last:+\},}$(json_string "$in_section"):{"; fi
    last=$in_section
    out="$out$(json_string "$key"):$(json_string "$value")"
  done <<END
$wanted
END
  printf '{%s}}' "$out"
}

print_json() {
  require tenantName
  printf '{"__metadata__":{"formatName":"JSON","formatVersion":"1.0.0"},"transactions":[{"tenant":%s,"name":"NexusServices","type":"list","alias":"NexusServices","userProperties":%s}]}\n' \
    "$(json_string "$tenantName")" "$(to_sections)"
}

# Keeps `before`, what --gax and --gws found; a file that is there is not overwritten.
keep_backup() {
  : "${backup:=NexusServices-$dbid-$(date -u +%Y%m%dT%H%M%SZ).json}"
  (set -C; printf '%s\n' "$before" >"$backup") 2>/dev/null || fail "$not_written" "$backup is there or can't be written. Say another file with --backup."
}

# Reads what stands there, a section, the channel it leads and its type a line: one that leads another channel is not taken, nor a second one made for
# ours; of another type, as WhatsApp, it may have one.
refuse_others() {
  others=$(while IFS='	' read -r stands channel type; do
    if [ "$stands" = "$section" ] && [ "$channel" != "$tfn" ] && [ "$replace" = no ]; then
      say "[$section] leads channel $channel, whose texts would reach nobody any more. Name another section, or say --replace."
    elif [ "$stands" != "$section" ] && [ "$channel" = "$tfn" ] && is_sms "$type"; then
      say "[$stands] leads channel $tfn already, and of two sections chance decides which one leads. Say --section $stands, or take that one out in Platform Administration."
    fi
  done)
  [ -z "$others" ] || hold_back "$others"
}

is_sms() {
  case $1 in '' | [Ss][Mm][Ss]) return 0 ;; *) return 1 ;; esac
}

load_settings
either tfn asyncPhoneNumber
: "${nexusProvider:=Async}"
require tfn designerEndpointName
check_number tfn
case $section in
  '') fail "$wrong_use" "which section? Say --section chat.NAME." ;;
  chat.) fail "$unusable" "--section needs a name after 'chat.'." ;;
  chat.*[!A-Za-z_-]*) fail "$unusable" "--section is 'chat.' and letters, underscores or dashes, not '$section'." ;;
  chat.*) ;;
  *) fail "$unusable" "--section begins with 'chat.', like chat.SMS_Main; '$section' does not." ;;
esac
case $nexusProvider in Async | Portico | mGage) ;; *) fail "$unusable" "nexusProvider is Async, Portico or mGage, not '$nexusProvider'." ;; esac
case $designerEndpointName in *[[:space:]]*) fail "$unusable" "designerEndpointName holds a blank. Take the name as it stands in Designer." ;; esac

add_option "$section" channelId "$tfn"
add_option "$section" channelType sms
add_option "$section" endpoint "chat.${designerEndpointName#chat.}"
add_option "$section" interactionSubtype SMS
add_option "$section" interactionType Inbound
add_option "$section" media chat
add_option "$section" cxcOnly "$cxc_only"
add_option "$section" provider "$nexusProvider"
add_headers "$section"
add_headers "$nexusProvider"

case $target in
  cfg) print_cfg ;;
  json) print_json ;;
  gax) . "$here/nexus-services-gax.sh" ;;
  gws) . "$here/nexus-services-gws.sh" ;;
esac
