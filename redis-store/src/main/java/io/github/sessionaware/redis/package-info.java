/**
 * Keeps sessions in Redis or Valkey: see {@link io.github.sessionaware.redis.RedisSessionStore}. A class of this
 * package needs the library of its client only: {@link io.github.sessionaware.redis.JedisAccess} needs Jedis, and
 * {@link io.github.sessionaware.redis.LettuceAccess} needs Lettuce.
 */
@NullMarked
package io.github.sessionaware.redis;

import org.jspecify.annotations.NullMarked;
