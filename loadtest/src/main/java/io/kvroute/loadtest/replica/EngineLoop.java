package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineListener;
import io.kvroute.loadtest.engine.EngineModel;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.FinishReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one engine model in real time. Only the loop's own thread touches the engine; other threads
 * queue tasks for it. The loop delivers the tokens of a step together, when the step has ended.
 */
final class EngineLoop implements EngineListener, AutoCloseable {

  /**
   * If the loop wakes up late by less than this, it uses the time at which the step was due. Delays
   * by the host's thread scheduler then do not slow the model down.
   */
  private static final long CATCH_UP_NANOS = 20_000_000;

  private final EngineModel engine;
  private final EngineTimes times = new EngineTimes();
  private final RequestLog log = new RequestLog();
  private final Consumer<List<EngineKvEvent>> eventSink;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Map<Long, Generation> generations = new HashMap<>();
  private final Map<Executor, List<Runnable>> deliveries = new HashMap<>();
  private final Thread thread;
  private volatile boolean closed;
  private long nextId;
  private long lastNanos;

  /**
   * @param name name of the thread
   * @param eventSink receives each step's KV events, on the loop's thread
   */
  EngineLoop(String name, EngineProfile profile, Consumer<List<EngineKvEvent>> eventSink) {
    this.engine = new EngineModel(profile, this);
    this.eventSink = eventSink;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Runs a task on the loop's thread as soon as possible. Callable from any thread. */
  void execute(Runnable task) {
    tasks.add(task);
    LockSupport.unpark(thread);
  }

  /** Queues a request. Callable from any thread. */
  void submit(Generation generation) {
    execute(
        () -> {
          if (generation.isCancelled()) {
            return;
          }
          long id = nextId++;
          generations.put(id, generation);
          log.submitted(id, generation.promptTokens());
          engine.submit(generation.submitted(id, System.nanoTime()));
        });
  }

  /** Aborts a request whose client disconnected, unless it has ended. Callable from any thread. */
  void abort(Generation generation) {
    generation.cancel();
    execute(
        () -> {
          if (generations.remove(generation.id(), generation)) {
            engine.abort(generation.id());
            log.aborted(generation.id());
          }
        });
  }

  /** The engine. Only tasks of the loop may use it. */
  EngineModel engine() {
    return engine;
  }

  /** The log of the latest requests. Only tasks of the loop may use it. */
  RequestLog log() {
    return log;
  }

  /** The latencies of the engine's requests. Only tasks of the loop may use them. */
  EngineTimes times() {
    return times;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long due = EngineModel.IDLE;
    while (!closed) {
      long now = System.nanoTime();
      boolean changed = runTasks();
      if (changed || now >= due) {
        due = engine.advance(modelTime(due, now));
        flush();
      } else if (due == EngineModel.IDLE) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, due - now);
      }
    }
  }

  /** The time to pass to the engine: the due time if the loop is only a little late, else now. */
  private long modelTime(long due, long now) {
    long time = now >= due && now - due < CATCH_UP_NANOS ? due : now;
    lastNanos = Math.max(lastNanos, time);
    return lastNanos;
  }

  private boolean runTasks() {
    boolean any = false;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      any = true;
    }
    return any;
  }

  private void flush() {
    deliveries.forEach((executor, batch) -> executor.execute(() -> batch.forEach(Runnable::run)));
    deliveries.clear();
  }

  @Override
  public void onToken(
      EngineRequest request,
      int token,
      int cachedTokens,
      @Nullable FinishReason finish,
      long atNanos) {
    Generation generation = generations.get(request.id());
    if (generation == null) {
      return; // the client disconnected during the step
    }
    times.token(generation, finish, atNanos);
    log.token(request.id(), cachedTokens, finish);
    if (finish != null) {
      generations.remove(request.id());
    }
    deliveries
        .computeIfAbsent(generation.executor(), executor -> new ArrayList<>())
        .add(() -> generation.deliver(token, cachedTokens, finish));
  }

  @Override
  public void onKvEvents(List<EngineKvEvent> events, long atNanos) {
    eventSink.accept(events);
  }
}
