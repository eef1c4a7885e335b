package io.kvroute.router.guard;

/** Guards for tests that do not look at the fault counter. */
public final class TestGuards {

  public static final Guards UNCOUNTED =
      new Guards(task -> {}, () -> System.nanoTime() / 1_000_000);

  private TestGuards() {}
}
