std = "lua54"
max_line_length = 140
unused_args = true
self = false
files["tests/**/*_spec.lua"] = { std = "+busted", max_line_length = 180 }
files["tests/diff/*.lua"] = { max_line_length = 180 }
files["lua/meta/**"] = { ignore = { "211", "212", "241", "111", "112", "113" } } -- declarations: names without bodies
files["tests/zoo/make.lua"] = { max_line_length = false }
exclude_files = { "build/**" }
