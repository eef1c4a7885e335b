package io.kvroute.tokenizer.chat;

import java.util.List;

/**
 * A chat request's text.
 *
 * @param addSpecialTokens whether the tokenizer is to add start and end tokens
 * @param exactChars how many leading UTF-16 units do not depend on what the engine makes of media
 * @param mediaIdentities the content, address or uuid of each image, audio and video, in order
 */
public record RenderedChat(
    String text, boolean addSpecialTokens, int exactChars, List<String> mediaIdentities) {}
