package io.kvroute.router.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

final class NoBufferLeaksTest {

  @Test
  void noticesABufferThatNobodyReleased() throws Exception {
    NoBufferLeaks leaks = new NoBufferLeaks();
    leaks.watch();
    leak();
    assertThatThrownBy(leaks::check)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("LEAK");
  }

  @Test
  void isContentWithOneThatWasReleased() throws Exception {
    NoBufferLeaks leaks = new NoBufferLeaks();
    leaks.watch();
    PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
    leaks.check();
  }

  /** In a frame of its own, so that no local variable keeps the buffer alive. */
  private static void leak() {
    PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
  }
}
