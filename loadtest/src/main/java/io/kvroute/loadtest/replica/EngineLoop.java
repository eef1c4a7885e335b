package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineModel;
import io.kvroute.loadtest.engine.EngineListener;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.FinishReason;
import io.kvroute.loadtest.engine.EngineKvEvent;
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
 * Runs one engine model in real time on a thread of its own, which alone touches the engine: others
 * leave it tasks. A step's tokens are handed over together, when the step has ended.
 */
final class EngineLoop implements EngineListener, AutoCloseable {

  /**
   * Behind by less, the loop keeps to the model's times instead of the scheduler's of this host.
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
   * @param name of the thread
   * @param eventSink gets each step's events, on the loop's thread
   */
  EngineLoop(String name, EngineProfile profile, Consumer<List<EngineKvEvent>> eventSink) {
    this.engine = new EngineModel(profile, this);
    this.eventSink = eventSink;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Has something done on the loop's thread, soon. From any thread. */
  void execute(Runnable task) {
    tasks.add(task);
    LockSupport.unpark(thread);
  }

  /** Queues a request; from any thread. */
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

  /** Ends a request whose client has gone; from any thread, harmless if it has ended. */
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

  /** The engine; to be touched in tasks only. */
  EngineModel engine() {
    return engine;
  }

  /** What became of the engine's latest requests; to be touched in tasks only. */
  RequestLog log() {
    return log;
  }

  /** What the engine's requests took; to be touched in tasks only. */
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

  /** A step that this host ended a little late still ended when it was due. */
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
      return; // its client left during the step
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
