package io.kvroute.router.http;

import io.kvroute.router.guard.Guard;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.upstream.Upstream;
import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The state of one event loop: its connections to replicas and to clients. One periodic tick checks
 * all timeouts, so that no request schedules or cancels a timer. Confined to its loop.
 */
final class EventLoopContext {

  private final EventLoop loop;
  private final Upstream upstream;
  private final Guard guard;
  private final Future<?> ticking;
  private final Set<ClientConnection> clients = new LinkedHashSet<>();

  EventLoopContext(EventLoop loop, Upstream upstream, int tickMillis, Guards guards) {
    this.loop = loop;
    this.guard = guards.guard("event-loop", "deadlines");
    this.upstream = upstream;
    this.ticking =
        loop.scheduleAtFixedRate(this::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
  }

  EventLoop loop() {
    return loop;
  }

  Upstream upstream() {
    return upstream;
  }

  void add(ClientConnection client) {
    clients.add(client);
  }

  void remove(ClientConnection client) {
    clients.remove(client);
  }

  /** Ends idle connections; busy ones end after their response. */
  void drain() {
    for (ClientConnection client : clients.toArray(ClientConnection[]::new)) {
      client.drain();
    }
  }

  /** Ends requests under way with an error. */
  void endRequests() {
    for (ClientConnection client : clients.toArray(ClientConnection[]::new)) {
      if (!guard.run(client::routerStops)) {
        guard.attempt(client::close);
      }
    }
  }

  /** Closes all connections. */
  void close() {
    for (ClientConnection client : clients.toArray(ClientConnection[]::new)) {
      client.close();
    }
    upstream.close();
    ticking.cancel(false);
  }

  private void tick() {
    long now = System.nanoTime();
    for (ClientConnection client : clients.toArray(ClientConnection[]::new)) {
      if (!guard.run(() -> client.tick(now))) {
        guard.attempt(client::close);
      }
    }
    guard.run(() -> upstream.sweep(now));
  }
}
