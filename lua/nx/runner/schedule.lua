-- Which test starts next: the plan's order, threads and groups as the peer has them. Knows no process.
--
-- The next test starts when its threads fit into what is free; if they do not, nothing behind it starts. A test whose group
-- is full waits in the group's queue and lets others pass; when a test of the group ends, the queue comes first.

local M = {}

---@class nx.Schedule
local Schedule = {}
Schedule.__index = Schedule

local function count(value, cores, threads)
  if value == "num-cpus" then return cores end
  if value == "num-test-threads" then return threads end
  return value
end

---@param plan nx.Plan
---@param threads integer
---@param cores integer
function M.new(plan, threads, cores)
  return setmetatable({ items = plan.items, skipped = plan.skipped or {}, at = 1, skip_at = 1, threads = threads, cores = cores,
    used = 0, slots = {}, groups = {}, ready = {}, limits = plan.groups or {} }, Schedule)
end

local function smallest_free(slots)
  local n = 0
  while slots[n] do n = n + 1 end
  slots[n] = true
  return n
end

function Schedule:group(name)
  local group = self.groups[name]
  if not group then
    -- a group that no configuration knows has room for one
    local max = math.max(1, count(self.limits[name] or 1, self.cores, self.threads))
    group = { name = name, max = max, used = 0, slots = {}, queue = {}, first = 1 }
    self.groups[name] = group
  end
  return group
end

local function weight(self, item)
  local n = item.slots
  if n == 1 then return 1 end
  n = count(n, self.cores, self.threads)
  return n > self.threads and self.threads or n
end

local function start(self, item, group)
  local w = weight(self, item)
  local unit = { item = item, weight = w, slot = smallest_free(self.slots), grace = item.grace }
  self.used = self.used + w
  if group then
    unit.group, unit.group_weight = group, math.min(w, group.max)
    group.used = group.used + unit.group_weight
    unit.group_slot = smallest_free(group.slots)
  end
  return unit
end

local function group_has_room(self, group, item)
  return group.used + math.min(weight(self, item), group.max) <= group.max
end

--- A unit { item, slot, group?, group_slot?, … } that may start now, or nil. `on_skip(skipped)` is told of each test that is
--- passed over on the way.
function Schedule:next(on_skip)
  local ready = self.ready
  while ready[1] do
    local group = ready[1]
    local item = group.queue[group.first]
    if not item or not group_has_room(self, group, item) then
      group.ready = nil
      table.remove(ready, 1)
    elseif self.used + weight(self, item) > self.threads then
      return nil
    else
      group.queue[group.first] = nil
      group.first = group.first + 1
      return start(self, item, group)
    end
  end
  while true do
    local skip = self.skipped[self.skip_at]
    while skip and skip.at < self.at do
      self.skip_at = self.skip_at + 1
      on_skip(skip)
      skip = self.skipped[self.skip_at]
    end
    local item = self.items[self.at]
    if not item then return nil end
    if self.used + weight(self, item) > self.threads then return nil end
    self.at = self.at + 1
    local name = item.group
    if not name then return start(self, item) end
    local group = self:group(name)
    if group.queue[group.first] == nil and group_has_room(self, group, item) then return start(self, item, group) end
    local last = group.last or group.first - 1
    if last < group.first - 1 then last = group.first - 1 end
    group.last = last + 1
    group.queue[last + 1] = item
  end
end

--- A unit has ended: its threads and slots are free again.
function Schedule:finish(unit)
  self.used = self.used - unit.weight
  self.slots[unit.slot] = nil
  local group = unit.group
  if group then
    group.used = group.used - unit.group_weight
    group.slots[unit.group_slot] = nil
    if group.queue[group.first] and not group.ready then
      group.ready = true
      self.ready[#self.ready + 1] = group
    end
  end
end

--- Gives up what has not started; the tests that were passed over are still told.
function Schedule:drop(on_skip)
  self.at = #self.items + 1
  for _, group in pairs(self.groups) do group.queue, group.first, group.last, group.ready = {}, 1, nil, nil end
  self.ready = {}
  for i = self.skip_at, #self.skipped do on_skip(self.skipped[i]) end
  self.skip_at = #self.skipped + 1
end

return M
