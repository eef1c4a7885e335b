package io.kvroute.router.http;

/**
 * The text of an answer that came whole.
 *
 * @param leastTokens the fewest tokens it may consist of; an end token is not part of the text
 * @param mostTokens the most
 */
record GeneratedText(String text, int leastTokens, int mostTokens) {}
