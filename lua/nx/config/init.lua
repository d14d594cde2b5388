-- nx.config: the peer's configuration, read, checked and resolved.
--
--     local config = require "nx.config".load { root = workspace, version = "0.9.143" }
--     local profile = config:profile("ci", { host = host, target = target })
--     profile.settings.test_threads, profile:for_test(suite, test).retries

return {
  load = require "nx.config.load".load,
  user = require "nx.config.user".load,
  platform = require "nx.config.platform",
}
