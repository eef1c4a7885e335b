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
 * What one event loop owns: its connections to replicas and its clients'. One tick for all of them
 * watches every deadline, so that no request schedules or cancels a timer. Confined to its loop.
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

  /** Ends the connections that have no request under way; the others end with their answers. */
  void drain() {
    for (ClientConnection client : clients.toArray(ClientConnection[]::new)) {
      client.drain();
    }
  }

  /** Ends all connections. */
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
