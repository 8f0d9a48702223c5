-- → ended, once, if the call is still as the caller believes it to be.
-- KEYS: call, peers, router, chat's current call, calls due, speakers, declined
-- ARGV: ttl of the remains (s), call id, now (ms), reason,
--       status it must have ('' any), epoch it must have ('' any), '1' if it must be empty
local status, epoch = unpack(redis.call('HMGET', KEYS[1], 'status', 'epoch'))
local stays = not status
  or status == 'ended'
  or (ARGV[5] ~= '' and status ~= ARGV[5])
  or (ARGV[6] ~= '' and epoch ~= ARGV[6])
  or (ARGV[7] == '1' and redis.call('HLEN', KEYS[2]) > 0)
if stays then
  return { 0, redis.call('HGETALL', KEYS[1]) }
end
redis.call('HSET', KEYS[1], 'status', 'ended', 'endedAt', ARGV[3], 'reason', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2], KEYS[3], KEYS[6], KEYS[7])
if redis.call('GET', KEYS[4]) == ARGV[2] then
  redis.call('DEL', KEYS[4])
end
redis.call('ZREM', KEYS[5], ARGV[2])
return { 1, redis.call('HGETALL', KEYS[1]) }
