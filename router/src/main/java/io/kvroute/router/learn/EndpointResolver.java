package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves host names in ZMQ endpoints, on threads of its own. JeroMQ would resolve them itself: on
 * the thread that connects, and on its only network thread at each reconnect, where one slow name
 * server would delay the events of all replicas. Thread-safe.
 */
final class EndpointResolver implements AutoCloseable {

  private static final Pattern TCP = Pattern.compile("tcp://(.+):([^:]+)");
  private static final Pattern ADDRESS = Pattern.compile("\\*|\\[.*]|[0-9.]+");

  /**
   * Endpoints with addresses instead of host names.
   *
   * @param endpoints all endpoints, without replay sockets whose host is unknown; empty if the host
   *     of a publisher is unknown
   * @param problem what could not be resolved, null if nothing
   */
  record Resolved(List<EventEndpoint> endpoints, @Nullable String problem) {}

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("kv-event-names-", 1).factory());

  /** Whether any endpoint has a host name, whose address may change. */
  static boolean hasHostNames(List<EventEndpoint> endpoints) {
    return endpoints.stream()
        .anyMatch(each -> isHostName(each.live()) || isHostName(each.replay()));
  }

  private static boolean isHostName(@Nullable String endpoint) {
    Matcher tcp = endpoint == null ? null : TCP.matcher(endpoint);
    return tcp != null && tcp.matches() && !ADDRESS.matcher(tcp.group(1)).matches();
  }

  /** Resolves all endpoints; calls {@code done} on another thread, unless this was closed. */
  void resolve(List<EventEndpoint> endpoints, Consumer<Resolved> done) {
    try {
      threads.execute(() -> done.accept(resolveAll(endpoints)));
    } catch (RejectedExecutionException e) {
      // the resolver was closed meanwhile
    }
  }

  private static Resolved resolveAll(List<EventEndpoint> endpoints) {
    List<EventEndpoint> all = new ArrayList<>();
    String problem = null;
    for (EventEndpoint each : endpoints) {
      String live;
      try {
        live = address(each.live());
      } catch (UnknownHostException e) {
        return new Resolved(List.of(), each.live() + ": unknown host");
      }
      String replay = null;
      try {
        replay = each.replay() == null ? null : address(each.replay());
      } catch (UnknownHostException e) {
        problem = each.replay() + ": unknown host";
      }
      all.add(new EventEndpoint(each.rank(), live, replay));
    }
    return new Resolved(List.copyOf(all), problem);
  }

  private static String address(String endpoint) throws UnknownHostException {
    Matcher tcp = TCP.matcher(endpoint);
    if (!isHostName(endpoint) || !tcp.matches()) {
      return endpoint;
    }
    InetAddress[] addresses = InetAddress.getAllByName(tcp.group(1));
    for (InetAddress address : addresses) {
      if (address instanceof Inet4Address) {
        return "tcp://" + address.getHostAddress() + ":" + tcp.group(2);
      }
    }
    return "tcp://[" + addresses[0].getHostAddress() + "]:" + tcp.group(2);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
