-- The human report: what the peer prints of a run, line by line. A consumer of events; it asks nobody.

local blocks = require "nx.report.output"
local err = require "nx.error"
local labels = require "nx.report.labels"
local options = require "nx.options"
local styles = require "nx.report.style"
local summary = require "nx.report.summary"

local plural = styles.plural

local level_word = '"none"|"fail"|"retry"|"flaky"|"slow"|"leak"|"pass"|"skip"|"all"'
local output_word = '"immediate"|"immediate-final"|"final"|"never"'
local spec = {
  to = "string", color = '"auto"|"always"|"never"', status_level = level_word, final_status_level = level_word,
  failure_output = output_word, success_output = output_word, indent = "boolean", verbose = "boolean",
  show_progress = '"auto"|"none"|"bar"|"counter"|"only"|"running"', no_tests_hint = "boolean",
}

-- What is written, and whether it is a terminal. Every line goes out at once: a pipe's reader wants to see it.
local function open(to)
  if to == nil then return io.stderr, false end
  if to == "-" then return io.stdout, true end
  local file, message = io.open(to, "w")
  if not file then err.raise { kind = "io", path = to, message = "the report cannot be written to " .. message } end
  return file, true
end

local function is_terminal(to)
  if to ~= nil and to ~= "-" then return false end
  local place = require "nx.core.place"
  return place.is_terminal(to == "-" and 1 or 2)
end

local function wants(policy, when)
  return policy == when or policy == "immediate-final"
end

