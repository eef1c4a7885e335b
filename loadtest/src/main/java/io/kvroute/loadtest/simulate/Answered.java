package io.kvroute.loadtest.simulate;

import org.jspecify.annotations.Nullable;

/**
 * One request as its client saw it, and what the engine reused for it.
 *
 * @param conversation the conversation that it was a turn of; null where it stood alone
 * @param replica the number of the one that answered, in the order in which they joined
 * @param sentNanos when the client sent it, on the simulated clock
 * @param ttftNanos from then to the first token
 * @param e2eNanos from then to the last token
 * @param matchedTokens leading tokens of the prompt that the router believed to be cached there
 * @param cachedTokens tokens of the prompt that the engine had cached
 */
public record Answered(
    @Nullable String conversation,
    int replica,
    long sentNanos,
    long ttftNanos,
    long e2eNanos,
    int promptTokens,
    int matchedTokens,
    int cachedTokens) {}
