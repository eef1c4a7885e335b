package io.kvroute.loadtest.simulate;

import io.kvroute.loadtest.engine.Engine;
import io.kvroute.loadtest.engine.EngineListener;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.EngineStats;
import io.kvroute.loadtest.engine.FinishReason;
import io.kvroute.loadtest.engine.KvEvent;
import io.kvroute.router.fleet.Replica;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An engine model behind a replica that the router knows, driven by the simulated clock: it is only
 * advanced when a step of it ends or when a request finds it at rest.
 */
public final class VirtualReplica implements EngineListener {

  private final int number;
  private final Replica replica;
  private final EngineProfile profile;
  private final VirtualClock clock;
  private final @Nullable EventFeed events;
  private final Noise noise;
  private final Host host;
  private final SplittableRandom random;
  private final NoisySteps steps;

  /** What runs or waits here, by id, in the order in which it came. */
  private final Map<Long, Exchange> exchanges = new LinkedHashMap<>();

  private EventLoop api;
  private Engine engine;
  private boolean up = true;
  private int starts = 1;

  /** Whether a step of the engine is to begin now or is under way. */
  private boolean stepping;

  VirtualReplica(
      int number,
      Replica replica,
      EngineProfile profile,
      Noise noise,
      Host host,
      VirtualClock clock,
      SplittableRandom random,
      @Nullable EventFeed events) {
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
    this.engine = new Engine(profile, steps, this);
  }

  /** Its number, in the order in which replicas joined. */
  public int number() {
    return number;
  }

  Replica replica() {
    return replica;
  }

  EngineProfile profile() {
    return profile;
  }

  /** State and counters of its engine since it last started. */
  public EngineStats stats() {
    return engine.stats();
  }

  boolean isUp() {
    return up;
  }

  /** How often it has started. */
  int starts() {
    return starts;
  }

  void submit(long id, Exchange exchange) {
    exchanges.put(id, exchange);
    EventLoop asked = api;
    Runnable begin =
        () -> {
          if (asked == api && exchanges.get(id) == exchange) {
            begin(id, exchange);
          }
        };
    double nanos = noise.request(noise.requestNanos(exchange.request().promptTokens()), random);
    if (noise.latencyNanos() == 0) {
      asked.run(nanos, begin);
      return;
    }
    clock.afterSeconds(
        1e-9 * noise.request(noise.latencyNanos(), random), () -> asked.run(nanos, begin));
  }

  /** The engine itself gets the request. */
  private void begin(long id, Exchange exchange) {
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
      Engine awaited = engine;
      clock.at(clock.getAsLong(), () -> step(awaited));
    }
  }

  /** The client of a request has left; false where it is not here. */
  boolean abort(long id) {
    if (exchanges.remove(id) == null) {
      return false;
    }
    engine.abort(id);
    return true;
  }

  /** The process dies; what it had under way is told so. */
  void die() {
    up = false;
    List<Exchange> lost = new ArrayList<>(exchanges.values());
    exchanges.clear();
    api = new EventLoop(host);
    engine = new Engine(profile, steps, this);
    stepping = false;
    if (events != null) {
      events.clear();
    }
    lost.forEach(Exchange::lost);
  }

  /** The process is there again, its cache empty. */
  void start() {
    up = true;
    starts++;
  }

  /** Ends the step that is done, and begins the next one if there is work. */
  private void step(Engine awaited) {
    if (awaited != engine) {
      return;
    }
    long now = clock.getAsLong();
    long due = engine.advance(now);
    stepping = due != Engine.IDLE;
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
    EventLoop told = api;
    api.run(
        noise.step(noise.chunkNanos(), random),
        () -> {
          if (told == api) {
            deliver(request.id(), cachedTokens, finish != null);
          }
        });
  }

  private void deliver(long id, int cachedTokens, boolean last) {
    Exchange exchange = exchanges.get(id);
    if (exchange == null) {
      return; // its client has left
    }
    if (last) {
      exchanges.remove(id);
    }
    exchange.token(cachedTokens, last);
  }

  @Override
  public void onKvEvents(List<KvEvent> told, long atNanos) {
    if (events != null) {
      events.tell(told);
    }
  }
}
