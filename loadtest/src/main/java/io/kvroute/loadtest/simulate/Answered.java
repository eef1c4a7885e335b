package io.kvroute.loadtest.simulate;

import org.jspecify.annotations.Nullable;

/**
 * One answered request, as its client saw it.
 *
 * @param conversation the conversation that the request was a turn of; null for a single request
 * @param replica number of the replica that answered; replicas are numbered as they join
 * @param sentNanos when the client sent the request, on the simulated clock
 * @param ttftNanos time from then to the first token
 * @param e2eNanos time from then to the last token
 * @param promptTokens tokens of the prompt
 * @param matchedTokens leading prompt tokens that the router predicted to be cached on the replica
 * @param cachedTokens prompt tokens that the engine found in its cache
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
