# One HTTP request at a time, by curl. Sourced by lib.sh. curl reads everything, secrets too, from pipes. JSON has one of its own: in a config curl
# 7.73 to 8.2 takes no line of more than 100 KB.
# shellcheck shell=sh

mask='********'
newline='
'
# Values that are never shown, not even when an answer repeats them.
secret_names='apiKey GMAKey asyncAPISignatureKey asyncWebhookSignatureKey asyncEmailAPISignatureKey
asyncEmailWebhookSignatureKey kaleyraPassword clientSecret access_token gwsClientSecret gwsPassword gwsToken gaxPassword gatewayToken'

# Told in messages: who is asked, by which values. Each script says its own.
system='the system'
address='the address'
credential='the key'

# begin METHOD URL, then header, secret_header, basic, json_body or form_field, then send.
begin() {
  method=$1
  url=$2
  shown="$method $url"
  shown_body=''
  payload=''
  config="request = \"$method\"
url = $(curl_quoted "$url")
silent
show-error
globoff
proto = \"=http,https\"
connect-timeout = 10
max-time = $timeout
header = \"Expect:\"
write-out = \"\\n%{http_code} %{size_request} %{redirect_url}\""
}

option() { config="$config$newline$1 = $(curl_quoted "$2")"; }

header() {
  case $2 in *[[:cntrl:]]*) fail "$unusable" "the value for the header $1 holds a line break or control character. Copy it again." ;; esac
  option header "$1: $2"
  shown="$shown$newline$1: ${3-$2}"
}

secret_header() { header "$1" "$2" "$mask"; }
bearer() { header Authorization "Bearer $1" "Bearer $mask"; }

basic() {
  case $1 in *:*) fail "$unusable" "a user name or client id can't hold a colon." ;; esac
  option user "$1:$2"
  shown="$shown${newline}Authorization: Basic $mask"
}

json_body() {
  header Content-Type application/json
  option data-binary @-
  payload=$1
  shown_body=$1
}

# form_field NAME VALUE [what a dry run shows]
form_field() {
  option data-urlencode "$1=$2"
  shown_body="$shown_body${shown_body:+&}$1=${3-$2}"
}

# Carries the request out: `status` and `answer` are set. A dry run shows what would change something and goes on as if it were done.
send() {
  if [ "$dry_run" = yes ] && [ "$method" != GET ]; then
    say "$shown$newline$newline$shown_body$newline"
    status=200 answer='' redirect=''
    return 0
  fi
  perform
  check_sent
}

check_sent() {
  if was_not_sent; then
    fail "$unreachable" "$method $url was not sent: $system could not be reached. Check $address, the network and the certificate."
  fi
  [ "$curl_code" -eq 0 ] || no_answer
}

# No such host, no connection, no TLS (curl(1), exit codes): not a byte of the request has left. Nor where the time was over before one did.
was_not_sent() {
  case $curl_code/$sent_bytes in 5/* | 6/* | 7/* | 35/* | 58/* | 60/* | 77/* | 28/0) return 0 ;; *) return 1 ;; esac
}

perform() {
  curl_code=0
  answer=$(printf '%s\n' "$config" | { printf '%s' "$payload" | curl --disable --config /dev/fd/3; } 3<&0) || curl_code=$?
  redirect=${answer##*"$newline"}
  answer=${answer%"$newline"*}
  status=${redirect%% *}
  redirect=${redirect#* }
  sent_bytes=${redirect%% *}
  redirect=${redirect#* }
}

# A script whose request must not be repeated has its own.
no_answer() {
  fail "$unanswered" "$method $url: $system gave no answer; it may have been done. Running $script again is safe."
}

# Ends the script unless the answer is a 2XX of the system itself.
check_answer() {
  case $status in
    2??) case $answer in [[:space:]]*'<'* | '<'*) not_ours ;; esac; return 0 ;;
    3??) fail "$not_understood" "$system redirects to $redirect. Put the address it really has into $address." ;;
    400 | 422) fail "$refused" "$system refuses the content ($status).$(its_words) Compare it with: $script --dry-run." ;;
    401) fail "$not_allowed" "$system refuses $credential (401).$(its_words) Check it for blanks and its expiry." ;;
    403) fail "$not_allowed" "$system knows $credential but does not allow this (403).$(its_words) Ask for the right it lacks." ;;
    404 | 405 | 501) fail "$not_there" "$system has no $method $url ($status).$(its_words) Check $address and ccid." ;;
    409) fail "$refused" "$system already has another of this name (409).$(its_words)" ;;
    408 | 425 | 429) fail "$unreachable" "$system asks to wait ($status).$(its_words) Run $script again in a minute." ;;
    4??) fail "$refused" "$system refuses the request ($status).$(its_words)" ;;
    *) fail "$unreachable" "$system fails ($status).$(its_words) Running $script again is safe." ;;
  esac
}

not_ours() {
  fail "$not_understood" "$method $url was answered by a web page, not by $system. Check $address; a log-in page or proxy may stand in between."
}

# What the answer says in words, unless a secret of ours is among them.
its_words() {
  case $answer in '') return 0 ;; [[:space:]]*'<'* | '<'*) say " It answered with a web page."; return 0 ;; esac
  flatten 2>/dev/null || return 0
  for pointer in /status/message /error/message /error_description /errorDescription /statusMessage /message /description /error; do
    words=$(json_text $pointer)
    case $words in '' | '{'* | '['*) continue ;; esac
    has_secret "$words" && words='(not shown: it repeats a secret)'
    printf ' It says: %.300s.\n' "${words%.}"
    return 0
  done
}

has_secret() {
  for name in $secret_names; do
    eval "value=\$$name"
    value=$(printf '%s' "$value" | tr '[:cntrl:]' ' ')
    case $value in ????*) case $1 in *"$value"*) return 0 ;; esac ;; esac
  done
  return 1
}

# Backslashes and quotes are escaped, line breaks written \n (curl(1), --config).
curl_quoted() {
  printf '%s\n' "$1" | awk '{ gsub(/\\/, "&&"); gsub(/"/, "\\\\&"); printf "%s%s", (NR > 1 ? "\\n" : "\""), $0 } END { print "\"" }'
}

# One segment of a path, percent-encoded.
url_part() {
  printf '%s\n' "$1" | awk '
    BEGIN { for (code = 1; code < 256; code++) number[sprintf("%c", code)] = code }
    { if (NR > 1) printf "%%0A"
      for (at = 1; at <= length($0); at++) {
        letter = substr($0, at, 1)
        if (letter ~ /[A-Za-z0-9._~-]/) printf "%s", letter; else printf "%%%02X", number[letter]
      } }'
}
