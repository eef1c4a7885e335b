package io.kvroute.router.http;

import io.kvroute.router.http.RequestReader.Incoming;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes request bodies on threads of its own. A decoded body has the limit of any other body, and
 * reserves its memory from the budget of all bodies as it grows. The queue needs no limit: the
 * budget has counted the encoded bodies in it. Thread-safe.
 */
final class BodyDecoders implements AutoCloseable {

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
    this.threads = Executors.newFixedThreadPool(threads, new DefaultThreadFactory("decode", true));
  }

  /**
   * Decodes the body of a request. Calls either {@code done}, with a buffer that holds the decoded
   * body and its share of the budget, or {@code refused}, once and on {@code loop}.
   */
  void decode(
      Incoming.Complete request,
      Executor loop,
      Consumer<BodyBuffer> done,
      Consumer<ApiError> refused) {
    try {
      threads.execute(
          () -> {
            BodyBuffer decoded = new BodyBuffer(maxBodyBytes, budget);
            ApiError error = decode(request.admitted().coding(), request.body().raw(), decoded);
            if (error == null) {
              loop.execute(() -> done.accept(decoded));
            } else {
              decoded.release();
              loop.execute(() -> refused.accept(error));
            }
          });
    } catch (RejectedExecutionException e) {
      refused.accept(ApiErrors.overloaded());
    }
  }

  /** Fills {@code decoded}; returns what is wrong with the body, or null. */
  private static @Nullable ApiError decode(BodyCoding coding, byte[] body, BodyBuffer decoded) {
    try (InputStream in = coding.decode(body)) {
      read(in, (long) MAX_GROWTH * body.length, decoded);
      return null;
    } catch (ApiException e) {
      return e.error();
    } catch (IOException e) {
      return ApiErrors.malformed("the body is not valid " + coding.label());
    } catch (RuntimeException | LinkageError e) {
      LOG.error("cannot decode a body in {}", coding.label(), e);
      return ApiErrors.internal();
    }
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
