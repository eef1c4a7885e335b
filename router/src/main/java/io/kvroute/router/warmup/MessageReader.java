package io.kvroute.router.warmup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads one HTTP/1.1 message after another from a peer that is known to send well-formed ones, with
 * a Content-Length or in chunks. Not thread-safe.
 */
final class MessageReader {

  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(ISO_8859_1);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(ISO_8859_1);
  private static final String LENGTH = "\r\ncontent-length:";

  private final InputStream in;
  private byte[] bytes = new byte[8192];
  private int size;
  private int bodyStart;

  MessageReader(InputStream in) {
    this.in = in;
  }

  /**
   * Reads the next message whole.
   *
   * @return false if the peer closed the connection before it
   * @throws EOFException if the peer closed the connection within the message
   */
  boolean readMessage() throws IOException {
    size = 0;
    int headEnd = -1;
    while (headEnd < 0) {
      if (!readMore()) {
        if (size == 0) {
          return false;
        }
        throw new EOFException("within a head");
      }
      headEnd = indexOf(HEAD_END);
    }
    bodyStart = headEnd + HEAD_END.length;
    int length = contentLength(headEnd);
    while (length >= 0 ? size - bodyStart < length : !endsWithLastChunk()) {
      if (!readMore()) {
        throw new EOFException("within a body");
      }
    }
    return true;
  }

  boolean bodyContains(byte[] text) {
    return indexOf(text) >= bodyStart;
  }

  /** The status of a response. */
  int status() {
    return Integer.parseInt(new String(bytes, 9, 3, ISO_8859_1));
  }

  private boolean readMore() throws IOException {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    int read = in.read(bytes, size, bytes.length - size);
    size += Math.max(0, read);
    return read > 0;
  }

  private int contentLength(int headEnd) {
    String head = new String(bytes, 0, headEnd, ISO_8859_1).toLowerCase(Locale.ROOT);
    int at = head.indexOf(LENGTH);
    if (at < 0) {
      return -1;
    }
    int end = head.indexOf('\r', at + 2);
    return Integer.parseInt(
        head.substring(at + LENGTH.length(), end < 0 ? head.length() : end).strip());
  }

  private boolean endsWithLastChunk() {
    int from = size - LAST_CHUNK.length;
    return from >= bodyStart && Arrays.equals(bytes, from, size, LAST_CHUNK, 0, LAST_CHUNK.length);
  }

  private int indexOf(byte[] text) {
    for (int i = 0; i <= size - text.length; i++) {
      if (Arrays.equals(bytes, i, i + text.length, text, 0, text.length)) {
        return i;
      }
    }
    return -1;
  }
}
