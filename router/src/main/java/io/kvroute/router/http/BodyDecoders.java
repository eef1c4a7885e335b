package io.kvroute.router.http;

import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.wire.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes request bodies on threads of its own. A decoded body has the limit of any other body, and
 * reserves its memory from the budget of all bodies as it grows. The queue needs no limit: the
 * budget has counted the encoded bodies in it. Thread-safe.
 */
final class BodyDecoders implements AutoCloseable {

  /** How a decoding ended. */
  sealed interface Outcome {

    /** The body's bytes and the buffer that holds its share of the budget. */
    record Decoded(byte[] body, BodyBuffer buffer) implements Outcome {}

    /** The body cannot be accepted. */
    record Refused(ApiError error) implements Outcome {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(BodyDecoders.class);
  private static final Framing UNKNOWN_LENGTH = new Framing(Framing.Kind.UNTIL_CLOSE, 0);
  private static final int PIECE_BYTES = 64 * 1024;

  /**
   * The most that a body may grow, the default of Apache's {@code DeflateInflateRatioLimit}. Texts
   * grow up to 20 times.
   */
  private static final int MAX_GROWTH = 200;

  /** Bodies up to this size may grow as they like, because a short text can repeat itself. */
  private static final int FREE_BYTES = 1 << 20;

  private final int maxBodyBytes;
  private final BodyBudget budget;
  private final ExecutorService threads;

  BodyDecoders(int maxBodyBytes, BodyBudget budget, int threads) {
    this.maxBodyBytes = maxBodyBytes;
    this.budget = budget;
    this.threads =
        Executors.newFixedThreadPool(threads, new DefaultThreadFactory("decode", true));
  }

  /** Decodes {@code body} and calls {@code done} once, on {@code loop}. */
  void decode(BodyCoding coding, byte[] body, Executor loop, Consumer<Outcome> done) {
    try {
      threads.execute(
          () -> {
            Outcome outcome = decode(coding, body);
            loop.execute(() -> done.accept(outcome));
          });
    } catch (RejectedExecutionException e) {
      done.accept(new Outcome.Refused(ApiErrors.overloaded()));
    }
  }

  private Outcome decode(BodyCoding coding, byte[] body) {
    BodyBuffer decoded = new BodyBuffer(maxBodyBytes, budget);
    ApiError error;
    try (InputStream in = coding.decode(body)) {
      read(in, (long) MAX_GROWTH * body.length, decoded);
      return new Outcome.Decoded(decoded.take(), decoded);
    } catch (ApiException e) {
      error = e.error();
    } catch (IOException e) {
      error = ApiErrors.malformed("the body is not valid " + coding.label());
    } catch (RuntimeException | LinkageError e) {
      LOG.error("cannot decode a body in {}", coding.label(), e);
      error = ApiErrors.internal();
    }
    decoded.release();
    return new Outcome.Refused(error);
  }

  private static void read(InputStream in, long mostGrown, BodyBuffer decoded)
      throws IOException, ApiException {
    decoded.begin(UNKNOWN_LENGTH);
    byte[] piece = new byte[PIECE_BYTES];
    ByteBuf view = Unpooled.wrappedBuffer(piece);
    long total = 0;
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      total += n;
      if (total > FREE_BYTES && total > mostGrown) {
        throw new ApiException(ApiErrors.growsTooMuch(MAX_GROWTH));
      }
      decoded.add(view.setIndex(0, n), n);
    }
    if (total == 0) {
      throw new IOException("empty");
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
