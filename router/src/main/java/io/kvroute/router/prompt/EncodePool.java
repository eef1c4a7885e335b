package io.kvroute.router.prompt;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads for prompts that are too large for an event loop, behind a queue that is bounded by
 * the bytes of request bodies. Delivers results on the requesting event loop; cancelling a job
 * removes it from the queue. Thread-safe.
 */
final class EncodePool implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EncodePool.class);

  private final ThreadPoolExecutor threads;
  private final long limitBytes;
  private final AtomicLong heldBytes = new AtomicLong();

  EncodePool(int threadCount, long limitBytes) {
    AtomicInteger number = new AtomicInteger();
    this.limitBytes = limitBytes;
    this.threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "encode-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs {@code work} and passes its result to {@code done} on {@code loop}.
   *
   * @param bytes the job's share of the queue's limit; a job above the whole limit is accepted if
   *     nothing else waits
   * @param resultOnError the result if the work throws
   * @return cancels the job when called on {@code loop}; null if the queue is full
   */
  <T extends @Nullable Object> @Nullable Runnable submit(
      int bytes, Supplier<T> work, T resultOnError, Executor loop, Consumer<T> done) {
    long held = heldBytes.addAndGet(bytes);
    if (held > limitBytes && held > bytes) {
      heldBytes.addAndGet(-bytes);
      return null;
    }
    Job<T> job = new Job<>(bytes, work, resultOnError, loop, done);
    try {
      threads.execute(job);
    } catch (RejectedExecutionException e) {
      heldBytes.addAndGet(-bytes);
      return null;
    }
    return job::cancel;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private final class Job<T extends @Nullable Object> implements Runnable {
    private final int bytes;
    private final Supplier<T> work;
    private final T resultOnError;
    private final Executor loop;
    private final Consumer<T> done;
    private volatile boolean cancelled;

    Job(int bytes, Supplier<T> work, T resultOnError, Executor loop, Consumer<T> done) {
      this.bytes = bytes;
      this.work = work;
      this.resultOnError = resultOnError;
      this.loop = loop;
      this.done = done;
    }

    @Override
    public void run() {
      T made = resultOnError;
      try {
        if (!cancelled) {
          made = work.get();
        }
      } catch (RuntimeException | StackOverflowError e) {
        log.error(
            "an unexpected error ended a tokenizing job; the request is routed without it", e);
      } finally {
        heldBytes.addAndGet(-bytes);
      }
      T result = made;
      try {
        loop.execute(() -> finish(result));
      } catch (RejectedExecutionException e) {
        log.debug("dropping an encoded prompt: its event loop has stopped");
      }
    }

    private void finish(T result) {
      if (!cancelled) {
        done.accept(result);
      }
    }

    private void cancel() {
      cancelled = true;
      if (threads.remove(this)) {
        heldBytes.addAndGet(-bytes);
      }
    }
  }
}
