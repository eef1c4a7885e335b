package io.kvroute.router.http;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Router;
import io.kvroute.router.route.Ticket;
import io.kvroute.router.upstream.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The data port with nothing behind it but a round robin, to measure what proxying alone costs:
 * {@code BareProxy PORT URL...}.
 */
final class BareProxy {

  private BareProxy() {}

  private record Seat(Replica replica) implements Ticket {
    @Override
    public int matchedTokens() {
      return 0;
    }

    @Override
    public int bestMatchedTokens() {
      return 0;
    }

    @Override
    public void firstToken() {}

    @Override
    public void generated(int chunks) {}

    @Override
    public void close(Outcome outcome) {}
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Fleet fleet = new Fleet();
    List<Ticket> seats = new ArrayList<>();
    List<ServedModel> models = List.of(new ServedModel("m", null, null, 0));
    for (String url : List.of(args).subList(1, args.length)) {
      Replica replica = fleet.add(ReplicaSpec.at(URI.create(url)));
      fleet.report(replica.id(), new EngineFacts(EngineKind.VLLM, models, 16, 1000, 0));
      fleet.up(replica.id());
      seats.add(new Seat(replica));
    }
    AtomicInteger next = new AtomicInteger();
    Router router =
        query -> new Decision.Go(seats.get(Math.floorMod(next.getAndIncrement(), seats.size())));
    DataPlane plane =
        new DataPlane(
            (request, loop, done) -> {
              done.accept(PromptKeys.unknown(request.body().length() / 4));
              return () -> {};
            },
            router,
            fleet,
            new DataPortMetrics(new SimpleMeterRegistry()));
    DataPort.open(
        plane,
        DataPortOptions.defaults(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))),
        Transport.best());
    Thread.currentThread().join();
  }
}
