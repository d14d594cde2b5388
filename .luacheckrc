std = "lua54"
max_line_length = 130
unused_args = true
self = false
files["tests/**/*_spec.lua"] = { std = "+busted" }
exclude_files = { "build/**" }
