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
 * never blocks. A poll takes the events out of the engine, so that there must be no other poller.
 * Its methods may be called from any thread and return before they have taken effect.
 */
public final class EventPoller implements AutoCloseable {

  private static final String PATH = "/kv_cache_events";
  private static final int OK = 200;

  /** Between two polls; the engine itself waits up to 2 s where it has nothing to tell. */
  private static final long PAUSE_MILLIS = 50;

  /** After a poll without success. */
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;

  /** Polls in a row without success after which the engine is taken to tell nothing. */
  private static final int FAILURES_TO_SILENCE = 5;

  private static final String TASK = "kv-event-polls";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_ANSWER_BYTES = 256 << 20;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name(TASK).factory());
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .executor(thread)
          .build();
  private final Guards guards;
  private final Map<ReplicaId, Polling> replicas = new ConcurrentHashMap<>();

  /** One replica's polls, for as long as it is subscribed to. */
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
   * Begins to poll; what the replica was polled for before is forgotten.
   *
   * @param url the replica's
   * @param blockSize tokens in a block, to be assumed until a chain of several blocks tells
   */
  public void subscribe(
      ReplicaId id, URI url, int blockSize, EventTarget target, EventObserver observer) {
    HttpRequest request =
        HttpRequest.newBuilder(ReplicaUrl.at(url, PATH))
            .timeout(PATIENCE)
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
   * The replica's process was seen to have started again.
   *
   * @param done run once nothing is left of what the old process told
   */
  public void startOver(ReplicaId id, Runnable done) {
    run(
        () -> {
          done.run();
          Polling polling = replicas.get(id);
          if (polling != null) {
            polling.guard.attempt(polling.replica::startOver);
          }
        });
  }

  /** How the replica's events fare, null where it is not polled. */
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

  @SuppressWarnings("FutureReturnValueIgnored") // it ends in another poll, or the poller is closed
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
    boolean told = response != null && response.statusCode() == OK;
    if (!polling.guard.run(() -> take(polling, response, failure))) {
      polling.guard.attempt(polling.replica::lost);
    }
    long pauseMillis = told ? PAUSE_MILLIS : PAUSE_AFTER_FAILURE_MILLIS;
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
    if (++polling.failures == FAILURES_TO_SILENCE) {
      polling.replica.unreachable();
    }
  }

  /** Whether the engine never got the question. */
  private static boolean isRefusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof ConnectException;
  }

  private void run(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // closed meanwhile
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it runs, or the poller is closed
  private void later(Runnable task, long millis) {
    try {
      thread.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // closed meanwhile
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    thread.shutdownNow();
  }
}
