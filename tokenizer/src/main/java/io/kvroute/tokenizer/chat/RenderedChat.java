package io.kvroute.tokenizer.chat;

import java.util.List;

/**
 * The text of a chat request.
 *
 * @param addSpecialTokens whether the tokenizer adds start and end tokens
 * @param exactChars how many leading UTF-16 units do not depend on how the engine expands media
 * @param mediaIdentities the content, address or uuid of each image, audio and video, in order
 */
public record RenderedChat(
    String text, boolean addSpecialTokens, int exactChars, List<String> mediaIdentities) {}
