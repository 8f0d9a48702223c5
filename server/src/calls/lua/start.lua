-- Makes a call the chat's current one, unless the chat has one already.
-- KEYS: chat's current call, call, calls due
-- ARGV: ttl (s), call id, id of a current call known to be over, first look (ms), fields of the call
local current = redis.call('GET', KEYS[1])
if current and current ~= ARGV[3] then
  return { 0, current }
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[1])
redis.call('HSET', KEYS[2], unpack(ARGV, 5))
redis.call('EXPIRE', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[2])
redis.call('EXPIRE', KEYS[3], ARGV[1])
return { 1, ARGV[2] }
