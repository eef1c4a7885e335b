package io.kvroute.router.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.HeaderRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A client's request as replicas receive it: headers filtered by {@link HeaderRules}, the body
 * unchanged. Can be sent any number of times. Confined to the client's event loop.
 */
public final class OutgoingRequest {

  /** Body bytes in one buffer; the rest of a larger body follows as the connection accepts it. */
  private static final int PIECE_BYTES = 256 * 1024;

  private static final int HEAD_SLACK_BYTES = 256;

  private final Head head;
  private final boolean believed;
  private final String target;
  private final String addedLines;
  private final byte[] body;

  /**
   * A POST.
   *
   * @param head the client's head; must stay valid until the request is answered
   * @param believed whether the client may tell where the request comes from
   * @param target path and query
   * @param addedLines header lines of the router's own, each ended by CRLF
   * @param body must not be changed
   */
  public OutgoingRequest(
      Head head, boolean believed, String target, String addedLines, byte[] body) {
    this.head = head;
    this.believed = believed;
    this.target = target;
    this.addedLines = addedLines;
    this.body = body;
  }

  int bodyBytes() {
    return body.length;
  }

  /** How many bytes of the body go into the piece that starts at {@code from}. */
  int pieceBytes(int from) {
    return Math.min(PIECE_BYTES, body.length - from);
  }

  /** The head and the first piece of the body. */
  ByteBuf first(ByteBufAllocator allocator, ReplicaAddress address) {
    int piece = pieceBytes(0);
    int headBytes =
        head.size()
            + addedLines.length()
            + target.length()
            + address.basePath().length()
            + address.hostHeader().length()
            + HEAD_SLACK_BYTES;
    ByteBuf out = allocator.directBuffer(headBytes + piece);
    ascii(out, "POST ");
    ascii(out, address.basePath());
    ascii(out, target);
    ascii(out, " HTTP/1.1\r\nhost: ");
    ascii(out, address.hostHeader());
    ascii(out, "\r\n");
    HeaderRules.copyRequestHeaders(head, believed, out);
    ascii(out, addedLines);
    ascii(out, "content-length: ");
    ascii(out, Integer.toString(body.length));
    ascii(out, "\r\n\r\n");
    return out.writeBytes(body, 0, piece);
  }

  /** The piece of the body that starts at {@code from}. */
  ByteBuf piece(ByteBufAllocator allocator, int from) {
    int piece = pieceBytes(from);
    return allocator.directBuffer(piece).writeBytes(body, from, piece);
  }

  private static void ascii(ByteBuf out, String text) {
    out.writeCharSequence(text, US_ASCII);
  }
}
