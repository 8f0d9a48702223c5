-- Moves the call to another SFU node, if it is still in the epoch that the caller saw fail.
-- KEYS: call, peers, router, chat's current call, calls due, speakers, declined
-- ARGV: ttl (s), call id, now (ms), epoch that failed, new node
local status, epoch = unpack(redis.call('HMGET', KEYS[1], 'status', 'epoch'))
if not status or status == 'ended' or epoch ~= ARGV[4] then
  return { 0, redis.call('HGETALL', KEYS[1]) }
end
redis.call('HSET', KEYS[1], 'node', ARGV[5], 'epoch', epoch + 1, 'idleSince', ARGV[3])
redis.call('DEL', KEYS[2], KEYS[3])
for _, key in ipairs(KEYS) do
  redis.call('EXPIRE', key, ARGV[1])
end
return { 1, redis.call('HGETALL', KEYS[1]) }
