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
 * Asks replicas for the ids of prompts, at {@code POST /tokenize}. A replica has few questions at
 * once; one that failed to answer, or has no such endpoint, is left in peace for a while.
 * Thread-safe; nothing blocks, and answers are read on one thread of its own.
 */
public final class TokenizeClient implements AutoCloseable {

  /** Questions that one replica has at once: its tokenizer serves its own requests first. */
  static final int MAX_IN_FLIGHT = 8;

  /** How long a replica is not asked after it was silent, slow or broken. */
  static final long REST_MILLIS = 5_000;

  /** How long a replica is not asked after it answered that it does not know how to. */
  static final long UNABLE_REST_MILLIS = 300_000;

  private static final Logger log = LoggerFactory.getLogger(TokenizeClient.class);

  private static final String PATH = "/tokenize";
  private static final int OK = 200;

  private static final class Standing {
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile long restsUntilMillis = Long.MIN_VALUE;
  }

  private final Fleet fleet;
  private final LongSupplier clockMillis;
  private final ExecutorService thread;
  private final ProbeClient client;
  private final Map<ReplicaId, Standing> standings = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * Asks the replicas of {@code fleet}.
   *
   * @param clockMillis any clock that runs forward
   */
  public TokenizeClient(Fleet fleet, ProbeSettings settings, LongSupplier clockMillis) {
    this.fleet = fleet;
    this.clockMillis = clockMillis;
    this.thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("tokenize").factory());
    this.client = new ProbeClient(settings, thread);
  }

  /** Whether some replica that serves {@code model} can be asked now. */
  public boolean canAsk(String model) {
    return pick(model) != null;
  }

  /**
   * Asks one of the replicas that serve {@code model}.
   *
   * @param question the body of the request
   * @return the ids, on any thread; fails with {@link TimeoutException} where there is nobody to
   *     ask, or no answer in time that holds them
   */
  public CompletableFuture<int[]> ask(String model, byte[] question, long deadlineMillis) {
    ReplicaView replica = pick(model);
    return replica == null ? nobody() : ask(replica, question, deadlineMillis);
  }

  /** Whether this replica can be asked now. */
  public boolean canAsk(ReplicaId id) {
    ReplicaView replica = fleet.snapshot().replica(id);
    return replica != null && mayAsk(replica, clockMillis.getAsLong());
  }

  /** Asks this replica, under the same terms. */
  public CompletableFuture<int[]> ask(ReplicaId id, byte[] question, long deadlineMillis) {
    ReplicaView replica = fleet.snapshot().replica(id);
    return replica == null || !mayAsk(replica, clockMillis.getAsLong())
        ? nobody()
        : ask(replica, question, deadlineMillis);
  }

  private static CompletableFuture<int[]> nobody() {
    return CompletableFuture.failedFuture(new TimeoutException("nobody to ask"));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its end is told to the one returned
  private CompletableFuture<int[]> ask(ReplicaView replica, byte[] question, long deadlineMillis) {
    Standing standing = standing(replica.id());
    standing.inFlight.incrementAndGet();
    CompletableFuture<int[]> told = new CompletableFuture<>();
    client
        .post(replica.replica().url(), PATH, question, deadlineMillis)
        .whenComplete(
            (answer, failure) -> {
              standing.inFlight.decrementAndGet();
              int[] ids = failure == null ? read(replica, answer) : silent(replica, failure);
              if (ids != null) {
                told.complete(ids);
              } else {
                told.completeExceptionally(new TimeoutException("no ids from " + replica.id()));
              }
            });
    return told;
  }

  private int @Nullable [] silent(ReplicaView replica, Throwable failure) {
    return rest(replica, REST_MILLIS, String.valueOf(failure.getMessage()));
  }

  /** The replica with the fewest questions, in turn; null where none can be asked. */
  private @Nullable ReplicaView pick(String model) {
    FleetSnapshot snapshot = fleet.snapshot();
    if (standings.size() > 2 * snapshot.replicas().size()) {
      standings.keySet().removeIf(id -> snapshot.replica(id) == null);
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
      int asked = standing(replica.id()).inFlight.get();
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
    Standing standing = standing(replica.id());
    return standing.inFlight.get() < MAX_IN_FLIGHT && nowMillis >= standing.restsUntilMillis;
  }

  private Standing standing(ReplicaId id) {
    return standings.computeIfAbsent(id, of -> new Standing());
  }

  private int @Nullable [] read(ReplicaView replica, HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    if (status == OK) {
      int[] ids = TokenIds.read(answer.body());
      return ids != null ? ids : rest(replica, UNABLE_REST_MILLIS, "its answer holds no ids");
    }
    if (status == 404 || status == 405 || status == 501) {
      return rest(replica, UNABLE_REST_MILLIS, "status " + status);
    }
    return status >= 500 ? rest(replica, REST_MILLIS, "status " + status) : null;
  }

  private int @Nullable [] rest(ReplicaView replica, long millis, String why) {
    log.debug("replica {} is not asked to tokenize for {} ms: {}", replica.id(), millis, why);
    standing(replica.id()).restsUntilMillis = clockMillis.getAsLong() + millis;
    return null;
  }

  /** Drops what is under way. */
  @Override
  public void close() {
    client.close();
    thread.shutdownNow();
  }
}
