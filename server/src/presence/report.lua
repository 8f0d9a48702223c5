-- One server says how one user is connected there; all servers' words together
-- are the user's state. Answers the state before and after: offline, away or awake.
-- KEYS: presence, presence:away, presence:{user}
-- ARGV: user, server, state (awake, away or gone), now, until (ms)
local now = tonumber(ARGV[4])

local function recorded()
  if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 'offline' end
  if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return 'away' end
  return 'awake'
end

-- A server that died leaves its word behind until it is out of date.
local function combined()
  local best = 'offline'
  local words = redis.call('HGETALL', KEYS[3])
  for i = 1, #words, 2 do
    local valid, state = string.match(words[i + 1], '^(%d+):(%a+)$')
    if tonumber(valid) < now then
      redis.call('HDEL', KEYS[3], words[i])
    elseif state == 'awake' or best == 'offline' then
      best = state
    end
  end
  return best
end

local before = recorded()
if ARGV[3] == 'gone' then
  redis.call('HDEL', KEYS[3], ARGV[2])
else
  redis.call('HSET', KEYS[3], ARGV[2], ARGV[5] .. ':' .. ARGV[3])
  redis.call('PEXPIREAT', KEYS[3], ARGV[5])
end

local after = combined()
if after == 'offline' then
  redis.call('ZREM', KEYS[1], ARGV[1])
elseif ARGV[3] ~= 'gone' then
  redis.call('ZADD', KEYS[1], ARGV[5], ARGV[1])
end
if after == 'away' then
  redis.call('SADD', KEYS[2], ARGV[1])
else
  redis.call('SREM', KEYS[2], ARGV[1])
end
return { before, after }
