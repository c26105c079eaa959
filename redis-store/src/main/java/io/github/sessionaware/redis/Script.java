package io.github.sessionaware.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The scripts that change sessions. Each works on the one key of a user, and so on one server. Each answers with a list
 * of texts, whatever happened, because Lettuce has to know the type of a reply before it arrives.
 */
enum Script {

    /** Arguments: session id, record, time at which the key may go. Answer: {@code created} or {@code exists}. */
    INSERT("""
            if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then
              return {'exists'}
            end
            keep_until(ARGV[3])
            return {'created'}
            """),

    /**
     * Adds a record if the admission has seen each session that the user has, and each session that leaves as it is
     * now. Writes before it removes, because a server without memory refuses the first write only.
     *
     * <p>Arguments: session id, record, time at which the key may go, number of sessions that leave, id and version of
     * each, the ids of the other sessions that were seen. Answer: {@code exists}, {@code changed}, or {@code created}
     * and then id and record of each session that left.
     */
    ADMIT("""
            if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
              return {'exists'}
            end
            local seen = {}
            local others = 5 + 2 * tonumber(ARGV[4])
            for i = 5, others - 1, 2 do
              local stored = redis.call('HGET', KEYS[1], ARGV[i])
              if stored and version(stored) ~= ARGV[i + 1] then
                return {'changed'}
              end
              seen[ARGV[i]] = true
            end
            for i = others, #ARGV do
              seen[ARGV[i]] = true
            end
            for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
              if not seen[id] then
                return {'changed'}
              end
            end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
            keep_until(ARGV[3])
            local answer = {'created'}
            for i = 5, others - 1, 2 do
              remove(ARGV[i], answer)
            end
            return answer
            """),

    /**
     * Replaces a record of this version.
     *
     * <p>Arguments: session id, record, time at which the key may go, version. Answer: {@code replaced} or
     * {@code changed}.
     */
    REPLACE("""
            local stored = redis.call('HGET', KEYS[1], ARGV[1])
            if not stored or version(stored) ~= ARGV[4] then
              return {'changed'}
            end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
            keep_until(ARGV[3])
            return {'replaced'}
            """),

    /**
     * Arguments: number of replicas that must acknowledge, session ids. Answer: {@code deleted}, and then id and record
     * of each session that was removed.
     */
    DELETE("""
            local answer = {'deleted'}
            for i = 2, #ARGV do
              remove(ARGV[i], answer)
            end
            write_anyway(ARGV[1], answer)
            return answer
            """),

    /**
     * Removes some of the sessions, all of them if they are few.
     *
     * <p>Arguments: number of replicas that must acknowledge, cursor, how many to look at, and the id of the session
     * that stays, if one does. Answer: the next cursor, and then id and record of each session that was removed.
     */
    DELETE_ALL("""
            local page = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
            local answer = {page[1]}
            for i = 1, #page[2], 2 do
              if page[2][i] ~= ARGV[4] then
                remove(page[2][i], answer)
              end
            end
            write_anyway(ARGV[1], answer)
            return answer
            """),

    /**
     * Removes some of the expired sessions, all of them if the user has few sessions.
     *
     * <p>Arguments: the latest deadline that has passed, cursor, how many to look at. Answer: the next cursor, and how
     * many were removed.
     */
    PURGE("""
            local page = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
            local purged = 0
            for i = 1, #page[2], 2 do
              local deadline = tonumber(string.match(page[2][i + 1], '^%d+ %d+ (%-?%d+) '))
              if deadline and deadline <= tonumber(ARGV[1]) then
                purged = purged + redis.call('HDEL', KEYS[1], page[2][i])
              end
            end
            return {page[1], tostring(purged)}
            """);

    /**
     * The functions that the scripts share.
     *
     * <ul>
     *   <li>{@code keep_until} lets the key live until this time at least. The server's clock cancels out: it is in the
     *       remaining time and in the time of day. {@code PEXPIRETIME} would need Redis 7.0.
     *   <li>{@code write_anyway} makes a delete that finds nothing write something too. An earlier attempt may have
     *       removed the session and waited for replicas in vain. A server may let this attempt's {@code WAIT} pass at
     *       once, because this connection has written nothing. Redis 6.2 and 7.0 do not.
     * </ul>
     */
    private static final String FUNCTIONS = """
            local function keep_until(time)
              local left = redis.call('PTTL', KEYS[1])
              if left >= 0 then
                local now = redis.call('TIME')
                if now[1] * 1000 + math.floor(now[2] / 1000) + left >= tonumber(time) then
                  return
                end
              end
              redis.call('PEXPIREAT', KEYS[1], time)
            end
            local function version(record)
              return string.match(record, '^%d+ (%d+) ')
            end
            local function remove(id, answer)
              local record = redis.call('HGET', KEYS[1], id)
              if record and redis.call('HDEL', KEYS[1], id) == 1 then
                answer[#answer + 1] = id
                answer[#answer + 1] = record
              end
            end
            local function write_anyway(replicas, answer)
              if #answer == 1 and replicas ~= '0' then
                redis.call('HSET', KEYS[1], '', '')
                redis.call('HDEL', KEYS[1], '')
              end
            end
            """;

    private final String text;
    private final String sha1;

    Script(String body) {
        this.text = FUNCTIONS + body;
        this.sha1 = sha1(text);
    }

    String text() {
        return text;
    }

    /** The name under which a server keeps the script: 40 hexadecimal digits. */
    String sha1() {
        return sha1;
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
