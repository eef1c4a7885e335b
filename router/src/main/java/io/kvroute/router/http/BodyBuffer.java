package io.kvroute.router.http;

import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.wire.Framing;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Gathers the bodies of a connection's requests, one after the other. What it holds is taken from
 * the budget as it grows, not as it is announced, and given back by {@link #release}.
 */
final class BodyBuffer {

  /** A body announced larger than this grows as it comes. */
  private static final int TRUSTED_BYTES = 256 * 1024;

  private static final int UNANNOUNCED_BYTES = 8 * 1024;
  private static final byte[] EMPTY = {};

  private final int maxBytes;
  private final BodyBudget budget;
  private byte[] bytes = EMPTY;
  private int length;
  private long announced;
  private long takenBytes;

  BodyBuffer(int maxBytes, BodyBudget budget) {
    this.maxBytes = maxBytes;
    this.budget = budget;
  }

  /** Starts a body; refuses one that is announced too large. */
  void begin(Framing framing) throws ApiException {
    if (framing.length() > maxBytes) {
      throw new ApiException(ApiErrors.bodyTooLarge(maxBytes));
    }
    length = 0;
    bytes = EMPTY;
    switch (framing.kind()) {
      case NONE -> {}
      case LENGTH -> grow((int) Math.min(framing.length(), TRUSTED_BYTES));
      case CHUNKED, UNTIL_CLOSE -> grow(Math.min(UNANNOUNCED_BYTES, maxBytes));
    }
    announced = framing.length();
  }

  /** Takes the next {@code run} bytes of {@code in}. */
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

  /** The whole body; handed over. */
  byte[] take() {
    byte[] body = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    bytes = EMPTY;
    return body;
  }

  /** Gives back what was taken from the budget. */
  void release() {
    bytes = EMPTY;
    budget.giveBack(takenBytes);
    takenBytes = 0;
  }

  private void grow(int capacity) throws ApiException {
    int more = capacity - bytes.length;
    if (!budget.tryTake(more)) {
      throw new ApiException(ApiErrors.overloaded());
    }
    takenBytes += more;
    bytes = Arrays.copyOf(bytes, capacity);
  }
}
