package io.kvroute.loadtest.simulate;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineListener;
import io.kvroute.loadtest.engine.EngineModel;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.EngineStats;
import io.kvroute.loadtest.engine.FinishReason;
import io.kvroute.router.fleet.Replica;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A replica that the router knows, with an engine model behind it. The simulated clock advances the
 * engine when one of its steps ends, and when a request arrives while the engine is idle.
 */
public final class VirtualReplica implements EngineListener {

  private final int number;
  private final Replica replica;
  private final EngineProfile profile;
  private final VirtualClock clock;
  private final @Nullable VirtualEventFeed events;
  private final Noise noise;
  private final Host host;
  private final SplittableRandom random;
  private final NoisySteps steps;

  /** The requests that run or wait here, by id, in the order of their arrival. */
  private final Map<Long, VirtualExchange> exchanges = new LinkedHashMap<>();

  private EventLoop api;
  private EngineModel engine;
  private boolean up = true;
  private int starts = 1;

  /** Whether a step of the engine is running, or is due to begin now. */
  private boolean stepping;

  VirtualReplica(
      int number,
      Replica replica,
      EngineProfile profile,
      Noise noise,
      Host host,
      VirtualClock clock,
      SplittableRandom random,
      @Nullable VirtualEventFeed events) {
    this.number = number;
    this.replica = replica;
    this.profile = profile;
    this.clock = clock;
    this.events = events;
    this.noise = noise;
    this.host = host;
    this.random = random;
    this.steps = new NoisySteps(profile.cost(), noise, random.split());
    this.api = new EventLoop(host);
    this.engine = new EngineModel(profile, steps, this);
  }

  /** The replica's number; replicas are numbered from 0 as they join. */
  public int number() {
    return number;
  }

  Replica replica() {
    return replica;
  }

  EngineProfile profile() {
    return profile;
  }

  /** State and counters of the engine since its last start. */
  public EngineStats stats() {
    return engine.stats();
  }

  boolean isUp() {
    return up;
  }

  /** How often the engine has started. */
  int starts() {
    return starts;
  }

  void submit(long id, VirtualExchange exchange) {
    exchanges.put(id, exchange);
    EventLoop asked = api;
    Runnable begin =
        () -> {
          if (asked == api && exchanges.get(id) == exchange) {
            begin(id, exchange);
          }
        };
    double nanos = noise.request(noise.requestNanos(exchange.request().promptTokens()), random);
    if (noise.server().latencyNanos() == 0) {
      asked.run(nanos, begin);
      return;
    }
    clock.afterSeconds(
        1e-9 * noise.request(noise.server().latencyNanos(), random), () -> asked.run(nanos, begin));
  }

  /** Passes the request from the API server to the engine. */
  private void begin(long id, VirtualExchange exchange) {
    VirtualRequest request = exchange.request();
    int promptTokens = request.promptTokens();
    engine.submit(
        new EngineRequest(
            id,
            exchange.prompt(),
            request.answerTokens(),
            index -> request.ids()[promptTokens + index],
            -1,
            null));
    if (!stepping) {
      stepping = true;
      EngineModel awaited = engine;
      clock.at(clock.getAsLong(), () -> step(awaited));
    }
  }

  /** Aborts a request whose client disconnected. Returns false if the request is not here. */
  boolean abort(long id) {
    if (exchanges.remove(id) == null) {
      return false;
    }
    engine.abort(id);
    return true;
  }

  /** Kills the process, and fails the requests that it had. */
  void die() {
    up = false;
    List<VirtualExchange> lost = new ArrayList<>(exchanges.values());
    exchanges.clear();
    api = new EventLoop(host);
    engine = new EngineModel(profile, steps, this);
    stepping = false;
    if (events != null) {
      events.clear();
    }
    lost.forEach(VirtualExchange::lost);
  }

  /** Starts the process again, with an empty cache. */
  void start() {
    up = true;
    starts++;
  }

  /** Ends the step that is due, and begins the next one if there is work. */
  private void step(EngineModel awaited) {
    if (awaited != engine) {
      return;
    }
    long now = clock.getAsLong();
    long due = engine.advance(now);
    stepping = due != EngineModel.IDLE;
    if (stepping) {
      host.run((double) (due - now), () -> step(awaited));
    }
  }

  @Override
  public void onToken(
      EngineRequest request,
      int token,
      int cachedTokens,
      @Nullable FinishReason finish,
      long atNanos) {
    EventLoop server = api;
    api.run(
        noise.step(noise.server().chunkNanos(), random),
        () -> {
          if (server == api) {
            deliver(request.id(), cachedTokens, finish != null);
          }
        });
  }

  private void deliver(long id, int cachedTokens, boolean last) {
    VirtualExchange exchange = exchanges.get(id);
    if (exchange == null) {
      return; // the client has disconnected
    }
    if (last) {
      exchanges.remove(id);
    }
    exchange.token(cachedTokens, last);
  }

  @Override
  public void onKvEvents(List<EngineKvEvent> changes, long atNanos) {
    if (events != null) {
      events.apply(changes);
    }
  }
}
