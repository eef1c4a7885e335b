package io.kvroute.router.http;

import io.kvroute.router.accesslog.AccessEntry;
import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.guard.TestGuards;
import io.kvroute.router.http.DataPortOptions.ApiOptions;
import io.kvroute.router.http.DataPortOptions.ListenOptions;
import io.kvroute.router.http.DataPortOptions.SizeLimits;
import io.kvroute.router.http.DataPortOptions.TimeoutOptions;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.prompt.KeySource;
import io.kvroute.router.route.FleetRouter;
import io.kvroute.router.route.RouteObserver;
import io.kvroute.router.route.RouterOptions;
import io.kvroute.router.upstream.Transport;
import io.kvroute.router.upstream.UpstreamOptions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A data port in front of scripted replicas, with clients to talk to it. */
final class ProxyFixture implements AutoCloseable {

  static final String MODEL = "qwen3";

  /** As the router's default does for the machine itself. */
  private static final TrustedProxies TRUST_LOOPBACK =
      new TrustedProxies(
          List.of(new TrustedProxies.Network(InetAddress.ofLiteral("127.0.0.0"), 8)));

  private final Fleet fleet = new Fleet();
  private final ScriptedRouter router = new ScriptedRouter(fleet);
  private final FleetRouter learning =
      new FleetRouter(
          fleet,
          RouterOptions.DEFAULTS.withPolicy("kv-aware"),
          RouteObserver.NONE,
          System::nanoTime,
          new SplittableRandom(1));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<RawClient> clients = new ArrayList<>();
  private final List<AccessEntry> accessLog = new CopyOnWriteArrayList<>();
  private final DataPort port;

  private ProxyFixture(Setup setup) {
    setup.replicas.forEach(this::join);
    DataPortServices services =
        new DataPortServices(
            setup.keys,
            setup.learns ? learning : router,
            fleet,
            new DataPortMetrics(registry),
            accessLog::add,
            TestGuards.UNCOUNTED);
    try {
      port = DataPort.open(services, setup.options.toOptions(setup.listen), setup.transport);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void join(URI url) {
    Replica replica = fleet.add(ReplicaSpec.at(url));
    fleet.report(
        replica.id(),
        new EngineFacts(
            EngineKind.VLLM,
            List.of(new ServedModel(MODEL, "Qwen/Qwen3-0.6B", null, 16384)),
            16,
            100,
            0));
    fleet.up(replica.id());
  }

  /** Adds a replica while the port is open. */
  void join(FakeReplica replica) {
    join(replica.url());
  }

  /** A port in front of these replicas, in this order, with default options. */
  static ProxyFixture to(FakeReplica... replicas) {
    return new Setup().replicas(replicas).open();
  }

  static Setup setup() {
    return new Setup();
  }

  /** The settings in which a fixture differs from the default. */
  static final class Setup {
    private final List<URI> replicas = new ArrayList<>();
    private boolean learns;
    private OptionsBuilder options = new OptionsBuilder();
    private InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private Transport transport = Transport.best();
    private KeySource keys =
        (request, loop, done) -> {
          done.accept(PromptKeys.unknown(7));
          return () -> {};
        };

    Setup replicas(FakeReplica... more) {
      for (FakeReplica replica : more) {
        replicas.add(replica.url());
      }
      return this;
    }

    Setup replica(URI url) {
      replicas.add(url);
      return this;
    }

    Setup keys(KeySource source) {
      keys = source;
      return this;
    }

    /** Requests are routed by the real router, kv-aware. */
    Setup learning() {
      learns = true;
      return this;
    }

    Setup listen(InetSocketAddress address) {
      listen = address;
      return this;
    }

    Setup transport(Transport other) {
      transport = other;
      return this;
    }

    Setup options(UnaryOperator<OptionsBuilder> change) {
      options = change.apply(options);
      return this;
    }

    ProxyFixture open() {
      return new ProxyFixture(this);
    }
  }

  /** The options that tests change. */
  static final class OptionsBuilder {
    private ApiOptions api = api("", List.of(), false, TRUST_LOOPBACK, false);
    private SizeLimits sizes = new SizeLimits(32 << 10, 1 << 20, 4 << 20);
    private TimeoutOptions timeouts = TimeoutOptions.DEFAULTS;
    private final int maxAttempts =
        DataPortOptions.defaults(new InetSocketAddress(0)).maxAttempts();
    private UpstreamOptions upstream = UpstreamOptions.defaults();

    OptionsBuilder api(String pathPrefix, String... keys) {
      api = api(pathPrefix, List.of(keys), false, TRUST_LOOPBACK, false);
      return this;
    }

    OptionsBuilder trusting(TrustedProxies proxies) {
      api = api("", List.of(), false, proxies, false);
      return this;
    }

    private static ApiOptions api(
        String pathPrefix,
        List<String> keys,
        boolean routingHeaders,
        TrustedProxies trusted,
        boolean addUsage) {
      String session = ApiOptions.DEFAULTS.sessionHeader();
      return new ApiOptions(pathPrefix, keys, session, routingHeaders, trusted, addUsage);
    }

    OptionsBuilder bodies(int maxBytes, long budgetBytes) {
      sizes = new SizeLimits(32 << 10, maxBytes, budgetBytes);
      return this;
    }

    OptionsBuilder withRoutingHeaders() {
      api = api("", List.of(), true, TRUST_LOOPBACK, false);
      return this;
    }

    OptionsBuilder withAddedUsage() {
      api = api("", List.of(), false, TRUST_LOOPBACK, true);
      return this;
    }

    OptionsBuilder timeouts(TimeoutOptions other) {
      timeouts = other;
      return this;
    }

    OptionsBuilder upstream(UpstreamOptions other) {
      upstream = other;
      return this;
    }

    DataPortOptions toOptions(InetSocketAddress address) {
      return new DataPortOptions(
          new ListenOptions(address, 1, 0), api, sizes, timeouts, maxAttempts, upstream);
    }
  }

  Fleet fleet() {
    return fleet;
  }

  ScriptedRouter router() {
    return router;
  }

  /** The real router, which is used if the setup says so. */
  FleetRouter learning() {
    return learning;
  }

  DataPort port() {
    return port;
  }

  /** The requests that have ended. */
  List<AccessEntry> accessLog() {
    return accessLog;
  }

  /** Bytes of request bodies buffered now. */
  long heldBodyBytes() {
    return port.heldBodyBytes();
  }

  /** A new connection; closed with the fixture. */
  RawClient client() {
    RawClient client = new RawClient(port.address());
    clients.add(client);
    return client;
  }

  /** The sum of a counter over the tags not named. */
  double count(String name, String... tags) {
    return registry.find(name).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
  }

  @Override
  public void close() {
    for (RawClient client : clients) {
      try {
        client.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    port.close();
  }
}
