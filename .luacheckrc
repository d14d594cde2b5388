std = "lua54"
max_line_length = 140
unused_args = true
self = false
files["tests/**/*_spec.lua"] = { std = "+busted", max_line_length = 150 }
exclude_files = { "build/**" }
