package io.kvroute.router.http;

import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.wire.Framing;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Collects the bodies of a connection's requests, one after the other. Reserves memory from the
 * budget as bytes arrive, not for an announced length, and returns it in {@link #release}.
 */
final class BodyBuffer {

  /**
   * A buffer of this size at most is allocated for an announced length; it then grows with the
   * body.
   */
  private static final int MAX_INITIAL_BYTES = 256 * 1024;

  private static final int UNKNOWN_LENGTH_BYTES = 8 * 1024;
  private static final byte[] EMPTY = {};

  private final int maxBytes;
  private final BodyBudget budget;
  private byte[] bytes = EMPTY;
  private int length;
  private long announced;
  private long reservedBytes;

  BodyBuffer(int maxBytes, BodyBudget budget) {
    this.maxBytes = maxBytes;
    this.budget = budget;
  }

  /** Starts a body; rejects an announced length above the limit. */
  void begin(Framing framing) throws ApiException {
    if (framing.length() > maxBytes) {
      throw new ApiException(ApiErrors.bodyTooLarge(maxBytes));
    }
    length = 0;
    bytes = EMPTY;
    switch (framing.kind()) {
      case NONE -> {}
      case LENGTH -> grow((int) Math.min(framing.length(), MAX_INITIAL_BYTES));
      case CHUNKED, UNTIL_CLOSE -> grow(Math.min(UNKNOWN_LENGTH_BYTES, maxBytes));
    }
    announced = framing.length();
  }

  /** Appends the next {@code run} bytes of {@code in}. */
  void add(ByteBuf in, int run) throws ApiException {
    if (run > maxBytes - length) {
      throw new ApiException(ApiErrors.bodyTooLarge(maxBytes));
    }
    int needed = length + run;
    if (needed > bytes.length) {
      long most = announced > 0 ? announced : maxBytes;
      grow((int) Math.min(most, Math.max(2L * bytes.length, needed)));
    }
    in.readBytes(bytes, length, run);
    length = needed;
  }

  /** Hands over the complete body. */
  byte[] take() {
    byte[] body = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    bytes = EMPTY;
    return body;
  }

  /** Drops the body and returns its memory to the budget. */
  void release() {
    bytes = EMPTY;
    budget.release(reservedBytes);
    reservedBytes = 0;
  }

  private void grow(int capacity) throws ApiException {
    int more = capacity - bytes.length;
    if (!budget.tryReserve(more)) {
      throw new ApiException(ApiErrors.overloaded());
    }
    reservedBytes += more;
    bytes = Arrays.copyOf(bytes, capacity);
  }
}
