# JSON with nothing but awk. Sourced by lib.sh.
# shellcheck shell=sh

# A value as a JSON string: quotes, backslashes and control characters escaped, everything else as it is.
json_string() {
  printf '%s\n' "$1" | awk '
    BEGIN { for (code = 1; code < 32; code++) escape[sprintf("%c", code)] = sprintf("\\u%04x", code)
            escape["\t"] = "\\t"; escape["\r"] = "\\r" }
    { gsub(/\\/, "&&"); gsub(/"/, "\\\\&")
      if ($0 ~ /[[:cntrl:]]/) {
        out = ""
        for (at = 1; at <= length($0); at++) { letter = substr($0, at, 1); out = out (letter in escape ? escape[letter] : letter) }
        $0 = out
      }
      printf "%s%s", (NR > 1 ? "\\n" : "\""), $0 }
    END { print "\"" }'
}

# The same, masked in a dry run.
json_secret() {
  if [ "$dry_run" = yes ]; then json_string "$mask"; else json_string "$1"; fi
}

# Reads `answer` into `flat`, which json_raw and json_text look into. False when it is no JSON.
flatten() {
  flat=$(printf '%s' "$answer" | awk -f "$here/json.awk")
}

# The value at a JSON pointer, compact; empty when there is none.
json_raw() { json_column "$1" 2; }

# The same as text, control characters blanked.
json_text() { json_column "$1" 3; }

json_column() {
  printf '%s\n' "$flat" | pointer=$1 column=$2 awk -F '\t' '$1 "" == ENVIRON["pointer"] "" { print $(ENVIRON["column"] + 0); exit }'
}

# Before something is made that can't be had again: an env file that can't be written would lose it.
check_savable() {
  (: >"$1.new.$$") 2>/dev/null || fail "$not_written" "$1 could not be written: nothing was asked for. Check the rights in its folder."
  rm -f "$1.new.$$"
}

# save_value FILE NAME VALUE: puts it into an env file (0600) in place of what stood there.
save_value() {
  new=$1.new.$$
  if ! {
    if [ -f "$1" ]; then grep -v "^[[:space:]]*\\(export \\)\\{0,1\\}$2=" "$1" || :; fi
    printf '%s=%s\n' "$2" "$(curl_quoted "$3")"
  } >"$new" || ! mv -f "$new" "$1"; then
    fail "$not_written" "$1 could not be written. $2 is not kept."
  fi
}
