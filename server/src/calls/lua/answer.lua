-- ringing → active, once.
-- KEYS: call, peers, router, chat's current call, calls due, speakers, declined
-- ARGV: ttl (s), call id, now (ms), next look (ms)
local status = redis.call('HGET', KEYS[1], 'status')
if status ~= 'ringing' then
  return { 0, redis.call('HGETALL', KEYS[1]) }
end
redis.call('HSET', KEYS[1], 'status', 'active', 'answeredAt', ARGV[3], 'idleSince', ARGV[3])
redis.call('ZADD', KEYS[5], ARGV[4], ARGV[2])
for _, key in ipairs(KEYS) do
  redis.call('EXPIRE', key, ARGV[1])
end
return { 1, redis.call('HGETALL', KEYS[1]) }
