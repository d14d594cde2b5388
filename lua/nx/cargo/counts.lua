-- How many of what an archive of a Cargo build holds, in the peer's words: "14 binaries (including 3 non-test binaries), 1 build
-- script output directory, and 1 standard library".

local M = {}

local function number(n, one, many)
  return n .. " " .. (n == 1 and one or many or one .. "s")
end

--- How many other binaries: the files of one (package, name, kind) count once.
function M.others(lists)
  local n = 0
  for _, list in pairs(lists) do
    local seen = {}
    for _, other in ipairs(list) do
      local key = other.name .. "\0" .. other.kind
      if not seen[key] then
        seen[key] = true
        n = n + 1
      end
    end
  end
  return n
end

---@class nx.cargo.Counts
---@field tests integer
---@field others integer
---@field tests_out? integer      test binaries that a filter left out
---@field others_out? integer
---@field out_dirs integer
---@field out_dirs_out? integer
---@field linked_paths integer
---@field includes? integer
---@field libraries? integer      standard libraries

--- What would be counted in a build's metadata.
---@param meta table
---@param binaries table[]
---@return nx.cargo.Counts
function M.of(meta, binaries)
  local out_dirs = 0
  for _ in pairs(meta.build_script_out_dirs) do out_dirs = out_dirs + 1 end
  return { tests = #binaries, others = M.others(meta.non_test_binaries), out_dirs = out_dirs, linked_paths = #meta.linked_paths }
end

--- The words.
---@param c nx.cargo.Counts
---@return string
function M.text(c)
  local more, out = {}, {}
  if c.others > 0 then more[1] = "including " .. number(c.others, "non-test binary", "non-test binaries") end
  if (c.tests_out or 0) > 0 then out[#out + 1] = number(c.tests_out, "test binary", "test binaries") end
  if (c.others_out or 0) > 0 then out[#out + 1] = number(c.others_out, "non-test binary", "non-test binaries") end
  if #out > 0 then more[#more + 1] = table.concat(out, " and ") .. " filtered out" end
  local text = number(c.tests + c.others, "binary", "binaries")
  if #more > 0 then text = text .. " (" .. table.concat(more, "; ") .. ")" end
  local extras = {}
  if c.out_dirs > 0 then
    extras[#extras + 1] = number(c.out_dirs, "build script output directory", "build script output directories")
      .. ((c.out_dirs_out or 0) > 0 and (" (%d filtered out)"):format(c.out_dirs_out) or "")
  end
  if c.linked_paths > 0 then extras[#extras + 1] = number(c.linked_paths, "linked path") end
  if (c.includes or 0) > 0 then extras[#extras + 1] = number(c.includes, "extra path") end
  if (c.libraries or 0) > 0 then extras[#extras + 1] = number(c.libraries, "standard library", "standard libraries") end
  if #extras == 0 then return text end
  if #extras == 1 then return text .. " and " .. extras[1] end
  return text .. ", " .. table.concat(extras, ", ", 1, #extras - 1) .. ", and " .. extras[#extras]
end

--- Seconds as these messages show them.
function M.elapsed(seconds)
  if seconds <= 60 then return ("%.2fs"):format(seconds) end
  return ("%dm %.2fs"):format(seconds // 60, seconds % 60)
end

return M
