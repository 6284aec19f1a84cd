# `nexus-services.sh --gws`: the transaction is read and what differs is sent as a delta, the pattern of the Platform SDK.
# Documented for GWS 8.5 and 8.6; the path of this type follows from the naming of the others. Sourced by nexus-services.sh.
# shellcheck shell=sh

system='Web Services and Applications'
address=gwsURL
credential='the user in gwsUser and gwsPassword'
transactions=/api/v2/platform/configuration/transactions

gws_read() {
  begin GET "$gwsURL$transactions?name=NexusServices"
  basic "$gwsUser" "$gwsPassword"
  send
  check_answer
  check_code
  dbid=$(json_text /transactions/0/DBID)
  [ -n "$dbid" ] || fail "$not_there" "$system has no transaction NexusServices. It comes with the tenant's set-up."
  [ -z "$(json_raw /transactions/1)" ] || fail "$held_back" "there are several transactions NexusServices, of several tenants. Use --cfg and import it into the right one."
}

# A 200 may carry a refusal.
check_code() {
  flatten || not_ours
  case $(json_text /statusCode) in '' | 0) ;; *) fail "$refused" "$system refuses the content.$(its_words)" ;; esac
}

# One of the two halves of the delta, as sections: `new` keys, or `changed` ones.
gws_delta() {
  {
    printf '%s' "$wanted" | while IFS='	' read -r in_section key value; do
      printf 'wanted\t%s\t%s\t%s\n' "$(json_string "$in_section")" "$(json_string "$key")" "$(json_string "$value")"
    done
    printf '%s\n' "$flat"
  } | half=$1 veil=$dry_run awk -F '\t' '
    $1 == "wanted" { section[++wants] = $2; key[wants] = $3; value[wants] = $4; next }
    { raw[$1] = $2 }
    END {
      for (at = 1; at <= wants; at++) {
        path = "/transactions/0/userProperties/" part(section[at]) "/" part(key[at])
        if (path in raw ? ENVIRON["half"] == "new" || raw[path] == value[at] : ENVIRON["half"] != "new") continue
        if (section[at] != last) out = out (last == "" ? "" : "},") section[at] ":{"
        else out = out ","
        last = section[at]
        out = out key[at] ":" (ENVIRON["veil"] == "yes" && key[at] ~ /^"header:/ ? "\"********\"" : value[at])
      }
      print "{" out (last == "" ? "" : "}") "}"
    }
    function part(name) { name = substr(name, 2, length(name) - 2); gsub(/~/, "~0", name); gsub(/\//, "~1", name); return name }'
}

gws_leading() {
  printf '%s\n' "$flat" | awk -F '\t' '
    $1 ~ "^/transactions/0/userProperties/[^/]*/channel(Id|Type)$" { text[$1] = $3; path[++paths] = $1 }
    END {
      for (at = 1; at <= paths; at++) if (path[at] ~ /\/channelId$/ && text[path[at]] != "") {
        name = substr(path[at], 32, length(path[at]) - 41)
        type = text["/transactions/0/userProperties/" name "/channelType"]
        gsub(/~1/, "/", name)
        gsub(/~0/, "~", name)
        print name "\t" text[path[at]] "\t" type
      }
    }'
}

require gwsURL gwsUser gwsPassword
gws_read
new=$(gws_delta new)
changed=$(gws_delta changed)
if [ "$new$changed" = '{}{}' ]; then
  say 'NexusServices: already so.'
  exit 0
fi
gws_leading | refuse_others
before=$(json_raw /transactions/0)
[ "$dry_run" = yes ] || keep_backup
begin PUT "$gwsURL$transactions"
json_body "{\"delta-transaction\":{\"CfgTransaction\":{\"DBID\":$(json_string "$dbid"),\"userProperties\":$new},\"changedUserProperties\":$changed,\"deletedUserProperties\":{}}}"
basic "$gwsUser" "$gwsPassword"
send
check_answer
[ "$dry_run" = no ] || exit 0
[ -z "$answer" ] || check_code
gws_read
[ "$(gws_delta new)$(gws_delta changed)" = '{}{}' ] || fail "$not_understood" "NexusServices was written and reads back differently. Compare it in Platform Administration with $backup."
say "NexusServices: $section written. What stood before is in $backup."
