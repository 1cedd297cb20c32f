-- Asks for the addresses of the file BENCH_PLAN in turn, with its headers, and prints one line of JSON.
-- The file: headers as "Name: value", an empty line, then one path a line.
local threads, paths, headers, at = {}, {}, {}, 0

function setup(thread)
  table.insert(threads, thread)
end

function init()
  local plan = io.open(os.getenv("BENCH_PLAN"))
  local line = plan:read()
  while line ~= "" do
    local name, value = line:match("^([^:]+): (.*)$")
    headers[name] = value
    line = plan:read()
  end
  for path in plan:lines() do table.insert(paths, path) end
  plan:close()
  wrong, worst = 0, 0
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], headers)
end

function response(status)
  if status ~= 200 then wrong = wrong + 1 end
  if status > worst then worst = status end
end

function done(summary, latency)
  local wrong, worst = 0, 0
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("wrong")
    worst = math.max(worst, thread:get("worst"))
  end
  local broken = summary.errors
  io.write(string.format(
    '\nBENCH {"count": %d, "seconds": %.4f, "p50": %.6f, "p95": %.6f, "wrong": %d, "worst": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(95) / 1e6,
    wrong + broken.connect + broken.read + broken.write + broken.timeout, worst))
end
