-- Drop whoever no server has spoken for in time; answers their ids.
-- KEYS: presence, presence:away   ARGV: now (ms)
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 500)
for _, id in ipairs(ids) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('SREM', KEYS[2], id)
end
return ids
