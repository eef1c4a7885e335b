package io.kvroute.router.http;

/**
 * The text of a complete response.
 *
 * @param minTokens the fewest tokens the text may consist of; the end token is not part of the text
 * @param maxTokens the most
 */
record GeneratedText(String text, int minTokens, int maxTokens) {}
