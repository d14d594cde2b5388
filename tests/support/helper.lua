-- Loaded before every spec: under a stock interpreter this makes the carried modules known to `require`.
require "nx"
