# For the scripts beside it, which set program: a workspace with a library of 600 tests and a binary of any number of
# instant ones, and how to measure. Sets work (a directory that goes at the end), lib, fake; metadata lies in
# $work/b.json and $work/c.json.
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cc -O2 -D_GNU_SOURCE -o "$work/run" "$here/run.c"
mkdir -p "$work/ws/src" "$work/ws/tests"
cat >"$work/ws/Cargo.toml" <<'TOML'
[package]
name = "many"
version = "0.1.0"
edition = "2021"
[[test]]
name = "instant"
harness = false
[workspace]
TOML
for i in $(seq -w 600); do echo "#[test] fn nothing_$i() {}"; done >"$work/ws/src/lib.rs"
echo "fn main() {}" >"$work/ws/tests/instant.rs"
cd "$work/ws"
"$program" list --list-type binaries-only --message-format json >"$work/b.json" 2>"$work/log" || { cat "$work/log"; exit 1; }
cargo metadata --format-version 1 >"$work/c.json" 2>/dev/null
lib=$(grep -o '"binary-path":"[^"]*deps/many[^"]*"' "$work/b.json" | cut -d'"' -f4)
fake=$(grep -o '"binary-path":"[^"]*deps/instant[^"]*"' "$work/b.json" | cut -d'"' -f4)
cp "$work/run" "$fake.new"; mv "$fake.new" "$fake"

# once WHO COMMAND…: runs it, a line of wall, cpu, memory, status to the results of WHO
once() { "$work/run" time "$work/err.$1" "${@:2}" >>"$work/result.$1"; }
# median WHO COLUMN
median() { cut -d' ' -f"$2" "$work/result.$1" | sort -g | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
failed() { if grep -qv ' 0$' "$work/result.$1"; then echo "$1 failed:"; tail -5 "$work/err.$1"; fi; }
