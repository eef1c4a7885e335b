package io.kvroute.router.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the access log on one daemon thread. A request costs its event loop one insertion into a
 * bounded queue: the thread formats the line, and it looks at the queue every 20 ms by itself,
 * because waking it would cost the event loop a system call. If the reader of the output is too
 * slow, requests beyond the queue's capacity are left out of the log and counted. Thread-safe.
 */
public final class AccessLogWriter implements AccessLog, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AccessLogWriter.class);

  static final int CAPACITY = 8_192;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LAST_WRITE_MILLIS = 1_000;
  private static final int BATCH = 256;

  private final AccessLogFormat format;
  private final OutputStream out;
  private final Runnable dropped;
  private final ArrayBlockingQueue<AccessEntry> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final Thread thread;
  private volatile boolean closed;
  private boolean failing;

  private AccessLogWriter(AccessLogFormat format, OutputStream out, Runnable dropped) {
    this.format = format;
    this.out = out;
    this.dropped = dropped;
    this.thread = Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
  }

  /**
   * Starts the writing thread.
   *
   * @param out not closed by the log
   * @param dropped called for each request that is left out, by any thread
   */
  public static AccessLogWriter start(AccessLogFormat format, OutputStream out, Runnable dropped) {
    AccessLogWriter writer = new AccessLogWriter(format, out, dropped);
    writer.thread.start();
    return writer;
  }

  @Override
  public void add(AccessEntry entry) {
    if (!queue.offer(entry)) {
      dropped.run();
    }
  }

  /** Writes what is queued, if the output takes it within a second, and ends the thread. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(LAST_WRITE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<AccessEntry> batch = new ArrayList<>(BATCH);
    StringBuilder lines = new StringBuilder();
    boolean last = false;
    while (!last) {
      last = closed;
      while (queue.drainTo(batch, BATCH) > 0) {
        batch.forEach(entry -> format.append(entry, lines));
        write(lines.toString().getBytes(US_ASCII), batch.size());
        batch.clear();
        lines.setLength(0);
      }
      if (!last) {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
  }

  private void write(byte[] lines, int entries) {
    try {
      out.write(lines);
      out.flush();
      failing = false;
    } catch (IOException e) {
      for (int i = 0; i < entries; i++) {
        dropped.run();
      }
      if (!failing) {
        failing = true;
        log.warn("cannot write the access log: {}", e.getMessage());
      }
    }
  }
}
