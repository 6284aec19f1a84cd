# Values come from the environment, from NAME_FILE (a file that holds the value) or from --env-file, in that order. Sourced by lib.sh.
# shellcheck shell=sh

# The names of the set-up guide, then those it has no name for.
settings='nexusURL baseURL ccid apiKey apikey asyncPhoneNumber asyncEmailDomain asyncWebhookURL asyncAPISignatureKey
asyncWebhookSignatureKey kaleyraURL kaleyraUserName kaleyraPassword gcLoginURL gcAPIURL orgId clientId clientSecret
access_token GMAKey tfn nexusProvider designerEndpointName
asyncEmailWebhookURL asyncEmailAPISignatureKey asyncEmailWebhookSignatureKey orderEmail orderComment
authURL gwsURL gwsClientId gwsClientSecret gwsUser gwsPassword gwsToken gaxURL gaxUser gaxPassword tenantName
gatewayURL gatewayToken gatewayPlatform gatewayCarriers'

# curl's own: the way out of this network, and the authorities it trusts.
curl_settings='HTTPS_PROXY ALL_PROXY NO_PROXY https_proxy http_proxy all_proxy no_proxy CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR'

for name in $settings; do eval "$name=\${$name-}"; done

# Called once the options are read: after it every setting has its value, or is empty.
load_settings() {
  for name in $settings; do
    eval "value=\$$name file=\${${name}_FILE-}"
    if [ -n "$value" ] || [ -z "$file" ]; then continue; fi
    [ -r "$file" ] || fail "$unusable" "${name}_FILE names $file, which can't be read."
    value=$(cat "$file")
    eval "$name=\$value"
  done
  [ -z "$env_file" ] || read_env_file
  either nexusURL baseURL
  either apiKey apikey
  either apikey apiKey
  either GMAKey apikey
}

either() { eval "$1=\${$1:-\${$2}}"; }

# Reads NAME=value lines as data: nothing in the file is ever run.
read_env_file() {
  [ -r "$env_file" ] || fail "$unusable" "--env-file $env_file can't be read."
  [ -z "$(find "$env_file" -prune \( -perm -0004 -o -perm -0040 \))" ] ||
    note "warning: others may read $env_file. Run: chmod 600 $env_file"
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line#"${line%%[![:space:]]*}"}
    line=${line#export }
    case $line in '' | '#'*) continue ;; *=*) ;; *) fail "$unusable" "$env_file: a line without '='. Write NAME=value." ;; esac
    take_value "${line%%=*}" "${line#*=}"
  done <"$env_file"
  for name in $curl_settings; do
    eval "value=\${$name-}"
    # shellcheck disable=SC2163 # It is the name in it that is meant.
    [ -z "$value" ] || export "$name"
  done
}

# A setting of ours, or a name in capitals (a channels file may refer to it). What the environment has stands.
take_value() {
  if ! is_name "$1"; then
    note "warning: $env_file: no script takes a value named '$1'."
    return 0
  fi
  eval "value=\${$1-}"
  [ -z "$value" ] || return 0
  value=${2%"${2##*[![:space:]]}"}
  case $value in
    \'*\') value=${value#\'}; value=${value%\'} ;;
    \"*\") value=${value#\"}; value=${value%\"}; unescape_value ;;
  esac
  eval "$1=\$value"
}

is_name() {
  case $1 in '' | [0-9_]* | *[!A-Za-z0-9_]*) return 1 ;; esac
  case " $settings $curl_settings " in *[[:space:]]"$1"[[:space:]]*) return 0 ;; esac
  case $1 in *[!A-Z0-9_]*) return 1 ;; esac
}

# Within double quotes: \n, \" and \\; any other backslash is one. The mark keeps a newline at the end.
unescape_value() {
  value=$(printf '%s\n' "$value" | awk '
    { while ((at = index($0, "\\")) > 0) {
        letter = substr($0, at + 1, 1)
        out = out substr($0, 1, at - 1) (letter == "n" ? "\n" : letter ~ /["\\]/ ? letter : "\\" letter)
        $0 = substr($0, at + 2)
      }
      printf "%s%s|", out, $0 }')
  value=${value%|}
}

# require NAME...: all that is missing is told at once; what is called a URL must be one.
require() {
  missing=''
  for name in "$@"; do
    eval "value=\$$name"
    [ -n "$value" ] || missing="$missing $name"
  done
  [ -z "$missing" ] ||
    fail "$unusable" "missing:$missing. Put each in the environment, in NAME_FILE or in --env-file. See $script --help."
  for name in "$@"; do
    case $name in *URL) check_url "$name" ;; esac
  done
}

# check_url NAME [what it is called]: http or https, nothing in it that no URL holds; the slash at its end goes.
check_url() {
  eval "value=\$$1"
  what=${2-$1}
  case $value in
    *[!!-~]* | *[\"\\\<\>\`\{\}\|^]*) fail "$unusable" "$what holds a character that no URL has. Write it like https://host.example.com." ;;
    https://?*) ;;
    http://127.0.0.1[:/]* | http://localhost[:/]*) ;;
    http://?*) note "warning: $what is http: keys and texts travel unprotected." ;;
    *) fail "$unusable" "$what is no URL. Write it like https://host.example.com." ;;
  esac
  eval "$1=\${value%/}"
}

# A sender id as Digital Channels has it: digits without a plus.
check_number() {
  eval "value=\$$1"
  case $value in
    *[!0-9]*) fail "$unusable" "$1 holds more than digits. Digital Channels knows numbers and short codes as digits alone, like 16504661149." ;;
    ? | ?? | ????????????????*) fail "$unusable" "$1 has ${#value} digits. A short code has 3 to 8, a number up to 15." ;;
  esac
}
