package io.kvroute.tokenizer;

/**
 * Identifies an image, audio or video of a request by its content, or by its address where the
 * content is elsewhere, in 128 bits. Equal media have equal digests in every process.
 */
public record MediaDigest(long high, long low) {}
