package io.kvroute.router.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test that leaks a buffer. Needs {@code -Dio.netty.leakDetection.level=paranoid}, which
 * the build sets, and buffers and servers closed by the end of {@code @AfterEach}.
 *
 * <p>Netty notices a leak when the buffer is collected and another is made; so this collects until
 * objects that became garbage after the test are known to be gone, makes a buffer, and reads what
 * Netty's detector logs.
 */
public final class NoBufferLeaks implements BeforeEachCallback, AfterEachCallback {

  /** The second collection ends after all references of the first have been handed over. */
  private static final int COLLECTIONS = 2;

  private final Logger detectorLog = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  private final Reports reports = new Reports();

  @Override
  public void beforeEach(ExtensionContext context) {
    watch();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    check();
  }

  void watch() {
    assertThat(ResourceLeakDetector.getLevel())
        .as("io.netty.leakDetection.level")
        .isEqualTo(ResourceLeakDetector.Level.PARANOID);
    reports.start();
    detectorLog.addAppender(reports);
  }

  void check() throws InterruptedException {
    for (int i = 0; i < COLLECTIONS; i++) {
      collect();
    }
    touch(PooledByteBufAllocator.DEFAULT);
    touch(UnpooledByteBufAllocator.DEFAULT);
    detectorLog.detachAppender(reports);
    assertThat(reports.texts).as("leaked buffers").isEmpty();
  }

  /** Collects garbage until what was garbage at the call is known to be gone. */
  private static void collect() throws InterruptedException {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
    Reference<?> gone = null;
    while (gone == null) {
      System.gc();
      gone = queue.remove(100);
    }
    assertThat(gone).isSameAs(canary);
  }

  private static void touch(ByteBufAllocator allocator) {
    allocator.directBuffer(1).release();
    allocator.heapBuffer(1).release();
  }

  private static final class Reports extends AppenderBase<ILoggingEvent> {
    private final List<String> texts = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      texts.add(event.getFormattedMessage());
    }
  }
}
