-- What the quick specs of extraction do in a sample, in full: the zoo in every way, every truncation, every 997th byte
-- flipped, 300 kills.
require "long".on = true
for _, name in ipairs { "zoo", "damage", "extract_kill" } do
  assert(loadfile(("%s/tests/lua/%s_spec.lua"):format(os.getenv "NXLUA_SOURCE", name), "t", _ENV))()
end
