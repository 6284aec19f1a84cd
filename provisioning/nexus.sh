# The provisioning API of Digital Channels ("Nexus"). Sourced by the scripts that write services.
# Public is POST alone (set-up guide); GET and PUT are tried and done without when the system has none.
# shellcheck shell=sh

. "$here/lib.sh"

system='Digital Channels'
address=nexusURL
credential='the key in apiKey'

service_url() { printf '%s' "$nexusURL/nexus/v3/provisioning/services/$(url_part "$ccid")/$1"; }

nexus_headers() {
  secret_header x-api-key "$apiKey"
  header x-ccid "$ccid"
}

# Reads a service into `flat`; `base` is where the document begins in it. `present` is no where the system shows none:
# there is none yet, or it has no GET, which is not public. `hidden` is yes where it does not say that there is none.
read_service() {
  flat='' base='' present=no hidden=no
  begin GET "$(service_url "$1")"
  nexus_headers
  perform
  case $curl_code/$status in
    0/404) flatten 2>/dev/null || hidden=yes; flat=''; return 0 ;;
    0/405 | 0/501) hidden=yes; return 0 ;;
  esac
  if [ "$dry_run" = yes ] && ! is_json_answer; then
    note "the present $1 service can't be read; this shows the request as if there were none."
    return 0
  fi
  check_sent
  check_answer
  flatten || not_ours
  present=yes
  [ -z "$(json_raw /data/data)" ] || base=/data
}

is_json_answer() {
  case $curl_code/$status in 0/2??) flatten ;; *) return 1 ;; esac
}

# put_service NAME BODY: the whole document; where one stands already and POST won't replace it, PUT does.
put_service() {
  begin POST "$(service_url "$1")"
  json_body "$2"
  nexus_headers
  send
  if [ "$status" = 409 ]; then
    begin PUT "$(service_url "$1")"
    json_body "$2"
    nexus_headers
    send
  fi
  check_answer
  [ "$dry_run" = yes ] || say "$1: written."
}
