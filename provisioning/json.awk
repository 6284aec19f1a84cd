# Reads one JSON document (RFC 8259) and prints one line for each value in it, a container after its members:
#   JSON pointer (RFC 6901, keys escaped as they came) TAB the value, compact TAB its text, for people
# The text of a string is decoded, its control characters are blanks; of anything else it is the value.
# Exit status 1 when the input is not one JSON document: what was printed counts for nothing then.
# Run with LC_ALL=C, so that a character is a byte.

{ line[NR] = $0 "\n" }

END {
  lines = NR
  at = 1
  from = 1
  value("", 0)
  next_token()
  exit bad || token != ""
}

function value(path, depth,   out) {
  next_token()
  if (depth > 100) return fail()
  if (token == "{" || token == "[") out = container(path, token, depth)
  else if (token ~ /^["tfn0-9-]/) out = token
  else return fail()
  if (!bad) print path "\t" out "\t" text(out)
  return out
}

function container(path, open, depth,   close_mark, out, key, count) {
  close_mark = open == "{" ? "}" : "]"
  out = open
  if (next_is(close_mark)) { next_token(); return out close_mark }
  for (count = 0; !bad; count++) {
    key = count
    if (count) out = out ","
    if (open == "{") {
      next_token()
      if (token !~ /^"/) return fail()
      key = substr(token, 2, length(token) - 2)
      out = out token ":"
      gsub(/~/, "~0", key)
      gsub(/\//, "~1", key)
      next_token()
      if (token != ":") return fail()
    }
    out = out value(path "/" key, depth + 1)
    next_token()
    if (token == close_mark) return out close_mark
    if (token != ",") return fail()
  }
}

function fail() { bad = 1; rest = ""; at = lines + 1; return "" }

function next_is(mark) {
  skip_blanks()
  return substr(rest, 1, 1) == mark
}

function skip_blanks() { do sub(/^[ \t\r\n]+/, "", rest); while (rest == "" && read_on()) }

# Only a piece of the input is in `rest`, as large again each time it is too short: some awks copy it whole at each token.
function read_on(   wish, piece, more) {
  wish = length(rest) > 512 ? length(rest) : 512
  while (at <= lines && length(more) < wish) {
    piece = substr(line[at], from, wish)
    more = more piece
    from += length(piece)
    if (from > length(line[at])) { at++; from = 1 }
  }
  rest = rest more
  return more != ""
}

# Leaves the next token in `token`; empty at the end. Near the end of `rest` a number may go on: `1`, `e+` and what follows.
function next_token(   size) {
  token = ""
  skip_blanks()
  if (rest == "") return
  do size = token_size(); while ((!size || size > length(rest) - 3) && read_on())
  if (!size) { fail(); return }
  token = substr(rest, 1, size)
  rest = substr(rest, size + 1)
}

# 0 where no token begins, or none that is whole. A string that holds a raw control character is no JSON.
function token_size() {
  if (match(rest, /^"([^"\\]|\\["\\\/bfnrtu])*"/)) return substr(rest, 1, RLENGTH) ~ /[[:cntrl:]]/ ? 0 : RLENGTH
  if (match(rest, /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/)) return RLENGTH
  return match(rest, /^(true|false|null|[][{}:,])/) ? RLENGTH : 0
}

function text(raw,   out, at) {
  if (raw !~ /^"/) return raw
  raw = substr(raw, 2, length(raw) - 2)
  while ((at = index(raw, "\\")) > 0) {
    out = out substr(raw, 1, at - 1)
    raw = substr(raw, at + 1)
    out = out escaped(substr(raw, 1, 1), substr(raw, 2, 4))
    raw = substr(raw, substr(raw, 1, 1) == "u" ? 6 : 2)
    if (high && raw !~ /^\\u[dD][c-fC-F]/) high = 0
  }
  return out raw
}

function escaped(letter, digits,   code) {
  if (letter != "u") return letter ~ /[bfnrt]/ ? " " : letter
  code = hex(digits)
  if (code >= 55296 && code < 56320) { high = code; return "" }
  if (code >= 56320 && code < 57344) {
    if (!high) return "?"
    code = (high - 55296) * 1024 + code - 56320 + 65536
    high = 0
  }
  return utf8(code)
}

function hex(digits,   at, code) {
  for (at = 1; at <= 4; at++) code = code * 16 + index("123456789abcdef", tolower(substr(digits, at, 1)))
  return code
}

function utf8(code) {
  if (code < 32) return " "
  if (code < 128) return sprintf("%c", code)
  if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
  if (code < 65536) return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
  return sprintf("%c%c%c%c", 240 + int(code / 262144), 128 + int(code / 4096) % 64, 128 + int(code / 64) % 64, 128 + code % 64)
}
