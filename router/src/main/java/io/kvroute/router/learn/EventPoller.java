package io.kvroute.router.learn;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaUrl;
import io.kvroute.router.guard.Guard;
import io.kvroute.router.guard.Guards;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Polls TensorRT-LLM replicas for their KV events and enters them in the index, on one thread that
 * never blocks. A poll takes the events out of the engine, so no other client may poll it. Methods
 * may be called from any thread and return before they have taken effect.
 */
public final class EventPoller implements AutoCloseable {

  private static final String PATH = "/kv_cache_events";
  private static final int OK = 200;

  /** The pause between two polls. An engine without events waits up to 2 s itself. */
  private static final long PAUSE_MILLIS = 50;

  /** The pause after a failed poll. */
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;

  /** Failed polls in a row after which the engine counts as unreachable. */
  private static final int FAILURES_TO_UNREACHABLE = 5;

  private static final String TASK = "kv-event-polls";

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_ANSWER_BYTES = 256 << 20;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name(TASK).factory());
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TIMEOUT)
          .executor(thread)
          .build();
  private final Guards guards;
  private final Map<ReplicaId, Polling> replicas = new ConcurrentHashMap<>();

  /** The polling of one replica, from its subscription to its end. */
  private static final class Polling {
    private final PolledReplica replica;
    private final HttpRequest request;
    private final Guard guard;
    private int failures;
    private boolean ended;

    Polling(PolledReplica replica, HttpRequest request, Guard guard) {
      this.replica = replica;
      this.request = request;
      this.guard = guard;
    }
  }

  public EventPoller(Guards guards) {
    this.guards = guards;
  }

  /**
   * Starts to poll a replica. Blocks from an earlier subscription are removed.
   *
   * @param blockSize tokens in a block, assumed until a chain of several blocks shows it
   */
  public void subscribe(
      ReplicaId id, URI url, int blockSize, EventTarget target, EventObserver observer) {
    HttpRequest request =
        HttpRequest.newBuilder(ReplicaUrl.at(url, PATH))
            .timeout(TIMEOUT)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    Polling polling =
        new Polling(
            new PolledReplica(blockSize, target, observer), request, guards.guard(TASK, id));
    run(
        () -> {
          end(id);
          replicas.put(id, polling);
          poll(polling);
        });
  }

  public void unsubscribe(ReplicaId id) {
    run(() -> end(id));
  }

  /**
   * The replica's process has restarted.
   *
   * @param done run once all blocks of the old process are removed
   */
  public void processRestarted(ReplicaId id, Runnable done) {
    run(
        () -> {
          done.run();
          Polling polling = replicas.get(id);
          if (polling != null) {
            polling.guard.attempt(polling.replica::processRestarted);
          }
        });
  }

  /** The state of a replica's events, null if it is not polled. */
  public @Nullable EventStatus status(ReplicaId id) {
    Polling polling = replicas.get(id);
    return polling == null ? null : polling.replica.status();
  }

  private void end(ReplicaId id) {
    Polling polling = replicas.remove(id);
    if (polling != null) {
      polling.ended = true;
      polling.guard.attempt(polling.replica::end);
    }
  }

  @SuppressWarnings(
      "FutureReturnValueIgnored") // it always leads to the next poll, unless the poller is closed
  private void poll(Polling polling) {
    if (polling.ended) {
      return;
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            polling.request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    answer.whenCompleteAsync((response, failure) -> polled(polling, response, failure), thread);
  }

  private void polled(
      Polling polling, @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
    if (polling.ended) {
      return;
    }
    boolean answered = response != null && response.statusCode() == OK;
    if (!polling.guard.run(() -> take(polling, response, failure))) {
      polling.guard.attempt(polling.replica::lost);
    }
    long pauseMillis = answered ? PAUSE_MILLIS : PAUSE_AFTER_FAILURE_MILLIS;
    later(() -> poll(polling), Math.max(pauseMillis, polling.guard.backoffLeftMillis()));
  }

  private static void take(
      Polling polling, @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
    if (response != null && response.statusCode() == OK) {
      polling.failures = 0;
      polling.replica.polled(response.body());
      return;
    }
    if (failure != null && !isRefusal(failure)) {
      polling.replica.lost();
    }
    if (++polling.failures == FAILURES_TO_UNREACHABLE) {
      polling.replica.unreachable();
    }
  }

  /** Whether the engine never received the request. */
  private static boolean isRefusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof ConnectException;
  }

  private void run(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // the poller was closed meanwhile
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it runs unless the poller is closed
  private void later(Runnable task, long millis) {
    try {
      thread.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // the poller was closed meanwhile
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    thread.shutdownNow();
  }
}
