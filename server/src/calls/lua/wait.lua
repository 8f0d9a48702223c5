-- Notes since when nobody is in the call, and when to look at it again.
-- KEYS: call, peers, router, chat's current call, calls due, speakers, declined
-- ARGV: ttl (s), call id, idle since (ms, '' while somebody is in), next look (ms), epoch seen,
--       '1' to forget the peers: their node is dead
local status, epoch = unpack(redis.call('HMGET', KEYS[1], 'status', 'epoch'))
if not status or status == 'ended' then
  redis.call('ZREM', KEYS[5], ARGV[2])
  return { 0, {} }
end
local same = epoch == ARGV[5]
if same then
  redis.call('HSET', KEYS[1], 'idleSince', ARGV[3])
  if ARGV[6] == '1' then
    redis.call('DEL', KEYS[2], KEYS[3])
  end
end
redis.call('ZADD', KEYS[5], ARGV[4], ARGV[2])
for _, key in ipairs(KEYS) do
  redis.call('EXPIRE', key, ARGV[1])
end
return { same and 1 or 0, redis.call('HGETALL', KEYS[1]) }
