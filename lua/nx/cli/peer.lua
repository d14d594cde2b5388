-- The version of cargo-nextest that we answer to: in NEXTEST_VERSION, and where a configuration asks for one.

return { version = "0.9.143" }
