package io.kvroute.router.probe;

import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks replicas for the token ids of prompts, with {@code POST /tokenize}. A replica gets few such
 * requests at a time. A replica that failed to answer or has no such endpoint is not asked for a
 * while. Thread-safe; nothing blocks, and answers are read on one thread of the client's own.
 */
public final class TokenizeClient implements AutoCloseable {

  /** Requests to one replica at a time, as its tokenizer has its own requests to serve. */
  static final int MAX_IN_FLIGHT = 8;

  /** How long a replica is not asked after it failed or was too slow. */
  static final long PAUSE_MILLIS = 5_000;

  /** How long a replica is not asked after it answered that it cannot tokenize. */
  static final long UNSUPPORTED_PAUSE_MILLIS = 300_000;

  private static final Logger log = LoggerFactory.getLogger(TokenizeClient.class);

  private static final String PATH = "/tokenize";
  private static final int OK = 200;

  private static final class Status {
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile long pausedUntilMillis = Long.MIN_VALUE;
  }

  private final Fleet fleet;
  private final LongSupplier clockMillis;
  private final ExecutorService thread;
  private final ProbeClient client;
  private final Map<ReplicaId, Status> statuses = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * A client for the replicas of {@code fleet}.
   *
   * @param clockMillis milliseconds of any clock that does not go backwards
   */
  public TokenizeClient(Fleet fleet, ProbeSettings settings, LongSupplier clockMillis) {
    this.fleet = fleet;
    this.clockMillis = clockMillis;
    this.thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("tokenize").factory());
    this.client = new ProbeClient(settings, thread);
  }

  /** Whether any replica that serves {@code model} can be asked now. */
  public boolean canAsk(String model) {
    return pick(model) != null;
  }

  /**
   * Asks one of the replicas that serve {@code model}.
   *
   * @param request the body of the request
   * @return the ids, completed on any thread; fails with {@link TimeoutException} if no replica can
   *     be asked or none has answered with ids in time
   */
  public CompletableFuture<int[]> ask(String model, byte[] request, long deadlineMillis) {
    ReplicaView replica = pick(model);
    return replica == null ? noReplica() : ask(replica, request, deadlineMillis);
  }

  /** Whether this replica can be asked now. */
  public boolean canAsk(ReplicaId id) {
    ReplicaView replica = fleet.snapshot().replica(id);
    return replica != null && mayAsk(replica, clockMillis.getAsLong());
  }

  /** Asks this replica; fails like {@link #ask(String, byte[], long)}. */
  public CompletableFuture<int[]> ask(ReplicaId id, byte[] request, long deadlineMillis) {
    ReplicaView replica = fleet.snapshot().replica(id);
    return replica == null || !mayAsk(replica, clockMillis.getAsLong())
        ? noReplica()
        : ask(replica, request, deadlineMillis);
  }

  private static CompletableFuture<int[]> noReplica() {
    return CompletableFuture.failedFuture(new TimeoutException("no replica to ask"));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome completes the future returned
  private CompletableFuture<int[]> ask(ReplicaView replica, byte[] request, long deadlineMillis) {
    Status status = status(replica.id());
    status.inFlight.incrementAndGet();
    CompletableFuture<int[]> result = new CompletableFuture<>();
    client
        .post(replica.replica().url(), PATH, request, deadlineMillis)
        .whenComplete(
            (answer, failure) -> {
              status.inFlight.decrementAndGet();
              int[] ids = failure == null ? read(replica, answer) : failed(replica, failure);
              if (ids != null) {
                result.complete(ids);
              } else {
                result.completeExceptionally(new TimeoutException("no ids from " + replica.id()));
              }
            });
    return result;
  }

  private int @Nullable [] failed(ReplicaView replica, Throwable failure) {
    return pause(replica, PAUSE_MILLIS, String.valueOf(failure.getMessage()));
  }

  /** The replica with the fewest requests, round robin among equals; null if none can be asked. */
  private @Nullable ReplicaView pick(String model) {
    FleetSnapshot snapshot = fleet.snapshot();
    if (statuses.size() > 2 * snapshot.replicas().size()) {
      statuses.keySet().removeIf(id -> snapshot.replica(id) == null);
    }
    List<ReplicaView> serving = snapshot.serving(model);
    long now = clockMillis.getAsLong();
    int first = turn.getAndIncrement();
    int fewest = MAX_IN_FLIGHT;
    ReplicaView best = null;
    for (int i = 0; i < serving.size() && fewest > 0; i++) {
      ReplicaView replica = serving.get(Math.floorMod(first + i, serving.size()));
      if (!replica.ready(model) || !mayAsk(replica, now)) {
        continue;
      }
      int asked = status(replica.id()).inFlight.get();
      if (asked < fewest) {
        fewest = asked;
        best = replica;
      }
    }
    return best;
  }

  private boolean mayAsk(ReplicaView replica, long nowMillis) {
    if (replica.facts().engine() == EngineKind.TRTLLM) {
      return false;
    }
    Status status = status(replica.id());
    return status.inFlight.get() < MAX_IN_FLIGHT && nowMillis >= status.pausedUntilMillis;
  }

  private Status status(ReplicaId id) {
    return statuses.computeIfAbsent(id, of -> new Status());
  }

  private int @Nullable [] read(ReplicaView replica, HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    if (status == OK) {
      int[] ids = TokenIds.read(answer.body());
      return ids != null
          ? ids
          : pause(replica, UNSUPPORTED_PAUSE_MILLIS, "its answer holds no ids");
    }
    if (status == 404 || status == 405 || status == 501) {
      return pause(replica, UNSUPPORTED_PAUSE_MILLIS, "status " + status);
    }
    return status >= 500 ? pause(replica, PAUSE_MILLIS, "status " + status) : null;
  }

  private int @Nullable [] pause(ReplicaView replica, long millis, String why) {
    log.debug("replica {} is not asked to tokenize for {} ms: {}", replica.id(), millis, why);
    status(replica.id()).pausedUntilMillis = clockMillis.getAsLong() + millis;
    return null;
  }

  /** Cancels all requests. */
  @Override
  public void close() {
    client.close();
    thread.shutdownNow();
  }
}
