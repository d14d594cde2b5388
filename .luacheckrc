std = "lua54"
max_line_length = 140
unused_args = true
self = false
files["tests/**/*_spec.lua"] = { std = "+busted", max_line_length = 150 }
files["tests/zoo/make.lua"] = { max_line_length = false }
exclude_files = { "build/**" }
