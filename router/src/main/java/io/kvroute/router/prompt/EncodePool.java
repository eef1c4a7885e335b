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
 * A few threads for prompts too large for an event loop, behind a queue bounded in bytes of request
 * bodies. Results go back to the loop that asked; a job that is cancelled leaves the queue.
 * Thread-safe.
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
   * Has {@code work} done and {@code done} told its result on {@code loop}.
   *
   * @param bytes what the work weighs; more than the whole limit is taken if nothing else waits
   * @param ifItFails the result where the work throws
   * @return cancels it, from {@code loop}; null where there is no room
   */
  <T extends @Nullable Object> @Nullable Runnable submit(
      int bytes, Supplier<T> work, T ifItFails, Executor loop, Consumer<T> done) {
    long held = heldBytes.addAndGet(bytes);
    if (held > limitBytes && held > bytes) {
      heldBytes.addAndGet(-bytes);
      return null;
    }
    Job<T> job = new Job<>(bytes, work, ifItFails, loop, done);
    try {
      threads.execute(job);
    } catch (RejectedExecutionException e) {
      heldBytes.addAndGet(-bytes);
      return null;
    }
    return job::cancel;
  }

  /** Bytes of bodies waiting or being worked on. */
  long heldBytes() {
    return heldBytes.get();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private final class Job<T extends @Nullable Object> implements Runnable {
    private final int bytes;
    private final Supplier<T> work;
    private final T ifItFails;
    private final Executor loop;
    private final Consumer<T> done;
    private volatile boolean cancelled;

    Job(int bytes, Supplier<T> work, T ifItFails, Executor loop, Consumer<T> done) {
      this.bytes = bytes;
      this.work = work;
      this.ifItFails = ifItFails;
      this.loop = loop;
      this.done = done;
    }

    @Override
    public void run() {
      T made = ifItFails;
      try {
        if (!cancelled) {
          made = work.get();
        }
      } catch (RuntimeException | StackOverflowError e) {
        log.error("a prompt could not be encoded", e);
      } finally {
        heldBytes.addAndGet(-bytes);
      }
      T result = made;
      try {
        loop.execute(() -> finish(result));
      } catch (RejectedExecutionException e) {
        log.debug("an encoded prompt came too late: its event loop has stopped");
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