local function clock(seconds)
  local s = seconds // 1 | 0
  return ("%02d:%02d:%02d"):format(s // 3600, s // 60 % 60, s % 60)
end

--- nx.report.human { … } -> Reporter
---@param given? table
return function(given)
  local o = options.check("nx.report.human", given, spec)
  local file, flush = open(o.to)
  local terminal = is_terminal(o.to)
  local s = styles.new(styles.colours(o.color, terminal))
  local bars = styles.bars(terminal)
  local indent = o.indent == false and "" or "    "
  local block_options = { style = s, indent = indent, bars = bars }
  local counter = o.show_progress ~= "none" and (o.show_progress ~= "bar" and o.show_progress ~= "running" or terminal)
  local level, final_level, failure_output, success_output, capture
  local total, width, counter_format, no_counter = 0, 1, "", ""
  local counts, stress_counts = summary.new_counts(), nil
  local finals, profile, silent, signalled, cancelled = {}, "default", false, false, nil

  local function write(text)
    local ok, message = file:write(text)
    if not ok then err.raise { kind = "io", path = o.to, message = "the report cannot be written: " .. tostring(message) } end
    if flush then file:flush() end
  end
  local function label(style, text) return style(("%12s"):format(text)) end

  -- "alpha::bad module::name", the parts painted
  local function name_of(test)
    if not s.colour then return test.id end
    local module, name = test.name:match "^(.*)::(.-)$"
    if not module then return s.suite(test.suite) .. " " .. s.test(test.name) end
    return ("%s %s%s%s"):format(s.suite(test.suite), s.module(module), s.module "::", s.test(name))
  end
  local function stress_of(stress)
    if not stress then return "" end
    if stress.total then return ("[%s/%s] "):format(s.count(stress.current), s.count(stress.total)) end
    return ("[%s] "):format(s.count(stress.current))
  end
  local stress
  local function line(style, text, seconds, place, test, its_stress)
    return ("%s [%8.3fs] %s%s%s\n"):format(label(style, text), seconds, stress_of(its_stress), place, name_of(test))
  end

  local R = {}

  function R.run_started(event)
    local plan = event.plan
    profile = plan.profile
    capture = event.capture
    block_options.merged, block_options.inherited = capture == "merged", capture == "none"
    local set, base = plan.settings, plan.defaults
    level = labels.level[o.status_level or set.status_level or "pass"]
    if capture == "none" and level < labels.level.pass then level = labels.level.pass end
    final_level = labels.final_level[o.final_status_level or set.final_status_level or "flaky"]
    failure_output, success_output = base.failure_output or "immediate", base.success_output or "never"
    total = event.count
    width = #tostring(total)
    counter_format = counter and "(%" .. width .. "d/%d) " or ""
    no_counter = counter and "(" .. bars(2 * width + 1) .. ") " or ""
    write(("%s\n%s ID %s with nextest profile: %s\n%s %s\n"):format(bars(12), label(s.pass, "Nextest run"), s.count(event.run_id),
      s.count(profile), label(s.pass, "Starting"), summary.starting(s, plan)))
  end

  local function counted(n)
    return counter and counter_format:format(n, total) or ""
  end

  function R.iteration_started(event)
    stress = { current = event.stress.current, total = event.stress.total }
    counts = summary.new_counts()
    stress_counts = stress_counts or { passed = 0, failed = 0 }
    local left
    if event.stress.total then
      local n = event.stress.total - event.stress.current + 1
      left = ("%s elapsed so far, %s %s remaining"):format(s.count(clock(event.elapsed)), s.count(n), plural(n, "iteration"))
    elseif event.stress.duration then
      left = ("%s/%s elapsed so far, %s remaining"):format(s.count(clock(event.elapsed)), s.count(clock(event.stress.duration)),
        s.count(clock(math.max(0, event.stress.duration - event.elapsed))))
    else
      left = s.count(clock(event.elapsed)) .. " elapsed so far"
    end
    write(("%s\n%s iteration %s%s (%s)\n"):format(bars(12), label(s.pass, "Stress test"), s.count(stress.current),
      stress.total and "/" .. s.count(stress.total) or "", left))
  end

  function R.iteration_finished(event)
    local bad = counts.failed + counts.exec_failed + counts.timed_out > 0 or counts.done ~= total
    stress_counts.done = event.stress.current
    if not bad then
      stress_counts.passed = stress_counts.passed + 1
    elseif not cancelled or cancelled == "test_failure" or cancelled == "test_failure_immediate" then
      stress_counts.failed = stress_counts.failed + 1 -- one that was cut short is neither
    end
    write(("%s [%8.3fs] iteration %s%s: %s\n"):format(label(summary.style(s, counts, total), "Stress test"), event.seconds,
      s.count(stress.current), stress.total and "/" .. s.count(stress.total) or "", summary.line(s, counts, total)))
  end

  function R.test_started(event)
    if capture ~= "none" and not o.verbose then return end
    local first = event.number == 1
    local text = first and "START" or ("TRY %d START"):format(event.number)
    write(("%s [         ] %s%s%s\n"):format(label(s[first and "pass" or "retry"], text), stress_of(stress),
      first and counted(counts.done + 1) or no_counter, name_of(event.test)))
    if o.verbose and event.command then
      write(("%s: %s\n"):format(s.count(("%20s"):format "command"), require "nx.shell".join(event.command)))
    end
  end

  function R.attempt_slow(event)
    local text, style
    local more = (event.total_attempts or 1) > 1
    if event.terminating then
      local last = not more or event.number >= event.total_attempts
      local needed = labels.level[last and "fail" or "retry"]
      if level < needed then return end
      text = more and level > needed and ("TRY %d TRMNTG"):format(event.number) or "TERMINATING"
      style = last and s.fail or s.retry
    else
      if level < labels.level.slow then return end
      text, style = event.number > 1 and ("TRY %d SLOW"):format(event.number) or "SLOW", s.skip
    end
    write(("%s [>%7.3fs] %s%s%s\n"):format(label(style, text), event.seconds, stress_of(stress), no_counter, name_of(event.test)))
  end

  -- Is the output of this attempt kept back? Nothing is shown after an interrupt; after another signal, nothing twice.
  local function hidden(event, attempt)
    if silent then return true end
    if event.ended_by_us == "test_failure_immediate" and attempt.signal == "SIGTERM" then return true end
    return false
  end

  function R.attempt_finished(event)
    if not event.retry_after or level < labels.level.retry then return end
    local attempt = event.attempt
    local text = line(s.retry, labels.retried(attempt), attempt.seconds, no_counter, event.test, stress)
    local policy = o.failure_output or event.failure_output or failure_output
    if wants(policy, "immediate") then -- an attempt that another would follow is shown, whatever ended it
      text = text .. blocks.block(block_options, attempt, s.retry)
    end
    if event.retry_after > 0 then
      text = ("%s%s by %7.3fs %s%s%s\n"):format(text, label(s.retry, ("DELAY %d/%d"):format(attempt.number + 1, event.total_attempts or
        attempt.number + 1)), event.retry_after, stress_of(stress), no_counter, name_of(event.test))
    end
    write(text)
  end

  function R.test_finished(event)
    summary.add(counts, event)
    local last = event.attempts[#event.attempts]
    local text, style, its_level = labels.finished(event)
    local flaky_fail = event.status == "fail" and last.status == "pass" and #event.attempts > 1
    local out = ""
    if level >= labels.level[its_level] then
      out = line(s[style], text, last.seconds, counted(counts.done), event.test, stress)
      if flaky_fail then out = ("%s%12s test configured to %s if flaky\n"):format(out, "-", s.fail "fail") end
      if event.reason and event.reason ~= "flaky" then out = ("%s%12s %s\n"):format(out, "-", event.reason) end
    end
    local passed = last.status == "pass" or last.status == "skip" -- one that skips itself is no failure
    local policy = passed and (o.success_output or event.success_output or success_output)
      or o.failure_output or event.failure_output or failure_output
    local hide = (wants(policy, "immediate") or wants(policy, "final")) and hidden(event, last)
    local block_style = not passed and s.fail or (last.leaked or last.timed_out) and s.skip or s.pass
    if wants(policy, "immediate") and not hide then out = out .. blocks.block(block_options, last, block_style) end
    if out ~= "" then write(out) end
    local final_text, final_style, final = labels.final(event)
    local by_output = wants(policy, "final") and not hide and not (signalled and policy == "immediate-final")
    if event.ended_by_us == "test_failure_immediate" and last.signal == "SIGTERM" then return end
    if final_level >= labels.final_level[final] or by_output then
      finals[#finals + 1] = { level = labels.final_level[final], done = counts.done, id = event.test.id, at = #finals,
        stress = stress and stress.current or 0,
        text = line(s[final_style], final_text, last.seconds, counted(counts.done), event.test, stress),
        block = by_output and blocks.block(block_options, last, block_style) or "" }
    end
  end

  function R.test_skipped(event)
    counts.skipped = counts.skipped + 1
    local text
    if level >= labels.level.skip or final_level >= labels.final_level.skip then
      text = ("%s [         ] %s%s%s\n"):format(label(s.skip, "SKIP"), stress_of(stress), no_counter, name_of(event.test))
    end
    if level >= labels.level.skip then write(text) end
    if final_level >= labels.final_level.skip then
      finals[#finals + 1] = { level = labels.final_level.skip, done = math.maxinteger, id = event.test.id, at = #finals,
        stress = stress and stress.current or 0, text = text, block = "" }
    end
  end

  function R.run_cancelled(event)
    local n = event.running
    local still = ("%s %s still running"):format(s.count(n), plural(n, "test"))
    local reason = s.fail(labels.reasons[event.reason])
    cancelled = event.reason
    if event.reason == "interrupt" or event.reason == "second_signal" then silent = true end
    if event.reason == "signal" then signalled = true end
    if event.reason == "second_signal" then
      write(("%s due to %s: : %s\n"):format(label(s.fail, "Killing"), reason, still))
    else
      local tail = n > 0 and (event.reason == "test_failure_immediate" and "immediately terminating " or "") .. still or ""
      write(("%s due to %s: %s\n"):format(label(s.fail, "Cancelling"), reason, tail))
    end
  end

  function R.problem(event)
    write(("%s: %s\n"):format(s.fail "error", tostring(event.error)))
  end

  local function final_section()
    if silent then return end
    table.sort(finals, function(a, b)
      if a.level ~= b.level then return a.level > b.level end
      if a.stress ~= b.stress then return a.stress < b.stress end
      if counter and a.done ~= b.done then return a.done < b.done end
      return a.at < b.at
    end)
    local out = {}
    for _, entry in ipairs(finals) do out[#out + 1] = entry.text .. entry.block end
    if #out > 0 then write(table.concat(out)) end
  end

  function R.run_finished(event)
    local result = event.result
    local out
    if event.stress then
      local c, st = stress_counts or { passed = 0, failed = 0 }, event.stress
      local n = c.done or 0
      out = ("%s%s stress run %s: %s %s"):format(s.count(n), st.total and "/" .. s.count(st.total) or "",
        plural(st.total or n, "iteration"), s.count(c.passed), s.pass "passed")
      if c.failed > 0 then out = ("%s, %s %s"):format(out, s.count(c.failed), s.fail "failed") end
      if event.reason and labels.reasons[event.reason] ~= "test failure" then
        out = ("%s; cancelled due to %s"):format(out, s.fail(labels.reasons[event.reason]))
      end
      local style = (c.failed > 0 or c.passed < n) and s.fail or s.pass
      write(("%s\n%s [%8.3fs] %s\n"):format(bars(12), label(style, "Summary"), event.seconds, out))
    else
      write(("%s\n%s [%8.3fs] %s\n"):format(bars(12), label(summary.style(s, counts, total), "Summary"), event.seconds,
        summary.line(s, counts, total)))
    end
    final_section()
    local warning = summary.not_run(s, counts, total, event.reason)
    if warning then write(warning .. "\n") end
    if result.exit_code == 100 then
      write(s.fail "error" .. ": test run failed\n")
    elseif result.exit_code == 105 then
      write(s.fail "error" .. ": setup script failed\n")
    elseif #result.tests == 0 and event.no_tests ~= "pass" then
      if event.no_tests == "warn" then
        write(s.skip "warning" .. ": no tests to run\n")
      else
        write(s.fail "error" .. ": no tests to run\n")
        if o.no_tests_hint or o.no_tests_hint == nil and event.no_tests == nil then write "(hint: use `--no-tests` to customize)\n" end
      end
    end
  end

  function R.close()
    if o.to and o.to ~= "-" then file:close() end
  end

  return R
end
