package io.kvroute.router.testing;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The seed of a random test: another one in each run, unless {@code -Dkvroute.test.seed=N} gives
 * it. A test that fails tells how to replay it.
 *
 * <p>Use: {@code @RegisterExtension final TestSeed seed = new TestSeed();}
 */
public final class TestSeed implements TestExecutionExceptionHandler {

  private static final String PROPERTY = "kvroute.test.seed";

  private final long value = Long.getLong(PROPERTY, ThreadLocalRandom.current().nextLong());

  public long value() {
    return value;
  }

  /** A source of random numbers that the seed alone decides. */
  public Random random() {
    return new Random(value);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failure.addSuppressed(
        new AssertionError("replay this test with -D%s=%d".formatted(PROPERTY, value)));
    throw failure;
  }
}
