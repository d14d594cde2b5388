-- Are the tests to take their time? NXLUA_LONG=1, or a spec of tests/long that has set `on` before it loads another.
return { on = os.getenv "NXLUA_LONG" ~= nil }
