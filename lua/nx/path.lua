-- Paths as text: nothing here touches the file system.

local M = {}

--- Joins; an absolute second part replaces the first.
---@return string
function M.join(a, b)
  if b:sub(1, 1) == "/" or a == "" then return b end
  if b == "" then return a end
  return (a:sub(-1) == "/" and a or a .. "/") .. b
end

--- Everything before the last component ("" when there is none, "/" at the root).
function M.parent(path)
  path = path:gsub("(.)/+$", "%1")
  local parent = path:match "^(.*)/[^/]*$"
  if parent == "" then return path == "/" and "" or "/" end
  return parent or ""
end

--- The last component.
function M.name(path)
  return path:match "([^/]*)/*$"
end

--- The part of `path` below `base`, component by component ("" for base itself); nil when it is not below it.
---@return string?
function M.below(path, base)
  if path == base then return "" end
  if base == "" then return path:sub(1, 1) ~= "/" and path or nil end
  if base:sub(-1) ~= "/" then base = base .. "/" end
  if path:sub(1, #base) == base then return (path:sub(#base + 1):gsub("/+$", "")) end
  if path .. "/" == base then return "" end
  return nil
end

--- Without `.` components and doubled slashes; `..` stays (it may cross a link).
function M.tidy(path)
  local out = {}
  for part in path:gmatch "[^/]+" do
    if part ~= "." then out[#out + 1] = part end
  end
  return (path:sub(1, 1) == "/" and "/" or "") .. table.concat(out, "/")
end

--- Also with `..` taken away by text, for paths that need not exist.
function M.normal(path)
  local out, absolute = {}, path:sub(1, 1) == "/"
  for part in path:gmatch "[^/]+" do
    if part == ".." and (#out > 0 and out[#out] ~= ".." or absolute) then
      out[#out] = nil
    elseif part ~= "." then
      out[#out + 1] = part
    end
  end
  local text = table.concat(out, "/")
  return absolute and "/" .. text or text == "" and "." or text
end

--- Order of paths by component ("a/b" before "a-c"), as sets of paths are sorted.
function M.less(a, b)
  return a:gsub("/", "\0") < b:gsub("/", "\0")
end

return M
